"""Draws the shapes of a drawing into a PDF: the same geometry as its SVG."""

from __future__ import annotations

from typing import Any

from reportlab.lib.colors import HexColor, black, white  # type: ignore[import-untyped]
from reportlab.platypus import Flowable  # type: ignore[import-untyped]

from seechain.paper.drawing import (
    BAND_OPACITY,
    COLOURS,
    Band,
    Box,
    Dot,
    Drawing,
    Shape,
    Words,
    band_points,
)
from seechain.paper.fonts import Face, Faces
from seechain.paper.lines import Line, cut, line


class Picture(Flowable):  # type: ignore[misc]
    """A drawing among flowables. scale: points for each of its pixels."""

    def __init__(self, drawing: Drawing, scale: float, its: Faces) -> None:
        super().__init__()
        self.drawing, self.faces = drawing, its
        self.width, self.height = drawing.wide * scale, drawing.high * scale
        self.spaceBefore, self.spaceAfter = 6, 6

    def draw(self) -> None:
        drawing = self.drawing
        scale = self.width / drawing.wide
        self.canv.translate(0, self.height)
        self.canv.scale(scale, -scale)
        if drawing.ground == "white":
            _fill(self.canv, "white")
            self.canv.rect(0, 0, drawing.wide, drawing.high, stroke=0, fill=1)
        for shape in drawing.shapes:
            _draw(self.canv, shape, self.faces)


def _fill(canvas: Any, tone: str) -> None:
    canvas.setFillColor({"black": black, "white": white}.get(tone) or HexColor(COLOURS[tone]))


def _draw(canvas: Any, shape: Shape, its: Faces) -> None:
    if isinstance(shape, Box):
        _fill(canvas, shape.tone)
        canvas.rect(shape.x, shape.y, shape.wide, shape.high, stroke=0, fill=1)
    elif isinstance(shape, Band):
        (x, y), over, down, back = band_points(shape)
        path = canvas.beginPath()
        path.moveTo(x, y)
        path.curveTo(*over)
        path.lineTo(*down)
        path.curveTo(*back)
        path.close()
        canvas.saveState()
        _fill(canvas, shape.tone)
        canvas.setFillAlpha(BAND_OPACITY)
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.restoreState()
    elif isinstance(shape, Dot):
        canvas.setStrokeColor(COLOURS["soft"])
        canvas.setLineWidth(1.5)
        canvas.circle(shape.x, shape.y, shape.radius, stroke=1, fill=0)
    else:
        face = its.bold if shape.bold else its.regular
        words, size = _fitting(shape, face)
        left = {"start": 0.0, "middle": 0.5}.get(shape.align, 1.0) * words.width * size
        canvas.saveState()
        # Letters stand upright in a drawing whose y grows downwards.
        canvas.translate(shape.x, shape.y)
        canvas.scale(1, -1)
        _fill(canvas, shape.tone)
        words.draw(canvas, -left, 0, size)
        canvas.restoreState()


def _fitting(words: Words, face: Face) -> tuple[Line, float]:
    """A line in the room it has: who made the drawing did not know the fonts."""
    whole = line(words.text, face)
    if not words.room or whole.width * words.size <= words.room:
        return whole, words.size
    size = max(0.8 * words.size, words.room / whole.width)
    return cut(words.text, face, words.room / size), size
