"""SEEs that live: as DESIGN.md §3 has 'Versions', 'Leaving' and 'End', and §2 its words.

It is written from DESIGN and the promises in the contracts' NatSpec, without a glance at layouts.
Every method that the chain may refuse raises Refused and leaves all as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.properties.agreement import EXPIRY, PAGE, QUORUM, Agreement
from tests.properties.books_model import CAP, NATIVE, Refused
from tests.properties.life_books import Bank, Book

LATE = 1 << 15
PAYER = "0x" + "aa" * 20
GRACE = 7 * 86400  # seconds


@dataclass
class Rules:
    """What depends on recipients and tokens."""

    accepts: Callable[[str, str, bool], bool]  # currency, account, whether it is pushed
    readable: Callable[[str], bool]
    name: Callable[[str], str]  # of a currency by its address
    in_time: Callable[[], bool]  # whether signatures still count
    calls_back: Callable[[See, str], tuple[int, str] | None]  # the seat that a payee claims


@dataclass
class See:
    bank: Bank
    rules: Rules
    address: str
    agreements: list[Agreement]
    names: list[str]  # all currencies there are
    ended: bool = False
    absent: int = 0  # places of the roll whose voice has left, as bits
    books: dict[str, Book] = field(default_factory=dict)
    offset: dict[str, int] = field(default_factory=dict)
    closed: dict[tuple[str, int], Book] = field(default_factory=dict)  # the late ones too
    redirects: dict[str, str] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    joined: list[dict[int, bool]] = field(default_factory=lambda: [{}])  # by version
    calling: set[str] = field(default_factory=set)  # who is paid, and calls meanwhile

    def __post_init__(self) -> None:
        self.bank.sees[self.address] = self
        for name in self.names:
            self.books[name], self.offset[name] = self._book(0), 0

    @property
    def version(self) -> int:
        return len(self.agreements) - 1

    def seats(self, version: int) -> tuple:
        return self.agreements[version].table.seats

    def _book(self, version: int, **more: bool) -> Book:
        return Book(version, self.seats(version), self.bank, **more)

    def balance(self, name: str) -> int:
        return self.bank.held[name, self.address]

    def c(self, name: str, book: Book) -> int:
        if book.received is not None:
            return book.received
        return max(0, min(min(self.balance(name), CAP) + self.offset[name], CAP))

    def every_book(self) -> Iterable[tuple[str, Book]]:
        yield from self.books.items()
        for (name, _), book in self.closed.items():
            yield name, book

    def find(self, name: str, version: int) -> Book | None:
        """By the version as keys have it: with its bit 15 for late payments."""
        book = self.books[name]
        return book if book.version == version else self.closed.get((name, version))

    def _live(self) -> None:
        if self.ended:
            raise Refused("ended")

    # ---------------------------------------------------------------- pay

    def arrived(self, name: str, amount: int) -> None:
        self.books[name].came(amount)
        if self.balance(name) + max(0, self.offset[name]) > CAP:
            self._unfair(name)  # what is beyond is undivided, and may come to whom it finds

    def _unfair(self, name: str) -> None:
        for each, book in self.every_book():
            book.fell |= each == name

    def pay(self, name: str, amount: int, version: int | None = None) -> None:
        self._live()
        if version is not None and version != self.version:
            raise Refused("wrong version")
        if not self.catch_up(name):
            raise Refused("can't be read")
        self._receive(name, amount)
        self.arrived(name, self.bank.net(name, amount))

    def plainly(self, name: str, amount: int) -> None:
        self._receive(name, amount)
        self.arrived(name, self.bank.net(name, amount))

    def _receive(self, name: str, amount: int) -> None:
        net = self.bank.net(name, amount)
        self.bank.credit(name, self.address, net)
        self.bank.credit(name, PAYER, -amount)
        self.bank.burn(name, amount - net)

    def pay_late(self, name: str, amount: int, version: int) -> None:
        self._live()
        if version >= self.version or not self.rules.readable(name):
            raise Refused("wrong version")
        amount_net = self.bank.net(name, amount)
        there = self.closed.get((name, version | LATE))
        most = max(self.balance(name), there.received if there else 0)
        if most + amount_net > CAP:
            raise Refused("wrong amount")
        behind = self.books[name].version != self.version
        offset = -min(self.balance(name), CAP) if behind else self.offset[name]
        if offset - amount_net < -CAP - 1:
            raise Refused("wrong amount")
        self.catch_up(name)
        late = self.closed.get((name, version | LATE))
        if late is None:
            late = self._book(version, late=True)
            late.received = 0
            early = self.closed.get((name, version))
            if early is not None:  # those who had left by then get nothing of it
                late.left, late.leaves = early.left, early.leaves
                late.final = dict.fromkeys(early.final, 0)
                late.until = dict.fromkeys(early.final, 0)
                late.epochs = [[late.total - late.left, 0]]
            self.closed[name, version | LATE] = late
        late.received += amount_net
        late.came(amount_net)
        self._receive(name, amount)
        self.offset[name] -= amount_net

    def rebase(self, name: str, balance: int) -> None:
        """A token says another balance: from then on it is not asked to be fair."""
        self.bank.burnt[name] += self.balance(name) - balance
        self.bank.held[name, self.address] = balance
        self._unfair(name)

    # ---------------------------------------------------------------- versions

    def catch_up(self, name: str) -> bool:
        """Closes the book of a currency that is of an older version. Whether it can be read."""
        if not self.rules.readable(name):
            return False
        if self.books[name].version != self.version:
            self._close(name)
        return True

    def _close(self, name: str) -> None:
        book = self.books[name]
        book.received = self.c(name, book)
        self.closed[name, book.version] = book
        self.books[name] = self._book(self.version)
        self.books[name].fell = book.fell
        self.offset[name] = -min(self.balance(name), CAP)

    def quorum(self, yes: set[int]) -> bool:
        """By places of the roll; none where it is too late."""
        if not self.rules.in_time():
            return False
        voices = self.agreements[-1].voices
        live = {place for place in range(len(voices)) if not self.absent >> place & 1}
        for_it = sum(voices[place][1] for place in yes & live)
        return for_it > 0 and for_it * QUORUM[1] >= sum(voices[n][1] for n in live) * QUORUM[0]

    def amend(self, agreement: Agreement, yes: set[int]) -> None:
        self._live()
        if not self.quorum(yes):
            raise Refused("no quorum")
        named = {*self.agreements[-1].currencies, *agreement.currencies}
        self.agreements.append(agreement)
        self.joined.append({})
        self.absent = 0
        for name in {NATIVE, *map(self.rules.name, named)}:
            self.catch_up(name)

    def deregister(self, yes: set[int]) -> None:
        self._live()
        if not self.quorum(yes):
            raise Refused("no quorum")
        self.ended = True

    def expire(self, now: int) -> None:
        self._live()
        if now < EXPIRY + GRACE:
            raise Refused("not expired")
        self.ended = True

    # ---------------------------------------------------------------- leave, redirect

    def leave_seat(self, at: int, names: Iterable[str]) -> None:
        self._live()
        if at not in self.joined[-1]:
            raise Refused("not joined")
        if at in self.books[NATIVE].final:
            raise Refused("already left")
        self._leave(NATIVE, at)
        for name in names:
            self._leave(name, at)

    def _leave(self, name: str, at: int) -> None:
        if self.catch_up(name) and at not in self.books[name].final:
            book = self.books[name]
            self.offset[name] -= book.leave(at, self.c(name, book))

    def leave(self, place: int, at: int | None) -> None:
        """The voice, and the seat too where there is one."""
        self._live()
        if self.absent >> place & 1:
            raise Refused("already left")
        if at is not None:
            self.leave_seat(at, map(self.rules.name, self.agreements[-1].currencies))
        self.absent |= 1 << place
        self.ended = self.absent + 1 == 1 << len(self.agreements[-1].voices)

    def touch(self, name: str, leavers: list[int]) -> None:
        if name == NATIVE or not self.rules.readable(name):
            raise Refused("currency failed")
        if not all(at in self.books[NATIVE].final for at in leavers):
            raise Refused("not left")
        self.catch_up(name)
        for at in leavers:
            self._leave(name, at)

    def redirect(self, account: str, to: str) -> None:
        if to == self.address:
            raise Refused("wrong account")
        if not any(
            self.seats(version)[at].account == account
            for version, joined in enumerate(self.joined)
            for at in joined
        ):
            raise Refused("not joined")
        self.redirects[account] = to
        self.times[account] = self.times.get(account, 0) + 1

    # ---------------------------------------------------------------- pull

    def can_claim(self, name: str, version: int, at: int) -> bool:
        if at in self.joined[version & ~LATE]:
            return True
        book = self.find(name, version)
        return book is not None and at in book.kept

    def join(self, at: int, claims: bool) -> None:
        if at in self.joined[-1]:
            raise Refused("already joined")
        with self.bank.whole():
            if claims:
                self._pay(NATIVE, self.books[NATIVE], at)
            self.bank.put(self.joined[-1], at, True)

    def claim(self, name: str, at: int) -> None:
        """Of the version whose book it is."""
        book = self.books[name]
        if not self.rules.readable(name) or not self.can_claim(name, book.version, at):
            raise Refused("not joined")
        with self.bank.whole():
            if not self._pay(name, book, at):
                raise Refused("nothing due")
        if name == NATIVE:
            self._called_back(self.payee(book.seats[at].account))

    def _called_back(self, payee: str) -> None:
        """Who is paid by a plain claim of native coin may claim at once for a seat."""
        seat = self.rules.calls_back(self, payee)
        if seat is None or payee in self.calling:
            return
        at, account = seat
        seats = self.seats(self.books[NATIVE].version)
        if at < len(seats) and seats[at].account == account:
            self.calling.add(payee)
            with suppress(Refused):
                self.claim(NATIVE, at)
            self.calling.discard(payee)

    def claim_versions(
        self, joins: list[tuple[int, int]], keys: list[tuple[int, int]], names: list[str]
    ) -> None:
        with self.bank.whole():
            for version, at in joins:
                self.bank.put(self.joined[version], at, True)
            paid = 0
            for name in names:
                for version, at in keys:
                    book = self.find(name, version)
                    if book is None:
                        continue  # nothing was owed
                    if not self.can_claim(name, version, at):
                        raise Refused("not joined")
                    if not self.rules.readable(name) and (
                        book.received is None or book.due(at, book.received)
                    ):
                        raise Refused("can't be read")
                    paid += self._pay(name, book, at)
            if not paid and not joins:
                raise Refused("nothing due")

    def payee(self, account: str) -> str:
        return self.redirects.get(account, account)

    def _pay(self, name: str, book: Book, at: int) -> int:
        """Pays a seat what is due to it, of what is there."""
        amount = min(book.due(at, self.c(name, book)), self.balance(name))
        to = self.payee(book.seats[at].account)
        if amount:
            if not self.rules.accepts(name, to, False):
                raise Refused("payment failed")
            self._send(name, book, at, to, amount)
        return amount

    def _send(self, name: str, book: Book, at: int, to: str, amount: int) -> None:
        self.bank.put(book.had, at, book.had[at] + amount)
        self.bank.put(self.offset, name, self.offset[name] + amount)
        self.bank.move(name, self.address, to, amount)

    # ---------------------------------------------------------------- push

    def payout(self, name: str, pages: Iterable[int]) -> None:
        if not self.rules.readable(name):
            raise Refused("can't be read")
        book = self.books[name]
        c = self.c(name, book)  # what comes back meanwhile is divided by the next payout
        for page in pages:
            for at in range(page * PAGE, min((page + 1) * PAGE, len(book.seats))):
                amount, to = book.due(at, c), self.payee(book.seats[at].account)
                if not amount or at in book.final:  # a leaver's waits for a claim
                    continue
                if (
                    amount <= self.balance(name)
                    and not book.seats[at].pull_only
                    and self.rules.accepts(name, to, True)
                ):
                    self._send(name, book, at, to, amount)
                else:
                    book.kept[at] = True
                    if name == NATIVE:
                        self.joined[book.version][at] = True
