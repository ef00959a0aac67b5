"""Reads what a replay needs: all logs of a contract, of its Registry and of its tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from web3 import Web3

from seechain.accounts import checksum
from seechain.agreement.text import NATIVE, currency_address
from seechain.chain import interface
from seechain.chain.clones import payer_address
from seechain.chain.decoding import decode_log, topic_of
from seechain.chain.events import (
    Amended,
    Claimed,
    Closed,
    Event,
    Kept,
    Left,
    Paid,
    PaidLate,
    Registered,
)
from seechain.chain.interface import ERC20
from seechain.chain.logs import latest_block
from seechain.chain.node import asking, call
from seechain.chain.published import topic
from seechain.chain.raw_logs import Log, read_logs, timed, times_of
from seechain.chain.reverts import ChainError, TokenError
from seechain.history.replay import Moved, Replay
from seechain.history.signs import Signs
from seechain.see.recovered import Recovered
from seechain.see.versions import LATE, Version
from seechain.share_table import ShareTable
from seechain.splitter import Splitter

_TRANSFER = topic_of("Transfer(address,address,uint256)")
_SEE = interface.of("SEE")


def replayed(
    books: Splitter, last: int | None, currencies: Iterable[str] | None, start: int
) -> tuple[Replay, int, dict[str, int]]:
    """The replay of all events until block `last`, that block, and what was held in it."""
    end = latest_block(books.w3)
    end = end if last is None else min(last, end)
    versions = _versions(books, end)
    own = [*_logs(books, [books.address], [], start, end)]
    beside = [books.registry, payer_address()]
    own += _logs(books, beside, [None, topic(books.address)], start, end)
    events = [(event, log) for log in own if (event := decode_log(log)) is not None]
    chosen = _currencies(books, versions, currencies, [event for event, _ in events])
    tokens = [each for each in chosen if each != NATIVE]
    moves = [*_moves(books, tokens, start, end)] if tokens else []
    events = sorted([*events, *moves], key=lambda each: _place(each[0]))
    times = timed(books.w3, [log for _, log in events])
    facts = [event for event, _ in events]
    replay = Replay(
        books.address,
        _tables(books, versions),
        chosen,
        _signs(books, facts, tokens, end),
        _outs(books.address, facts),
        _named(versions),
        is_formed=not any(type(event) is Registered for event in facts),
    )
    for event in facts:
        replay.take(event, times[event.block_number])
    balances = _balances(books, chosen, end, is_latest=last is None)
    received = _received(books, [each for each in tokens if each in balances], end)
    ((_, time),) = times_of(books.w3, [end])
    replay.settle(balances, received, end, time)
    return replay, end, balances


def _logs(
    books: Splitter,
    addresses: Sequence[str],
    topics: Sequence[bytes | None],
    first: int,
    last: int,
) -> Iterable[Log]:
    return read_logs(books.w3, addresses, topics, first, last)


def _versions(books: Splitter, last: int) -> tuple[Version, ...]:
    versions = books.versions if isinstance(books, Recovered) else ()
    return tuple(each for each in versions if each.start is None or each.start[0] <= last)


def _tables(books: Splitter, versions: Sequence[Version]) -> Any:
    def table_of(version: int) -> ShareTable:
        if isinstance(books, Recovered):
            return books.table_of(versions[version])
        return books.table

    return table_of


def _currencies(
    books: Splitter,
    versions: Sequence[Version],
    chosen: Iterable[str] | None,
    events: Iterable[Event],
) -> list[str]:
    if chosen is not None:
        return list(dict.fromkeys(name for each in chosen for name in books.named(each)))
    found: dict[str, None] = dict.fromkeys([NATIVE])
    for version in versions:
        found |= dict.fromkeys(version.currencies)
    for event in events:
        if (currency := getattr(event, "currency", None)) is not None:
            found[currency] = None
    return list(found)


def _moves(
    books: Splitter, tokens: Sequence[str], first: int, last: int
) -> Iterable[tuple[Event, Log]]:
    own = topic(books.address)
    for topics in ([_TRANSFER, None, own], [_TRANSFER, own]):
        for log in _logs(books, tokens, topics, first, last):
            if len(log["topics"]) != 3 or len(log["data"]) != 32:  # of a token with ids, or odd
                continue
            payer, to = (checksum(each[12:]) for each in log["topics"][1:])
            if topics[1] is not None and to == books.address:
                continue  # to itself, which was found before
            yield (
                Moved(
                    log["address"],
                    log["blockNumber"],
                    "0x" + log["transactionHash"].hex(),
                    log["logIndex"],
                    payer,
                    to,
                    int.from_bytes(log["data"], "big"),
                ),
                log,
            )


def _signs(books: Splitter, events: Iterable[Event], tokens: Sequence[str], end: int) -> Signs:
    """What tells of the versions of the books: see `Signs`."""
    signs = Signs()
    in_force = 0
    closed: set[tuple[str, int]] = set()
    for event in events:
        if isinstance(event, Amended):
            in_force = event.version
        elif isinstance(event, Closed):
            closed.add((event.currency, event.version))
            signs.add(event.currency, _place(event), event.version)
        elif isinstance(event, Claimed | Kept | Left):
            is_open = (event.currency, event.version) not in closed
            if is_open and not event.version & LATE:
                signs.add(event.currency, _place(event), event.version)
        elif isinstance(event, Paid | PaidLate) and event.currency != NATIVE:
            signs.add(event.currency, _place(event), in_force)
    if isinstance(books, Recovered):
        for token in tokens:
            data = _SEE.encode("book", currency_address(token))
            try:
                raw = call(books.w3, books.address, data, "reading a book", block=end)
            except ChainError:
                continue  # the node has forgotten that block
            signs.add(token, (end + 1, 0), int.from_bytes(raw[:32], "big"))
    return signs


def _outs(see: str, events: Iterable[Event]) -> dict[tuple[str, str], Counter[str]]:
    """How often each account was sent a token, by transaction and token."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for event in events:
        if isinstance(event, Moved) and event.payer == see:
            place = event.transaction_hash, event.address
            found.setdefault(place, Counter())[event.to] += 1
    return found


def _named(versions: Sequence[Version]) -> dict[int, frozenset[str]]:
    """The currencies whose books were closed as a version came into force: of it and the last."""
    return {
        version.number: frozenset([*last.currencies, *version.currencies])
        for last, version in pairwise(versions)
    }


def _received(books: Splitter, tokens: Iterable[str], block: int) -> dict[str, int]:
    """C of each token in a block, as far as the contract says it: not before it is there."""
    found = {}
    for token in tokens:
        data = books.interface.encode("received", currency_address(token))
        try:
            raw = call(books.w3, books.address, data, "reading a book", block=block)
        except ChainError:
            continue  # the node has forgotten that block
        if len(raw) == 32:
            found[token] = int.from_bytes(raw, "big")
    return found


def _balances(
    books: Splitter, currencies: Iterable[str], block: int, *, is_latest: bool
) -> dict[str, int]:
    """What was held in a block, as far as the node and the tokens say.

    Raises:
        NodeError: the node does not even show the coin in its latest block.
    """
    found = {}
    for currency in currencies:
        try:
            found[currency] = held(books.w3, books.address, currency, block)
        except ChainError:
            # A token may make a node fail, and a node forgets what was held long ago.
            if currency == NATIVE and is_latest:
                raise
    return found


def held(w3: Web3, account: str, currency: str, block: int) -> int:
    """What an account held at the end of a block.

    Raises:
        ChainError: the node can't be asked, or has forgotten that block, or the token refuses.
    """
    what = f"reading the balance of {account}"
    if currency == NATIVE:
        with asking(w3, what):
            return int(w3.eth.get_balance(account, block))  # type: ignore[arg-type]
    raw = call(w3, currency, ERC20.encode("balanceOf", account), what, block=block)
    if len(raw) < 32:
        raise TokenError(f"{currency} does not answer balanceOf as a token does")
    return int.from_bytes(raw[:32], "big")


def _place(event: Event) -> tuple[int, int]:
    return event.block_number, event.log_index
