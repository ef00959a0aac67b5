"""A period of whole days in UTC, and the blocks in which it begins and ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from web3 import Web3

from seechain.chain.logs import latest_block
from seechain.chain.raw_logs import times_of
from seechain.errors import StatementError


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in UTC, `first` and `last` included.

    Raises:
        StatementError: when made with a last day that is before the first, or before 1970.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise StatementError(
                f"a period ends when it began or later, got {self.first} to {self.last}:"
                " check the two days"
            )
        if self.first.year < 1970 or self.last.year > 9998:
            raise StatementError(
                f"a period lies between 1970 and 9998, got {self.first} to {self.last}"
            )

    @property
    def start(self) -> int:
        """Its first second, in unix seconds."""
        return int(_midnight(self.first).timestamp())

    @property
    def end(self) -> int:
        """The second after its last."""
        return int(_midnight(self.last + timedelta(days=1)).timestamp())


@dataclass(frozen=True, slots=True)
class Blocks:
    """A period on a chain: the last block before it (-1 for none), and the last within it.

    time, now: of the last within it, and of the latest block, in unix seconds.
    """

    before: int
    last: int
    time: int
    now: int


def blocks_of(w3: Web3, period: Period) -> Blocks:
    """Where a period lies on a chain; what is still to come is left out.

    Raises:
        NodeError: the node can't be asked.
    """
    latest = latest_block(w3)
    before = _last_before(w3, period.start, -1, latest)
    last = _last_before(w3, period.end, before, latest)
    return Blocks(before, last, _time(w3, max(last, 0)), _time(w3, latest))


def _last_before(w3: Web3, time: int, low: int, latest: int) -> int:
    """The last block before a time: one after `low`, or `low`."""
    if _time(w3, latest) < time:
        return latest
    high = latest  # not before the time
    while high - low > 1:
        middle = (low + high) // 2
        if _time(w3, middle) < time:
            low = middle
        else:
            high = middle
    return low


def _time(w3: Web3, block: int) -> int:
    ((_, time),) = times_of(w3, [block])
    return time


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
