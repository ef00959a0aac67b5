"""A table of very many rows on sheets of paper, by reportlab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reportlab import platypus  # type: ignore[import-untyped]

MOST = 70  # rows, more than a sheet has room for
BEFORE = 4  # points, above a table that does not begin a sheet
_ENDLESS = 1e6  # points, higher than any sheet


class LongRows(platypus.Flowable):  # type: ignore[misc]
    """Rows of which reportlab is given no more at once than fill a sheet.

    It measures all that is left of a table, and copies it, on each sheet anew: of ten thousand
    rows that is most of its work.

    Args:
        rows: the cells, without the titles, more than `MOST` of them.
        made: a table of some rows, with the titles; of the last ones or not.
        count: how many may fill the next sheet.
    """

    def __init__(
        self, rows: Sequence[Sequence[Any]], made: Callable[..., Any], count: int = MOST
    ) -> None:
        super().__init__()
        self._rows, self._made, self._count = rows, made, count
        self._first: Any = None
        self.spaceBefore = BEFORE

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Its size: too high for any sheet, so that it is split."""
        return width, _ENDLESS

    def split(self, width: float, height: float) -> list[Any]:
        """What goes on this sheet, and the rest; nothing where not even a row fits."""
        if self._first is None:  # asked for again where the sheet before had no room
            self._first = self._made(self._rows[: self._count], is_end=False)
        parts = self._first.splitOn(self.canv, width, height)
        if len(parts) == 1 and self._count < MOST:  # all of it fits, so more may
            self._first, self._count = None, MOST
            return self.split(width, height)
        if not parts:
            return []
        here = parts[0]._cellvalues[1:]
        beyond = parts[1]._cellvalues[1:] if len(parts) > 1 else []
        rest = [*beyond, *self._rows[self._count :]]
        # About as many as fit here fit the next sheet.
        return [parts[0], of_rows(rest, self._made, min(MOST, 2 * len(here) + 4))]


def of_rows(rows: Sequence[Sequence[Any]], made: Callable[..., Any], count: int = MOST) -> Any:
    """A table of rows, however many they are. See `LongRows`."""
    return LongRows(rows, made, count) if len(rows) > MOST else made(rows, is_end=True)
