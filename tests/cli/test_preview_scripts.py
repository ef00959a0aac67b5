"""An agreement in Hebrew, Arabic and Chinese, sent as PDF and as a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from seechain.paper import folders, fonts
from tests.cli.typing import Typed
from tests.unit.papers import pdf_lines, pdf_runs

SHIRA, WANG = "\u05e9\u05d9\u05e8\u05d4", "\u738b\u5c0f\u660e"
OMAR, ETHIOPIC = "\u0639\u0645\u0631", "\u1230\u120b\u121d"


def test_names_are_set_in_their_scripts_and_what_is_not_is_said(
    run: Typed, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_FAMILIES", ())
    monkeypatch.setattr(folders, "ROOTS", ())
    text = example.read_text(encoding="utf-8")
    for name, other in (("Ada", SHIRA), ("Ben", OMAR), ("Cleo", WANG), ("Desk", ETHIOPIC)):
        text = text.replace(f"name: {name},", f"name: {other},")
    example.write_text(text, encoding="utf-8")
    paper, picture = example.with_name("a.pdf"), example.with_name("a.png")
    result = run("preview", example, "--out", paper, "--picture", picture)
    assert result.exit_code == 0
    said = result.stderr
    raw = paper.read_bytes()
    lines = pdf_lines(raw)
    for name in (SHIRA, OMAR):
        assert lines.count(name[::-1]) == 3  # the picture, the table, what is signed
    assert [font for font, line in pdf_runs(raw) if line == WANG] == ["STSong-Light"] * 3
    written = "".join(f"\\u{ord(each):04x}" for each in ETHIOPIC)
    assert written in lines
    letters = " ".join(sorted(ETHIOPIC))
    assert f"Note: The PDF has {letters} written out" in said
    assert "Note: The PDF leaves \u5c0f \u660e \u738b to the fonts of its reader" in said
    assert f"Note: The picture lacks {' '.join(sorted(ETHIOPIC + WANG))}, since" in said
