"""PDF in the scripts that people write: each letter in a font that has it, in the right order."""

from __future__ import annotations

import io
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from seechain.errors import SeechainError
from seechain.paper import folders, fonts
from seechain.paper.blocks import Block, Facts, Figure, Pre, Table, Text
from seechain.paper.drawing import Words
from seechain.paper.lines import Lines, broken, cut, hung, line
from seechain.paper.pdf import pdf
from seechain.paper.picture import Row, split_drawing
from seechain.paper.tables import set_table
from seechain.statements.formats import written
from tests.unit.papers import pdf_lines, pdf_runs
from tests.unit.statements import ADA, see_account, statement

SHIRA, OMAR = "\u05e9\u05d9\u05e8\u05d4 \u05dc\u05d5\u05d9", "\u0639\u0645\u0631"
WANG, SAKURA, KIM = "\u738b\u5c0f\u660e", "\u3055\u304f\u3089 \u7530\u4e2d", "\uae40\ubbfc\uc900"
SOMCHAI, PRIYA = "\u0e2a\u0e21\u0e0a\u0e32\u0e22", "\u092a\u094d\u0930\u093f\u092f\u093e"
NINO = "\u10dc\u10d8\u10dc\u10dd"
UNKNOWN = "\u1200\u1230"  # Ethiopic, in none of the fonts that are brought


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without fonts: with those alone that the extra brings."""
    monkeypatch.setattr(fonts, "_FAMILIES", ())
    monkeypatch.setattr(folders, "ROOTS", ())


def every_place(text: str) -> list[Block]:
    row = Row(text, Fraction(1), (), about=text)
    return [
        Text(text),
        Pre(text),
        Table((text, "b"), [(text, "1"), (text, "2")], "lr", total=True),
        Facts([(text, text)]),
        Figure(split_drawing(text, [row], [], subtitle=text), text),
    ]


@pytest.mark.parametrize(
    "name", [SOMCHAI, NINO, "J\u00fcrgen Gro\u00df", "\u0414\u0430\u043d\u0430"]
)
def test_a_name_is_set_wherever_it_stands(name: str) -> None:
    told: list[str] = []
    raw = pdf(name, every_place(name), tell=told.append)
    assert not told
    lines = pdf_lines(raw)
    # Title, foot, text, lines, title and two cells of the table, fact and its name; in the
    # picture its title, subtitle, name and role, and the caption.
    assert lines.count(name) == 14
    assert not any("\\u" in each for each in lines)


@pytest.mark.parametrize(("name", "runs"), [(SHIRA, 13), (OMAR, 14)])
def test_letters_that_run_to_the_left_stand_from_right_to_left(name: str, runs: int) -> None:
    told: list[str] = []
    raw = pdf(name, every_place(name), tell=told.append)
    assert not told
    assert pdf_lines(raw).count(name[::-1]) == runs
    # The face of one width has a blank, but no Hebrew: there the words are drawn one by one.
    assert name[::-1] in "\n".join(pdf_lines(raw)).replace("\n \n", " ")
    assert {font for font, text in pdf_runs(raw) if text == name[::-1]} == {
        "FiraGO-Regular",
        "FiraGO-Bold",
    }


def test_letters_are_joined() -> None:
    face = fonts.faces().regular
    (run,) = line(OMAR, face).runs
    alone = [line(each, face).runs[0].text for each in OMAR[::-1]]
    # The last letter joins to the one before it, the first to the one after it.
    assert len(run.text) == 3
    assert not set(alone) & set(run.text)


def test_a_sign_that_stands_before_its_letter_says_what_is_written() -> None:
    (run,) = line("\u0915\u093f", fonts.faces().regular).runs
    assert run.said == "\u0915\u093f"
    assert len(run.text) == 2


def test_a_mark_stands_on_its_letter() -> None:
    face = fonts.faces().regular
    for base, mark in (("o", "\u0308"), ("\u05e9", "\u05c1")):
        assert line(base + mark, face).width == pytest.approx(line(base, face).width)


def test_what_chinese_japanese_and_korean_needs_is_left_to_the_reader_and_told() -> None:
    told: list[str] = []
    raw = pdf("Names", [Text(f"{WANG}, {SAKURA}, {KIM}")], tell=told.append)
    runs = pdf_runs(raw)
    assert ("STSong-Light", WANG) not in runs  # beside kana, the signs of Japan
    assert ("HeiseiKakuGo-W5", WANG) in runs
    assert ("HYGothic-Medium", KIM) in runs
    assert ("STSong-Light", WANG) in pdf_runs(pdf(WANG, []))
    (note,) = told
    assert note.startswith("The PDF leaves \u304f \u3055 \u3089 \u4e2d \u5c0f ")
    assert "send HTML" in note


def test_what_no_font_has_is_written_out_and_told() -> None:
    told: list[str] = []
    raw = pdf("Names", [Text(f"{UNKNOWN} {SHIRA}"), Pre(UNKNOWN)], tell=told.append)
    lines = pdf_lines(raw)
    assert "\\u1200\\u1230" in lines
    (note,) = told
    assert note == (
        "The PDF has \u1200 \u1230 written out, as \\u05d0, since no font here has them: HTML shows"
        " them."
    )


def test_a_statement_tells_it_too() -> None:
    told: list[str] = []
    made = statement(see_account(), names={ADA: f"{UNKNOWN} {SHIRA}"})
    raw = written(made, "pdf", tell=told.append)
    assert isinstance(raw, bytes)
    assert SHIRA[::-1] in pdf_lines(raw)
    (note,) = told
    assert note.startswith("The PDF has \u1200 \u1230 written out")
    assert isinstance(written(made, "html", tell=told.append), str)


def test_without_what_joins_letters_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("seechain.paper.pdf.find_spec", lambda name: name != "uharfbuzz" or None)
    with pytest.raises(SeechainError, match=r'uharfbuzz: pip install "seechain\[documents\]"'):
        pdf("Night Market", [])


def test_a_font_of_the_system_is_taken_where_it_has_the_letters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = folders.brought("NotoSans_Regular")
    assert data
    path = tmp_path / "NotoSans-Regular.ttf"
    path.write_bytes(data)
    (tmp_path / "Broken.ttf").write_bytes(b"no font")
    monkeypatch.setattr(folders, "ROOTS", (str(tmp_path),))
    letter = next(
        chr(code)
        for code in sorted(set(folders.read(path).letters) - fonts.faces().regular.letters)
        if chr(code).isalpha()
    )
    told: list[str] = []
    raw = pdf("Names", [Text(letter)], tell=told.append)
    assert ("NotoSans-Regular", letter) in pdf_runs(raw)
    assert not told


def test_a_broken_font_of_the_system_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = folders.brought("NotoSans_Regular")
    assert data
    for at in range(0, len(data), len(data) // 12):
        (tmp_path / f"Sans{at}.ttf").write_bytes(data[:at])
        (tmp_path / f"Sansx{at}.ttf").write_bytes(data[:at] + b"x" * 999 + data[at + 999 :])
    monkeypatch.setattr(folders, "ROOTS", (str(tmp_path),))
    assert pdf("Names", [Text("\u2c60 \u2de0 \ua651")]).startswith(b"%PDF")


def test_a_figure_with_its_unit_in_hebrew_stands_at_the_right() -> None:
    table = Table(("what", "how much"), [("a", f"12 {SHIRA}"), (SHIRA, "1")], "lr")
    grid = set_table(table, fonts.faces(), 400)
    cells = [cell for row in grid._cellvalues for cell in row if isinstance(cell, Lines)]
    starts = []
    for cell in cells:
        canvas = Canvas(io.BytesIO())
        cell.wrap(200, 100)
        cell.drawOn(canvas, 0, 0)
        starts += [float(x) for x in re.findall(r"1 0 0 1 ([\d.]+) [\d.]+ Tm", canvas._code[-2])]
    assert len(starts) == 2
    assert starts[0] > 100
    assert starts[1] == 0


def test_the_same_scripts_give_the_same_bytes() -> None:
    blocks = [Text(f"{SHIRA} {OMAR} {PRIYA} {WANG}")]
    first = pdf("Names", blocks)
    pdf("Others", [Text(PRIYA[::-1] + OMAR[::-1] + SHIRA)])
    assert pdf("Names", blocks) == first


@pytest.mark.parametrize("name", [UNKNOWN * 20, SHIRA * 9, WANG * 12, "W" * 60])
def test_nothing_runs_over_its_neighbour_in_the_picture(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = split_drawing(name, [Row(name, Fraction(1), (), about=name)], [])
    drawn: list[float] = []

    def spy(words: Words, face: fonts.Face) -> object:
        made, size = fitting(words, face)
        if words.room:
            drawn.append(made.width * size / words.room)
        return made, size

    from seechain.paper import shapes

    fitting = shapes._fitting
    monkeypatch.setattr(shapes, "_fitting", spy)
    pdf("Names", [Figure(drawing)])
    assert len(drawn) >= 3
    assert max(drawn) <= 1 + 1e-6


@given(st.text(f"{SHIRA}{WANG}{NINO}ab 1,.|", max_size=60), st.integers(3, 40))
def test_lines_fit_their_room_and_keep_each_letter(text: str, room: int) -> None:
    face = fonts.faces().regular
    whole = sorted(text.replace(" ", ""))
    for pieces in (
        broken(text, face, room, base=None),
        hung(text, face, room, "  ", "| "),
    ):
        lines = list(pieces)
        assert all(each.width <= room + 1e-6 for each in lines)
        drawn = "".join(run.text for each in lines for run in each.runs)
        assert sorted(drawn.replace(" ", "")) == whole
    assert cut(text, face, room).width <= room + 1e-6


@given(st.text(f"{OMAR}{PRIYA}{SOMCHAI}\u0308\u064e\u200d() b", max_size=40), st.integers(3, 20))
def test_any_letters_fit_their_room(text: str, room: int) -> None:
    face = fonts.faces().regular
    for pieces in (broken(text, face, room), hung(text, face, room, "  ", "| ")):
        assert all(each.width <= room + 1e-6 for each in pieces)
    assert cut(text, face, room).width <= room + 1e-6


def test_terms_have_a_direction_of_their_own_behind_their_bar() -> None:
    face = fonts.faces().regular
    (made,) = hung(f"| {SHIRA} (Shira) {SHIRA}.", face, 100, "  ", "| ")
    shown = "".join(run.text for run in made.runs)
    assert shown == f"| .{SHIRA[::-1]} (Shira) {SHIRA[::-1]}"
