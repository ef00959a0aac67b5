"""Tables of what was measured, for a terminal, and between the markers of a document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

Table: TypeAlias = Sequence[Sequence[str]]  # the first line names the columns


def markdown(table: Table) -> str:
    """A table for a document: all columns but the first are of numbers."""
    head, *body = table
    rule = ["---", *["--:"] * (len(head) - 1)]
    return "".join(f"| {' | '.join(line)} |\n" for line in (head, rule, *body))


def aligned(table: Table) -> str:
    """A table for a terminal."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in table
    )


def put(document: Path, of: str, made: Mapping[str, str]) -> None:
    """Puts each text between `<!-- of: NAME -->` and `<!-- end -->`, where the document has both.

    Where an end is missing, what follows stays.
    """
    if not document.exists():
        return
    prose = document.read_text("utf-8")
    for name, text in made.items():
        place = re.compile(
            rf"(<!-- {re.escape(of)}: {re.escape(name)} -->\n)(?:(?!<!-- ).)*(?=<!-- end -->)",
            re.DOTALL,
        )
        prose = place.sub(partial(_after, text), prose, count=1)
    document.write_text(prose, "utf-8")


def _after(text: str, marker: re.Match[str]) -> str:
    return marker[1] + text
