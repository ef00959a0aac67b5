"""A drawing: a few shapes, written as SVG here and drawn into a PDF by `pdf`, from one geometry.

Tones are names: INK, SOFT, LINE, PAPER and the tones of members. Written alone, a drawing is dark
on a light paper; a page that is dark gives the same names other colours (they are classes).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from xml.sax.saxutils import escape

from seechain.paper.letters import FONTS
from seechain.visible import visible

# Lightness falls in even steps, so that the members' tones stay apart in grey.
COLOURS = {
    "ink": "#16212b",
    "soft": "#56626d",
    "line": "#d9d6cd",
    "paper": "#fcfbf8",
    "t0": "#12404f",
    "t1": "#2b6f77",
    "t2": "#4f918f",
    "t3": "#74aaa1",
    "t4": "#93beb2",
    "t5": "#abcdc2",
}
BAND_OPACITY = 0.36


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; x and y are its upper left corner."""

    x: float
    y: float
    wide: float
    high: float
    tone: str = "ink"


@dataclass(frozen=True, slots=True)
class Band:
    """A pale band of one height from (x0, y0) to (x1, y1), its upper corners, with level ends."""

    x0: float
    y0: float
    x1: float
    y1: float
    high: float
    tone: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A ring around (x, y)."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text on the base line y. `align`: start, middle or end, at x.

    full: the whole text, where `text` is cut. room: how wide it may be, where that is known.
    """

    x: float
    y: float
    text: str
    size: float
    tone: str = "ink"
    bold: bool = False
    align: Literal["start", "middle", "end"] = "start"
    full: str = ""
    room: float = field(default=0, repr=False)


Shape: TypeAlias = Box | Band | Dot | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a sheet of this size (CSS pixels); title and what it says, for those who can't see.

    ground: the sheet's tone; a QR code stands on white also where the page is dark.
    """

    wide: float
    high: float
    shapes: Sequence[Shape]
    title: str
    says: str
    ground: str = "paper"


def squares(rows: Sequence[Sequence[int]], title: str, says: str, module: float = 4) -> Drawing:
    """The drawing of a QR code's modules (segno's `code.matrix`), with its quiet zone, on white.

    rows: one for each line of modules, true where it is dark. module: the side of one, in pixels.
    """
    quiet = 4
    shapes: list[Shape] = []
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                left, top = (start + quiet) * module, (y + quiet) * module
                shapes.append(Box(left, top, (x - start) * module, module, "black"))
                start = None
    side = module * (len(rows) + 2 * quiet)
    return Drawing(side, side, shapes, title, says, ground="white")


def svg(drawing: Drawing, wide: float | None = None) -> str:
    """The drawing as one SVG text, with no script, style, link or font in it.

    wide: its width on the page, if not its own.
    """
    name = hashlib.sha256(repr(drawing).encode("utf-8", "backslashreplace")).hexdigest()[:8]
    size = f"{_n(drawing.wide)} {_n(drawing.high)}"
    scale = (wide or drawing.wide) / drawing.wide
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}"'
        f' width="{_n(drawing.wide * scale)}" height="{_n(drawing.high * scale)}" role="img"'
        f' aria-labelledby="t{name} d{name}" font-family="{FONTS}">'
    )
    lines = [
        head,
        "<!-- seechain picture -->",
        f'<title id="t{name}">{_text(drawing.title)}</title>',
        f'<desc id="d{name}">{_text(drawing.says)}</desc>',
        f'<rect width="100%" height="100%"{_fill(drawing.ground)}/>',
        *map(_shape, drawing.shapes),
        "</svg>\n",
    ]
    return "\n".join(lines)


def _shape(shape: Shape) -> str:
    if isinstance(shape, Box):
        place = f'x="{_n(shape.x)}" y="{_n(shape.y)}"'
        # Squares that touch must not show a seam, and a hairline is not to be blurred.
        is_crisp = shape.tone in ("black", "line")
        crisp = ' shape-rendering="crispEdges"' if is_crisp else ""
        size = f'width="{_n(shape.wide)}" height="{_n(shape.high)}"'
        return f"<rect {place} {size}{_fill(shape.tone)}{crisp}/>"
    if isinstance(shape, Band):
        points = band_points(shape)
        start, over, down, back = (" ".join(map(_n, each)) for each in points)
        path = f"M{start}C{over}L{down}C{back}Z"
        return f'<path d="{path}"{_fill(shape.tone)} fill-opacity="{BAND_OPACITY}"/>'
    if isinstance(shape, Dot):
        return (
            f'<circle cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}" fill="none"'
            f' class="ring" stroke="{COLOURS["soft"]}" stroke-width="1.5"/>'
        )
    weight = ' font-weight="600"' if shape.bold else ""
    anchor = f' text-anchor="{shape.align}"' if shape.align != "start" else ""
    whole = f"<title>{_text(shape.full)}</title>" if shape.full else ""
    return (
        f'<text x="{_n(shape.x)}" y="{_n(shape.y)}" font-size="{_n(shape.size)}"'
        f"{weight}{anchor}{_fill(shape.tone)}>{whole}{_text(shape.text)}</text>"
    )


def band_points(band: Band) -> tuple[tuple[float, ...], ...]:
    """A band's outline: its start, the curve over, the line down, the curve back."""
    bend = (band.x0 + band.x1) / 2
    low0, low1 = band.y0 + band.high, band.y1 + band.high
    return (
        (band.x0, band.y0),
        (bend, band.y0, bend, band.y1, band.x1, band.y1),
        (band.x1, low1),
        (bend, low1, bend, low0, band.x0, low0),
    )


def _fill(tone: str) -> str:
    if tone in ("black", "white"):
        return f' fill="{tone}"'
    return f' class="{tone}" fill="{COLOURS[tone]}"'


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    return escape(visible(text, lines=False))
