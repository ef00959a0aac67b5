"""The picture: it says who gets what, in words too, and its bands are as thick as the parts."""

from __future__ import annotations

import re
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
        "inflows": [Inflow("ether", "1.75", ["1.5 for INV-7", "0.25"]), Inflow("USDC", "80", [])],
        "rows": [
            Row("Ada", "core", 40, ["0.7", "32"]),
            Row("Ben", "core", 35, ["0.6125", "28"]),
            Row("Cleo", "co-creator", 25, ["0.4375", "20"]),
            Row("Port", "client", 0, []),
        ],
        "sums": ["1.75", "80"],
        "left": ["0", "0"],
        "notes": ["a note"],
    }
    return Split(**{**values, **changes})  # type: ignore[arg-type]


def seats(text: str) -> list[float]:
    """How high the bars at the seats are."""
    bars = ElementTree.fromstring(text).iter(f"{SVG}rect")
    return [float(bar.get("height")) for bar in bars if bar.get("x") == str(picture.SEAT_AT)]


def test_it_says_in_words_who_got_what() -> None:
    root = ElementTree.fromstring(picture.draw(split()))

    assert root.findtext(f"{SVG}title") == "Night Market: who got what"
    assert root.findtext(f"{SVG}desc") == (
        "Ada (core): 40 % of each payment, 0.7 ether and 32 USDC. "
        "Ben (core): 35 % of each payment, 0.6125 ether and 28 USDC. "
        "Cleo (co-creator): 25 % of each payment, 0.4375 ether and 20 USDC. "
        "Port (client): no shares."
    )


def test_each_band_is_as_thick_as_its_part() -> None:
    heights = seats(picture.draw(split()))

    assert heights == pytest.approx([picture.FLOW_HEIGHT * part / 100 for part in (40, 35, 25)])


def test_a_tiny_part_is_seen() -> None:
    rows = [Row("Ada", "core", 9_999_999, ["1", "1"]), Row("Mite", "core", 1, ["0", "0"])]

    assert min(seats(picture.draw(split(rows=rows)))) >= 1


def test_members_do_not_overlap_however_small_their_parts() -> None:
    rows = [Row(f"M{at}", "contributor", 1 if at else 1000, ["1", "1"]) for at in range(12)]
    bars = ElementTree.fromstring(picture.draw(split(rows=rows))).iter(f"{SVG}rect")
    tops = [float(bar.get("y")) for bar in bars if bar.get("x") == str(picture.SEAT_AT)]

    assert all(low - high > 60 for high, low in pairwise(tops))


def test_markup_in_a_name_stays_text() -> None:
    text = picture.draw(split(title="<b>&", rows=[Row("</desc>", "&", 1, ["1", "<"])]))

    assert "</desc> (&): 100 %" in ElementTree.fromstring(text).findtext(f"{SVG}desc", "")


def test_letters_are_outlines_and_need_no_font() -> None:
    assert "<text" not in picture.draw(split())


def test_a_line_that_the_typeface_lacks_letters_for_is_text() -> None:
    line = letters("松本 <Ben>", 10, 20, 30, fill="#000")

    assert "松本 &lt;Ben&gt;" in line
    assert ElementTree.fromstring(line).tag == "text"


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
