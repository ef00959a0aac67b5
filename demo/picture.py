"""One picture of the split: how payments flow to the members. SVG, and PNG from it.

It is legible in black and white: whoever is meant is named beside the band, and the bands' tones
differ in lightness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import resvg_py

from demo.lettering import fit, letters, width

WIDTH = 1600
MARGIN = 88
PAPER, INK, SOFT, LINE = "#fcfbf8", "#16212b", "#5b6670", "#d9d6cd"
# Dark to light, so that they stay apart in grey; the last one holds whoever comes after.
TONES = ("#12404f", "#2b6f77", "#5c9c98", "#93c0b6", "#bcd9cf", "#d3e4dc")
TOP = 318  # of the members' rows
FLOW_HEIGHT = 440  # of the whole payment
ROW = 88  # at least, for a member's two lines of text
SOURCE_AT, HUB_AT, SEAT_AT = 330, 574, 836
BAR = 18
GAP = 26
NAME_AT = SEAT_AT + BAR + 26
COLUMNS = (1180, 1346, 1512)  # right edges: part, and one for each currency
PART_ROOM = 96  # for a part, left of its edge


@dataclass(frozen=True)
class Inflow:
    """What came in of one currency. total: as text, without unit; payments: one line each."""

    unit: str
    total: str
    payments: Sequence[str]


@dataclass(frozen=True)
class Row:
    """A member: its part of each payment in shares, and what it got, one text per currency."""

    name: str
    about: str
    shares: int
    got: Sequence[str]


@dataclass(frozen=True)
class Split:
    """All that the picture says. sums, left: what came in, and what of it is not yet divided."""

    title: str
    subtitle: str
    inflows: Sequence[Inflow]
    rows: Sequence[Row]
    sums: Sequence[str]
    left: Sequence[str]
    notes: Sequence[str]

    @property
    def shares(self) -> int:
        """The total shares."""
        return sum(row.shares for row in self.rows)


def draw(split: Split) -> str:
    """The picture as SVG text; two currencies at most."""
    tops, bottom = _places(split)
    # The payments stand in the middle of the seats that they go to.
    flow = TOP + (max(_end(split, tops), TOP + FLOW_HEIGHT) - TOP - FLOW_HEIGHT) / 2
    foot = max(bottom, TOP + FLOW_HEIGHT) + 34
    height = foot + 236
    size = f'viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(split.title)}: who got what</title>',
        f'<desc id="desc">{escape(describe(split))}</desc>',
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="{PAPER}"/>',
        *_heading(split),
        *_sources(split, flow),
        *_hub(flow),
        *_bands(split, tops, flow),
        *_rows(split, tops),
        *_totals(split, foot),
        *_notes(split, foot + 160),
        "</svg>\n",
    ]
    return "\n".join(parts)


def write(split: Split, folder: Path) -> tuple[Path, Path]:
    """Writes split.svg and split.png into the folder and returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    svg, png = folder / "split.svg", folder / "split.png"
    text = draw(split)
    svg.write_text(text, encoding="utf-8")
    png.write_bytes(resvg_py.svg_to_bytes(svg_string=text, zoom=2))
    return svg, png


def describe(split: Split) -> str:
    """The picture in words, for those who can't see it."""
    units = [inflow.unit for inflow in split.inflows]
    lines = []
    for row in split.rows:
        said = "no shares"
        if row.shares:
            got = " and ".join(f"{text} {unit}" for text, unit in zip(row.got, units, strict=True))
            said = f"{_part(row.shares, split.shares)} of each payment, {got}"
        lines.append(f"{row.name} ({row.about}): {said}")
    return ". ".join(lines) + "."


def _part(shares: int, total: int) -> str:
    """A part in percent, rounded down to two decimals, without needless zeros."""
    hundredths = shares * 10_000 // total
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".") + " %"


def _places(split: Split) -> tuple[list[float], float]:
    """The top of each member's row, and where the last one ends."""
    tops, y = [], float(TOP)
    for row in split.rows:
        tops.append(y)
        y += max(_thickness(row, split), ROW - GAP) + GAP
    return tops, y - GAP


def _end(split: Split, tops: Sequence[float]) -> float:
    """Where the last row that a band leads to ends."""
    seated = [
        top + max(_thickness(row, split), ROW - GAP)
        for row, top in zip(split.rows, tops, strict=True)
        if row.shares
    ]
    return max(seated)


def _thickness(row: Row, split: Split) -> float:
    return FLOW_HEIGHT * row.shares / split.shares


def _tone(at: int) -> str:
    return TONES[min(at, len(TONES) - 1)]


def _heading(split: Split) -> list[str]:
    title, size = fit(split.title, 60, WIDTH - 2 * MARGIN, 700)
    return [
        letters(title, MARGIN, 132, size, weight=700, fill=INK),
        letters(split.subtitle, MARGIN, 180, 25, fill=SOFT),
    ]


def _sources(split: Split, flow: float) -> list[str]:
    """What came in: one block a currency, each as high as its part of the drawing."""
    height = FLOW_HEIGHT / len(split.inflows)
    parts = []
    for at, inflow in enumerate(split.inflows):
        top = flow + at * height
        middle = top + height / 2
        inset = 5 if len(split.inflows) > 1 else 0
        parts.append(_ribbon(SOURCE_AT + BAR, top + inset, HUB_AT, top, height - 2 * inset, height))
        parts.append(_bar(SOURCE_AT, top + inset, height - 2 * inset, INK))
        first = middle - 12 - 13 * (len(inflow.payments) - 1)
        parts.append(letters(inflow.total, MARGIN, first, 42, weight=700, fill=INK))
        after = MARGIN + width(inflow.total, 42, 700) + 10
        parts.append(letters(inflow.unit, after, first, 24, weight=500, fill=SOFT))
        for line, payment in enumerate(inflow.payments):
            y = first + 34 + 27 * line
            parts.append(letters(payment, MARGIN, y, 20, fill=SOFT))
    return parts


def _hub(flow: float) -> list[str]:
    """The agreement itself, through which everything goes."""
    x = HUB_AT + BAR / 2
    return [
        _bar(HUB_AT, flow, FLOW_HEIGHT, INK),
        letters("one agreement", x, flow - 22, 20, weight=500, fill=SOFT, align="middle"),
    ]


def _bands(split: Split, tops: Sequence[float], flow: float) -> list[str]:
    parts, y = [], flow
    for at, (row, top) in enumerate(zip(split.rows, tops, strict=True)):
        thickness = _thickness(row, split)
        if not thickness:
            continue
        drawn = max(thickness, 1.5)  # a part of a thousandth is seen too
        place = top + (max(thickness, ROW - GAP) - drawn) / 2
        parts.append(
            _ribbon(HUB_AT + BAR, y, SEAT_AT, place, drawn, drawn, tone=_tone(at), name=f"band{at}")
        )
        parts.append(_bar(SEAT_AT, place, drawn, _tone(at)))
        y += thickness
    return parts


def _rows(split: Split, tops: Sequence[float]) -> list[str]:
    heads = ["part", *(inflow.unit for inflow in split.inflows)]
    parts = [
        letters(head, x, TOP - 22, 20, weight=500, fill=SOFT, align="end")
        for head, x in zip(heads, COLUMNS, strict=False)
    ]
    for row, top in zip(split.rows, tops, strict=True):
        if top > TOP:
            parts.append(_rule(NAME_AT, top - GAP / 2, LINE, 1))
        middle = top + max(_thickness(row, split), ROW - GAP) / 2
        if not row.shares:
            # A voice without a seat: it takes part, and no band leads to it.
            parts.append(
                f'<circle cx="{SEAT_AT + BAR / 2}" cy="{middle:.1f}" r="{BAR / 2 - 1}" '
                f'fill="{PAPER}" stroke="{INK}" stroke-width="2"/>'
            )
        room = COLUMNS[0 if row.shares else -1] - NAME_AT - (PART_ROOM if row.shares else 0)
        name, size = fit(row.name, 29, room, 600)
        parts.append(letters(name, NAME_AT, middle - 1, size, weight=600, fill=INK))
        about, size = fit(row.about, 19, room)
        parts.append(letters(about, NAME_AT, middle + 27, size, fill=SOFT))
        cells = [_part(row.shares, split.shares), *row.got] if row.shares else []
        for at, (cell, x) in enumerate(zip(cells, COLUMNS, strict=False)):
            weight = 700 if at == 0 else 500
            parts.append(letters(cell, x, middle + 10, 29, weight=weight, fill=INK, align="end"))
    return parts


def _totals(split: Split, y: float) -> list[str]:
    parts = [
        _rule(SEAT_AT, y, INK, 2),
        letters("All together", NAME_AT, y + 46, 24, weight=600, fill=INK),
    ]
    cells = ["100 %", *split.sums]
    for cell, x in zip(cells, COLUMNS, strict=False):
        parts.append(letters(cell, x, y + 46, 29, weight=700, fill=INK, align="end"))
    parts.append(letters("of which not yet divided", NAME_AT, y + 82, 19, fill=SOFT))
    for cell, x in zip(split.left, COLUMNS[1:], strict=False):
        parts.append(letters(cell, x, y + 82, 19, fill=SOFT, align="end"))
    return parts


def _notes(split: Split, y: float) -> list[str]:
    return [
        letters(note, MARGIN, y + 27 * at, 18, fill=SOFT) for at, note in enumerate(split.notes)
    ]


def _rule(x: float, y: float, stroke: str, thick: float) -> str:
    return f'<path d="M{x} {y:.1f}H{COLUMNS[-1]}" stroke="{stroke}" stroke-width="{thick}"/>'


def _bar(x: float, y: float, height: float, fill: str) -> str:
    return f'<rect x="{x}" y="{y:.1f}" width="{BAR}" height="{height:.1f}" fill="{fill}"/>'


def _ribbon(
    x0: float,
    y0: float,
    x1: float,
    y1: float,
    height0: float,
    height1: float,
    *,
    tone: str = "",
    name: str = "",
) -> str:
    """A band from a height at x0 to a height at x1, with level ends."""
    bend = (x0 + x1) / 2
    shape = (
        f"M{x0} {y0:.1f}C{bend} {y0:.1f} {bend} {y1:.1f} {x1} {y1:.1f}"
        f"V{y1 + height1:.1f}C{bend} {y1 + height1:.1f} {bend} {y0 + height0:.1f} "
        f"{x0} {y0 + height0:.1f}Z"
    )
    if not tone:
        return f'<path d="{shape}" fill="#e6e8e4"/>'
    return (
        f'<linearGradient id="{name}"><stop offset="0" stop-color="#e6e8e4"/>'
        f'<stop offset="1" stop-color="{tone}" stop-opacity=".62"/></linearGradient>'
        f'<path d="{shape}" fill="url(#{name})" stroke="{PAPER}" stroke-width="1.5"/>'
    )
