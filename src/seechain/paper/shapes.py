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
    band_points,
)
from seechain.paper.fonts import Faces


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
        text = face.text(shape.text)
        canvas.saveState()
        # Letters stand upright in a drawing whose y grows downwards.
        canvas.translate(shape.x, shape.y)
        canvas.scale(1, -1)
        canvas.setFont(face.name, shape.size)
        _fill(canvas, shape.tone)
        draw = {"start": canvas.drawString, "middle": canvas.drawCentredString}
        draw.get(shape.align, canvas.drawRightString)(0, 0, text)
        canvas.restoreState()
