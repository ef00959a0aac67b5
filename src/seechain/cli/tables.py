"""Tables on a terminal: as rows where they fit it, else one fact on a line. Nothing is cut."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from seechain.visible import visible

GAP = 2  # blanks between two columns


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Prints a table. A column whose name ends with ">" is set to the right."""
    cells = [[visible(str(cell), lines=False) for cell in row] for row in rows]
    names = [visible(each.removesuffix(">"), lines=False) for each in columns]
    wide = [max(map(cell_len, column)) for column in zip(names, *cells, strict=True)]
    natural = sum(wide) + GAP * len(wide)
    # What is piped is for other programs, which know of no width.
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else max(natural, 80))
    if title:
        console.print(Text(visible(title, lines=False)), style="bold", soft_wrap=True)
    if natural <= console.width or len(columns) < 3:  # of two columns the second may be folded
        console.print(_rows(columns, names, cells)) if cells else None
        return
    for row in cells:
        _print_facts(console, names, row)


def _rows(columns: Sequence[str], names: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    made = Table(box=None, header_style="dim", pad_edge=False, show_header=any(columns))
    for column, name in zip(columns, names, strict=True):
        justify: Any = "right" if column.endswith(">") else "left"
        made.add_column(Text(name), justify=justify, overflow="fold")
    for row in rows:
        made.add_row(*map(Text, row))
    return made


def _print_facts(console: Console, names: Sequence[str], row: Sequence[str]) -> None:
    """A row as its first fact, and each further one on a line below."""
    facts = [(name, cell) for name, cell in zip(names, row, strict=True) if cell]
    wide = max(map(cell_len, names))
    for at, (name, cell) in enumerate(facts):
        if at == 0:
            console.print(Text(cell), soft_wrap=True)
        else:
            gap = " " * (wide - cell_len(name) + GAP)
            console.print(Text(f"  {name}{gap}{cell}" if name else f"  {cell}"), soft_wrap=True)
