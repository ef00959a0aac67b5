"""The books of a SEE or a Splitter, replayed from its logs event by event.

Where a log knows of another C than the logs before it add up to, something came, or went, without
a log: it is entered as an "unlogged" payment, so that each figure can be recomputed and all adds
up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from seechain.agreement.text import NATIVE
from seechain.chain.events import (
    Amended,
    Claimed,
    Closed,
    Event,
    Kept,
    Left,
    Paid,
    PaidFor,
    PaidLate,
    PaidOut,
    Received,
    Redirected,
    Registered,
)
from seechain.chain.reverts import NodeError
from seechain.history import Entry, Fact, HadBy, PaidBy, Payment, Portion
from seechain.history.pots import Book, Due, Pot
from seechain.history.signs import Signs
from seechain.see.versions import LATE
from seechain.share_table import ShareTable

NO_MEMO = bytes(32)


@dataclass(frozen=True, slots=True)
class Moved(Event):
    """A token's Transfer from or to the contract."""

    payer: str
    to: str
    amount: int


class Replay:
    """Takes events in the chain's order, and holds the books and entries that follow.

    Args:
        table_of: the share table of a version, asked for when it is needed.
        currencies: those that are looked at.
        signs: see `Signs`. outs: how often each account was sent a token, by transaction and token.
        named: the currencies whose books were closed as a version came into force.
        is_formed: whether nothing comes early: of a Splitter, or where no registration is shown.
    """

    def __init__(
        self,
        see: str,
        table_of: Callable[[int], ShareTable],
        currencies: Iterable[str],
        signs: Signs,
        outs: Mapping[tuple[str, str], Counter[str]],
        named: Mapping[int, frozenset[str]],
        *,
        is_formed: bool,
    ) -> None:
        self.see = see
        self.entries: list[Entry | None] = []
        self.books = {currency: Book(currency, table_of) for currency in currencies}
        self.redirects: dict[str, str] = {}
        self.in_force = 0
        self._signs, self._outs, self._named = signs, outs, named
        self._is_formed = is_formed
        self._where: tuple[str, int, int, str, int] = (see, 0, 0, "", -1)
        self._transaction = ""
        self._trails: dict[str, list[int]] = {}  # C before each payment of this transaction
        self._pending: dict[str, list[int]] = {}  # transfers that a `pay` may be the reason of
        self._kept: dict[str, set[int]] = {}

    def take(self, event: Event, time: int) -> None:
        """What an event did."""
        if event.transaction_hash != self._transaction:
            self._transaction = event.transaction_hash
            self._trails.clear()
            self._pending.clear()
            self._kept.clear()
        self._where = (
            self.see,
            event.block_number,
            time,
            event.transaction_hash,
            event.log_index,
        )
        money = _MONEY.get(type(event))
        if money is None:
            self._note(event)
            return
        currency = event.address if isinstance(event, Moved) else event.currency  # type: ignore[attr-defined]
        if book := self.books.get(currency):
            money(self, book, event)

    def settle(
        self, balances: Mapping[str, int], received: Mapping[str, int], block: int, time: int
    ) -> None:
        """Enters what the chain holds and no log knows of. received: C, where the chain says it."""
        self._where = (self.see, block, time, "", -1)
        for currency, balance in balances.items():
            book = self.books[currency]
            more = balance - book.balance
            if currency in received:
                book.agree(balance, received[currency])
            self._adjust(book, more)

    def due(self, account: str | None) -> dict[str, int]:
        """See `History.due`."""
        return {currency: book.due(account) for currency, book in self.books.items()}

    # ------------------------------------------------------------ what is not money

    def _note(self, event: Event) -> None:
        self.entries.append(Fact(*self._where, event))
        if isinstance(event, Amended):
            self.in_force = event.version
            for book in self.books.values():
                self._follow(book, book.currency in self._named.get(event.version, ()))
        elif isinstance(event, Registered):
            self._is_formed = True
        elif isinstance(event, Redirected):
            self.redirects[event.account] = event.to

    def _follow(self, book: Book, is_named: bool = False) -> None:
        """Closes a book of which nothing is owed where it was closed without a log by now.

        A token that could not be read, or was not named, stays with the older version.
        """
        if book.version == self.in_force:
            return
        place = self._where[1], self._where[4]
        sign = self._signs.next(book.currency, place)
        version = self.in_force if sign is None else min(sign[1], self.in_force)
        is_sure = sign is not None and (sign[0] == place or (is_named and sign[1] >= self.in_force))
        if version > book.version and (is_sure or book.is_settled):
            self._close_settled(book, version)

    def _close_settled(self, book: Book, version: int) -> None:
        """Closes a book without a log: what seems to be owed was of a balance that fell."""
        if not book.is_settled:
            self._adjust_to(book, book.pot.paid_out)
        book.close(version, owing=False)

    # ------------------------------------------------------------ what comes

    def _received(self, book: Book, event: Received) -> None:
        self._pay(book, event.amount, event.payer, NO_MEMO, "transfer")

    def _moved(self, book: Book, event: Moved) -> None:
        if event.to != self.see or event.payer == self.see or not event.amount:
            return
        self._follow(book)
        self._pending.setdefault(book.currency, []).append(len(self.entries))
        self._pay(book, event.amount, event.payer, NO_MEMO, "transfer")

    def _paid(self, book: Book, event: Paid) -> None:
        self._withdraw(book, event)
        if book.currency != NATIVE:
            self._follow(book)
        self._pay(book, event.amount, event.payer, event.memo, "pay")

    def _paid_late(self, book: Book, event: PaidLate) -> None:
        self._withdraw(book, event)
        self._follow(book)
        book.pay_late(event.version, event.amount)
        self._enter(book, event.amount, event.payer, event.memo, event.version, "late")

    def _paid_for(self, book: Book, event: PaidFor) -> None:
        """Who paid through the Payer; the payment itself is what the contract has logged."""
        for at in range(len(self.entries) - 1, -1, -1):
            entry = self.entries[at]
            if entry is not None and entry.transaction_hash != self._transaction:
                return
            if (
                isinstance(entry, Payment)
                and (entry.payer, entry.currency) == (event.address, event.currency)
                and entry.memo == event.memo
            ):
                how: PaidBy = "early" if entry.how == "early" else "payer"
                self.entries[at] = replace(entry, payer=event.payer, how=how)
                return

    def _withdraw(self, book: Book, event: Paid) -> None:
        """Takes back the transfer by which a `pay` was made: it counts once."""
        pending = self._pending.get(book.currency, [])
        for at in reversed(pending):
            entry = self.entries[at]
            if isinstance(entry, Payment) and entry.payer == event.payer:
                book.balance -= entry.amount
                self.entries[at] = None
                pending.remove(at)
                return

    def _pay(self, book: Book, amount: int, payer: str, memo: bytes, how: PaidBy) -> None:
        self._trails.setdefault(book.currency, []).append(book.received)
        book.balance += amount
        self._enter(book, amount, payer, memo, book.version, how)

    def _enter(
        self, book: Book, amount: int, payer: str, memo: bytes, version: int, how: PaidBy
    ) -> None:
        received = book.late[version].received if how == "late" else book.received
        if not self._is_formed and how != "unlogged":
            how = "early"
        self.entries.append(
            Payment(*self._where, book.currency, amount, payer, memo, version, how, received)
        )

    def _adjust(self, book: Book, more: int) -> None:
        """Enters what came, or went, without a log."""
        if more:
            book.balance += more
            self._enter(book, more, "", NO_MEMO, book.version, "unlogged")

    def _adjust_to(self, book: Book, received: int) -> None:
        self._adjust(book, received - book.paid - book.balance)

    # ------------------------------------------------------------ what goes

    def _claimed(self, book: Book, event: Claimed) -> None:
        pot, is_late = self._pot(book, event)
        due = self._due_now(book, pot, event.index, event.amount, event.amount)
        pot.claim(event.index, due.had, event.amount)
        book.balance -= event.amount
        book.paid += event.amount
        had = self._portion(book, pot, event.index, due, event.amount, "claim", is_late)
        self.entries.append(had)

    def _pot(self, book: Book, event: Claimed) -> tuple[Pot, bool]:
        version = event.version & ~LATE
        if event.version > book.version and version == event.version:
            self._close_settled(book, version)
        if event.version == book.version:
            return book.pot, False
        pots = book.late if event.version & LATE else book.closed
        if version not in pots:
            raise NodeError(
                f"the node shows a claim of {self.see} in transaction {event.transaction_hash}, and"
                f" not how the books of version {version} came about: ask another node"
            )
        return pots[version], pots is book.late

    def _due_now(self, book: Book, pot: Pot, index: int, amount: int, sent: int) -> Due:
        """The figures by which a seat was paid so much, or is owed it as it leaves.

        sent: what of it was sent, so that it was there.
        """
        if pot is not book.pot:
            due = pot.due(index, pot.received)
            if amount < due.due:  # of a balance that fell it was paid what was there
                self._adjust(book, amount - book.balance)
            return due
        due = pot.due(index, book.received)
        if due.due == amount:
            return due
        if due.has_left:
            self._adjust(book, amount - book.balance)
            return due
        for earlier in self._trails.get(book.currency, ()):
            # What came while the money of this call was on its way does not count in it.
            due = pot.due(index, earlier)
            if due.due == amount:
                return due
        least, most = pot.entitling(index, due.had + amount)
        least = max(least, sent + book.paid)
        if least <= most and self._lift(book, least):
            return pot.due(index, least)
        self._adjust_to(book, max(most, sent + book.paid))  # a balance that fell
        return pot.due(index, book.received)

    def _lift(self, book: Book, least: int) -> bool:
        """Enters the least that must have come for a call to reckon with this C, if that is it.

        What this transaction paid on the call's way may be in C already, and was not in the call.
        """
        trail = self._trails.get(book.currency, [])
        below = [each for each in (book.received, *trail) if each < least]
        if below:
            more = least - max(below)
            self._adjust(book, more)
            trail[:] = [each + more for each in trail]
        return bool(below)

    def _keep(self, book: Book, event: Kept) -> None:
        self._follow(book)
        self._kept.setdefault(book.currency, set()).add(event.index)

    def _paid_out(self, book: Book, event: PaidOut) -> None:
        self._follow(book)
        pot, kept = book.pot, frozenset(self._kept.pop(book.currency, ()))
        received = self._received_by(book, event.received)
        paid = 0
        for index, _, due in pot.pay_out(event.page, received, event.received, kept):
            how: HadBy = "kept" if index in kept else "payout"
            amount = 0 if how == "kept" else due.due
            paid += amount
            self.entries.append(self._portion(book, pot, index, due, amount, how, False))
        book.balance -= paid
        book.paid += paid

    def _received_by(self, book: Book, divided: int) -> int:
        """The C by which a payout has divided so much."""
        pot = book.pot
        for received in [book.received, *self._trails.get(book.currency, [])]:
            if pot.divided(received) == divided:
                return received
        least = pot.least(divided)
        if not self._lift(book, least):
            self._adjust_to(book, least)
        return least

    def _portion(
        self,
        book: Book,
        pot: Pot,
        index: int,
        due: Due,
        amount: int,
        how: HadBy,
        is_late: bool,
    ) -> Portion:
        seat = pot.table.seat(index)
        return Portion(
            *self._where,
            book.currency,
            amount,
            seat.account,
            self._payee(book, seat.account),
            index,
            pot.version,
            is_late,
            seat.shares,
            pot.table.shares,
            due.left,
            due.received,
            due.divided,
            due.had,
            due.due,
            due.has_left,
            how,
        )

    def _payee(self, book: Book, account: str) -> str:
        to = self.redirects.get(account, account)
        if to == account or book.currency == NATIVE:
            return to
        # A token that was not named when an account was redirected does not know of it.
        sent = self._outs.get((self._transaction, book.currency), Counter())
        return account if sent[account] and not sent[to] else to

    # ------------------------------------------------------------ what changes the books

    def _left(self, book: Book, event: Left) -> None:
        self._follow(book)
        pot = book.pot
        due = self._due_now(book, pot, event.index, event.owed, 0)
        why = self._portion(book, pot, event.index, due, 0, "kept", False)
        book.paid -= pot.leave(event.index, due, event.owed, event.shares)
        self.entries.append(Fact(*self._where, event, why))

    def _closed(self, book: Book, event: Closed) -> None:
        if book.version < event.version:
            self._close_settled(book, event.version)
        if event.received != book.received:
            self._adjust_to(book, event.received)
        book.close(self.in_force, owing=True)
        self.entries.append(Fact(*self._where, event))


_MONEY: dict[type[Event], Any] = {
    Received: Replay._received,
    Moved: Replay._moved,
    Paid: Replay._paid,
    PaidFor: Replay._paid_for,
    PaidLate: Replay._paid_late,
    Claimed: Replay._claimed,
    Kept: Replay._keep,
    PaidOut: Replay._paid_out,
    Left: Replay._left,
    Closed: Replay._closed,
}
