"""The picture of a split: a payment flows to the members, each with its part and its amount.

It reads in black and white: every name stands beside its band, and no colour carries a meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from seechain.amounts import Amount, format_units
from seechain.paper.drawing import Band, Box, Dot, Drawing, Shape, Words, svg
from seechain.paper.letters import fit, width
from seechain.parts import percent
from seechain.visible import visible

MAX_ROWS = 24  # beyond them the rest is one row
MAX_OTHERS = 4  # who are shown one by one though they have no part
MAX_PAYMENTS = 3  # columns of amounts that fit beside the names

_WIDE, _MARGIN = 960.0, 40.0
_LAST = _WIDE - _MARGIN
_HEADED, _BARE = 150.0, 62.0  # the top of the members' rows, below a heading or without one
_FLOW = 300.0  # how high the whole payment is
_SOURCE = 186.0
_BAR = 10.0
_SHORT = 6  # decimals that an amount has here; tables have them all
_TONES = 6


@dataclass(frozen=True, slots=True)
class Row:
    """Who gets what: its part in [0, 1], and smallest units, one for each payment.

    about: its role or what else is said below the name. count: how many members it stands for.
    """

    name: str
    part: Fraction
    units: tuple[int, ...]
    about: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the rows start, and the columns are: bars, names, and each figure's right edge."""

    top: float
    seat: float
    names: float
    part: float
    money: tuple[float, ...]
    pitch: float
    gap: float
    size: float

    @property
    def room(self) -> float:
        return self.part - 84 - self.names


def split_svg(
    title: str, rows: Iterable[Row], payments: Sequence[Amount], *, subtitle: str = ""
) -> str:
    """The picture as SVG text: see `split_drawing`."""
    return svg(split_drawing(title, rows, payments, subtitle=subtitle))


def split_drawing(
    title: str,
    rows: Iterable[Row],
    payments: Sequence[Amount],
    *,
    subtitle: str = "",
    is_headed: bool = True,
) -> Drawing:
    """The picture of how payments of up to 3 currencies are split.

    Args:
        rows: in any order; the largest part is drawn first. Beyond 24 the rest is one row.
        payments: what came, one column of amounts for each; without any, the parts alone.
        subtitle: one line below the title.
        is_headed: False where the page around says the title already.

    Raises:
        ValueError: there are no rows, more than three payments, or a row whose units are
            not one for each payment.
    """
    rows = tuple(rows)
    if not rows or len(payments) > MAX_PAYMENTS:
        raise ValueError(f"a picture has rows, and at most {MAX_PAYMENTS} payments")
    if any(len(row.units) != len(payments) for row in rows):
        raise ValueError("each row has the units of every payment")
    shown = shorten(rows)
    columns = [_column(shown, payment, at) for at, payment in enumerate(payments)]
    layout = _layout(len(shown), columns, _HEADED if is_headed else _BARE)
    tops, bottom = _places(shown, layout)
    ends = [
        top + max(_FLOW * float(row.part), layout.pitch)
        for row, top in zip(shown, tops, strict=True)
        if row.part
    ]
    # What came stands in the middle of those that it goes to.
    flow = max(layout.top, (layout.top + max(ends, default=layout.top) - _FLOW) / 2)
    foot = max(bottom, flow + _FLOW) + 22
    shapes = [
        *(_heading(title, subtitle) if is_headed else []),
        *_source(payments, flow),
        *_bands(shown, tops, flow, layout),
        *_rows(shown, tops, columns, layout),
        *_totals(shown, payments, columns, foot, layout),
    ]
    says = describe(shown, payments)
    return Drawing(_WIDE, round(foot + 104), shapes, f"{title}: who gets what", says)


def shorten(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows by falling part, at most 24 and one that sums up the rest; then who has no part."""
    seated = sorted((row for row in rows if row.part), key=lambda row: (row.count > 1, -row.part))
    others = [row for row in rows if not row.part]
    if len(seated) > MAX_ROWS + 1:
        kept, rest = seated[:MAX_ROWS], seated[MAX_ROWS:]
        units = tuple(map(sum, zip(*(row.units for row in rest), strict=True)))
        part = sum((row.part for row in rest), Fraction())
        count = sum(row.count for row in rest)
        seated = [*kept, Row(f"and {count} more", part, units, "together", count)]
    if len(others) > MAX_OTHERS:
        none = (0,) * len(others[0].units)
        others = [Row(f"{len(others)} members", Fraction(), none, "no part", len(others))]
    return (*seated, *others)


def describe(rows: Sequence[Row], payments: Sequence[Amount]) -> str:
    """The picture in words."""
    said = []
    for row in rows:
        name = f"{row.name} ({row.about})" if row.about else row.name
        money = " and ".join(_money(*each) for each in zip(row.units, payments, strict=True))
        part = f"{percent(row.part)}, {money}" if money else percent(row.part)
        said.append(f"{name}: {part if row.part else 'no part'}")
    what = " and ".join(map(str, payments)) or "each payment"
    return f"Of {what}: {'; '.join(said)}."


def _column(rows: Sequence[Row], payment: Amount, at: int) -> list[str]:
    """A column's amounts: rounded down to six decimals, and as many for all as one needs."""
    places = min(payment.decimals, _SHORT)
    scale = 10 ** (payment.decimals - places)
    all_units = [row.units[at] // scale for row in rows] + [payment.units // scale]
    while places and not any(units % 10 for units in all_units):
        all_units = [units // 10 for units in all_units]
        places -= 1
    return [
        f"{units // 10**places}" + (f".{units % 10**places:0{places}d}" if places else "")
        for units in all_units
    ]


def _layout(count: int, columns: Sequence[Sequence[str]], top: float) -> _Layout:
    dense = count > 12
    size = 14.0 if dense else 16.0
    edges, right = [], _LAST
    for cells in reversed(columns):
        edges.append(right)
        right -= max(70, *(width(cell, size, bold=True) for cell in cells)) + 18
    # Bands take what the figures leave: a name has 130 at least.
    seat = min(430.0, max(250.0, right - 84 - 18 - 200))
    return _Layout(
        top=top,
        seat=seat,
        names=seat + _BAR + 16,
        part=right,
        money=tuple(reversed(edges)),
        pitch=22.0 if dense else 40.0,
        gap=8.0 if dense else 14.0,
        size=size,
    )


def _places(rows: Sequence[Row], layout: _Layout) -> tuple[list[float], float]:
    tops, y = [], layout.top
    for row in rows:
        tops.append(y)
        y += max(_FLOW * float(row.part), layout.pitch) + layout.gap
    return tops, y - layout.gap


def _heading(title: str, subtitle: str) -> list[Shape]:
    room = _LAST - _MARGIN
    shapes: list[Shape] = [_words(_MARGIN, 62, title, 30, room, bold=True)]
    if subtitle:
        shapes.append(_words(_MARGIN, 90, subtitle, 15, room, tone="soft"))
    return shapes


def _source(payments: Sequence[Amount], flow: float) -> list[Shape]:
    """What came: the payment's bar, and beside it each amount with its unit below."""
    room = _SOURCE - _MARGIN - 14
    y = flow + _FLOW / 2 - 22 * len(payments) + 10
    shapes: list[Shape] = [
        Box(_SOURCE, flow, _BAR, _FLOW, "ink"),
        _words(
            _MARGIN, y - 12, "A payment of" if payments else "Each payment", 13, room, tone="soft"
        ),
    ]
    for at, payment in enumerate(payments):
        over = max(0, payment.decimals - _SHORT)
        number = format_units(payment.units // 10**over, payment.decimals - over)
        line = y + 10 + 44 * at
        shapes.append(_words(_MARGIN, line, number, 19, room, bold=True, least=0.6))
        shapes.append(_words(_MARGIN, line + 18, _unit(payment), 13, room, tone="soft"))
    return shapes


def _money(units: int, payment: Amount) -> str:
    return format_units(units, payment.decimals, _unit(payment))


def _unit(payment: Amount) -> str:
    return payment.unit or "units"


def _bands(rows: Sequence[Row], tops: Sequence[float], flow: float, layout: _Layout) -> list[Shape]:
    bands: list[Shape] = []
    bars: list[Shape] = []
    start = flow
    for at, (row, top) in enumerate(zip(rows, tops, strict=True)):
        high = _FLOW * float(row.part)
        if not row.part:
            middle = top + layout.pitch / 2
            bars.append(Dot(layout.seat + _BAR / 2, middle, _BAR / 2 - 1))
            continue
        drawn = max(high, 1.0)  # a part of a thousandth is seen too
        end = top + (max(high, layout.pitch) - drawn) / 2
        tone = f"t{min(at, _TONES - 1)}"
        bands.append(Band(_SOURCE + _BAR, start, layout.seat, end, drawn, tone))
        bars.append(Box(layout.seat, end, _BAR, drawn, tone))
        start += high
    return bands + bars


def _rows(
    rows: Sequence[Row],
    tops: Sequence[float],
    columns: Sequence[Sequence[str]],
    layout: _Layout,
) -> list[Shape]:
    shapes: list[Shape] = []
    for at, (row, top) in enumerate(zip(rows, tops, strict=True)):
        middle = top + max(_FLOW * float(row.part), layout.pitch) / 2
        if at:
            y = top - layout.gap / 2 - 0.5
            shapes.append(Box(layout.names, y, _LAST - layout.names, 1, "line"))
        about = row.about if layout.pitch > 30 else ""
        room = layout.room if row.part else _LAST - layout.names
        y = middle - 2 if about else middle + layout.size * 0.36
        shapes.append(_words(layout.names, y, row.name, layout.size, room, bold=True))
        if about:
            shapes.append(_words(layout.names, middle + 15, about, 12.5, room, tone="soft"))
        if not row.part:
            continue
        y = middle + layout.size * 0.36
        cells = [percent(row.part), *(column[at] for column in columns)]
        shapes += _figures(cells, y, layout)
    return shapes


def _figures(cells: Sequence[str], y: float, layout: _Layout, *, bold: bool = False) -> list[Shape]:
    edges = (layout.part, *layout.money)
    return [
        Words(x, y, cell, layout.size, "ink", bold, "end")
        for x, cell in zip(edges, cells, strict=True)
    ]


def _totals(
    rows: Sequence[Row],
    payments: Sequence[Amount],
    columns: Sequence[Sequence[str]],
    y: float,
    layout: _Layout,
) -> list[Shape]:
    shapes: list[Shape] = [Box(layout.names, y - 1, _LAST - layout.names, 1.5, "ink")]
    shapes += [
        _words(x, layout.top - 16, _unit(payment), 12.5, 70, tone="soft", align="end")
        for x, payment in zip(layout.money, payments, strict=True)
    ]
    shapes.append(Words(layout.part, layout.top - 16, "part", 12.5, "soft", False, "end"))
    shapes.append(Words(layout.names, y + 26, "Together", layout.size, "ink", True))
    sums = [
        percent(sum((row.part for row in rows), Fraction())),
        *(column[-1] for column in columns),
    ]
    shapes += _figures(sums, y + 26, layout, bold=True)
    left = [
        _money(payment.units - sum(row.units[at] for row in rows), payment)
        for at, payment in enumerate(payments)
    ]
    notes = [f"Not divided, carried to the next payment: {', '.join(left)}."] if left else []
    if any(payment.decimals > _SHORT for payment in payments):
        notes.append(f"Amounts are rounded down to {_SHORT} decimals here.")
    shapes += [
        _words(layout.names, y + 50 + 17 * at, note, 11.5, _LAST - layout.names, tone="soft")
        for at, note in enumerate(notes)
    ]
    return shapes


def _words(
    x: float,
    y: float,
    text: str,
    size: float,
    room: float,
    *,
    tone: str = "ink",
    bold: bool = False,
    align: Literal["start", "end"] = "start",
    least: float = 0.8,
) -> Words:
    whole = visible(text, lines=False)
    line, size = fit(whole, size, room, bold=bold, least=least)
    return Words(x, y, line, size, tone, bold, align, whole if line != whole else "", room)
