"""What a transaction did, and why each amount is what it is.

    from seechain.explain import explain

    said = explain(w3, "0x...", money=Money(w3))
    print("\\n".join(said.sentences))

Only what a genuine Registry, its SEEs and Splitters have logged counts (`seechain.chain.genuine`):
what another contract logs under the same names is named as that. The figures come from the logs
alone (`seechain.history`), so that anyone can recompute them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from web3 import Web3
from web3.exceptions import TransactionNotFound

from seechain.accounts import checksum
from seechain.agreement.text import NATIVE
from seechain.chain.decoding import LEFT, decode_log, topic_of
from seechain.chain.events import (
    Amended,
    Closed,
    Event,
    Kept,
    Left,
    PaidOut,
    Registered,
    VoiceLeft,
)
from seechain.chain.logs import read_events
from seechain.chain.node import asking, url_of
from seechain.chain.published import topic
from seechain.chain.raw_logs import times_of
from seechain.chain.reverts import NotMined, NotPublished, NotRegistered
from seechain.errors import SeechainError
from seechain.explain import calls, reasons, told
from seechain.explain.finding import Found, find
from seechain.explain.payments import Payments
from seechain.explain.reasons import Shown, Step, Words
from seechain.history import Entry, Fact, Payment, Portion, history
from seechain.see import SEE
from seechain.see.naming import is_named_by
from seechain.splitter import Splitter

if TYPE_CHECKING:
    from seechain.agreement import Agreement

VOICE_LEFT = "VoiceLeft(address,address)"
_TRANSFER = topic_of("Transfer(address,address,uint256)")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A transaction, explained. time: unix seconds. gas_used: gas.

    is_ours: whether it did anything with a genuine contract of seechain, or tried. is_named:
    whether the agreement at hand is one of a SEE in it. reason: why it failed, where it did.
    faults: figures that are not as they should be.
    """

    transaction_hash: str
    block_number: int
    time: int
    sender: str
    to: str | None
    succeeded: bool
    gas_used: int
    is_ours: bool
    is_named: bool
    reason: str
    opening: tuple[str, ...]
    steps: tuple[Step, ...]
    faults: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it, for people."""
        return (
            *self.opening,
            *(sentence for step in self.steps for sentence in step.sentences),
            *(f"This differs: {fault}" for fault in self.faults),
        )


def explain(
    w3: Web3,
    transaction: str,
    *,
    money: Shown,
    see: str | None = None,
    names: Mapping[str, str] | None = None,
    agreement: Agreement | None = None,
) -> Explanation:
    """Explains a transaction.

    Args:
        transaction: its hash, 0x and 64 hex digits.
        see: only what it did to this SEE or Splitter.
        names: of accounts, which the chain does not know.
        agreement: one that is at hand, for its name, its members' and its share table. It names
            nobody where no SEE or Splitter of the transaction is its own.

    Raises:
        SeechainError: that is no hash. NotMined: it is in no block, or there is none.
        NodeError: the node can't be asked.
    """
    sent, receipt = _read(w3, transaction)
    block = int(receipt["blockNumber"])
    ((_, time),) = times_of(w3, [block])
    call = calls.read(w3, sent)
    reason = "" if receipt["status"] else calls.reason(w3, sent, receipt)
    logs = [_plain(log) for log in receipt["logs"]]
    events = [event for log in logs if (event := decode_log(log)) is not None]
    found = find(w3, events, _paid_to(logs), see, agreement)
    is_named = agreement is not None and _is_named(found, events, agreement)
    known = _names(agreement) if agreement is not None and is_named else {}
    words = Words(money, {**known, **(names or {})})
    steps = sorted(_steps(found, words, events, logs, block, agreement), key=lambda at: at.place)
    is_ours = bool(steps) or call.is_ours
    opening = [
        (
            f"Transaction 0x{bytes(receipt['transactionHash']).hex()} in block {block},"
            f" {datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S} UTC, sent by"
            f" {words.who(sent['from'])}"
        ),
        *call.sentences,
    ]
    if reason:
        opening.append(f"It failed and changed nothing: {reason}")
    if not is_ours:
        opening.append("It did nothing with a SEE, a Splitter or a Registry of seechain")
    opening += found.forged
    return Explanation(
        transaction_hash="0x" + bytes(receipt["transactionHash"]).hex(),
        block_number=block,
        time=time,
        sender=sent["from"],
        to=sent.get("to"),
        succeeded=bool(receipt["status"]),
        gas_used=int(receipt["gasUsed"]),
        is_ours=is_ours,
        is_named=is_named,
        reason=reason,
        opening=tuple(opening),
        steps=tuple(steps),
        faults=tuple(fault for step in steps for fault in step.faults),
    )


def _read(w3: Web3, transaction: str) -> tuple[Any, Any]:
    unknown = (
        f"the node at {url_of(w3)} shows no transaction {transaction[:80]!r} in a block: check the"
        " hash and the chain, or wait"
    )
    digits = transaction.removeprefix("0x")
    if len(digits) != 64 or not all(each in "0123456789abcdefABCDEF" for each in digits):
        raise SeechainError(f"a transaction is 0x and 64 hex digits, got {transaction[:80]!r}")
    with asking(w3, f"reading transaction {transaction}"):
        try:
            sent = w3.eth.get_transaction("0x" + digits)  # type: ignore[arg-type]
            receipt = w3.eth.get_transaction_receipt("0x" + digits)  # type: ignore[arg-type]
        except TransactionNotFound:
            raise NotMined(unknown) from None
    return sent, receipt


def _names(agreement: Agreement) -> dict[str, str]:
    return {each.account: each.name for each in agreement.members}


def _is_named(found: Found, events: Sequence[Event], agreement: Agreement) -> bool:
    """Whether an agreement is one of a SEE or a Splitter that the transaction is about."""
    put_in_force = any(
        isinstance(event, Registered) and event.agreement == agreement.commitment
        for event in events
        if event.address in found.beside and found.wants(event)
    )
    return put_in_force or any(is_named_by(each, agreement) for each in found.books.values())


def _plain(log: Any) -> dict[str, Any]:
    return {
        "address": log["address"],
        "topics": [bytes(each) for each in log["topics"]],
        "data": bytes(log["data"]),
        "blockNumber": int(log["blockNumber"]),
        "transactionHash": bytes(log["transactionHash"]),
        "logIndex": int(log["logIndex"]),
    }


def _moves(logs: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str, int]]:
    """Transfers of tokens: token, from, to, amount."""
    for log in logs:
        topics = log["topics"]
        if len(topics) == 3 and topics[0] == _TRANSFER and len(log["data"]) == 32:
            payer, to = (checksum(each[12:]) for each in topics[1:])
            yield log["address"], payer, to, int.from_bytes(log["data"], "big")


def _paid_to(logs: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(to for _, _, to, _ in _moves(logs)))


def _steps(
    found: Found,
    words: Words,
    events: Sequence[Event],
    logs: Sequence[Mapping[str, Any]],
    block: int,
    agreement: Agreement | None,
) -> Iterator[Step]:
    for event in events:
        if event.address in found.beside and found.wants(event):
            if isinstance(event, Amended):
                yield _amended(found, words, event)
            elif isinstance(event, Registered):
                yield told.registered(words, event, agreement)
            elif (step := told.told(words, event)) is not None:
                yield step
    for books in found.books.values():
        yield from _of_books(books, words, events, logs, block)


def _amended(found: Found, words: Words, event: Amended) -> Step:
    see = found.books.get(event.see)
    if not isinstance(see, SEE):
        return told.registered(words, event, None)
    begun, now = see.versions[event.version - 1].start or (0, 0), _place(event)
    seats: set[str] = set()
    voices: set[str] = set()
    for topics, contract in (
        ([topic_of(LEFT)], see.address),
        ([topic_of(VOICE_LEFT), topic(see.address)], see.registry),
    ):
        for gone in read_events(see.w3, contract, topics, begun[0], event.block_number):
            if isinstance(gone, Left | VoiceLeft) and begun < _place(gone) < now:
                (seats if isinstance(gone, Left) else voices).add(gone.account)
    return told.amended(words, see, event, seats, voices)


def _place(event: Event) -> tuple[int, int]:
    return event.block_number, event.log_index


def _of_books(
    books: Splitter,
    words: Words,
    events: Sequence[Event],
    logs: Sequence[Mapping[str, Any]],
    block: int,
) -> Iterator[Step]:
    moves = list(_moves(logs))
    own = [event for event in events if event.address == books.address]
    currencies = [
        *(currency for event in own if (currency := getattr(event, "currency", None))),
        *(token for token, payer, to, _ in moves if books.address in (payer, to)),
    ]
    if not own and not currencies:
        return
    transaction = "0x" + logs[0]["transactionHash"].hex()
    try:
        past = history(books, last=block, currencies=dict.fromkeys(currencies or [NATIVE]))
    except (NotPublished, NotRegistered) as error:
        place = own[0].log_index if own else -1
        said = f"What {books.address} has paid to whom can't be told: {error}"
        yield Step(place, (said,), {"what": "untold", "see": books.address, "why": str(error)})
        return
    here = [
        entry
        for entry in past.entries
        if entry.block_number == block and entry.transaction_hash == transaction
    ]
    payments = Payments(books, past)
    yield from _of_entries(here, payments, words, own, moves, books.address)


def _of_entries(
    here: Sequence[Entry],
    payments: Payments,
    words: Words,
    own: Sequence[Event],
    moves: Sequence[tuple[str, str, str, int]],
    address: str,
) -> Iterator[Step]:
    pages = {event.log_index: event for event in own if isinstance(event, PaidOut)}
    for place, group in groupby(here, key=lambda each: each.log_index):
        entries = list(group)
        for entry in entries:
            if isinstance(entry, Payment):
                yield payments.step(words, entry)
            elif isinstance(entry, Fact) and entry.event.address == address:
                yield _fact(words, entry)
        had = [entry for entry in entries if isinstance(entry, Portion)]
        if place in pages and had:
            yield reasons.paid_out(words, had, pages[place].page)
        else:
            yield from (reasons.portion(words, entry) for entry in had)
    faults = [*_wrongly_kept(here, own), *_unpaid(here, moves, address)]
    if faults:
        yield Step(2**64, (), {"what": "faults", "see": address}, tuple(faults))


def _fact(words: Words, fact: Fact) -> Step:
    event = fact.event
    if isinstance(event, Left):
        return reasons.left(words, event, fact.why)
    if isinstance(event, Closed):
        return reasons.closed(words, event)
    step = told.told(words, event)
    return step or Step(event.log_index, (), {"what": event.name.lower()})


def _wrongly_kept(here: Sequence[Entry], own: Sequence[Event]) -> Iterator[str]:
    """What was logged as kept, and is not what is due."""
    due = {
        (each.currency, each.index): each.due
        for each in here
        if isinstance(each, Portion) and each.how == "kept"
    }
    for event in own:
        if isinstance(event, Kept) and due.get((event.currency, event.index)) != event.amount:
            yield (
                f"{event.amount} was kept for {event.account} where"
                f" {due.get((event.currency, event.index), 0)} was due"
            )


def _unpaid(
    here: Sequence[Entry], moves: Sequence[tuple[str, str, str, int]], address: str
) -> Iterator[str]:
    """What a token should have moved to somebody, and has not logged."""
    moved = Counter((token, to, amount) for token, payer, to, amount in moves if payer == address)
    for entry in here:
        if isinstance(entry, Portion) and entry.amount and entry.currency != NATIVE:
            key = entry.currency, entry.to, entry.amount
            if not moved[key]:
                yield (
                    f"the token {entry.currency} has not logged a transfer of {entry.amount} to"
                    f" {entry.to}"
                )
            moved[key] -= 1
