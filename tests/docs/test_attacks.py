"""Each attack that the docs name has the test that they name."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.hostile_tokens.kinds import KINDS

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "attacks").glob("*.md"))


@cache
def written_in(file: str) -> set[str]:
    """The tests of a file; of incidents each function, which tests/incidents/replayed.py lists."""
    path = ROOT / file
    if not path.is_file():
        return set()
    kind = r"\w+" if file.startswith("tests/incidents/") else r"test_\w+"
    return set(re.findall(rf"^def ({kind})\(", path.read_text("utf-8"), re.M))


def rows(page: str) -> list[list[str]]:
    """The cells of each row, but for those of heads and rules."""
    text = (ROOT / "docs" / "attacks" / page).read_text("utf-8")
    found = [line.strip("| \n").split(" | ") for line in text.splitlines() if line[:2] == "| "]
    return [cells for cells in found if cells[-1] != "test"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_test_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"`([\w/.]+)::(\w+)(?:\[[^`]*\])?`", page.read_text("utf-8"))
    assert named
    assert [f"{file}::{test}" for file, test in named if test not in written_in(file)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_row_names_a_test(page: Path) -> None:
    found = rows(page.name)
    assert len(found) >= 20
    assert [cells[0] for cells in found if "::" not in cells[-1]] == []


def test_every_kind_of_token_has_its_row() -> None:
    named = [cells[0] for cells in rows("tokens.md")]
    assert named[: len(KINDS)] == [kind.name for kind in KINDS]
    assert len(KINDS) >= 40
