"""Lines of any script on sheets of paper: which font sets what, and in which order it stands.

Glyphs stand in the order in which they are seen, as PDF has it: readers turn what they copy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from reportlab.lib.colors import toColor  # type: ignore[import-untyped]
from reportlab.pdfbase.pdfmetrics import stringWidth  # type: ignore[import-untyped]
from reportlab.platypus import Flowable  # type: ignore[import-untyped]

from seechain.paper.direction import base_of, levels, ordered
from seechain.paper.drawing import COLOURS
from seechain.paper.fonts import Face, clings
from seechain.paper.shaping import Run, is_shapable, scripts, shaped

_HAIR = 1e-6
_SHORT = 200  # letters of what may be a line
CUT = "\u2026"
# Lines break at blanks, and around each sign of scripts that have none.
_SIGNS = "\u2e80-\u2fdf\u3003-\u3007\u3020-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_ENDS = "\u3001\u3002\u3009\u300b\u300d\u300f\u3011\uff01\uff09\uff0c\uff1a\uff1b\uff1f\u30fc"
_UNIT = re.compile(rf"[{_SIGNS}][^\s{_SIGNS}]?[{_ENDS}]*\s*|[^\s{_SIGNS}]+\s*|\s+")


class Line(NamedTuple):
    """One line: its runs as they stand from left to right."""

    runs: Sequence[Run]

    @property
    def width(self) -> float:
        """Of the whole line, in widths of its letter size."""
        return sum(run.width for run in self.runs)

    def draw(self, canvas: Any, x: float, y: float, size: float) -> None:
        """Draws it from x to the right, on the base line y."""
        for run in self.runs:
            if run.said:
                said = run.said.encode("utf-16-be").hex().upper()
                canvas.addLiteral(f"/Span <</ActualText <FEFF{said}>>> BDC")
            canvas.setFont(run.font, size)
            canvas.drawString(x, y, run.text)
            if run.said:
                canvas.addLiteral("EMC")
            x += run.width * size


def line(text: str, face: Face, base: int | None = 0) -> Line:
    """A line of a text. base: its direction, 0 to the right, 1 to the left; None: as it begins."""
    shown = face.text(text)
    start = base_of(shown) if base is None else base
    if not start and face.is_plain(shown):
        return _plain(shown, face)
    # A table asks for the same line again and again.
    known: dict[Any, Line] = face.further.lines
    key = (shown, face.name, start)
    if key not in known:
        known[key] = _set(shown, levels(shown, start), face)
    return known[key]


def wide(text: str, face: Face) -> float:
    """Of a line that a face sets, in widths of its letter size."""
    if face.is_plain(text):
        return float(stringWidth(text, face.name, 1))
    return line(text, face).width


def cut(text: str, face: Face, room: float) -> Line:
    """A line, cut where it is wider than its room, in widths of its letter size."""
    whole = line(text, face)
    if whole.width <= room:
        return whole
    shown = face.text(text)
    least, most = 0, len(shown)
    while least < most:
        middle = (least + most + 1) // 2
        fits = line(shown[:middle].rstrip() + CUT, face).width <= room
        least, most = (middle, most) if fits else (least, middle - 1)
    while least and least < len(shown) and clings(shown[least]):
        least -= 1
    return line(shown[:least].rstrip() + CUT, face)


def broken(text: str, face: Face, room: float, *, base: int | None = 0) -> Iterator[Line]:
    """A line in pieces that fit a room (in widths of its letter size), broken between its words."""
    shown = face.text(text)
    whole = line(shown, face, base) if len(shown) < _SHORT else None
    if whole and whole.width <= room + _HAIR:
        yield whole
        return
    ways = levels(shown, base_of(shown) if base is None else base)
    at = 0
    while at < len(shown) or not at:
        end = _word_end(shown, at, face, room)
        # Blanks at the end of a line are its own (L1).
        kept = at + len(shown[at:end].rstrip())
        yield _set(shown[at:kept], ways[at:kept], face)
        at = end


def hung(text: str, face: Face, room: float, hang: str, bar: str) -> Iterator[Line]:
    """The same, broken between any letters; all pieces but the first begin with `hang`.

    bar: where the line begins with it, what follows has a direction of its own.
    """
    shown = face.text(text)
    if face.is_plain(shown) and wide(shown, face) <= room + _HAIR:
        yield _plain(shown, face)
        return
    first = len(bar) if shown.startswith(bar) else 0
    base = base_of(shown[first:]) if first else 0
    ways = [0] * first + levels(shown[first:], base)
    at, before = 0, ""
    while at < len(shown):
        end = _letter_end(shown, at, face, room - wide(before, face))
        yield _set(before + shown[at:end], [0] * len(before) + ways[at:end], face)
        at, before = end, hang


def always(lines: Sequence[Line]) -> Callable[[float], Sequence[Line]]:
    """Those lines, whatever their room: see `Lines`."""
    return lambda _: lines


class Lines(Flowable):  # type: ignore[misc]
    """Lines among flowables. made: the lines of a room, in widths of their letter size."""

    def __init__(
        self,
        made: Callable[[float], Sequence[Line]],
        size: float,
        leading: float,
        *,
        tone: str = "ink",
        side: str = "l",
    ) -> None:
        super().__init__()
        self._made, self._size, self._leading = made, size, leading
        self._tone, self._side = tone, side
        self._lines: Sequence[Line] = ()
        self.spaceBefore = self.spaceAfter = 0.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Its size where it has this room."""
        self._lines = self._made(width / self._size)
        self.width, self.height = width, len(self._lines) * self._leading
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Any]:
        """What fits this height, and the rest."""
        self.wrap(width, height)
        fits = int((height + 1e-6) / self._leading)
        if not 0 < fits < len(self._lines):
            return []
        first, rest = (
            Lines(always(lines), self._size, self._leading, tone=self._tone, side=self._side)
            for lines in (self._lines[:fits], self._lines[fits:])
        )
        first.spaceBefore, rest.spaceAfter = self.spaceBefore, self.spaceAfter
        return [first, rest]

    def draw(self) -> None:
        """Draws them by reportlab."""
        self.canv.setFillColor(toColor(COLOURS[self._tone]))
        y = self.height - self._size
        for each in self._lines:
            x = self.width - each.width * self._size if self._side == "r" else 0
            each.draw(self.canv, x, y, self._size)
            y -= self._leading


def _plain(text: str, face: Face) -> Line:
    return Line([Run(face.name, text, float(stringWidth(text, face.name, 1)))] if text else [])


def _set(text: str, ways: Sequence[int], face: Face) -> Line:
    if face.is_plain(text) and not any(way % 2 for way in ways):
        return _plain(text, face)
    kinds, start = list(zip(ways, scripts(text), strict=True)), 0
    parts = []
    for font, end in face.runs(text):
        for (way, _), group in groupby(range(start, end), kinds.__getitem__):
            at = list(group)
            parts.append((way, (way, font, text[at[0] : at[-1] + 1])))
        start = end
    said = face.further.said
    return Line([run for _, part in ordered(parts) for run in _runs(*part, said)])


def _runs(way: int, font: str, text: str, said: dict[str, dict[int, str]]) -> Iterator[Run]:
    if not is_shapable(font):
        text = "".join(letter for letter in text if not clings(letter))
    elif way % 2 or any(map(clings, text)):
        yield from shaped(text, font, said.setdefault(font, {}), back=bool(way % 2))
        return
    yield Run(font, text, float(stringWidth(text, font, 1)))


def _word_end(text: str, at: int, face: Face, room: float) -> int:
    """Where a line ends that begins there: after the words that fit, or one's part."""
    used, end = 0.0, at
    while unit := _UNIT.match(text, end):
        word = unit[0].rstrip()
        used += wide(word, face)
        if used > room + _HAIR:
            return end if end > at else _letter_end(text, at, face, room)
        used += wide(unit[0][len(word) :], face)
        end = unit.end()
    return end


def _letter_end(text: str, at: int, face: Face, room: float) -> int:
    """The same, after the letters that fit, and one at least."""
    least, most = at + 1, min(len(text), at + 16 + int(16 * room))
    while least < most:
        middle = (least + most + 1) // 2
        fits = wide(text[at:middle], face) <= room + _HAIR
        least, most = (middle, most) if fits else (least, middle - 1)
    while at + 1 < least < len(text) and clings(text[least]):
        least -= 1
    return least
