"""A statement as entries in double entry, which beancount and hledger journals write.

Of a SEE, what it holds is an asset, and what is due to its members a liability:

    opening      Assets:SEE:<see>  |  Liabilities:SEE:<see>:<member>, Equity:SEE:<see>:Undivided
    payment      Assets:SEE:<see>  |  Income:SEE:<see>:Payments
    adjustment   Assets:SEE:<see>  |  Income:SEE:<see>:Adjustments
    claim        Liabilities:SEE:<see>:<member>  |  Assets:SEE:<see>
    last day     Expenses:SEE:<see>:Shares  |  Liabilities:SEE:<see>:<member>, as they earned

Of a member, what is due to it is an asset:

    payment      Assets:SEE:<see>:Due  |  Income:SEE:<see>:Payments
    claim        Assets:Wallet:<account>  |  Assets:SEE:<see>:Due

The words of accounts and commodities are letters, digits and dashes alone, whatever members and
tokens call themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from seechain.agreement.text import NATIVE
from seechain.statements.statement import UNIT, Account, Currency, Line, Statement, stamp
from seechain.visible import visible

MOST = 24  # characters of a name, or of a commodity, as beancount has them


class Posting(NamedTuple):
    """One side of an entry: units of a currency on an account."""

    account: str
    units: int
    currency: Currency


@dataclass(frozen=True, slots=True)
class Entry:
    """A transaction of a journal; its postings sum to zero.

    said: one line for people. more: what is known of it, by key; all of it may be hostile text.
    """

    day: date
    said: str
    postings: tuple[Posting, ...]
    code: str = ""
    more: tuple[tuple[str, str], ...] = ()


class Labels:
    """What accounts are called in a journal: a name and the start of an address, or the address.

    Two that would be called alike are called by their addresses.
    """

    def __init__(self, statement: Statement) -> None:
        self._names = statement.names
        short = [self._short(each) for each in statement.names]
        self._twice = {each for each in short if short.count(each) > 1}

    def of(self, account: str) -> str:
        """The word for an account."""
        short = self._short(account)
        return account if not short or short in self._twice else short

    def _short(self, account: str) -> str:
        word = plain(self._names.get(account, ""))
        return f"{word[:1].upper()}{word[1:]}-{account[2:10]}" if word else ""


def plain(text: str) -> str:
    """Text as one word of ASCII letters, digits and dashes; empty where nothing is left."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-")[:MOST].strip("-")


def commodity(currency: Currency) -> str:
    """What a currency is called in a journal: a token's symbol with the start of its address."""
    if currency.code == NATIVE:
        return UNIT.upper()
    word = re.sub(r"[^A-Z0-9]", "", plain(currency.symbol).upper()).lstrip("0123456789")[:7]
    # Half of an address, which nobody finds a second token for: a symbol says nothing.
    return f"{word or 'T'}-{currency.code[2:18].upper()}"


def entries(statement: Statement) -> Iterator[Entry]:
    """The entries of a statement: openings first, then all by time, at last what was earned."""
    labels = Labels(statement)
    for account in statement.accounts:
        opening = _opening(statement, account, labels)
        if opening is not None:
            yield opening
    moved = [
        (line.block_number, line.log_index, place, account, line)
        for place, account in enumerate(statement.accounts)
        for line in account.lines
        if line.units
    ]
    for _, _, _, account, line in sorted(moved, key=lambda each: each[:3]):
        yield _moved(statement, account, line, labels)
    if not statement.is_member:
        for account in statement.accounts:
            earned = _earned(statement, account, labels)
            if earned is not None:
                yield earned


def closings(statement: Statement) -> Iterator[Posting]:
    """What each account of the journal holds when the period is over."""
    labels = Labels(statement)
    for account in statement.accounts:
        yield Posting(_held(statement, account, labels), account.closing, account.currency)
        if not statement.is_member:
            for share in account.shares:
                name = _due(account, share.account, labels)
                yield Posting(name, -share.closing, account.currency)


def openings(statement: Statement) -> Iterator[Posting]:
    """What each account of the journal holds when the period begins."""
    labels = Labels(statement)
    for account in statement.accounts:
        yield Posting(_held(statement, account, labels), account.opening, account.currency)
        if not statement.is_member:
            for share in account.shares:
                name = _due(account, share.account, labels)
                yield Posting(name, -share.opening, account.currency)


def accounts_of(found: Iterable[Entry], *others: Iterable[Posting]) -> list[str]:
    """All accounts that a journal names."""
    names = {posting.account for entry in found for posting in entry.postings}
    return sorted(names | {posting.account for postings in others for posting in postings})


def _held(statement: Statement, account: Account, labels: Labels) -> str:
    due = ":Due" if statement.is_member else ""
    return f"Assets:SEE:{labels.of(account.see)}{due}"


def _due(account: Account, member: str, labels: Labels) -> str:
    return f"Liabilities:SEE:{labels.of(account.see)}:{labels.of(member)}"


def _opening(statement: Statement, account: Account, labels: Labels) -> Entry | None:
    currency = account.currency
    held = Posting(_held(statement, account, labels), account.opening, currency)
    others: list[Posting] = []
    if not statement.is_member:
        others = [
            Posting(_due(account, share.account, labels), -share.opening, currency)
            for share in account.shares
        ]
    rest = account.opening + sum(each.units for each in others)
    where = f"Equity:SEE:{labels.of(account.see)}:Undivided"
    if statement.is_member:
        where = "Equity:Opening-Balances"
    postings = tuple(
        each for each in (held, *others, Posting(where, -rest, currency)) if each.units
    )
    if not postings:
        return None
    said = f"Opening balance of {statement.shown(account.see)}"
    return Entry(statement.first - timedelta(days=1), said, postings)


def _moved(statement: Statement, account: Account, line: Line, labels: Labels) -> Entry:
    see, currency = labels.of(account.see), account.currency
    held = _held(statement, account, labels)
    if line.kind in ("claim", "payout"):
        other = (
            _due(account, line.account, labels)
            if not statement.is_member
            else f"Assets:Wallet:{labels.of(line.to or line.account)}"
        )
        said = f"{line.kind.capitalize()} of {statement.shown(line.account)}"
    else:
        other = f"Income:SEE:{see}:{line.kind.capitalize()}s"
        said = line.kind.capitalize()
        if line.account:
            said += f" from {statement.shown(line.account)}"
    if line.reference:
        said += f", reference {visible(line.reference, lines=False)}"
    known = (
        ("time", stamp(line.time)),
        ("transaction", line.transaction),
        ("account", line.account),
        ("to", line.to),
        ("reference", visible(line.reference, lines=False)),
        ("version", "" if line.version is None else str(line.version)),
        ("payment", "" if line.whole is None else currency.text(line.whole)),
        ("request", line.request),
        ("note", visible(line.note, lines=False)),
    )
    return Entry(
        line.time.date(),
        said,
        (Posting(held, line.units, currency), Posting(other, -line.units, currency)),
        line.transaction,
        tuple(each for each in known if each[1]),
    )


def _earned(statement: Statement, account: Account, labels: Labels) -> Entry | None:
    parts = [
        Posting(_due(account, share.account, labels), -share.earned, account.currency)
        for share in account.shares
        if share.earned
    ]
    if not parts:
        return None
    where = f"Expenses:SEE:{labels.of(account.see)}:Shares"
    said = f"Shares earned by the members of {statement.shown(account.see)}"
    whole = Posting(where, account.earned, account.currency)
    return Entry(statement.last, said, (whole, *parts) if whole.units else tuple(parts))
