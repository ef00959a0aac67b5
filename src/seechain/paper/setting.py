"""Sets blocks on sheets of paper, by reportlab; `pdf` is the door to it.

reportlab's paragraphs read markup, so every text is escaped; what fits a cell is drawn as it is,
and what needs further fonts or runs from right to left is set by `lines`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

from reportlab import platypus  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from seechain.paper.blocks import (
    BAR,
    Block,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Pre,
    Table,
    Text,
)
from seechain.paper.direction import base_of
from seechain.paper.drawing import COLOURS
from seechain.paper.fonts import Face, Faces, faces
from seechain.paper.lines import Line, Lines, always, cut, hung
from seechain.paper.shapes import Picture
from seechain.paper.tables import paragraph, set_facts, set_table
from seechain.visible import visible

_POINT = 72 / 96  # of a CSS pixel
_SIDE, _TOP_SIDE = 46.0, 51.0  # margins, in points
_INSIDE = 6.0  # what reportlab leaves free within them
_MONO, _HANG = 7.6, "      "


def set_pages(
    title: str,
    blocks: Iterable[Block],
    size: tuple[float, float],
    tell: Callable[[str], None] | None,
    what: str,
) -> bytes:
    """See `pdf.pdf`. size: of the paper, in points."""
    blocks = list(blocks)
    its = faces(title + repr(blocks))
    writer = _Writer(its, size[0] - 2 * (_SIDE + _INSIDE), size[1] - 2 * _TOP_SIDE - 60)
    flow = [writer.title(title)]
    for block in blocks:
        flow += writer.block(block)
    file = io.BytesIO()
    document = platypus.SimpleDocTemplate(
        file,
        pagesize=size,
        leftMargin=_SIDE,
        rightMargin=_SIDE,
        topMargin=_TOP_SIDE,
        bottomMargin=_TOP_SIDE + 8,
        title=visible(title, lines=False),
        author="seechain",
        creator=f"seechain {what}",
        lang="en",
        invariant=1,
    )
    document.build(flow, canvasmaker=_numbered(writer.faces.regular, title))
    if tell:
        for note in writer.faces.regular.further.notes():
            tell(note)
    return file.getvalue()


def _numbered(face: Face, title: str) -> Any:
    """A canvas that knows at its end how many pages there are, and writes it on each."""

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._sheets: list[dict[str, Any]] = []
            self._doc.seechain_said = face.further.said

        def showPage(self) -> None:
            self._sheets.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, sheet in enumerate(self._sheets, 1):
                self.__dict__.update(sheet)
                self._foot(f"{number} / {len(self._sheets)}")
                super().showPage()
            super().save()

        def _foot(self, number: str) -> None:
            left, right = _SIDE + _INSIDE, self._pagesize[0] - _SIDE - _INSIDE
            self.setFont(face.name, 8)
            self.setFillColor(COLOURS["soft"])
            self.drawRightString(right, _SIDE - 14, number)
            cut(title, face, (right - left - 60) / 8).draw(self, left, _SIDE - 14, 8)

    return Numbered


class _Writer:
    """Makes reportlab's flowables of blocks. room, high: what a sheet has for them, in points."""

    def __init__(self, its: Faces, room: float, high: float) -> None:
        self.faces = its
        self.room = room
        self.high = high

    def title(self, title: str) -> Any:
        return paragraph(title, self.faces.bold, 20, after=14, leading=1.2)

    def block(self, block: Block) -> list[Any]:
        if isinstance(block, Heading):
            size = 13.5 if block.level <= 2 else 11
            return [
                paragraph(
                    block.text, self.faces.bold, size, before=18, after=6, keep=True, leading=1.3
                )
            ]
        if isinstance(block, Text):
            size, tone = (8.5, "soft") if block.is_soft else (10, "ink")
            base = base_of(block.text)
            side = "r" if base else "l"
            return [
                paragraph(
                    block.text, self.faces.regular, size, tone=tone, after=6, side=side, base=base
                )
            ]
        if isinstance(block, Pre):
            return self._pre(block)
        if isinstance(block, Table):
            return [set_table(block, self.faces, self.room)]
        if isinstance(block, Figure):
            return self._figure(block)
        if isinstance(block, Facts):
            return [set_facts(block, self.faces, self.room)] if block.pairs else []
        assert isinstance(block, PageBreak)
        return [platypus.PageBreak()]

    def _pre(self, block: Pre) -> list[Any]:
        face, room = self.faces.mono, self.room / _MONO
        lines: list[Line] = []
        for text in face.text(block.text, lines=True).split("\n"):
            lines += hung(text, face, room, _HANG, BAR)
        # A flowable for some lines each: one for all would be copied for each page it breaks on.
        flow = [
            Lines(always(lines[at : at + 60]), _MONO, _MONO * 1.5)
            for at in range(0, len(lines), 60)
        ]
        flow[0].spaceBefore, flow[-1].spaceAfter = 4, 8
        return flow

    def _figure(self, figure: Figure) -> list[Any]:
        drawing = figure.drawing
        wide = min((figure.wide or drawing.wide) * _POINT, self.room)
        # A picture that is higher than a sheet would fit on none.
        scale = min(wide / drawing.wide, self.high / drawing.high)
        parts: list[Any] = [Picture(drawing, scale, self.faces)]
        if figure.caption:
            parts.append(paragraph(figure.caption, self.faces.regular, 8.5, tone="soft"))
        return [platypus.KeepTogether(parts)]
