"""What happened to a SEE until a period began, and until it ended: what statements are made of."""

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
        self._entries: dict[str, list[Entry]] = {each: [] for each in self.currencies}
        for entry in self.until.entries:
            currency = currency_of(entry)
            if currency in self._entries:
                self._entries[currency].append(entry)

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

    def entries(self, currency: str) -> Iterator[tuple[Entry, bool]]:
        """All entries of a currency, each with whether it lies in the period.

        What the chain showed at the opening without a log is known to the later history at the
        first log that knows of it: it is moved to where the opening balance has it.
        """
        opening, _ = self.held(currency)
        found = self._entries[currency]
        known = sum(moved(each) for each in found if not self._within(each))
        missing = opening - known
        for entry in found:
            within = self._within(entry)
            if within and missing and isinstance(entry, Payment) and entry.how == "unlogged":
                yield replace(entry, amount=missing, block_number=self.blocks.before), False
                entry, missing = replace(entry, amount=entry.amount - missing), 0
                if not entry.amount:
                    continue
            yield entry, within

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
            each.version for each in self._entries[currency] if isinstance(each, Payment | Portion)
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


def _held(past: History, currency: str) -> int:
    added = sum(moved(each) for each in past.entries if currency_of(each) == currency)
    balance = past.balances.get(currency, added)
    unlogged = sum(
        each.amount
        for each in past.payments
        if each.currency == currency and each.how == "unlogged"
    )
    if unlogged < 0 and currency == NATIVE:  # only a token's balance falls by itself
        added -= unlogged
    if balance != added:
        raise StatementError(
            f"the books of {past.address} do not add up at block {past.last}: it holds {balance}"
            f" units of {currency} and its logs make {added}, a difference of"
            f" {abs(balance - added)} units: ask another node"
        )
    return balance
