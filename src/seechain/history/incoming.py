"""What was paid to a SEE or a Splitter in some blocks, without the history before them.

It reads as little as it can, so that it can be asked for again and again. All that money ever
did, with what came without a log, is in `seechain.history`.

That a token was sent only the token's own log says: of one that takes a fee less arrives, and a
log can be made up. So each plain transfer of a token counts for what arrived of it:

    came    = balance after its block - balance before + what was sent on in it - what `pay` took
    arrived = amount, or its part of what came, where that is less than the sum of the block's:
              floor(came x S / sum) - floor(came x R / sum), S the sum up to it, R the one before
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from seechain.history import PaidBy, Payment
from seechain.history.balances import held_at
from seechain.see.recovered import Recovered
from seechain.splitter import Splitter

Wanted = Callable[[Payment], bool]

_Block = tuple[str, str, int]  # a SEE, a currency, a block
_TRANSFER = topic_of("Transfer(address,address,uint256)")


def incoming(
    books: Splitter,
    first: int,
    last: int | None = None,
    currencies: Iterable[str] = (),
    *,
    wanted: Wanted | None = None,
    with_nothing: bool = False,
) -> tuple[Payment, ...]:
    """The payments in blocks `first` to `last` (the latest), in the chain's order.

    Args:
        currencies: tokens whose plain transfers are looked for too, and given as `arrived` has
            them; payments by `pay`, and those of the native coin, are found in any case.
        wanted, with_nothing: as of `arrived`.

    Raises:
        NodeError: the node can't be asked, or does not show all.
    """
    end = latest_block(books.w3) if last is None else last
    own = [*read_logs(books.w3, [books.address], [], first, end)]
    tokens = [each for each in dict.fromkeys(currencies) if each != NATIVE]
    if tokens:
        topics = [_TRANSFER, None, topic(books.address)]
        own += read_logs(books.w3, tokens, topics, first, end)
    if any(type(decode_log(log)) in (Paid, PaidLate) for log in own):
        topics = [None, topic(books.address)]
        own += read_logs(books.w3, [payer_address()], topics, first, end)
    found = _payments(books, sorted(own, key=_place))
    return arrived(books.w3, found, wanted=wanted, with_nothing=with_nothing)


def arrived(
    w3: Web3,
    payments: Iterable[Payment],
    *,
    wanted: Wanted | None = None,
    with_nothing: bool = False,
) -> tuple[Payment, ...]:
    """Payments with what arrived of each plain transfer of a token.

    Where the node does not show what was held, because it has forgotten the block or the token
    does not answer, the amount is that of the log, and `as_logged` is true.

    Args:
        payments: all of some blocks, as `incoming` or `seechain.history` has them.
        wanted: which plain transfers of tokens matter, by what their log says: blocks without
            any are not asked for, and theirs are left out.
        with_nothing: also those of which nothing arrived, with an amount of 0; else left out.

    Raises:
        NodeError: the node can't be asked.
    """
    given = tuple(payments)
    sent: dict[_Block, list[Payment]] = {}  # in plain transfers
    taken: Counter[_Block] = Counter()  # by `pay`, which has counted it
    for each in given:
        if _is_told_by_token(each):
            sent.setdefault(_block(each), []).append(each)
        elif each.how != "unlogged":
            taken[_block(each)] += each.amount
    if wanted is not None:
        sent = {place: told for place, told in sent.items() if any(map(wanted, told))}
    came = _came(w3, {block: sum(each.amount for each in sent[block]) for block in sent}, taken)
    shares = {block: _shared(told, came[block]) for block, told in sent.items()}
    found = []
    for each in given:
        if not _is_told_by_token(each):
            found.append(each)
        elif (share := shares.get(_block(each))) is not None:
            one = next(share)
            found += [one] * (one.amount > 0 or with_nothing)
    return tuple(found)


def _shared(told: Sequence[Payment], came: int | None) -> Iterator[Payment]:
    """The plain transfers of one block with what arrived of each; came: None where not known."""
    logged = sum(each.amount for each in told)
    before = 0
    for each in told:
        if came is None:
            yield replace(each, as_logged=True)
            continue
        there, after = min(max(0, came), logged), before + each.amount
        amount = after * there // logged - before * there // logged
        before = after
        yield each if amount == each.amount else replace(each, amount=amount, logged=each.amount)


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


def _block(payment: Payment) -> _Block:
    return payment.see, payment.currency, payment.block_number


def _came(
    w3: Web3, sums: Mapping[_Block, int], taken: Mapping[_Block, int]
) -> dict[_Block, int | None]:
    """What came in each block but by `pay`: not looked at closer where it is the sum or more."""
    places = [(see, token, at) for see, token, block in sums for at in (block - 1, block)]
    balances = held_at(w3, (each for each in places if each[2] >= 0))
    found: dict[_Block, int | None] = {}
    for place, least in sums.items():
        see, token, block = place
        before, after = balances[see, token, block - 1] if block else 0, balances[place]
        if before is None or after is None:
            found[place] = None
            continue
        came = after - before - taken[place]
        if came < least:
            gone = read_logs(w3, [token], [_TRANSFER, topic(see)], block, block)
            came += sum(_units(log) for log in gone if log["topics"][2:] != [topic(see)])
        found[place] = came
    return found


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
