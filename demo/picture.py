"""One picture of the split: how payments flow to the members. SVG, and PNG from it.

It is legible in black and white: whoever is meant is named beside the band, and the bands' tones
differ in lightness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from xml.sax.saxutils import escape

import resvg_py

from demo.lettering import fit, letters

WIDTH = 1800
MARGIN = 88
PAPER, INK, SOFT, LINE = "#fcfbf8", "#16212b", "#5b6670", "#d9d6cd"
# Dark to light, so that they stay apart in grey; the last one holds whoever comes after.
TONES = ("#12404f", "#2b6f77", "#5c9c98", "#93c0b6", "#bcd9cf", "#d3e4dc")
TOP = 318  # of the members' rows
FLOW_HEIGHT = 520  # of all that came
ROW = 88  # at least, for a member's two lines of text
SOURCE_AT, SEAT_AT = 400, 836
BAR = 18
GAP = 26  # between two members
APART = 22  # between two inflows
NAME_AT = SEAT_AT + BAR + 26
PART_AT, PART_WIDE = 1208, 116  # right edge of the first part, and how much the next is further on
MONEY_WIDE = 150  # of each currency, at the right
LAST = WIDTH - MARGIN
PART_ROOM = 96  # for a part, left of its edge


@dataclass(frozen=True)
class Inflow:
    """A time in which the parts were the same: what came, one line each, and how much it is.

    weight: its part of all that came, in (0, 1]; those of all inflows add up to 1.
    """

    title: str
    payments: Sequence[str]
    weight: Fraction


@dataclass(frozen=True)
class Row:
    """A member: its part of each inflow, and what it got, one text per currency."""

    name: str
    about: str
    parts: Sequence[Fraction]
    got: Sequence[str]

    @property
    def is_seated(self) -> bool:
        """Whether it ever had a part."""
        return any(self.parts)


@dataclass(frozen=True)
class Split:
    """All that the picture says. sums, left: what came in, and what of it is not yet divided."""

    title: str
    subtitle: str
    units: Sequence[str]
    inflows: Sequence[Inflow]
    rows: Sequence[Row]
    sums: Sequence[str]
    left: Sequence[str]
    notes: Sequence[str]


def draw(split: Split) -> str:
    """The picture as SVG text; three inflows and two currencies at most."""
    tops, bottom = _places(split)
    # What came stands in the middle of the seats that it goes to.
    high = FLOW_HEIGHT + APART * (len(split.inflows) - 1)
    flow = TOP + max(_end(split, tops) - TOP - high, 0) / 2
    foot = max(bottom, flow + high) + 34
    height = foot + 262
    size = f'viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(split.title)}: who got what</title>',
        f'<desc id="desc">{escape(describe(split))}</desc>',
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="{PAPER}"/>',
        *_heading(split),
        *_sources(split, flow),
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
    lines = []
    for row in split.rows:
        said = "no shares"
        if row.is_seated:
            got = " and ".join(
                f"{text} {unit}" for text, unit in zip(row.got, split.units, strict=True)
            )
            times = [
                f"{percent(part)} ({inflow.title})" if len(row.parts) > 1 else percent(part)
                for part, inflow in zip(row.parts, split.inflows, strict=True)
                if part
            ]
            said = f"{', then '.join(times)} of each payment, {got}"
        lines.append(f"{row.name} ({row.about}): {said}")
    return ". ".join(lines) + "."


def percent(part: Fraction) -> str:
    """Rounded to two decimals, without needless zeros; a dash for nothing."""
    if not part:
        return "-"
    hundredths = round(part * 10_000)
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
        if row.is_seated
    ]
    return max(seated)


def _thickness(row: Row, split: Split) -> float:
    return sum(_band(part, inflow) for part, inflow in zip(row.parts, split.inflows, strict=True))


def _band(part: Fraction, inflow: Inflow) -> float:
    return float(FLOW_HEIGHT * inflow.weight * part)


def _tone(at: int) -> str:
    return TONES[min(at, len(TONES) - 1)]


def _heading(split: Split) -> list[str]:
    title, size = fit(split.title, 60, WIDTH - 2 * MARGIN, 700)
    return [
        letters(title, MARGIN, 132, size, weight=700, fill=INK),
        letters(split.subtitle, MARGIN, 180, 25, fill=SOFT),
    ]


def _sources(split: Split, flow: float) -> list[str]:
    """What came in: one block for each time, as high as what came then."""
    parts, top = [], flow
    for inflow in split.inflows:
        height = float(FLOW_HEIGHT * inflow.weight)
        parts.append(_bar(SOURCE_AT, top, height, INK))
        y = top + height / 2 - 4 - 13 * (len(inflow.payments) - 1)
        parts.append(letters(inflow.title, MARGIN, y, 27, weight=600, fill=INK))
        for line, payment in enumerate(inflow.payments):
            said, size = fit(payment, 20, SOURCE_AT - MARGIN - 24)
            parts.append(letters(said, MARGIN, y + 32 + 26 * line, size, fill=SOFT))
        top += height + APART
    return parts


def _bands(split: Split, tops: Sequence[float], flow: float) -> list[str]:
    """From each inflow to each seat; at the seat they lie on each other in the order of time."""
    starts, y = [], flow
    for inflow in split.inflows:
        starts.append(y)
        y += float(FLOW_HEIGHT * inflow.weight) + APART
    parts: list[str] = []
    for at, (row, top) in enumerate(zip(split.rows, tops, strict=True)):
        if not row.is_seated:
            continue
        thickness = _thickness(row, split)
        drawn = max(thickness, 1.5)  # a part of a thousandth is seen too
        place = end = top + (max(thickness, ROW - GAP) - drawn) / 2
        for time, (part, inflow) in enumerate(zip(row.parts, split.inflows, strict=True)):
            if not part:
                continue
            band = _band(part, inflow)
            high = max(band, 1.5 if thickness < 1.5 else 0.0)
            name = f"band{at}-{time}"
            parts.append(
                _ribbon(SOURCE_AT + BAR, starts[time], SEAT_AT, end, high, _tone(at), name)
            )
            starts[time] += band
            end += band
        parts.append(_bar(SEAT_AT, place, drawn, _tone(at)))
    return parts


def _columns(split: Split) -> list[tuple[str, float]]:
    """Heads and right edges: a part for each inflow, and each currency."""
    heads = [inflow.title for inflow in split.inflows] if len(split.inflows) > 1 else ["part"]
    edges = [PART_AT + PART_WIDE * at for at in range(len(heads))]
    edges += [LAST - MONEY_WIDE * at for at in reversed(range(len(split.units)))]
    return list(zip([*heads, *split.units], edges, strict=True))


def _rows(split: Split, tops: Sequence[float]) -> list[str]:
    columns = _columns(split)
    parts = [
        letters(head, x, TOP - 22, 18, weight=500, fill=SOFT, align="end") for head, x in columns
    ]
    for row, top in zip(split.rows, tops, strict=True):
        if top > TOP:
            parts.append(_rule(NAME_AT, top - GAP / 2, LINE, 1))
        middle = top + max(_thickness(row, split), ROW - GAP) / 2
        if not row.is_seated:
            # A voice without a seat: it takes part, and no band leads to it.
            parts.append(
                f'<circle cx="{SEAT_AT + BAR / 2}" cy="{middle:.1f}" r="{BAR / 2 - 1}" '
                f'fill="{PAPER}" stroke="{INK}" stroke-width="2"/>'
            )
        room = (PART_AT - PART_ROOM if row.is_seated else LAST) - NAME_AT
        name, size = fit(row.name, 29, room, 600)
        parts.append(letters(name, NAME_AT, middle - 1, size, weight=600, fill=INK))
        about, size = fit(row.about, 19, room)
        parts.append(letters(about, NAME_AT, middle + 25, size, fill=SOFT))
        if not row.is_seated:
            continue
        cells = [*((percent(part), 23) for part in row.parts), *((text, 27) for text in row.got)]
        for (cell, big), (_, x) in zip(cells, columns, strict=True):
            parts.append(letters(cell, x, middle + 9, big, weight=500, fill=INK, align="end"))
    return parts


def _totals(split: Split, y: float) -> list[str]:
    parts = [
        _rule(SEAT_AT, y, INK, 2),
        letters("All together", NAME_AT, y + 46, 24, weight=600, fill=INK),
        letters("of which not yet divided", NAME_AT, y + 82, 19, fill=SOFT),
    ]
    columns = _columns(split)
    cells = [*(("100 %", 23) for _ in split.inflows), *((text, 27) for text in split.sums)]
    for (cell, big), (_, x) in zip(cells, columns, strict=True):
        parts.append(letters(cell, x, y + 46, big, weight=700, fill=INK, align="end"))
    for cell, (_, x) in zip(split.left, columns[len(split.inflows) :], strict=True):
        parts.append(letters(cell, x, y + 82, 19, fill=SOFT, align="end"))
    return parts


def _notes(split: Split, y: float) -> list[str]:
    return [
        letters(note, MARGIN, y + 27 * at, 18, fill=SOFT) for at, note in enumerate(split.notes)
    ]


def _rule(x: float, y: float, stroke: str, thick: float) -> str:
    return f'<path d="M{x} {y:.1f}H{LAST}" stroke="{stroke}" stroke-width="{thick}"/>'


def _bar(x: float, y: float, height: float, fill: str) -> str:
    return f'<rect x="{x}" y="{y:.1f}" width="{BAR}" height="{height:.1f}" fill="{fill}"/>'


def _ribbon(x0: float, y0: float, x1: float, y1: float, high: float, tone: str, name: str) -> str:
    """A band of one height from x0 to x1, with level ends."""
    bend = (x0 + x1) / 2
    shape = (
        f"M{x0} {y0:.1f}C{bend} {y0:.1f} {bend} {y1:.1f} {x1} {y1:.1f}"
        f"V{y1 + high:.1f}C{bend} {y1 + high:.1f} {bend} {y0 + high:.1f} "
        f"{x0} {y0 + high:.1f}Z"
    )
    return (
        f'<linearGradient id="{name}"><stop offset="0" stop-color="#dfe3df" stop-opacity=".9"/>'
        f'<stop offset="1" stop-color="{tone}" stop-opacity=".62"/></linearGradient>'
        f'<path d="{shape}" fill="url(#{name})" stroke="{PAPER}" stroke-width="1.5"/>'
    )
