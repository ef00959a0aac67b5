"""What happened to a SEE until a period began, and until it ended: what statements are made of.

What came without a log has no time of its own: a history enters it at the first log that knows of
it, or at its end. The history until a period began, and that until it ended, may so have the same
coin at different places. One rule holds for all figures of a statement: until the period began
all is as the earlier history has it, which is what was held and due then; in the period, what has
come without a log is never less than that, rises to what a log knows of where a log knows of more,
falls where one knows of less, and is at the end what the later history has in all. So floors of
cumulative amounts are those of the contract wherever it has reckoned: it had reckoned with no less
than its logs know of, and with no more than was there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from seechain.agreement.text import NATIVE
from seechain.chain.events import Left
from seechain.errors import StatementError
from seechain.history import Entry, Fact, History, Payment, Portion, history
from seechain.see.recovered import Recovered
from seechain.see.versions import Version
from seechain.share_table import ShareTable
from seechain.splitter import Splitter
from seechain.statements.periods import Blocks


class Past:
    """The history of a SEE or a Splitter around a period.

    Raises: as `seechain.history.history`.
    """

    def __init__(
        self, see: Splitter, blocks: Blocks, currencies: Sequence[str] | None = None
    ) -> None:
        self.see = see
        self.blocks = blocks
        self.until = history(see, last=max(blocks.last, 0), currencies=currencies)
        self.currencies = self.until.currencies
        self.before: History | None = None
        if blocks.before == blocks.last:
            self.before = self.until
        elif blocks.before >= 0:
            self.before = history(see, last=blocks.before, currencies=self.currencies)
        self._entries: dict[str, list[tuple[Entry, bool]]] = {}

    def held(self, currency: str) -> tuple[int, int]:
        """What was held when the period began, and when it ended.

        Raises:
            StatementError: the logs of a history and its balance differ.
        """
        opening = 0 if self.before is None else _held(self.before, currency)
        return opening, _held(self.until, currency)

    def due(self, account: str) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """What was due to a member when the period began, and when it ended, by currency."""
        before = {} if self.before is None else self.before.due(account)
        return before, self.until.due(account)

    def entries(self, currency: str) -> list[tuple[Entry, bool]]:
        """All entries of a currency, each with whether it lies in the period: see above.

        Raises: as `held`.
        """
        if currency not in self._entries:
            self.held(currency)
            before = [] if self.before is None else _of(self.before, currency)
            until = _of(self.until, currency)
            known = sum(_unlogged(each) for each in until if not self._within(each))
            within = [each for each in until if self._within(each)]
            held = sum(_unlogged(each) for each in before)
            self._entries[currency] = [
                *((each, False) for each in before),
                *((each, True) for each in self._levelled(within, before, known, held)),
            ]
        return self._entries[currency]

    def _levelled(
        self, within: Sequence[Entry], before: Sequence[Entry], known: int, held: int
    ) -> Iterator[Entry]:
        """The entries of the period. known: what came without a log, as the later history has it
        so far; held: as the statement has it."""
        last = next((each for each in reversed(before) if _unlogged(each)), None)
        for entry in within:
            change = _unlogged(entry)
            if not change or not isinstance(entry, Payment):
                yield entry
                continue
            known += change
            then = max(held, known) if change > 0 else min(held, known)
            last = entry
            if then != held:
                yield replace(entry, amount=then - held)
            held = then
        if isinstance(last, Payment) and known != held:  # a token's balance fell, or rose again
            if last.currency == NATIVE:
                raise StatementError(
                    f"the books of {self.see.address} do not add up at block {self.blocks.last}:"
                    f" {held - known} units of native are gone that no log took away since block"
                    f" {self.blocks.before}: ask another node"
                )
            yield replace(
                last,
                amount=known - held,
                block_number=self.blocks.last,
                time=self.blocks.time,
                transaction_hash="",
                log_index=-1,
            )

    def table_of(self, version: int) -> ShareTable:
        """The share table of a version.

        Raises:
            NotPublished: it was not published. StatementError: there is no such version.
        """
        if not isinstance(self.see, Recovered):
            return self.see.table
        if version >= len(self._versions):
            raise StatementError(
                f"the node shows no version {version} of {self.see.address}: ask another node"
            )
        return self.see.table_of(self._versions[version])

    def members(self, currency: str) -> list[str]:
        """All who may have had a part of a currency by the end, ascending."""
        versions = {
            each.version
            for each, _ in self.entries(currency)
            if isinstance(each, Payment | Portion)
        }
        accounts = {seat.account for version in versions for seat in self.table_of(version)}
        return sorted(accounts, key=lambda each: int(each, 16))

    @cached_property
    def _versions(self) -> tuple[Version, ...]:
        return self.see.versions if isinstance(self.see, Recovered) else ()

    def _within(self, entry: Entry) -> bool:
        return entry.block_number > self.blocks.before


def moved(entry: Entry) -> int:
    """By how much an entry changes what a SEE holds."""
    if isinstance(entry, Payment):
        return entry.amount
    return -entry.amount if isinstance(entry, Portion) else 0


def currency_of(entry: Entry) -> str:
    """The currency that an entry is about; empty where it is none."""
    if isinstance(entry, Fact):
        return entry.event.currency if isinstance(entry.event, Left) else ""
    return entry.currency if isinstance(entry, Payment | Portion) else ""


def _of(past: History, currency: str) -> list[Entry]:
    return [each for each in past.entries if currency_of(each) == currency]


def _unlogged(entry: Entry) -> int:
    is_one = isinstance(entry, Payment) and entry.how == "unlogged"
    return moved(entry) if is_one else 0


def _held(past: History, currency: str) -> int:
    entries = _of(past, currency)
    added = sum(map(moved, entries))
    balance = past.balances.get(currency, added)
    unlogged = sum(map(_unlogged, entries))
    if unlogged < 0 and currency == NATIVE:  # only a token's balance falls by itself
        added -= unlogged
    if balance != added:
        raise StatementError(
            f"the books of {past.address} do not add up at block {past.last}: it holds {balance}"
            f" units of {currency} and its logs make {added}, a difference of"
            f" {abs(balance - added)} units: ask another node"
        )
    return balance
