"""How many blocks are asked for at once: as many as the node takes, and as many rows as are held.

It starts with some thousand blocks, takes more where they hold little, half of what was refused,
and tries more again after some that were answered: each time it is refused there, it waits for
twice as many.
"""

from __future__ import annotations

FIRST = 10_000  # blocks: what most nodes take
ROWS = 25_000  # that one answer should hold
_GROWTH = 8  # times, at most
_CALM = 8  # answers before more is tried again than was refused


class Stride:
    """The number of blocks to ask for next, `size`."""

    def __init__(self, size: int = FIRST) -> None:
        self.size = size
        self._most: int | None = None  # that was not refused
        self._calm, self._patience = 0, _CALM

    def refused(self, blocks: int, times: int = 0) -> None:
        """So many blocks were too many; where it is known, so many times."""
        if times:  # it was the logs, of which the next blocks may have few
            self.size = max(1, blocks // times)
            return
        if self._most is not None and self._calm == 0 and blocks > self._most // 2:
            self._patience *= 2
        self.size = self._most = max(1, blocks // 2)
        self._calm = 0

    def answered(self, blocks: int, rows: int) -> None:
        """So many blocks were answered, with so many rows."""
        self._calm += 1
        if self._most is not None and self._calm >= self._patience:
            self._most *= 2
            self._calm = 0
        size = blocks * ROWS // rows if rows else blocks * _GROWTH
        size = max(1, min(size, blocks * _GROWTH))
        self.size = size if self._most is None else min(size, self._most)
