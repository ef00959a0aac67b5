"""The picture of a split: read back as XML, and drawn by an SVG library."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import resvg_py
from hypothesis import given
from hypothesis import strategies as st

from seechain.amounts import Amount
from seechain.paper.drawing import Box, Drawing, squares, svg
from seechain.paper.letters import fit, width
from seechain.paper.picture import Row, shorten, split_drawing, split_svg
from tests.unit.papers import HOSTILE

USDC = Amount(1_000_000_000, "USDC", 6)
ETHER = Amount(10**18, "ether", 18)
SVG = "{http://www.w3.org/2000/svg}"


def rows(shares: list[int], *payments: Amount, names: list[str] | None = None) -> list[Row]:
    total = sum(shares) or 1
    return [
        Row(
            names[at % len(names)] if names else f"Member {at}",
            Fraction(share, total),
            tuple(each.units * share // total for each in payments),
            "core",
        )
        for at, share in enumerate(shares)
    ]


def texts(svg_text: str) -> list[str]:
    """The texts of a picture, without the titles of those that are cut."""
    root = ElementTree.fromstring(svg_text)
    return [(each[-1].tail if len(each) else each.text) or "" for each in root.iter(SVG + "text")]


def test_each_member_stands_there_with_its_part_and_its_amount() -> None:
    said = texts(split_svg("Night Market", rows([40, 35, 20, 5], USDC), [USDC]))
    for text in ("Night Market", "Member 0", "40.00 %", "400", "Member 3", "5.00 %", "50"):
        assert text in said
    assert said[said.index("Member 1") :][:4] == ["Member 1", "core", "35.00 %", "350"]
    assert "1000" in said
    assert "Not divided, carried to the next payment: 0 USDC." in said


@pytest.mark.parametrize("count", [1, 2, 10, 24, 25, 26, 40, 300])
def test_however_many_there_are_they_fit_and_add_up(count: int) -> None:
    picture = split_svg("Many", rows([at + 1 for at in range(count)], USDC, ETHER), [USDC, ETHER])
    said = texts(picture)
    names = [text for text in said if text.startswith(("Member", "and "))]
    assert len(names) == min(count, 25)
    if count > 25:
        assert names[-1] == f"and {count - 24} more"
    # Who has the most stands first.
    assert names[0] == f"Member {count - 1}"
    root = ElementTree.fromstring(picture)
    wide, high = (float(each) for each in root.attrib["viewBox"].split()[2:])
    assert wide == 960
    for box in root.iter(SVG + "rect"):
        if box.attrib["width"] != "100%":
            assert float(box.attrib["y"]) + float(box.attrib["height"]) <= high
    assert resvg_py.svg_to_bytes(svg_string=picture)[:4] == b"\x89PNG"


def test_bands_leave_the_payment_without_gap_or_overlap() -> None:
    drawing = split_drawing("Bands", rows([40, 35, 20, 5], USDC), [USDC])
    bands = [shape for shape in drawing.shapes if hasattr(shape, "x0")]
    for before, after in pairwise(bands):
        assert after.y0 == pytest.approx(before.y0 + before.high)
    source = next(s for s in drawing.shapes if isinstance(s, Box))
    assert sum(band.high for band in bands) == pytest.approx(source.high)
    assert bands[0].y0 == pytest.approx(source.y)


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=60),
    st.integers(1, 10**30),
    st.integers(0, 18),
)
def test_shortened_rows_hold_the_same_money(shares: list[int], units: int, decimals: int) -> None:
    payment = Amount(units, "XYZ", decimals)
    all_rows = rows(shares, payment)
    shown = shorten(all_rows)
    assert sum(row.units[0] for row in shown) == sum(row.units[0] for row in all_rows)
    assert sum(row.part for row in shown) == 1
    assert sum(row.count for row in shown) == len(shares)
    assert len(shown) <= 25
    # No amount of the picture says more than there is.
    said = texts(split_svg("Sum", all_rows, [payment]))
    assert Fraction(said[said.index("Together") + 2]) * 10**decimals <= units


def test_who_has_no_part_is_named_and_no_band_leads_there() -> None:
    port = Row("Port of Delft", Fraction(0), (0,), "client")
    drawing = split_drawing("Night Market", [port, *rows([1, 1], USDC)], [USDC])
    said = texts(svg(drawing))
    assert said.index("Port of Delft") > said.index("Member 1")
    assert sum(1 for shape in drawing.shapes if hasattr(shape, "x0")) == 2
    assert "Port of Delft (client): no part" in drawing.says
    crowd = [Row(f"voice {at}", Fraction(0), (0,)) for at in range(9)]
    assert "9 members" in texts(split_svg("Crowd", [*rows([1], USDC), *crowd], [USDC]))


def test_a_tiny_part_is_seen() -> None:
    drawing = split_drawing("Tiny", rows([10**9, 1], USDC), [USDC])
    bands = [shape for shape in drawing.shapes if hasattr(shape, "x0")]
    assert bands[1].high >= 1
    assert "< 0.01 %" in texts(svg(drawing))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text: str) -> None:
    picture = split_svg(
        text, rows([1, 2], Amount(7, text or "x", 0), names=[text]), [Amount(7, text or "x", 0)],
        subtitle=text,
    )  # fmt: skip
    root = ElementTree.fromstring(picture)
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "path", "text", "circle"}
    for each in root.iter():
        assert not any(name.startswith("on") or "href" in name for name in each.attrib)
    for letter in ("\u202e", "\x1b", "\x00", "\x07"):
        assert letter not in picture
    assert resvg_py.svg_to_bytes(svg_string=picture)[:4] == b"\x89PNG"


def test_it_needs_nothing_else_and_says_what_it_shows() -> None:
    picture = split_svg("Night Market", rows([2, 1], USDC), [USDC])
    for word in ("script", "href", "url(", "<style", "@import", "<image", "data:"):
        assert word not in picture
    root = ElementTree.fromstring(picture)
    assert root.attrib["role"] == "img"
    ids = {each.attrib["id"]: each.text for each in root if "id" in each.attrib}
    title, says = root.attrib["aria-labelledby"].split()
    assert ids[title] == "Night Market: who gets what"
    assert ids[says] == (
        "Of 1000 USDC: Member 0 (core): 66.66 %, 666.666666 USDC;"
        " Member 1 (core): 33.33 %, 333.333333 USDC."
    )
    assert picture == split_svg("Night Market", rows([2, 1], USDC), [USDC])


def test_figures_of_many_digits_stay_apart() -> None:
    big = Amount(12_345_678_901_234_567_890, "USDC", 6)
    drawing = split_drawing("Wide", rows([3, 2], ETHER, USDC, big), [ETHER, USDC, big])
    lines: dict[float, list[tuple[float, float]]] = {}
    for shape in drawing.shapes:
        if getattr(shape, "align", "") == "end":
            lines.setdefault(shape.y, []).append((shape.x, width(shape.text, shape.size)))
    assert len(lines) == 4
    for cells in lines.values():
        cells.sort()
        for (before, _), (x, wide) in pairwise(cells):
            assert x - wide > before


@pytest.mark.parametrize("payments", [[USDC] * 4, [USDC, ETHER], []])
def test_rows_and_payments_must_fit(payments: list[Amount]) -> None:
    with pytest.raises(ValueError, match=r"payments|every payment"):
        split_drawing("Wrong", rows([1], USDC), payments)


def test_parts_can_be_shown_alone() -> None:
    drawing = split_drawing("Parts", rows([2, 1]), [])
    assert {"Each payment", "66.66 %", "100.00 %"} <= set(texts(svg(drawing)))
    assert drawing.says == "Of each payment: Member 0 (core): 66.66 %; Member 1 (core): 33.33 %."


def test_a_picture_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="rows"):
        split_drawing("Nobody", [], [USDC])


def test_squares_are_a_code_on_white_with_its_quiet_zone() -> None:
    drawing = squares([[1, 1, 0], [0, 0, 0], [1, 0, 1]], "QR", "to scan", module=2)
    assert isinstance(drawing, Drawing)
    assert (drawing.wide, drawing.high) == (22, 22)
    assert list(drawing.shapes) == [
        Box(8, 8, 4, 2, "black"),
        Box(8, 12, 2, 2, "black"),
        Box(12, 12, 2, 2, "black"),
    ]
    assert 'fill="white"' in svg(drawing)
    assert 'width="160" height="160"' in svg(drawing, 160)


@given(st.text(max_size=200), st.floats(20, 500))
def test_a_line_fits_its_room(text: str, room: float) -> None:
    line, size = fit(text, 16, room)
    assert 12.8 - 1e-9 <= size <= 16
    assert width(line, size) <= room + 1e-6 or line == "\u2026"
    if line != text:
        assert line.endswith("\u2026")
