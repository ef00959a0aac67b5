"""The books of one version in one currency, as the contracts keep them: see books.vy.

Bases, counts and leavers are kept as in contracts/modules; marks and filters, which only say
where a payout must look, are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from seechain.share_table import PAGE_SEATS, WORD, Seat, ShareTable, unpack_seat

MAX_AMOUNT = 2**111 - 1  # what is received beyond it is undivided


class Table:
    """The seats of a version, unpacked by page when a page is first looked at."""

    def __init__(self, read: Callable[[], ShareTable]) -> None:
        self._read = read
        self._table: ShareTable | None = None
        self._pages: dict[int, list[Seat]] = {}

    @property
    def whole(self) -> ShareTable:
        """The share table."""
        if self._table is None:
            self._table = self._read()
        return self._table

    @property
    def shares(self) -> int:
        """T: all shares."""
        return self.whole.shares

    def page(self, page: int) -> list[Seat]:
        """The seats of a page."""
        if page not in self._pages:
            words = self.whole.page(page)
            self._pages[page] = [
                unpack_seat(words[at : at + WORD]) for at in range(0, len(words), WORD)
            ]
        return self._pages[page]

    def seat(self, index: int) -> Seat:
        """The seat at an index."""
        return self.page(index // PAGE_SEATS)[index % PAGE_SEATS]


@dataclass(slots=True)
class Slot:
    """What a seat's slot knows beyond its page. left: it has; what was owed, and by what."""

    taken: int = 0
    own: bool = False  # it keeps its own count, since a push to it failed
    left: bool = False
    owed: int = 0
    then: tuple[int, int, int, int] = (0, 0, 0, 0)  # received, divided, had and L when it left


@dataclass(slots=True)
class Due:
    """What is due to a seat, and the figures of it. See `seechain.history.Portion`."""

    received: int
    divided: int
    had: int
    due: int
    left: int
    has_left: bool = False


@dataclass(slots=True)
class Pot:
    """The books of one version. received: C where it is fixed: of a closed version, or late."""

    version: int
    table: Table
    received: int = 0
    left: int = 0  # L: shares that have left
    bases: dict[int, int] = field(default_factory=dict)  # by page
    seats: dict[int, Slot] = field(default_factory=dict)  # by index

    @property
    def paid_out(self) -> int:
        """Up to which C, or V, the whole table was paid out."""
        return min(self.bases.get(page, 0) for page in range(self.table.whole.pages))

    def divided(self, received: int) -> int:
        """V."""
        if not self.left:
            return received
        total = self.table.shares
        return received * total // (total - self.left)

    def least(self, divided: int) -> int:
        """The least C by which so much is divided."""
        if not self.left:
            return divided
        total = self.table.shares
        return -(-divided * (total - self.left) // total)

    def had(self, index: int, shares: int) -> int:
        """What a seat that has not left has had."""
        seat = self.seats.get(index)
        if seat is not None and seat.own:
            return seat.taken
        part = self.bases.get(index // PAGE_SEATS, 0) * shares // self.table.shares
        return part if seat is None else max(seat.taken, part)

    def due(self, index: int, received: int) -> Due:
        """What is due to a seat where so much was received."""
        seat = self.seats.get(index)
        if seat is not None and seat.left:
            then = seat.then
            had = then[2] + seat.taken
            return Due(then[0], then[1], had, max(0, seat.owed - seat.taken), then[3], True)
        shares = self.table.seat(index).shares
        divided, had = self.divided(received), self.had(index, shares)
        entitled = divided * shares // self.table.shares
        return Due(received, divided, had, max(0, entitled - had), self.left)

    def entitling(self, index: int, entitled: int) -> tuple[int, int]:
        """The least and the most C by which a seat is entitled to exactly so much."""
        shares, total = self.table.seat(index).shares, self.table.shares
        low = -(-entitled * total // shares)
        high = -(-(entitled + 1) * total // shares)
        return self.least(low), self.least(high) - 1

    def claim(self, index: int, had: int, amount: int) -> None:
        """Notes that a seat was paid."""
        seat = self.seats.setdefault(index, Slot())
        seat.taken = seat.taken + amount if seat.left else had + amount

    def leave(self, index: int, due: Due, owed: int, left: int) -> int:
        """Notes that a seat has left, with what is owed to it. Returns what it is entitled to."""
        seat = self.seats.setdefault(index, Slot())
        entitled = due.divided * self.table.seat(index).shares // self.table.shares
        seat.left, seat.owed, seat.taken = True, owed, 0
        seat.then = (due.received, due.divided, due.had, due.left)
        self.left = left
        return entitled

    def pay_out(
        self, page: int, received: int, divided: int, kept: frozenset[int]
    ) -> Iterator[tuple[int, Seat, Due]]:
        """Pays every seat of a page its due, but those that are kept, and gives each.

        divided: the V that the payout has logged.
        """
        total = self.table.shares
        base = self.bases.get(page, 0)
        reach = max(base, divided)  # a balance that fell takes back nothing
        at = page * PAGE_SEATS
        for index, seat in enumerate(self.table.page(page), at):
            slot = self.seats.get(index)
            if slot is None:
                had = base * seat.shares // total
            elif slot.left:
                continue
            else:
                had = self.had(index, seat.shares)
            entitled = divided * seat.shares // total
            if entitled <= had:
                continue
            if index in kept:
                slot = slot or self.seats.setdefault(index, Slot())
                slot.own, slot.taken = True, had
            elif slot is not None and slot.own:
                slot.own, slot.taken = reach > divided, entitled
            yield index, seat, Due(received, divided, had, entitled - had, self.left)
        self.bases[page] = reach


class Book:
    """One currency: the pot of the version in force for it, closed ones, and what came late."""

    def __init__(self, currency: str, table_of: Callable[[int], ShareTable]) -> None:
        self.currency = currency
        self.balance = 0
        self.paid = 0  # the contracts' offset: C = balance + paid
        self._table_of = table_of
        self._tables: dict[int, Table] = {}
        self.pot = self._new(0)
        self.closed: dict[int, Pot] = {}
        self.late: dict[int, Pot] = {}

    @property
    def version(self) -> int:
        """The version to which what comes belongs."""
        return self.pot.version

    @property
    def received(self) -> int:
        """C of the version in force."""
        return self._received(self.balance)

    @property
    def is_settled(self) -> bool:
        """Whether it may be closed without a log, since nothing is owed."""
        pot, received = self.pot, self.received
        return not pot.left and (not received or received <= pot.paid_out)

    def close(self, version: int, *, owing: bool) -> None:
        """Closes the books; the next ones start at C = 0."""
        if owing:
            self.pot.received = self.received
            self.closed[self.version] = self.pot
        self.pot = self._new(version)
        self.paid = -min(self.balance, MAX_AMOUNT)

    def agree(self, balance: int, received: int) -> None:
        """Takes what the chain says of the balance and of C.

        A balance that had fallen so far that C stayed at zero shows in no log.
        """
        if self._received(balance) != received:
            self.paid = received - min(balance, MAX_AMOUNT)

    def pay_late(self, version: int, amount: int) -> None:
        """Notes a payment to a closed version."""
        pot = self.late.get(version)
        if pot is None:
            pot = self.late[version] = self._new(version)
            early = self.closed.get(version)
            if early is not None and early.left:
                pot.left = early.left
                pot.seats = {index: Slot(left=True) for index, at in early.seats.items() if at.left}
        pot.received += amount
        self.balance += amount
        self.paid -= amount

    def owed(self) -> Iterator[tuple[Pot, int]]:
        """All pots, with their C."""
        yield self.pot, self.received
        for pots in (self.closed, self.late):
            for pot in pots.values():
                yield pot, pot.received

    def due(self, account: str | None) -> int:
        """What is due to a member, or to all, of all versions."""
        total = 0
        for pot, received in self.owed():
            if not received and not pot.seats:
                continue  # its table may not be at hand, and is not needed
            table = pot.table.whole
            if account is None:
                indices: Iterable[int] = range(len(table))
            else:
                indices = [table.index(account)] if account in table else []
            total += sum(pot.due(index, received).due for index in indices)
        return total

    def _received(self, balance: int) -> int:
        return max(0, min(min(balance, MAX_AMOUNT) + self.paid, MAX_AMOUNT))

    def _new(self, version: int) -> Pot:
        if version not in self._tables:
            self._tables[version] = Table(partial(self._table_of, version))
        return Pot(version, self._tables[version])
