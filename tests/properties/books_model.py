"""The books as DESIGN.md §3 'Books' and 'Push must not be stoppable' describe them, in exact
integers and without a glance at the contracts' layout.

DESIGN keeps, for one version and currency, C = all it ever received, T = total shares, s = a
seat's shares, and says of a seat

    due = max(0, floor(C s / T) - had)

where a claim pays the due, and a payout pays every seat its due. The contract spreads ``had``
over a base for each page, counts of its own and marks; here it is simply what the seat has had,
one number for each seat and currency. Whatever the contract does must come to the same.

Also from DESIGN: what is received beyond 2**111 - 1 is undivided; a payment of a token whose
balance fell (rebasing) is at most the balance, the rest stays owed, and C is clamped at 0; a
push that fails keeps the amount for its recipient, who can claim it later; a seat marked as
pull only is never pushed to; join proves a seat once, so that claims need no proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

CAP = 2**111 - 1  # "what is beyond is undivided, and no call bricks"
NATIVE = "native"

Accepts = Callable[[str, int], bool]
"""Whether the recipient of a seat takes this currency in the way it is paid now."""


class Refused(Exception):
    """The call must revert, and nothing has changed."""


@dataclass(frozen=True)
class Seat:
    account: str
    shares: int
    pull_only: bool = False


@dataclass
class Books:
    """One currency: what came, and what each seat has had of it."""

    seats: list[Seat]
    received: int = 0  # C, also what came by rebasing; less what rebasing took
    fell: bool = False  # whether rebasing ever took anything
    fee: int = 0  # hundredths of a percent, which the token keeps of each transfer
    had: list[int] = field(default_factory=list)
    got: list[int] = field(default_factory=list)  # of what it had, what the token left over
    kept: set[int] = field(default_factory=set)  # seats to which a push failed

    def __post_init__(self) -> None:
        self.had = [0] * len(self.seats)
        self.got = [0] * len(self.seats)
        self.total = sum(seat.shares for seat in self.seats)

    @property
    def divisible(self) -> int:
        return min(self.received, CAP)

    @property
    def paid(self) -> int:
        return sum(self.had)

    @property
    def balance(self) -> int:
        return self.received - self.paid

    def due(self, at: int) -> int:
        entitled = self.divisible * self.seats[at].shares // self.total
        return max(0, entitled - self.had[at])

    @property
    def carried(self) -> int:
        """What is neither paid nor due: below one unit for each seat, and what is beyond CAP."""
        return self.balance - sum(map(self.due, range(len(self.seats))))

    def net(self, amount: int) -> int:
        return amount - amount * self.fee // 10_000

    def receive(self, amount: int) -> None:
        self.received += self.net(amount)

    def rebase(self, balance: int) -> None:
        """The token says that the balance is another one."""
        self.fell |= balance < self.balance
        self.received = balance + self.paid

    def pay(self, at: int) -> int:
        """Pays a seat what is due to it, of what is there. Returns the amount."""
        amount = min(self.due(at), self.balance)
        self.had[at] += amount
        self.got[at] += self.net(amount)
        return amount


class Model:
    """A Splitter, or a SEE in its first version: books of each currency, and who has joined.

    `accepts` is asked for each payment: a claim of one seat needs its yes, a payout keeps the
    amount where it says no.
    """

    def __init__(self, seats: list[Seat], currencies: Iterable[str], page_seats: int = 32) -> None:
        self.seats = seats
        self.page_seats = page_seats
        self.books = {currency: Books(seats) for currency in currencies}
        self.joined: set[int] = set()
        self.ended = False
        self.accepts_claim: Accepts = lambda currency, at: True
        self.accepts_push: Accepts = lambda currency, at: True
        self.after_native_claim: Callable[[int], None] = lambda at: None

    @property
    def pages(self) -> int:
        return -(-len(self.seats) // self.page_seats)

    # ---------------------------------------------------------------- pay

    def pay(self, currency: str, amount: int) -> None:
        """By `pay`, which an ended SEE refuses; a plain transfer can't be refused."""
        if self.ended:
            raise Refused("ended")
        self.books[currency].receive(amount)

    # ---------------------------------------------------------------- pull

    def can_claim(self, currency: str, at: int) -> bool:
        """A seat that joined; and one for which a payout kept an amount needs no proof more."""
        return at in self.joined or at in self.books[currency].kept or at in self.books[NATIVE].kept

    def join(self, at: int, claims: bool) -> None:
        if at in self.joined or at in self.books[NATIVE].kept:
            raise Refused("joined already")
        if claims and self.books[NATIVE].due(at):
            self._pay_claim(NATIVE, at)
        self.joined.add(at)

    def claim(self, currency: str, at: int) -> None:
        """One seat, one currency. A recipient in a claim of native coin may call again."""
        if not self.can_claim(currency, at):
            raise Refused("not joined")
        if not self._pay_claim(currency, at):
            raise Refused("nothing due")
        if currency == NATIVE:
            self.after_native_claim(at)

    def claim_many(self, seats: Iterable[int], currencies: Iterable[str]) -> None:
        """All or nothing, but a seat to which nothing is due is passed over."""
        before = {name: (list(each.had), list(each.got)) for name, each in self.books.items()}
        claimed = 0
        seats = list(seats)
        try:
            for currency in currencies:
                for at in seats:
                    if not self.can_claim(currency, at):
                        raise Refused("not joined")
                    claimed += self._pay_claim(currency, at)
            if not claimed:
                raise Refused("nothing due")
        except Refused:
            for name, (had, got) in before.items():
                self.books[name].had, self.books[name].got = had, got
            raise

    def _pay_claim(self, currency: str, at: int) -> int:
        books = self.books[currency]
        if min(books.due(at), books.balance) and not self.accepts_claim(currency, at):
            raise Refused("payment failed")
        return books.pay(at)

    # ---------------------------------------------------------------- push

    def payout(self, currency: str, pages: Iterable[int]) -> None:
        """Never refused: what can't be pushed is kept."""
        books = self.books[currency]
        for page in pages:
            first = page * self.page_seats
            for at in range(first, min(first + self.page_seats, len(self.seats))):
                if not books.due(at):
                    continue
                # A push is all or nothing: what a fallen balance can't pay whole stays due, and
                # a claim takes what is there.
                whole = books.due(at) <= books.balance
                if whole and not self.seats[at].pull_only and self.accepts_push(currency, at):
                    books.pay(at)
                else:
                    books.kept.add(at)
