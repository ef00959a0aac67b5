"""The picture: it says who gets what, in words too, and its bands are as thick as the parts."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from demo import picture
from demo.lettering import fit, letters, width
from demo.picture import Inflow, Row, Split

SVG = "{http://www.w3.org/2000/svg}"


def split(**changes: object) -> Split:
    values: dict[str, object] = {
        "title": "Night Market",
        "subtitle": "as agreed",
        "units": ["ether", "USDC"],
        "inflows": [
            Inflow("Registered", ["1.5 ether for INV-7", "80 USDC"], Fraction(3, 4)),
            Inflow("Amended", ["0.5 ether"], Fraction(1, 4)),
        ],
        "rows": [
            Row("Ada", "core", parts(40, 60), ["0.9", "32"]),
            Row("Ben", "core", parts(35, 0), ["0.525", "28"]),
            Row("Cleo", "co-creator", parts(25, 40), ["0.575", "20"]),
            Row("Port", "client", parts(0, 0), []),
        ],
        "sums": ["2", "80"],
        "left": ["0", "0"],
        "notes": ["a note"],
    }
    return Split(**{**values, **changes})  # type: ignore[arg-type]


def parts(*hundredths: int) -> list[Fraction]:
    return [Fraction(each, 100) for each in hundredths]


def once(*rows: Row) -> Split:
    """One time only, in one currency."""
    return split(
        units=["ether"], inflows=[Inflow("", [], Fraction(1))], rows=rows, sums=["1"], left=["0"]
    )


def seats(text: str) -> list[float]:
    """How high the bars at the seats are."""
    bars = ElementTree.fromstring(text).iter(f"{SVG}rect")
    return [float(bar.get("height")) for bar in bars if bar.get("x") == str(picture.SEAT_AT)]


def test_it_says_in_words_who_got_what() -> None:
    root = ElementTree.fromstring(picture.draw(split()))

    assert root.findtext(f"{SVG}title") == "Night Market: who got what"
    assert root.findtext(f"{SVG}desc") == (
        "Ada (core): 40 % (Registered), then 60 % (Amended) of each payment, 0.9 ether and"
        " 32 USDC. "
        "Ben (core): 35 % (Registered) of each payment, 0.525 ether and 28 USDC. "
        "Cleo (co-creator): 25 % (Registered), then 40 % (Amended) of each payment, 0.575 ether and"
        " 20 USDC. "
        "Port (client): no shares."
    )


def test_each_seat_is_as_high_as_its_part_of_all_that_came() -> None:
    heights = seats(picture.draw(split()))

    ada, ben, cleo = 40 * 0.75 + 60 * 0.25, 35 * 0.75, 25 * 0.75 + 40 * 0.25
    high = [picture.FLOW_HEIGHT * part / 100 for part in (ada, ben, cleo)]
    assert heights == pytest.approx(high, abs=0.06)


def test_a_band_leads_from_each_time_to_each_seat_that_had_a_part_in_it() -> None:
    bands = re.findall(r'linearGradient id="band([^"]+)"', picture.draw(split()))

    assert bands == ["0-0", "0-1", "1-0", "2-0", "2-1"]


def test_parts_are_rounded_to_two_decimals() -> None:
    said = [picture.percent(part) for part in (*parts(40, 0), Fraction(25, 110), Fraction(1, 40))]

    assert said == ["40 %", "-", "22.73 %", "2.5 %"]


def test_a_tiny_part_is_seen() -> None:
    mite = Fraction(1, 10_000_000)
    drawn = picture.draw(once(Row("Ada", "core", [1 - mite], ["1"]), Row("", "", [mite], ["0"])))

    assert min(seats(drawn)) >= 1


def test_members_do_not_overlap_however_small_their_parts() -> None:
    rows = [Row(f"M{at}", "", [Fraction(1 if at else 1000, 1011)], ["1"]) for at in range(12)]
    bars = ElementTree.fromstring(picture.draw(once(*rows))).iter(f"{SVG}rect")
    tops = [float(bar.get("y")) for bar in bars if bar.get("x") == str(picture.SEAT_AT)]

    assert all(low - high > 60 for high, low in pairwise(tops))


def test_markup_in_a_name_stays_text() -> None:
    text = picture.draw(once(Row("</desc>", "&", [Fraction(1)], ["<"])))

    assert "</desc> (&): 100 % of each payment, < ether" in ElementTree.fromstring(text).findtext(
        f"{SVG}desc", ""
    )


def test_letters_are_outlines_and_need_no_font() -> None:
    assert "<text" not in picture.draw(split())


def test_a_line_that_the_typeface_lacks_letters_for_is_text() -> None:
    line = letters("松本 <Ben>", 10, 20, 30, fill="#000")

    assert "松本 &lt;Ben&gt;" in line
    assert ElementTree.fromstring(line).tag == "text"


def test_no_text_takes_no_room() -> None:
    assert width("", 20) == 0
    assert 'd=""' in letters("", 10, 20, 30, fill="#000")


def test_figures_have_one_width() -> None:
    widths = [width(figure * 4, 20) for figure in "0123456789"]

    assert max(widths) <= min(widths) * 1.03  # the typeface's own 4 is a hair wider


@pytest.mark.parametrize("text", ["Ada", "Cleopatra van Dam", "A very long name of a collective"])
def test_a_name_fits_its_room(text: str) -> None:
    shown, size = fit(text, 29, 200)

    assert width(shown, size) <= 200.001
    assert size >= 29 * 2 / 3
    assert text.startswith(shown.removesuffix("…"))


def test_alignment() -> None:
    def left(line: str) -> float:
        return min(float(x) for x in re.findall(r"[ML]([-0-9.]+) ", line))

    start, middle, end = (
        left(letters("HH", 100, 0, 20, fill="#000", align=align))
        for align in ("start", "middle", "end")
    )

    assert start - middle == pytest.approx(width("HH", 20) / 2, abs=0.02)
    assert start - end == pytest.approx(width("HH", 20), abs=0.02)


def test_both_files_are_written(tmp_path: Path) -> None:
    svg, png = picture.write(split(), tmp_path / "new" / "folder")
    data = png.read_bytes()

    assert svg.name == "split.svg"
    assert ElementTree.parse(svg).getroot().tag == f"{SVG}svg"
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20], "big") == 2 * picture.WIDTH
