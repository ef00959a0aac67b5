"""Why an amount is what it is, in plain sentences with integers that anyone can recompute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from seechain.agreement.text import NATIVE
from seechain.chain.events import Closed, Left
from seechain.history import Payment, Portion
from seechain.payment_requests.payment_receipt import Part
from seechain.visible import visible

MOST_ROWS = 40  # members that are listed


class Shown(Protocol):
    """How amounts are shown: as `seechain.money.Money`."""

    def text(self, currency: str, units: int) -> str:
        """An amount for people."""

    def json(self, currency: str, units: int) -> dict[str, Any]:
        """An amount for programs."""


@dataclass
class Words:
    """Names of accounts and amounts of one explanation. names: by account, as people gave them."""

    money: Shown
    names: Mapping[str, str] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    def who(self, account: str) -> str:
        """An account: its address, its name too where it has one, by which it goes then."""
        name = visible(self.names.get(account, ""), lines=False)
        if not name:
            return account
        if account in self._said:
            return name
        self._said.add(account)
        return f"{name} ({account})"

    def amount(self, currency: str, units: int) -> str:
        """An amount in its currency, and in smallest units."""
        return f"{self.money.text(currency, units)} ({units:d})"

    def currency(self, currency: str) -> str:
        """A currency in a sentence."""
        return "native coin" if currency == NATIVE else f"the token {currency}"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a transaction did: sentences for people, the same as data.

    place: in the transaction's log. faults: figures of the logs that are not what the formula
    says, as sentences.
    """

    place: int
    sentences: tuple[str, ...]
    data: Mapping[str, Any]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Came:
    """What is known of a payment beside its entry.

    amount: what arrived of it. is_named: whether an agreement names its currency. is_read: whether
    the balances could be read; else the logs alone say what arrived. received: C after it; None
    where that is not known before a later payment of the same transaction. parts: see
    `payment_receipt.divided`, the largest first; None where they are not told.
    """

    amount: int
    is_named: bool
    is_read: bool
    received: int | None
    parts: Sequence[Part] | None


def unlogged(words: Words, entry: Payment) -> Step:
    """What came, or went, without a log."""
    change = "came" if entry.amount > 0 else "went"
    shown = words.amount(entry.currency, abs(entry.amount))
    said = (
        f"{shown} {change} without a log before this, as coin that is forced or a token that"
        " changes balances by itself: the figures below show it"
    )
    return Step(entry.log_index, (said,), _payment_data(words, entry, entry.received))


def payment(words: Words, entry: Payment, came: Came) -> Step:
    """What came, told from what a token says that came."""
    faults: list[str] = []
    if came.amount != entry.amount:
        faults.append(
            f"{words.currency(entry.currency)} has logged a transfer of {entry.amount} to"
            f" {entry.see}, and {came.amount} of it arrived, or the token changed the balance in"
            " this block"
        )
    sentences = [_paid(words, entry, came)]
    if came.received is not None:
        known = "" if came.is_read else " by the logs alone, since the balances can't be read"
        sentences.append(
            f"  it is divided by the share table of version {entry.version}; C = {came.received}"
            f" received so far{known}"
        )
    data = _payment_data(words, entry, came.received) | {
        "is_named": came.is_named,
        "arrived": words.money.json(entry.currency, came.amount),
    }
    if came.parts is not None:
        sentences += _parts(words, entry.currency, came.amount, came.parts)
        data["parts"] = [
            {"account": each.account, "shares": str(each.shares), "units": str(each.units)}
            for each in came.parts
        ]
    return Step(entry.log_index, tuple(sentences), data, tuple(faults))


def _paid(words: Words, entry: Payment, came: Came) -> str:
    amount = words.amount(entry.currency, entry.amount)
    said = f"{words.who(entry.payer)} paid {amount} to {entry.see}{_how(entry)}"
    if any(entry.memo):
        said += f", memo {entry.text!r}"
    if not came.is_named:
        said = f"The token {entry.currency}, which no agreement of {entry.see} names, says: {said}"
    elif came.amount != entry.amount:
        said = f"The token {entry.currency} says: {said}"
    if came.amount != entry.amount:
        said += f"; of that {words.amount(entry.currency, came.amount)} arrived"
    return said


def _how(entry: Payment) -> str:
    return {
        "pay": " by pay",
        "transfer": " by a plain transfer",
        "late": f" late, to those who were members in version {entry.version}",
        "payer": " through the Payer, by a signature",
        "early": " before it was registered",
        "unlogged": "",
    }[entry.how]


def _payment_data(words: Words, entry: Payment, received: int | None) -> dict[str, Any]:
    return {
        "what": "payment",
        "how": entry.how,
        "see": entry.see,
        "payer": entry.payer or None,
        "memo": "0x" + entry.memo.hex(),
        "memo_text": entry.text,
        "version": entry.version,
        "received": None if received is None else str(received),
        "amount": words.money.json(entry.currency, entry.amount),
    }


def _parts(words: Words, currency: str, amount: int, parts: Sequence[Part]) -> Iterator[str]:
    """What each member gets of a payment, with the rule of it."""
    total = sum(each.shares for each in parts)
    gone = sum(each.shares for each in parts if each.has_left)
    rule = f"floor({amount} x shares / {total})"
    if gone:
        whole = amount * total // (total - gone)
        rule = (
            f"floor({whole} x shares / {total}), since {gone} shares have left:"
            f" {whole} = floor({amount} x {total} / {total - gone})"
        )
    yield f"  each member gets {rule}; what is left over is carried to the next payment"
    for each in parts[:MOST_ROWS]:
        gets = "nothing, it has left" if each.has_left else words.amount(currency, each.units)
        yield f"    {words.who(each.account)}: {each.shares} shares, {gets}"
    if further := parts[MOST_ROWS:]:
        rest = words.amount(currency, sum(each.units for each in further))
        yield f"    {len(further)} further seats: {rest}"


def portion(words: Words, entry: Portion) -> Step:
    """What a seat had, and the reckoning."""
    who, amount = words.who(entry.account), words.amount(entry.currency, entry.amount)
    way = {"claim": "by a claim", "payout": "by a payout", "kept": ""}[entry.how]
    if entry.how == "kept":
        kept = words.amount(entry.currency, entry.due)
        first = (
            f"{who} was not paid {kept}: its seat is pull only, or its address or the token"
            " refused; it is kept, and a claim pays it"
        )
    else:
        to = "" if entry.to == entry.account else f", at {entry.to}, where its money was redirected"
        first = f"{who} was paid {amount} of {entry.see} {way}{to}"
    faults = []
    if entry.how != "kept" and entry.amount != entry.due:
        if entry.amount < entry.due:
            first += f"; {entry.due} was due, and no more was there: the balance had fallen"
        faults.append(
            f"{entry.account} was paid {entry.amount} where {entry.due} was due of"
            f" {words.currency(entry.currency)}"
        )
    return Step(
        entry.log_index, (first, _reckoning(entry)), _portion_data(words, entry), tuple(faults)
    )


def left(words: Words, event: Left, why: Portion | None) -> Step:
    """What was owed to a seat as it left. why: the same as though it had been claimed."""
    who = words.who(event.account)
    owed = words.amount(event.currency, event.owed)
    sentences = [
        (
            f"The seat of {who} has left version {event.version} of {event.address} in"
            f" {words.currency(event.currency)}: {owed} stays owed to it, until it is claimed"
        ),
    ]
    data = {
        "what": "left",
        "see": event.address,
        "account": event.account,
        "index": event.index,
        "version": event.version,
        "owed": words.money.json(event.currency, event.owed),
        "left_shares": str(event.shares),
    }
    faults = []
    if why is not None:
        sentences.append(_reckoning(why))
        sentences.append(
            f"From now on {why.total - event.shares} of {why.total} shares divide what comes"
        )
        data |= _figures(why)
        if why.due != event.owed:
            faults.append(
                f"{event.owed} was set aside for {event.account} where {why.due} was due of"
                f" {words.currency(event.currency)}"
            )
    return Step(event.log_index, tuple(sentences), data, tuple(faults))


def closed(words: Words, event: Closed) -> Step:
    """Books that were closed."""
    amount = words.amount(event.currency, event.received)
    said = (
        f"The books of version {event.version} of {event.address} in"
        f" {words.currency(event.currency)} were closed at C = {amount}: what of it was not paid"
        " stays owed by the old table, for ever"
    )
    data = {
        "what": "closed",
        "see": event.address,
        "version": event.version,
        "received": words.money.json(event.currency, event.received),
    }
    return Step(event.log_index, (said,), data)


def paid_out(words: Words, entries: Sequence[Portion], page: int) -> Step:
    """A payout of a page to all its seats."""
    steps = [portion(words, entry) for entry in entries]
    first = entries[0]
    total = sum(entry.amount for entry in entries)
    seats = "1 seat" if len(entries) == 1 else f"{len(entries)} seats"
    said = (
        f"Page {page} of {first.see} was paid out, {seats} with something due:"
        f" {words.amount(first.currency, total)} in all"
    )
    data = {
        "what": "payout",
        "see": first.see,
        "page": page,
        "amount": words.money.json(first.currency, total),
        "portions": [step.data for step in steps],
    }
    return Step(
        first.log_index,
        (said, *(sentence for step in steps for sentence in step.sentences)),
        data,
        tuple(fault for step in steps for fault in step.faults),
    )


def _reckoning(entry: Portion) -> str:
    """The formula with its figures."""
    entitled = entry.divided * entry.shares // entry.total
    late = ", of what was paid to it late" if entry.late else ""
    then = " when it left" if entry.has_left else " so far"
    said = (
        f"  its seat has {entry.shares} of {entry.total} shares in version {entry.version}{late};"
        f" C = {entry.received} received{then}; "
    )
    letter = "C"
    if entry.left:
        letter = "V"
        said += (
            f"{entry.left} shares have left, so V = floor(C x {entry.total} /"
            f" {entry.total - entry.left}) = {entry.divided}; "
        )
    return said + (
        f"floor({letter} x {entry.shares} / {entry.total}) = {entitled};"
        f" it had had {entry.had}; due {entry.due}"
    )


def _figures(entry: Portion) -> dict[str, Any]:
    return {
        "shares": str(entry.shares),
        "total": str(entry.total),
        "left": str(entry.left),
        "received": str(entry.received),
        "divided": str(entry.divided),
        "had": str(entry.had),
        "due": str(entry.due),
    }


def _portion_data(words: Words, entry: Portion) -> dict[str, Any]:
    return {
        "what": entry.how,
        "see": entry.see,
        "account": entry.account,
        "to": entry.to,
        "index": entry.index,
        "version": entry.version,
        "late": entry.late,
        "has_left": entry.has_left,
        "amount": words.money.json(entry.currency, entry.amount),
        **_figures(entry),
    }
