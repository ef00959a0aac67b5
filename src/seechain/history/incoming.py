"""What was paid to a SEE or a Splitter in some blocks, without the history before them.

It reads as little as it can, so that it can be asked for again and again. All that money ever
did, with what came without a log, is in `seechain.history`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from seechain.accounts import checksum
from seechain.agreement.text import NATIVE
from seechain.chain.clones import payer_address
from seechain.chain.events import Paid, PaidFor, PaidLate, Received, decode_log, topic_of
from seechain.chain.logs import latest_block
from seechain.chain.published import topic
from seechain.chain.raw_logs import Log, read_logs, timed
from seechain.history import PaidBy, Payment
from seechain.see.recovered import Recovered
from seechain.splitter import Splitter

_TRANSFER = topic_of("Transfer(address,address,uint256)")


def incoming(
    books: Splitter, first: int, last: int | None = None, currencies: Iterable[str] = ()
) -> tuple[Payment, ...]:
    """The payments in blocks `first` to `last` (the latest), in the chain's order.

    Args:
        currencies: tokens whose plain transfers are looked for too; payments by `pay`, and those
            of the native coin, are found in any case.

    Raises:
        NodeError: the node can't be asked, or does not show all.
    """
    end = latest_block(books.w3) if last is None else last
    own = [*read_logs(books.w3, [books.address], [], first, end)]
    tokens = [each for each in dict.fromkeys(currencies) if each != NATIVE]
    if tokens:
        wanted = [_TRANSFER, None, topic(books.address)]
        own += read_logs(books.w3, tokens, wanted, first, end)
    if any(type(decode_log(log)) in (Paid, PaidLate) for log in own):
        wanted = [None, topic(books.address)]
        own += read_logs(books.w3, [payer_address()], wanted, first, end)
    return _payments(books, sorted(own, key=lambda log: (log["blockNumber"], log["logIndex"])))


def _payments(books: Splitter, logs: Sequence[Log]) -> tuple[Payment, ...]:
    timed(books.w3, logs)
    versions = _Versions(books)
    found: list[Payment] = []
    for log in logs:
        event = decode_log(log)
        if isinstance(event, PaidFor):
            _name_payer(found, event)
        elif isinstance(event, Paid | PaidLate):
            _take_back(found, event)
            late = isinstance(event, PaidLate)
            version = event.version if isinstance(event, PaidLate) else versions.at(log)
            how: PaidBy = "late" if late else "pay"
            paid = (event.currency, event.amount, event.payer, event.memo)
            found.append(Payment(*_where(books, log), *paid, version, how))
        elif isinstance(event, Received):
            plain = (NATIVE, event.amount, event.payer, bytes(32), versions.at(log))
            found.append(Payment(*_where(books, log), *plain, "transfer"))
        elif log["topics"][:1] == [_TRANSFER] and len(log["topics"]) == 3:
            found += _transfer(books, log, versions)
    return tuple(found)


def _transfer(books: Splitter, log: Log, versions: _Versions) -> list[Payment]:
    payer, amount = checksum(log["topics"][1][12:]), int.from_bytes(log["data"], "big")
    if len(log["data"]) != 32 or not amount or payer == books.address:
        return []
    fields = (checksum(bytes.fromhex(log["address"][2:])), amount, payer, bytes(32))
    return [Payment(*_where(books, log), *fields, versions.at(log), "transfer")]


def _where(books: Splitter, log: Log) -> tuple[str, int, int, str, int]:
    transaction = "0x" + log["transactionHash"].hex()
    return books.address, log["blockNumber"], log["blockTimestamp"], transaction, log["logIndex"]


def _take_back(found: list[Payment], event: Paid) -> None:
    """Takes back the token's transfer by which a `pay` was made: it counts once."""
    if event.currency == NATIVE:  # of which a `pay` logs no transfer
        return
    for at in range(len(found) - 1, -1, -1):
        each = found[at]
        if each.transaction_hash != event.transaction_hash:
            return
        if (each.how, each.currency, each.payer) == ("transfer", event.currency, event.payer):
            del found[at]
            return


def _name_payer(found: list[Payment], event: PaidFor) -> None:
    """Who paid through the Payer, which the contract has logged as the payer."""
    for at in range(len(found) - 1, -1, -1):
        each = found[at]
        if each.transaction_hash != event.transaction_hash:
            return
        if (each.payer, each.currency, each.memo) == (event.address, event.currency, event.memo):
            found[at] = replace(each, payer=event.payer, how="payer")
            return


class _Versions:
    """Which version was in force where a log stands; asked of the chain once, and when needed."""

    def __init__(self, books: Splitter) -> None:
        self._books = books
        self._starts: list[tuple[int, int]] | None = None

    def at(self, log: Log) -> int:
        if not isinstance(self._books, Recovered):
            return 0
        if self._starts is None:
            several = self._books.version > 0
            versions = self._books.versions if several else ()
            self._starts = [each.start or (0, 0) for each in versions[1:]]
        place = (log["blockNumber"], log["logIndex"])
        return sum(start <= place for start in self._starts)
