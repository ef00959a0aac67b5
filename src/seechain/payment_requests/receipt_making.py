"""Makes a payment's receipt from the chain, and holds one that others made against it."""

from __future__ import annotations

import re
from typing import Any

from web3 import Web3
from web3.exceptions import TransactionNotFound

from seechain.agreement.text import NATIVE
from seechain.chain.decoding import LEFT, topic_of
from seechain.chain.events import Left
from seechain.chain.logs import read_events
from seechain.chain.node import asking, chain_id_of
from seechain.chain.reverts import NotPublished, NotRegistered, NotSeechain
from seechain.consent.messages import agreement_hash
from seechain.errors import PaymentReceiptError
from seechain.history import Payment
from seechain.history.incoming import incoming
from seechain.payment_requests.cautions import is_unnamed, unnamed
from seechain.payment_requests.payment_receipt import PaymentReceipt, divided
from seechain.payment_requests.payment_request import PaymentRequest
from seechain.payment_requests.token_words import check_words, words_of
from seechain.see.recovered import Recovered
from seechain.see.standing import books_at
from seechain.share_table import ShareTable
from seechain.splitter import Splitter

_HASH = re.compile(r"0x[0-9a-fA-F]{64}")
_SHOWN = {
    "chain_id": "the chain",
    "payer": "the payer",
    "currency": "the currency",
    "amount": "the amount, in smallest units,",
    "symbol": "the token's symbol",
    "decimals": "the number of decimals",
    "memo": "the memo",
    "how": "the way it was paid",
    "block_number": "the block",
    "time": "the time, in unix seconds,",
    "version": "the version of the agreement",
    "terms_hash": "the hash of the terms",
    "commitment": "the commitment",
    "undivided": "what is undivided",
}


def receipt_of(
    books: Splitter,
    transaction: str,
    *,
    log_index: int | None = None,
    request: PaymentRequest | None = None,
    table: ShareTable | None = None,
) -> PaymentReceipt:
    """The receipt of the payment that a transaction made to a SEE or a Splitter.

    Args:
        log_index: which of its payments, where it made several.
        request: the one it was paid for, to be written into it.
        table: the share table, where it was not published.

    Raises:
        PaymentReceiptError: it made none, or several, or none for this request.
        PaymentRequestError: the request has another symbol or other decimals than its token.
        NotPublished, NotRegistered: the share table can't be recovered.
    """
    if request is not None:
        check_words(books.w3, request)
    payment, _ = _payment(books, transaction, log_index)
    seats, terms, commitment = _division(books, payment, table)
    parts = divided(payment.amount, seats)
    symbol, decimals = words_of(books.w3, payment.currency)
    receipt = PaymentReceipt(
        chain_id=chain_id_of(books.w3),
        see=books.address,
        payer=payment.payer,
        currency=payment.currency,
        amount=payment.amount,
        symbol=symbol,
        decimals=decimals,
        memo=payment.memo,
        how=payment.how,
        block_number=payment.block_number,
        time=payment.time,
        transaction_hash=payment.transaction_hash,
        log_index=payment.log_index,
        version=payment.version,
        terms_hash=terms,
        commitment=commitment,
        parts=parts,
        undivided=payment.amount - sum(each.units for each in parts),
        request=request,
    )
    if faults := receipt.faults():
        raise PaymentReceiptError(faults[0])
    return receipt


def differences(receipt: PaymentReceipt, w3: Web3) -> list[str]:
    """What a receipt says otherwise than the chain, one sentence each.

    Raises:
        NodeError: the node can't be asked.
    """
    if receipt.chain_id != chain_id_of(w3):
        return [f"the receipt is of chain {receipt.chain_id}, the node of {chain_id_of(w3)}"]
    faults = receipt.faults()
    if faults:
        return faults
    try:
        books = books_at(w3, receipt.see)
        right = receipt_of(
            books,
            receipt.transaction_hash,
            log_index=receipt.log_index,
            table=receipt.table,
        )
    except (PaymentReceiptError, NotSeechain, NotRegistered) as error:
        return [str(error)]
    except NotPublished:
        why = "the share table is not the agreement's, which was not published: ask a member for it"
        return [why]
    found = [
        f"{what} differs: the receipt says {_said(receipt, name)}, the chain {_said(right, name)}"
        for name, what in _SHOWN.items()
        if getattr(receipt, name) != getattr(right, name)
    ]
    return found + _part_differences(receipt, right)


def doubts(
    receipt: PaymentReceipt, books: Splitter | None = None, request: PaymentRequest | None = None
) -> list[str]:
    """What a receipt without differences proves less than it seems to, one sentence each.

    Args:
        books: who was paid; left out, nothing is said of the currency.
        request: the one it was paid for, where it is at hand: the receipt does not differ from it.

    Raises:
        NodeError: the node can't be asked.
    """
    found = []
    if books is not None and receipt.currency != NATIVE:
        if is_unnamed(books, receipt.currency, receipt.version):
            found.append(f"{unnamed(receipt.currency)}, which may say that it was paid")
        payment, beside = _payment(books, receipt.transaction_hash, receipt.log_index)
        if payment.as_logged:
            found.append(
                "the amount is as the token's log has it: this node does not show what was held"
                " then, so ask one that does"
            )
        if payment.logged is not None:
            found.append(_short(receipt, payment.logged, beside))
    if receipt.request is not None and request is None:
        found.append(
            "what it says of the request is on no chain and was not checked: hold it against the"
            " request's own file"
        )
    return found


def _short(receipt: PaymentReceipt, logged: int, beside: int) -> str:
    """Of a plain transfer of which less arrived than its log says."""
    said = f"the log says {receipt.money(logged)}, and {receipt.money(receipt.amount)} arrived: "
    if beside:
        return said + (
            f"what came in its block is shared by the logs of {beside + 1} payments, of which the"
            " token may have made one up"
        )
    return said + "the token takes a fee, or it changed the balance in this block"


def _part_differences(receipt: PaymentReceipt, right: PaymentReceipt) -> list[str]:
    said = {each.account: each for each in receipt.parts}
    found = []
    for each in right.parts:
        other = said.pop(each.account, None)
        if other != each:
            says = "no seat" if other is None else _of(receipt, other)
            found.append(
                f"the part of {each.account} differs: the receipt says {says}, the chain"
                f" {_of(right, each)}"
            )
    found += [f"{each} has no seat, the receipt says {_of(receipt, said[each])}" for each in said]
    return found


def _of(receipt: PaymentReceipt, part: Any) -> str:
    left = ", has left" if part.has_left else ""
    return f"{part.shares} shares{left}, {receipt.money(part.units)}"


def _said(receipt: PaymentReceipt, name: str) -> str:
    value = getattr(receipt, name)
    return "0x" + value.hex() if isinstance(value, bytes) else repr(value)


def _payment(books: Splitter, transaction: str, log_index: int | None) -> tuple[Payment, int]:
    """The payment, and how many others in its block share what came of its token."""
    block, tokens = _mined(books.w3, transaction)
    told = incoming(books, block, block, tokens, with_nothing=True)
    found = [each for each in told if each.transaction_hash == transaction.lower()]
    if log_index is not None:
        found = [each for each in found if each.log_index == log_index]
    if not any(each.amount for each in found):
        where = "" if log_index is None else f" at place {log_index} of the log"
        why = (
            ""
            if not found
            else (": what its log says is made up, or the token changed the balance in this block")
        )
        raise PaymentReceiptError(
            f"transaction {transaction} pays {books.address} nothing{where}{why}"
        )
    found = [each for each in found if each.amount]
    if len(found) > 1:
        places = ", ".join(str(each.log_index) for each in found)
        raise PaymentReceiptError(
            f"transaction {transaction} pays {books.address} {len(found)} times: name the place in"
            f" the log, one of {places}"
        )
    others = [
        each
        for each in told
        if (each.currency, each.how) == (found[0].currency, "transfer") and each != found[0]
    ]
    return found[0], len(others)


def _mined(w3: Web3, transaction: str) -> tuple[int, list[str]]:
    """The block of a transaction, and whose logs it has."""
    if not _HASH.fullmatch(transaction):
        raise PaymentReceiptError(
            f"a transaction is 0x and 64 hex digits, got {transaction[:100]!r}"
        )
    chain = chain_id_of(w3)
    with asking(w3, f"reading transaction {transaction}"):
        try:
            mined: Any = w3.eth.get_transaction_receipt(transaction)  # type: ignore[arg-type]
        except TransactionNotFound:
            raise PaymentReceiptError(
                f"no transaction {transaction} is in a block of chain {chain}: check its hash, and"
                " wait until it is mined"
            ) from None
        return int(mined["blockNumber"]), [str(log["address"]) for log in mined["logs"]]


def _division(
    books: Splitter, payment: Payment, given: ShareTable | None
) -> tuple[list[tuple[str, int, bool, bool]], bytes, bytes]:
    """Seats as they stood when it was paid; the hash of the terms; the commitment."""
    if not isinstance(books, Recovered):
        if given is not None and given.hash == books.commitment:
            books.table = given
        return _seats(books.table, frozenset()), bytes(32), books.commitment
    version = books.versions[payment.version]
    if given is not None:
        version.give(given)
    table = books.table_of(version)
    place = payment.block_number, payment.log_index
    seats = _seats(table, leavers_of(books, payment.version, payment.currency, place))
    return seats, version.terms_hash, agreement_hash(table.hash, version.terms_hash)


def _seats(table: ShareTable, leavers: frozenset[str]) -> list[tuple[str, int, bool, bool]]:
    return [(each.account, each.shares, each.pull_only, each.account in leavers) for each in table]


def leavers_of(
    books: Recovered, version: int, currency: str, last: tuple[int, int] | None = None
) -> frozenset[str]:
    """Whose seat had left the book of a version in a currency.

    last: a block, and the place in its log before which they had; by default now.
    """
    start = books.versions[version].start
    events = read_events(
        books.w3,
        books.address,
        [topic_of(LEFT)],
        start[0] if start else 0,
        None if last is None else last[0],
    )
    return frozenset(
        each.account
        for each in events
        if isinstance(each, Left)
        and (each.version, each.currency) == (version, currency)
        and (last is None or (each.block_number, each.log_index) < last)
    )
