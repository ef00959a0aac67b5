"""What one member is entitled to of all that comes, payment by payment.

Of one version and currency, with the words of contracts/modules/books.vy and leaving.vy:

    entitled = floor(V s / T)      V = C, or floor(C T / (T - L)) where shares have left

A part of a payment is what `entitled` rises by: floors of cumulative amounts lose nothing, so the
parts add up to the unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from seechain.chain.events import Left
from seechain.history import Payment
from seechain.history.pots import MAX_AMOUNT
from seechain.share_table import ShareTable


@dataclass(slots=True)
class _Book:
    """The books of one version: C less what was set aside for leavers, and L.

    total: T. index, shares: of the member's seat; None and 0 where it has none. fixed: what it is
    entitled to since it left. out: the indices of seats that have left.
    """

    total: int
    index: int | None
    shares: int
    received: int = 0
    left: int = 0
    out: set[int] = field(default_factory=set)
    fixed: int | None = None

    def entitled(self, shares: int) -> int:
        received = max(0, min(self.received, MAX_AMOUNT))
        divided = received * self.total // (self.total - self.left) if self.left else received
        return divided * shares // self.total

    @property
    def own(self) -> int:
        return self.entitled(self.shares) if self.fixed is None else self.fixed


class Entitled:
    """A member's entitlement of one currency of a SEE, which follows the entries of its history.

    Args:
        table_of: the share table of a version, asked for when it is needed.
    """

    def __init__(self, account: str, table_of: Callable[[int], ShareTable]) -> None:
        self._account = account
        self._table_of = table_of
        self._books: dict[tuple[int, bool], _Book] = {}

    def pay(self, payment: Payment) -> int | None:
        """The member's part of a payment; None where nothing of it is its own."""
        is_late = payment.how == "late"
        book = self._book(payment.version, is_late)
        before = book.own
        book.received += payment.amount
        return None if book.index is None or book.fixed is not None else book.own - before

    def leave(self, left: Left) -> int:
        """What the member's entitlement changes by as a seat leaves: a unit or two, if at all."""
        book = self._book(left.version, False)
        if left.index in book.out:
            return 0
        seat = self._table_of(left.version).seat(left.index)
        before, entitled = book.own, book.entitled(seat.shares)
        if left.index == book.index:
            book.fixed = entitled
        book.out.add(left.index)
        book.received -= entitled
        book.left = left.shares
        return book.own - before

    def _book(self, version: int, is_late: bool) -> _Book:
        book = self._books.get((version, is_late))
        if book is None:
            table = self._table_of(version)
            index = table.index(self._account) if self._account in table else None
            shares = 0 if index is None else table.seat(index).shares
            book = self._books[version, is_late] = _Book(table.shares, index, shares)
            early = self._books.get((version, False))
            if is_late and early is not None and early.left:
                book.left = early.left
                if early.fixed is not None:
                    book.fixed = 0  # it had left: nothing that comes late is its own
        return book
