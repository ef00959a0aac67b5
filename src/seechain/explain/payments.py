"""The payments of a transaction: what arrived of what a token's log says, C as the chain has it,
and what each member gets."""

from __future__ import annotations

from seechain.agreement.text import NATIVE
from seechain.chain.events import Created, Left
from seechain.chain.reverts import NotPublished
from seechain.explain import reasons
from seechain.explain.reasons import Came, Step, Words
from seechain.history import History, Payment
from seechain.history.incoming import arrived
from seechain.payment_requests.payment_receipt import Part, divided
from seechain.see import SEE
from seechain.share_table import ShareTable
from seechain.splitter import Splitter

MOST_PAGES = 8  # of a share table whose seats are looked at


class Payments:
    """The payments to a SEE or a Splitter in one transaction.

    Args:
        past: its history until the block of the transaction.
    """

    def __init__(self, books: Splitter, past: History) -> None:
        self._books, self._past = books, past
        self._block = [each for each in past.payments if each.block_number == past.last]
        came = arrived(books.w3, self._block)
        self._arrived = {each.log_index: each for each in came}
        self._last = {
            (each.currency, each.version): each for each in self._block if each.how != "unlogged"
        }
        self._named = {NATIVE}
        if isinstance(books, SEE):
            self._named.update(*(version.currencies for version in books.versions))

    def step(self, words: Words, entry: Payment) -> Step:
        """One of them."""
        if entry.how == "unlogged":
            return reasons.unlogged(words, entry)
        came = self._arrived.get(entry.log_index)
        amount = 0 if came is None else came.amount
        later = self._later(entry)
        # What is missing is missing by the end of the block: before the last one C is not known.
        is_known = not later or self._last[entry.currency, entry.version] is entry
        return reasons.payment(
            words,
            entry,
            Came(
                amount=amount,
                is_named=entry.currency in self._named,
                is_read=entry.currency in self._past.balances and not (came and came.as_logged),
                received=entry.received + later if is_known else None,
                parts=self._parts(entry, amount),
            ),
        )

    def _later(self, entry: Payment) -> int:
        """By how much C is corrected after a payment, until the end of its block."""
        if entry.how == "late":
            return 0  # that book has what the contract itself has counted
        after = self._block[self._block.index(entry) + 1 :]
        return sum(
            each.amount
            for each in after
            if each.how == "unlogged"
            and (each.currency, each.version) == (entry.currency, entry.version)
        )

    def _parts(self, entry: Payment, amount: int) -> list[Part] | None:
        """What each seat gets, the largest first; None of a table that is large or not at hand."""
        place = entry.block_number, entry.log_index
        left = {
            fact.event.account
            for fact in self._past.facts
            if isinstance(fact.event, Left)
            and (fact.event.version, fact.event.currency) == (entry.version, entry.currency)
            and (fact.block_number, fact.log_index) < place
        }
        table = self._table(entry.version)
        if table is None or not amount or all(seat.account in left for seat in table):
            return None
        seats = [(seat.account, seat.shares, False, seat.account in left) for seat in table]
        return sorted(divided(amount, seats), key=lambda part: -part.shares)

    def _table(self, number: int) -> ShareTable | None:
        books = self._books
        try:
            if isinstance(books, SEE):
                version = books.versions[number]
                return books.table_of(version) if version.pages <= MOST_PAGES else None
            created = [fact.event for fact in self._past.facts if isinstance(fact.event, Created)]
            is_large = any(each.pages > MOST_PAGES for each in created)
            return None if is_large else books.table
        except NotPublished:
            return None
