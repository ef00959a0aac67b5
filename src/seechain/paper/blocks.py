"""What a page holds, from its top to its end; `page.page` and `pdf.pdf` write the same blocks.

blocks = [
    Heading("What the members sign"),
    Facts([("commitment", "0x..."), ("address", "0x...")]),
    Table(("who", "part"), [("Ada", "40.00 %")], align="lr"),
    Figure(split_drawing("Night Market", rows, payments)),
    Pre(agreement.text),
]

All texts are taken as they are: they are escaped, and what hides in them is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from seechain.paper.drawing import Drawing

BAR = "| "  # before each line of an agreement's terms, which have a direction of their own


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2 (a part of the page) or 3; the page's title is level 1."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; its line ends stay. is_soft: set back, as a note."""

    text: str
    is_soft: bool = False


@dataclass(frozen=True, slots=True)
class Pre:
    """Lines as they are, in letters of one width: the readable agreement, a file, a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with their titles, and rows of as many cells.

    align: a letter for each column, l (left) or r (right, for figures); left out: all left.
    total: whether the last row is the sum of the others.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    align: str = ""
    total: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing (`picture.split_drawing`, `drawing.squares`) with a line below it.

    wide: at most this many CSS pixels (1/96 inch on paper); left out: the drawing's own width.
    """

    drawing: Drawing
    caption: str = ""
    wide: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what each is; addresses and hashes too, which may break over lines."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new sheet of paper; nothing on a screen."""


Block: TypeAlias = Heading | Text | Pre | Table | Figure | Facts | PageBreak


def alignment(table: Table) -> str:
    """A letter for each column, l or r.

    Raises:
        ValueError: rows of another length than the columns, or another alignment.
    """
    align = table.align or "l" * len(table.columns)
    if len(align) != len(table.columns) or set(align) - {"l", "r"}:
        raise ValueError(f"align has l or r for each of {len(table.columns)} columns: {align!r}")
    if any(len(row) != len(table.columns) for row in table.rows):
        raise ValueError("each row has a cell for every column")
    return align


def is_hex(text: str) -> bool:
    """Whether a cell is an address or a hash: set smaller, and broken in its middle if at all."""
    return re.fullmatch(r"0x[0-9a-fA-F]{40,64}", text) is not None
