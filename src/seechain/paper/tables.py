"""Paragraphs and tables on sheets of paper, by reportlab.

Figures stay whole, whatever it takes: texts break first, then the letters get smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from reportlab import platypus  # type: ignore[import-untyped]
from reportlab.lib.colors import toColor  # type: ignore[import-untyped]
from reportlab.lib.enums import TA_LEFT, TA_RIGHT  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]

from seechain.paper.blocks import Facts, Table, alignment, is_hex
from seechain.paper.drawing import COLOURS
from seechain.paper.fonts import Face, Faces
from seechain.paper.lines import Line, Lines, broken, wide
from seechain.paper.long_rows import BEFORE, of_rows

_SIZES = (8.5, 7.5, 6.5, 5.5, 4.5)  # of a table's letters, in points: the first that fits
_TITLE = 80  # letters of a column's title
_APART = 10.0  # between columns; less where they are very many
_WORD = 11.0  # widths of its letter size that a text keeps at least


def paragraph(
    text: str,
    face: Face,
    size: float,
    *,
    tone: str = "ink",
    before: float = 0,
    after: float = 0,
    keep: bool = False,
    leading: float = 1.45,
    side: str = "l",
    base: int | None = 0,
) -> Any:
    """A text with its line ends. keep: on the sheet of what follows. base: see `lines.line`."""
    shown = face.text(text, lines=True)
    if not all(map(face.is_plain, shown.split("\n"))):
        lines = _lines(shown, face, size, leading, tone=tone, side=side, base=base)
        lines.spaceBefore, lines.spaceAfter, lines.keepWithNext = before, after, keep
        return lines
    style = ParagraphStyle(
        "seechain",
        fontName=face.name,
        fontSize=size,
        leading=size * leading,
        textColor=COLOURS[tone],
        spaceBefore=before,
        spaceAfter=after,
        keepWithNext=keep,
        alignment=TA_RIGHT if side == "r" else TA_LEFT,
    )
    # Paragraphs read markup: what is given is text, whatever it looks like.
    return platypus.Paragraph(escape(shown).replace("\n", "<br/>"), style)


def _lines(
    text: str, face: Face, size: float, leading: float, *, tone: str, side: str, base: int | None
) -> Lines:
    """Paragraphs of reportlab know one font and one direction: what needs more is set here."""

    def made(room: float) -> list[Line]:
        pieces = (broken(each, face, room, base=base) for each in text.split("\n"))
        return [line for piece in pieces for line in piece]

    return Lines(made, size, size * leading, tone=tone, side=side)


def set_facts(facts: Facts, its: Faces, room: float) -> Any:
    """Names and what each is, in two columns."""
    names = [its.regular.text(name) for name, _ in facts.pairs]
    first = min(max(wide(name, its.regular) * 9 for name in names) + 18, 0.35 * room)
    rows = [
        [
            paragraph(name, its.regular, 9, tone="soft", base=None),
            _cell(its.regular.text(what), its.regular, room - first, 9),
        ]
        for name, what in facts.pairs
    ]
    grid = platypus.Table(rows, colWidths=[first, room - first], splitInRow=1, hAlign="LEFT")
    grid.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), its.regular.name, 9, 9 * 1.45),
            ("TEXTCOLOR", (0, 0), (-1, -1), COLOURS["ink"]),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ]
    )
    grid.spaceAfter = 8
    return grid


def set_table(table: Table, its: Faces, room: float) -> Any:
    """A table over as many sheets as it needs, with its titles on each."""
    align = alignment(table)
    # One that filled a sheet would leave no room for rows.
    names = [cell if len(cell) <= _TITLE else cell[:_TITLE] + "\u2026" for cell in table.columns]
    heads = [its.regular.text(cell) for cell in names]
    rows = [[its.regular.text(cell) for cell in row] for row in table.rows]
    apart = min(_APART, room / len(align) / 4)
    size, widths = _fitting(heads, rows, align, its.bold, room, apart)
    rooms = [wide - apart for wide in widths]
    titles = [
        _cell(cell, its.regular, each, size, "soft", side)
        for cell, each, side in zip(heads, rooms, align, strict=True)
    ]

    def made(some: Sequence[Sequence[Any]], *, is_end: bool) -> Any:
        is_summed = is_end and table.total and bool(rows)
        cells = [titles]
        for at, row in enumerate(some, 1):
            face = its.bold if is_summed and at == len(some) else its.regular
            cells.append(
                [
                    _cell(cell, face, each, size, side=side)
                    for cell, each, side in zip(row, rooms, align, strict=True)
                ]
            )
        grid = platypus.LongTable(
            cells, colWidths=widths, repeatRows=1, splitInRow=1, hAlign="LEFT"
        )
        grid.setStyle(_style(align, its, size, apart, is_summed=is_summed))
        grid.spaceBefore, grid.spaceAfter = BEFORE, 10
        return grid

    return of_rows(rows, made)


def _style(
    align: str, its: Faces, size: float, apart: float, *, is_summed: bool
) -> list[tuple[Any, ...]]:
    # Read once: a table reads the name of a colour for each cell.
    ink, soft, line = (toColor(COLOURS[each]) for each in ("ink", "soft", "line"))
    everywhere, titles, last = ((0, 0), (-1, -1)), ((0, 0), (-1, 0)), ((0, -1), (-1, -1))
    sums: list[tuple[Any, ...]] = [
        ("FONT", *last, its.bold.name, size),
        ("LINEABOVE", *last, 1, ink),
        ("LINEBELOW", *last, 1, toColor("white")),
    ]
    return [
        ("FONT", *everywhere, its.regular.name, size),
        ("TEXTCOLOR", *everywhere, ink),
        ("TEXTCOLOR", *titles, soft),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, line),
        ("LINEBELOW", *titles, 0.8, soft),
        ("VALIGN", *everywhere, "TOP"),
        ("VALIGN", *titles, "BOTTOM"),
        ("LEFTPADDING", *everywhere, 0),
        ("RIGHTPADDING", *everywhere, apart),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("TOPPADDING", *everywhere, 3),
        ("BOTTOMPADDING", *everywhere, 4),
        *(("ALIGN", (at, 0), (at, -1), "RIGHT") for at, side in enumerate(align) if side == "r"),
        *(sums if is_summed else []),
    ]


def _cell(
    cell: Any, face: Face, room: float, size: float, tone: str = "ink", side: str = "l"
) -> Any:
    """What fits its column is drawn as it is: ten times as fast as a paragraph."""
    if not isinstance(cell, str):
        return cell  # set already, for the sheet before
    if face.is_plain(cell) and wide(cell, face) * size <= room + 0.01:
        return cell
    if is_hex(cell):
        half = len(cell) // 2 + 1
        cell = f"{cell[:half]}\n{cell[half:]}"
    return paragraph(cell, face, size, tone=tone, leading=1.3, side=side, base=None)


def _fitting(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    align: str,
    face: Face,
    room: float,
    apart: float,
) -> tuple[float, list[float]]:
    """The letters' size and the columns' widths. face: the widest that a cell may be set in."""
    columns = list(zip(heads, *rows, strict=True))
    # In widths of the letter size: with all on one line, and with texts broken at their words.
    whole = [max(wide(cell, face) for cell in column) for column in columns]
    broken = [
        max(
            _longest_word(face, head, side),
            *(
                wide(cell, face) if side == "r" else _longest_word(face, cell, side)
                for cell in body
            ),
            0,
        )
        for (head, *body), side in zip(columns, align, strict=True)
    ]
    for size in _SIZES:
        full = [each * size + apart + 1 for each in whole]
        least = [each * size + apart + 1 for each in broken]
        if sum(full) <= room:
            return size, _spread(full, align, room)
        if sum(least) <= room:
            part = (room - sum(least)) / (sum(full) - sum(least))
            return size, [low + (high - low) * part for low, high in zip(least, full, strict=True)]
    # Nothing fits: who needs more than an even share gives way to who needs less.
    even = room / len(least)
    small = sum(each for each in least if each <= even)
    large = sum(each for each in least if each > even)
    scale = (room - small) / large
    return size, [each if each <= even else each * scale for each in least]


def _spread(widths: Sequence[float], align: str, room: float) -> list[float]:
    """What room is left goes to the texts."""
    texts = [at for at, side in enumerate(align) if side == "l"] or list(range(len(align)))
    each = (room - sum(widths)) / len(texts)
    return [wide + (each if at in texts else 0) for at, wide in enumerate(widths)]


def _longest_word(face: Face, cell: str, side: str) -> float:
    if is_hex(cell):
        cell = cell[: len(cell) // 2 + 1]
    longest = max((wide(word, face) for word in cell.split()), default=0.0)
    return longest if side == "r" else min(longest, _WORD)
