"""PDF from the blocks of a page: read back, the same bytes each time, and nothing left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seechain.errors import SeechainError
from seechain.paper import folders, fonts, long_rows
from seechain.paper.blocks import Block, Figure, PageBreak, Pre, Table, Text
from seechain.paper.drawing import squares
from seechain.paper.pdf import pdf
from tests.unit.papers import HOSTILE, pdf_lines
from tests.unit.test_page import ADDRESS, every_block


def pages(raw: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", raw))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text: str) -> None:
    raw = pdf(text, every_block(text))
    assert raw.startswith(b"%PDF-")
    for word in (b"/JavaScript", b"/URI", b"/Launch", b"/EmbeddedFile"):
        assert word not in raw
    assert pages(raw) == 1 or len(text) > 1_000


def in_two_ways(words: int, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """A long table as it is set, and as reportlab would set it at once."""
    rows = [(str(at), "word " * (words * (at % 9 == 0) + 1), f"{at}.5") for at in range(110)]
    table = Table(("no.", "what", "amount"), [*rows, ("", "Together", "9")], "llr", total=True)
    long = pdf("Long", [Text("Above"), table, Text("Below")])
    monkeypatch.setattr(long_rows, "MOST", 10**9)
    return [long, pdf("Long", [Text("Above"), table, Text("Below")])]


@pytest.mark.parametrize("words", [1, 60])
def test_a_long_table_is_set_as_a_short_one(words: int, monkeypatch: pytest.MonkeyPatch) -> None:
    long, whole = in_two_ways(words, monkeypatch)
    assert pdf_lines(long) == pdf_lines(whole)
    assert pages(long) == pages(whole) > 2


def test_a_row_of_a_long_table_breaks_over_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    long, whole = (" ".join(pdf_lines(each)) for each in in_two_ways(900, monkeypatch))
    assert long.count("word") == whole.count("word") == 110 + 13 * 900
    assert all(f" {at}.5 " in long for at in range(110))


def test_every_block_says_the_same_as_in_the_page() -> None:
    lines = pdf_lines(pdf("Night Market", every_block("Ada, Ben")))
    # Title, page's foot, two headings, two texts, lines, four cells, caption, two facts; and in
    # the picture: title, subtitle, name, role, unit of the payment and of its column.
    assert lines.count("Ada, Ben") == 18
    assert lines.count("Night Market") == 2
    assert "100.00 %" in lines
    assert "1 / 1" in lines


def test_the_same_blocks_give_the_same_bytes() -> None:
    assert pdf("Night Market", every_block("Ada")) == pdf("Night Market", every_block("Ada"))


def test_letters_of_europe_are_set_and_others_written_out() -> None:
    text = "Zo\u00eb \u039d\u03af\u03ba\u03bf\u03c2 \u0414\u043c\u0438\u0442\u0440"
    shown = text
    if "Vera" in fonts.faces().regular.name:  # a machine whose fonts have Latin letters alone
        shown = "".join(each if ord(each) < 256 else f"\\u{ord(each):04x}" for each in text)
    assert shown in pdf_lines(pdf("Names", [Text(text)]))
    assert "\\u1f9ff" in pdf_lines(pdf("Names", [Text("\U0001f9ff")]))


def test_a_machine_without_fonts_has_latin_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_FAMILIES", ())
    monkeypatch.setattr(folders, "ROOTS", ())
    monkeypatch.setattr(folders, "BROUGHT", "no_such_fonts")
    raw = pdf("Zo\u00eb", [Text("\u0414"), Pre("caf\u00e9 \u0414")])
    lines = pdf_lines(raw)
    assert lines[:3] == ["Zo\u00eb", "\\u0414", "caf\u00e9 \\u0414"]


def test_a_family_counts_only_where_all_its_faces_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Some.ttf").write_bytes(b"no font")
    family = fonts._Family([str(tmp_path)], ("Some.ttf", "Some-Bold.ttf", "SomeMono.ttf"))
    monkeypatch.setattr(fonts, "_FAMILIES", (family,))
    assert fonts.faces().regular.name == "seechain-FiraGO_Regular"


def test_a_long_line_hangs_so_that_its_rest_is_no_line_of_its_own() -> None:
    lines = pdf_lines(pdf("Lines", [Pre("| " + "x" * 300 + "Quorum:1/100\nNonce: 1")]))
    body = lines[1:-2]
    assert body[0].startswith("| x")
    assert body[-1] == "Nonce: 1"
    assert len(body) > 3
    assert all(line.startswith("      ") for line in body[1:-1])
    assert "".join(line.strip() for line in body[:-1]) == "| " + "x" * 300 + "Quorum:1/100"


def test_an_address_breaks_in_its_middle() -> None:
    wide = Table(("a", "b", "c"), [(ADDRESS, ADDRESS, ADDRESS)])
    lines = pdf_lines(pdf("Table", [wide]))
    assert lines.count(ADDRESS[:22]) == lines.count(ADDRESS[22:]) == 3


def test_figures_stay_whole_where_columns_are_many() -> None:
    figures = [f"{at}1234567.123456789012345678" for at in range(4)]
    names = [f"of 1.123456789012345678 token{at}" for at in range(4)]
    row = ["Contributor of the long quay", "contributor", *figures]
    table = Table(["member", "role", *names], [row, row], "ll" + "r" * 4, total=True)
    lines = pdf_lines(pdf("Wide", [table]))
    for figure in figures:
        assert lines.count(figure) == 2
    many = Table([f"c{at}" for at in range(60)], [[str(at) for at in range(60)]], "r" * 60)
    assert "59" in pdf_lines(pdf("Many", [many]))


def test_a_long_table_says_its_titles_on_each_page_and_a_sum_at_its_end() -> None:
    rows = [(f"Member {at}", str(at)) for at in range(300)]
    raw = pdf("Long", [Table(("who", "units"), [*rows, ("together", "44850")], "lr", total=True)])
    lines = pdf_lines(raw)
    assert lines.count("units") == pages(raw) > 3
    assert [line for line in lines if line.startswith("Member")] == [name for name, _ in rows]
    assert f"{pages(raw)} / {pages(raw)}" in lines


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_blocks_of_any_size_find_a_page(paper: str) -> None:
    high = squares([[1]] * 3_000, "high", "higher than any sheet")
    blocks: list[Block] = [
        Figure(high, "high"),
        PageBreak(),
        Text("word " * 5_000),
        Pre("\n".join(["line"] * 3_000)),
        Table(("a", "b"), [("x" * 3_000, "y")]),
        Table(("a",), []),
    ]
    raw = pdf("Sizes", blocks, paper=paper)
    assert pdf_lines(raw).count("line") == 3_000
    size = rb"595.28 841.89" if paper == "A4" else rb"612 792"
    assert raw.count(b"/MediaBox [ 0 0 " + size) == pages(raw)


def test_other_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="A4 or Letter"):
        pdf("Night Market", [], paper="A3")


def test_without_reportlab_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seechain.paper.pdf.find_spec", lambda name: None)
    with pytest.raises(SeechainError, match=r'pip install "seechain\[documents\]"'):
        pdf("Night Market", [])
