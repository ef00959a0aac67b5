"""Text as outlines, so that a picture looks the same on every machine, with or without fonts."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple
from xml.sax.saxutils import escape

import font_rhd
import uharfbuzz as hb

_FILES = {
    400: "RedHatDisplay",
    500: "RedHatDisplayMedium",
    600: "RedHatDisplaySemiBold",
    700: "RedHatDisplayBold",
}
_ALIGN = {"start": 0.0, "middle": 0.5, "end": 1.0}
# What a line that the font lacks a letter for is written with, by the viewer's own fonts.
_OTHER_FONTS = "system-ui, 'Noto Sans', 'DejaVu Sans', sans-serif"


class _Line(NamedTuple):
    """Glyphs and their places in font units, the line's width, and whether the font has all."""

    glyphs: tuple[tuple[int, int, int], ...]
    width: int
    complete: bool


class _Pen:
    """Collects SVG path data; y points down there."""

    def __init__(self, scale: float, x: float, y: float) -> None:
        self.data: list[str] = []
        self._scale, self._x, self._y = scale, x, y

    def _add(self, command: str, *points: tuple[float, float]) -> None:
        self.data.append(
            command
            + " ".join(
                f"{self._x + x * self._scale:.2f} {self._y - y * self._scale:.2f}"
                for x, y in points
            )
        )

    def moveTo(self, to: tuple[float, float]) -> None:
        self._add("M", to)

    def lineTo(self, to: tuple[float, float]) -> None:
        self._add("L", to)

    def curveTo(self, *points: tuple[float, float]) -> None:
        self._add("C", *points)

    def qCurveTo(self, *points: tuple[float, float]) -> None:
        self._add("Q", *points)

    def closePath(self) -> None:
        self.data.append("Z")

    def endPath(self) -> None:
        pass


@cache
def _font(weight: int) -> hb.Font:
    path = font_rhd.font_files[_FILES[weight]]
    return hb.Font(hb.Face(hb.Blob.from_file_path(path)))


@cache
def _shape(text: str, weight: int) -> _Line:
    if not text:
        return _Line((), 0, True)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    # Figures of one width, so that columns of amounts stand under each other.
    hb.shape(_font(weight), buffer, {"kern": True, "tnum": True})
    x, glyphs, complete = 0, [], True
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        glyphs.append((info.codepoint, x + place.x_offset, place.y_offset))
        x += place.x_advance
        complete &= info.codepoint != 0
    return _Line(tuple(glyphs), x, complete)


def width(text: str, size: float, weight: int = 400) -> float:
    """The width of a line of text in the picture's units."""
    return float(_shape(text, weight).width * size / _font(weight).face.upem)


def fit(text: str, size: float, room: float, weight: int = 400) -> tuple[str, float]:
    """The text and the size at which it fits the room: smaller by a third at most, else cut."""
    least = size * 2 / 3
    needed = width(text, size, weight)
    if needed <= room:
        return text, size
    if needed * 2 / 3 <= room:
        return text, size * room / needed
    while len(text) > 1 and width(f"{text}…", least, weight) > room:
        text = text[:-1].rstrip()
    return f"{text}…", least


def letters(
    text: str,
    x: float,
    y: float,
    size: float,
    *,
    weight: int = 400,
    fill: str,
    align: str = "start",
) -> str:
    """A line of text as an SVG element: outlines, or text where the font lacks a letter.

    x, y: where its baseline starts, is centred or ends, by `align`: start, middle or end.
    """
    line = _shape(text, weight)
    if not line.complete:
        return (
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" '
            f'font-family="{_OTHER_FONTS}" text-anchor="{align}" fill="{fill}">'
            f"{escape(text)}</text>"
        )
    font = _font(weight)
    scale = size / font.face.upem
    left = x - _ALIGN[align] * line.width * scale
    data: list[str] = []
    for glyph, at, rise in line.glyphs:
        pen = _Pen(scale, left + at * scale, y - rise * scale)
        font.draw_glyph_with_pen(glyph, pen)
        data += pen.data
    return f'<path fill="{fill}" d="{"".join(data)}"/>'


class Sheet:
    """Lines of text that share their glyphs: each is drawn once, for pictures with many words."""

    def __init__(self) -> None:
        self._glyphs: dict[tuple[int, int], str] = {}

    def letters(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        weight: int = 400,
        fill: str,
        align: str = "start",
    ) -> str:
        """As `letters`; the picture must hold `definitions` too."""
        line = _shape(text, weight)
        if not line.complete:
            return letters(text, x, y, size, weight=weight, fill=fill, align=align)
        scale = size / _font(weight).face.upem
        left = x - _ALIGN[align] * line.width * scale
        uses = []
        for glyph, at, rise in line.glyphs:
            name = self._glyphs.setdefault((weight, glyph), f"g{len(self._glyphs)}")
            place = f'x="{at}"' + (f' y="{-rise}"' if rise else "")
            uses.append(f'<use href="#{name}" {place}/>')
        move = f"translate({left:.1f} {y:.1f}) scale({scale:.5f})"
        return f'<g fill="{fill}" transform="{move}">{"".join(uses)}</g>'

    def definitions(self) -> str:
        """The glyphs of all lines so far."""
        made = []
        for (weight, glyph), name in self._glyphs.items():
            pen = _Pen(1, 0, 0)
            _font(weight).draw_glyph_with_pen(glyph, pen)
            data = "".join(pen.data).replace(".00", "")
            made.append(f'<path id="{name}" d="{data}"/>')
        return f"<defs>{''.join(made)}</defs>"
