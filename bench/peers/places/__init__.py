"""The contenders: how each is created, paid, claimed from and paid out.

A `Place` is one split of one contender, with the books that it ought to keep. Its acts are
those of a user; what each used is measured, and every balance compared after it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from bench.ledger import NATIVE
from bench.peers.books import Books, Seats
from bench.peers.ground import Call, Ground


class Place(ABC):
    """A split in place.

    created: what each transaction of its creation used.
    """

    name: str
    created: Sequence[int]

    def __init__(self, ground: Ground, address: str, seats: Seats) -> None:
        self.ground = ground
        self.address = address
        self.seats = seats
        self.books = Books(ground, address, seats)

    @abstractmethod
    def claim(self, index: int, currency: str, by_member: bool = True) -> Call:
        """A seat's claim, by the member or by anybody."""

    def first(self, index: int, currency: str) -> list[Call]:
        """A seat's first claim in this currency, with all that has to be proven before."""
        return [self.claim(index, currency)]

    def everyone(self, currency: str) -> list[Call]:
        """Everyone's claims, in one transaction by anybody."""
        return [self.claim(index, currency, False) for index in range(len(self.seats))]

    def push(self, currency: str) -> Call | None:
        """One call that pays everyone; None where there is none."""
        return None

    def pay(self, currency: str) -> int:
        """Pay by a plain transfer; the gas."""
        amount = self.books.amount(currency)
        if currency == NATIVE:
            call = Call(self.address, b"", amount)
        else:
            call = Call(currency, self.ground.token.data("transfer", self.address, amount))
        gas = self.ground.send(self.ground.payer, call)
        self.books.receive(currency, amount)
        return gas

    def claim_first(self, row: str, currency: str, last: int) -> list[int]:
        """Everyone's first claim, each by the member: the first seat's first, this one's last."""
        between = [index for index in range(1, len(self.seats)) if index != last]
        used = []
        for some in ([0], between, [last]):
            calls = [self.first(index, currency) for index in some]
            used += self._claim(row, currency, some, calls)
        return used

    def claim_each(self, row: str, currency: str) -> list[int]:
        """Everyone's claim, each by the member; what each used."""
        order = range(len(self.seats))
        calls = [[self.claim(index, currency)] for index in order]
        return self._claim(row, currency, order, calls)

    def claim_for(self, row: str, currency: str, index: int) -> int:
        """A claim by somebody else."""
        gas = self.ground.send(self.ground.stranger, self.claim(index, currency, False))
        self.books.take(row, currency, [index])
        return gas

    def claim_everyone(self, row: str, currency: str) -> int:
        """Everyone's claims in one transaction."""
        gas = self.ground.send(self.ground.stranger, *self.everyone(currency))
        self.books.take(row, currency, range(len(self.seats)))
        return gas

    def push_all(self, row: str, currency: str) -> int:
        """Everyone paid by one push; where there is none, by all claims in one transaction."""
        call = self.push(currency)
        if call is None:
            return self.claim_everyone(row, currency)
        gas = self.ground.send(self.ground.stranger, call)
        self.books.take(row, currency, range(len(self.seats)))
        return gas

    def end(self, row: str) -> int:
        """End it, where it can end; the gas."""
        return 0

    def _claim(
        self, row: str, currency: str, order: Sequence[int], calls: Sequence[Sequence[Call]]
    ) -> list[int]:
        senders = [self.seats[index][0] for index in order]
        used = self.ground.send_all(list(zip(senders, calls, strict=True)))
        self.books.take(row, currency, order)
        return used
