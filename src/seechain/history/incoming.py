"""What was paid to a SEE or a Splitter in some blocks, without the history before them.

It reads as little as it can, so that it can be asked for again and again. All that money ever
did, with what came without a log, is in `seechain.history`.

That a token was sent only the token's own log says: of one that takes a fee less arrives, and a
log can be made up. So each plain transfer of a token counts for what arrived of it:

    came    = balance after its block - balance before + what was sent on in it - what `pay` took
    arrived = amount, or floor(came x amount / sum) where less came than the sum of the block's
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from web3 import Web3

from seechain.accounts import checksum
from seechain.agreement.text import NATIVE
from seechain.chain.clones import payer_address
from seechain.chain.decoding import decode_log, topic_of
from seechain.chain.events import Paid, PaidFor, PaidLate, Received
from seechain.chain.logs import latest_block
from seechain.chain.published import topic
from seechain.chain.raw_logs import Log, read_logs, timed
from seechain.chain.reverts import ChainError
from seechain.history import PaidBy, Payment
from seechain.history.replaying import held
from seechain.see.recovered import Recovered
from seechain.splitter import Splitter

_TRANSFER = topic_of("Transfer(address,address,uint256)")


def incoming(
    books: Splitter, first: int, last: int | None = None, currencies: Iterable[str] = ()
) -> tuple[Payment, ...]:
    """The payments in blocks `first` to `last` (the latest), in the chain's order.

    Args:
        currencies: tokens whose plain transfers are looked for too, and given as `arrived` has
            them; payments by `pay`, and those of the native coin, are found in any case.

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
    found = _payments(books, sorted(own, key=_place))
    return arrived(books.w3, found)


def arrived(w3: Web3, payments: Iterable[Payment]) -> tuple[Payment, ...]:
    """Payments with what arrived of each plain transfer of a token; without those that did not.

    Where the node does not show what was held, because it has forgotten the block or the token
    does not answer, the amount is that of the log, and `as_logged` is true.

    Args:
        payments: all of some blocks, as `incoming` or `seechain.history` has them.

    Raises:
        NodeError: the node can't be asked.
    """
    given = tuple(payments)
    sent: dict[tuple[str, str, int], int] = {}  # in plain transfers, by SEE, currency and block
    taken: Counter[tuple[str, str, int]] = Counter()  # by `pay`, which has counted it
    for each in given:
        if _is_told_by_token(each):
            sent[_block(each)] = sent.get(_block(each), 0) + each.amount
        elif each.how != "unlogged":
            taken[_block(each)] += each.amount
    came = {place: _came(w3, place, taken[place], least) for place, least in sent.items()}
    found = []
    for each in given:
        if not _is_told_by_token(each):
            found.append(each)
            continue
        there, logged = came[_block(each)], sent[_block(each)]
        if there is None:
            found.append(replace(each, as_logged=True))
        elif amount := each.amount * min(max(0, there), logged) // logged:
            found.append(replace(each, amount=amount))
    return tuple(found)


def last_paid(
    books: Splitter, payer: str, memo: bytes, currency: str, first: int = 0
) -> tuple[str, int] | None:
    """The last payment of an account with a memo, from block `first` on: transaction and time.

    By `pay` or through the Payer: plain transfers have no memo. Time in unix seconds.

    Raises:
        NodeError: the node can't be asked, or does not show all.
    """
    see, who = topic(books.address), topic(payer)
    logs = [*read_logs(books.w3, [books.address], [None, who, memo], first)]
    logs += read_logs(books.w3, [payer_address()], [None, see, who, memo], first)
    found = [
        log
        for log in logs
        if isinstance(event := decode_log(log), Paid | PaidFor) and event.currency == currency
    ]
    if not found:
        return None
    last = max(found, key=_place)
    timed(books.w3, [last])
    return "0x" + last["transactionHash"].hex(), last["blockTimestamp"]


def _place(log: Log) -> tuple[int, int]:
    return log["blockNumber"], log["logIndex"]


def _is_told_by_token(payment: Payment) -> bool:
    is_plain = payment.how == "transfer" or (payment.how == "early" and not any(payment.memo))
    return is_plain and payment.currency != NATIVE


def _block(payment: Payment) -> tuple[str, str, int]:
    return payment.see, payment.currency, payment.block_number


def _came(w3: Web3, place: tuple[str, str, int], taken: int, least: int) -> int | None:
    """What came in a block but by `pay`; as much as `least` or more is not looked at closer."""
    see, currency, block = place
    try:
        before = held(w3, see, currency, block - 1) if block else 0
        came = held(w3, see, currency, block) - before - taken
    except ChainError:
        latest_block(w3)  # a node that is not there has not forgotten
        return None
    if came < least:
        gone = read_logs(w3, [currency], [_TRANSFER, topic(see)], block, block)
        came += sum(_units(log) for log in gone if log["topics"][2:] != [topic(see)])
    return came


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
    payer, amount = checksum(log["topics"][1][12:]), _units(log)
    if not amount or payer == books.address:
        return []
    fields = (checksum(bytes.fromhex(log["address"][2:])), amount, payer, bytes(32))
    return [Payment(*_where(books, log), *fields, versions.at(log), "transfer")]


def _units(log: Log) -> int:
    """The amount of a Transfer; 0 where it says none."""
    return int.from_bytes(log["data"], "big") if len(log["data"]) == 32 else 0


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
        return sum(start <= _place(log) for start in self._starts)
