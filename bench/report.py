"""What came out: the table, what misses its target, what got worse; and its two files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from bench.chain import BenchError
from bench.targets import PEERS, ROWS, targets

TOLERANCE = 5  # in 1,000: what a row may rise above the recorded figure
TABLE = re.compile(r"(?<=<!-- gas table -->\n).*?(?=<!-- end -->)", re.DOTALL)

_HEAD = ("row", "gas", "at most", "best peer", "", "ratio")


def lines(rows: Mapping[str, int]) -> list[tuple[str, ...]]:
    """The table's lines: row, gas, target, best peer's gas and name, ratio to it."""
    limits = targets(rows)
    table: list[tuple[str, ...]] = []
    for row in ROWS:
        peer = PEERS.get(row)
        beside = (f"{peer.gas:,}", peer.name, f"{rows[row] / peer.gas:.3f}") if peer else ("",) * 3
        limit = f"{limits[row]:,}" if row in limits else ""
        table.append((row, f"{rows[row]:,}", limit, *beside))
    return table


def text(rows: Mapping[str, int]) -> str:
    """The table for a terminal."""
    table = [_HEAD, *lines(rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(_HEAD))]
    left = (0, 4)  # names; all else are figures
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in table
    )


def markdown(rows: Mapping[str, int]) -> str:
    """The table for docs/gas.md."""
    head = ["| row | gas | at most | best peer | | ratio |", "|---|--:|--:|--:|---|--:|"]
    body = ["| " + " | ".join([f"`{row}`", *cells]) + " |" for row, *cells in lines(rows)]
    return "\n".join([*head, *body]) + "\n"


def misses(rows: Mapping[str, int]) -> list[str]:
    """One sentence for each row above its target."""
    return [
        f"{row} misses its target by {rows[row] - limit:,}: {rows[row]:,}, at most {limit:,}"
        for row, limit in targets(rows).items()
        if rows[row] > limit
    ]


def regressions(rows: Mapping[str, int], recorded: Mapping[str, int]) -> list[str]:
    """One sentence for each row that rose by more than 0.5 %, or is not in both."""
    faults = [f"{row} is not recorded" for row in rows if row not in recorded]
    for row, before in recorded.items():
        if row not in rows:
            faults.append(f"{row} is recorded and was not measured")
        elif (rows[row] - before) * 1000 > before * TOLERANCE:
            faults.append(
                f"{row} rose by {(rows[row] - before) / before:.2%}:"
                f" from {before:,} to {rows[row]:,}"
            )
    return faults


def check_rows(rows: Mapping[str, int]) -> None:
    """Refuse a measurement that left a row out, or made one up.

    Raises:
        BenchError: so it is.
    """
    if wrong := set(rows) ^ set(ROWS):
        raise BenchError(f"these rows were not both wanted and measured: {sorted(wrong)}")


def read(path: Path) -> dict[str, int]:
    """The recorded rows: one flat object, row to gas.

    Raises:
        BenchError: the file is missing, or is something else.
    """
    try:
        rows = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BenchError(f"{path.name} can't be read ({error}): make gas-update") from None
    if not isinstance(rows, dict) or not all(type(gas) is int for gas in rows.values()):
        raise BenchError(f"{path.name} is no object of row to gas: make gas-update")
    return rows


def is_current(document: Path, rows: Mapping[str, int]) -> bool:
    """Whether the document's table is that of these rows, which are all rows."""
    if set(rows) != set(ROWS):
        return False
    found = TABLE.search(document.read_text("utf-8"))
    return found is not None and found[0] == markdown(rows)


def write(record: Path, document: Path, rows: Mapping[str, int]) -> None:
    """Record the rows, and put their table into the document."""
    ordered = {row: rows[row] for row in ROWS}
    record.write_text(json.dumps(ordered, indent=2) + "\n", "utf-8")
    prose = document.read_text("utf-8")
    if not TABLE.search(prose):
        raise BenchError(f"{document.name} has no place for the table: <!-- gas table -->")
    document.write_text(TABLE.sub(lambda _: markdown(rows), prose), "utf-8")
