"""A drawing as PNG: what it lacks is told."""

from __future__ import annotations

from fractions import Fraction

import pytest

from seechain.errors import SeechainError
from seechain.paper import folders
from seechain.paper.drawing import Drawing
from seechain.paper.picture import Row, split_drawing
from seechain.paper.png import png

SHIRA, WANG = "\u05e9\u05d9\u05e8\u05d4", "\u738b\u5c0f\u660e"


def drawing(name: str) -> Drawing:
    return split_drawing("Split", [Row(name, Fraction(1), ())], [])


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without fonts of its own."""
    monkeypatch.setattr(folders, "ROOTS", ())


def test_letters_that_are_brought_are_drawn_and_others_told() -> None:
    told: list[str] = []
    assert png(drawing(SHIRA), tell=told.append).startswith(b"\x89PNG")
    assert not told
    png(drawing(WANG), tell=told.append)
    assert told == [
        (
            "The picture lacks \u5c0f \u660e \u738b, since no font here has them: write .svg, which"
            " its reader's fonts draw."
        )
    ]


def test_long_lists_of_letters_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "BROUGHT", "no_such_fonts")
    told: list[str] = []
    png(drawing("abcdefghijkl"), tell=told.append)
    (note,) = told
    assert " more, since no font here" in note


@pytest.mark.parametrize("needed", ["resvg_py", "uharfbuzz"])
def test_what_is_not_installed_is_named(needed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seechain.paper.png.find_spec", lambda name: name != needed or None)
    with pytest.raises(SeechainError, match=f"needs {needed}: pip install {needed}, or write .svg"):
        png(drawing("Ada"))
