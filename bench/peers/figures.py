"""One figure: what a contender used in a row, and how it is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bench.peers.ground import LIMIT

MEASURED = "measured"
RECORDED = "recorded"  # in 2026-11, of peers that the npm registry does not have
COMPUTED = "computed"  # from recorded rows


class Figure(NamedTuple):
    """What one contender used in one row with so many members."""

    row: str
    members: int
    contender: str
    gas: int
    how: str = MEASURED
    transactions: int = 1
    over: bool = False  # whether one of them uses more than a transaction may


def measured(row: str, members: int, contender: str, used: Sequence[int]) -> Figure:
    """The sum of what transactions used."""
    over = max(used) > LIMIT
    return Figure(row, members, contender, sum(used), MEASURED, len(used), over)
