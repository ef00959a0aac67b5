"""What a SEE owes over all its versions, read and paid: in one transaction for a member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seechain.agreement.text import NATIVE, currency_address
from seechain.chain import interface
from seechain.chain.node import ask
from seechain.chain.receipts import Receipt, Receipts
from seechain.chain.reverts import NothingDue, PaymentFailed, TokenError
from seechain.chain.tokens import Token
from seechain.see.versions import LATE, Version
from seechain.sending.senders import Call, Sender, address_of, send
from seechain.splitter import claims, payouts
from seechain.splitter.dues import AT_ONCE, is_pull_only, read_dues

if TYPE_CHECKING:
    from seechain.see.recovered import Recovered

MOST_SEATS = 4  # to join in one call
MOST_KEYS = 32  # to pay in one call, so that it stays below the gas of a transaction
_SEE = interface.of("SEE")


@dataclass(frozen=True, slots=True)
class Debt:
    """What one seat is owed of one book. book: the version, with `LATE` for what came late."""

    version: Version
    book: int
    index: int
    account: str
    currency: str
    amount: int

    @property
    def key(self) -> int:
        """Of the seat in this book."""
        return claims.key_of(self.account, self.index, self.book)


def due(see: Recovered, account: str | None) -> dict[str, int]:
    """See `SEE.due`."""
    if account is not None:
        account = address_of(account)
        claims.seat_of(see, account)
    versions = see.versions
    found = dict.fromkeys(_currencies(versions), 0)
    for currency in list(found):
        try:
            owed = _debts(see, versions, currency, account)
            found[currency] = sum(debt.amount for debt in owed)
        except TokenError:
            del found[currency]
    return found


def claim(see: Recovered, account: str, currency: str | None, sender: Sender) -> Receipts:
    """See `SEE.claim`."""
    account = address_of(account)
    claims.seat_of(see, account)
    owed = _readable(see, currency, account)
    if not owed:
        what = "" if currency is None else f" in {currency}"
        raise NothingDue(
            f"nothing is due to {see.named_text(account)}{what} now: wait for the next payment"
        )
    current = see.version
    if all(debt.book == current for debt in owed) and len(owed) == 1:
        joined = claims.has_joined(see, account, owed[0].index)
        if joined or owed[0].currency == NATIVE:
            # One call that costs least: the claim itself, or the proof that pays at once.
            return Receipts([_plain(see, owed[0], joined, sender)])
    receipts = [_claim(see, part, [account], sender) for part in _parts(see, owed)]
    return Receipts(receipts)


def payout(see: Recovered, currency: str | None, sender: Sender) -> Receipts:
    """See `SEE.payout`."""
    receipts: list[Receipt] = []
    for each in named(see, currency):
        if _is_stale(see, each) and (currency is not None or holds(see, each)):
            data = _SEE.encode("touch", currency_address(each), [])
            receipts.append(send(see.w3, Call(see.address, data, f"touching {each}"), sender))
    nothing: NothingDue | None = None
    try:
        receipts += payouts.payout(see, currency, sender, named(see, currency))
    except NothingDue as error:
        nothing = error
    # What is left now waits for a claim: of closed versions, and of those who left.
    waiting = _readable(see, currency, None)
    current, leavers = see.version, see.leavers if waiting else frozenset()
    owed = [
        debt
        for debt in waiting
        if not is_pull_only(see.table_of(debt.version), debt.index)
        and (debt.book != current or debt.account in leavers)
    ]
    for part in _parts(see, owed):
        try:
            receipts.append(_claim(see, part, [], sender))
        except PaymentFailed:
            receipts += _one_by_one(see, part, sender)
    if not receipts and nothing is not None:
        raise nothing
    return Receipts(receipts)


def debts(see: Recovered, currency: str, account: str | None) -> Iterator[Debt]:
    """What is owed of a currency, of all versions, to one account or to all.

    Raises:
        TokenError: the currency is no token.
    """
    yield from _debts(see, see.versions, currency, account)


def _debts(
    see: Recovered, versions: tuple[Version, ...], currency: str, account: str | None
) -> Iterator[Debt]:
    for version in versions:
        table = see.table_of(version)
        if account is not None and account not in table:
            continue
        first, count = (0, len(table)) if account is None else (table.index(account), 1)
        for book in _books(see, currency, version, versions[-1].number):
            for at in range(first, first + count, AT_ONCE):
                size = min(AT_ONCE, first + count - at)
                key = (currency_address(currency), book)
                for place, amount in enumerate(read_dues(see, key, table, at, size)):
                    if amount:
                        index = at + place
                        who = table.seat(index).account
                        yield Debt(version, book, index, who, currency, amount)


def named(see: Recovered, currency: str | None) -> tuple[str, ...]:
    """The currencies that an act is about: the one that is named, or those of all versions."""
    return _currencies(see.versions) if currency is None else see.named(currency)


def _currencies(versions: tuple[Version, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for version in reversed(versions):
        found |= dict.fromkeys(version.currencies)
    return tuple(found)


def _books(see: Recovered, currency: str, version: Version, current: int) -> Iterator[int]:
    """The books of a version in a currency in which something may be owed.

    current: the number of the version in force.
    """
    if version.number == current or version.number == see.book_version(currency):
        yield version.number
    if version.number < current:
        arguments = (currency_address(currency), version.number)
        received, late, _ = ask(see.w3, see.address, _SEE, "closed", *arguments)
        if received:
            yield version.number
        if late:
            yield version.number | LATE


def holds(see: Recovered, currency: str) -> bool:
    """Whether a SEE has anything of a token that can be read."""
    try:
        return Token(see.w3, currency).balance(see.address) > 0
    except TokenError:
        return False


def _is_stale(see: Recovered, currency: str) -> bool:
    return currency != NATIVE and see.book_version(currency) != see.version


def _readable(see: Recovered, asked: str | None, account: str | None) -> list[Debt]:
    found: list[Debt] = []
    versions = see.versions
    for currency in _currencies(versions) if asked is None else see.named(asked):
        try:
            found += _debts(see, versions, currency, account)
        except TokenError:
            if asked is not None:
                raise  # else one broken token does not stop the others
    return found


def _parts(see: Recovered, owed: list[Debt]) -> Iterator[list[Debt]]:
    """Debts by what fits one call: few seats to join, and not too many to pay."""
    part: list[Debt] = []
    joins: set[tuple[int, int]] = set()
    for debt in sorted(owed, key=lambda each: (each.account, each.book)):
        seat = (debt.version.number, debt.index)
        is_new = seat not in joins and not claims.has_joined(
            see, debt.account, debt.index, debt.version.number
        )
        if part and (len(joins) + is_new > MOST_SEATS or len(part) == MOST_KEYS):
            yield part
            part, joins = [], set()
        if is_new:
            joins.add(seat)
        part.append(debt)
    if part:
        yield part


def _claim(see: Recovered, part: list[Debt], joining: list[str], sender: Sender) -> Receipt:
    """Pays these debts in one call; members of `joining` join the version in force too."""
    wanted = {(debt.version.number, debt.index): debt.version for debt in part}
    current = see.in_force
    for account in joining:
        if account in (table := see.table_of(current)):
            wanted[current.number, table.index(account)] = current
    seats = []
    for (number, index), version in wanted.items():
        table = see.table_of(version)
        if not claims.has_joined(see, table.seat(index).account, index, number):
            seats.append(claims.proof_of(version, table, index))
    keys = list(dict.fromkeys(debt.key for debt in part))
    currencies = list(dict.fromkeys(currency_address(debt.currency) for debt in part))
    data = _SEE.encode("claim_versions", seats[:MOST_SEATS], keys, currencies)
    who = ", ".join(dict.fromkeys(see.named_text(debt.account) for debt in part))
    return send(see.w3, Call(see.address, data, f"the claim for {who}"), sender)


def _one_by_one(see: Recovered, part: list[Debt], sender: Sender) -> list[Receipt]:
    """One account and currency at a time, so that who refuses its money stops nobody."""
    receipts = []
    for account, currency in dict.fromkeys((debt.account, debt.currency) for debt in part):
        own = [debt for debt in part if (debt.account, debt.currency) == (account, currency)]
        try:
            receipts.append(_claim(see, own, [], sender))
        except PaymentFailed:
            continue  # it stays due
    return receipts


def _plain(see: Recovered, debt: Debt, joined: bool, sender: Sender) -> Receipt:
    if not joined:
        return claims.join(see, debt.account, sender, True)
    for_other = [] if address_of(sender) == debt.account else [debt.account]
    if debt.currency == NATIVE:
        data = _SEE.encode("claim", debt.index, *for_other)
    else:
        data = _SEE.encode("claim_token", debt.currency, debt.index, *for_other)
    what = f"the claim for {see.named_text(debt.account)}"
    return send(see.w3, Call(see.address, data, what), sender)
