"""Payment requests beside the payments of a statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from web3 import Web3

from seechain.errors import StatementError
from seechain.history import Payment
from seechain.history.incoming import arrived
from seechain.payment_requests.matching import Standing, match, may_be_for
from seechain.payment_requests.payment_request import PaymentRequest
from seechain.payment_requests.token_words import check_words
from seechain.statements.statement import Account, Asked, Currency, Statement


def with_requests(
    statement: Statement, requests: Sequence[PaymentRequest], payments: Iterable[Payment], w3: Web3
) -> Statement:
    """The statement with what became of these requests by the end of its period.

    payments: all that came until then, to the SEEs of the statement; of tokens counts what arrived.

    Raises:
        StatementError: a request is of another chain. PaymentRequestError: two can't be told
            apart, or one has another symbol or other decimals than its token. NodeError: the node
            can't be asked.
    """
    if not requests:
        return statement
    for each in requests:
        if each.chain_id != statement.chain_id:
            raise StatementError(
                f"the payment request {each.memo_text or each.id} is of chain {each.chain_id}, and"
                f" this is chain {statement.chain_id}: leave it out"
            )
    check_words(w3, *requests)
    logged = (each for each in payments if each.how != "unlogged")
    sent = arrived(w3, logged, wanted=partial(may_be_for, requests))
    matched = match(requests, sent, now=int(statement.as_of.timestamp()))
    known = {account.currency.code: account.currency for account in statement.accounts}
    said = {
        (one.payment.see, one.payment.transaction_hash, one.payment.log_index): _status(standing)
        for standing in matched.standings
        for one in standing.matches
    }
    return replace(
        statement,
        accounts=tuple(_told(account, said) for account in statement.accounts),
        requests=tuple(_asked(each, known) for each in matched.standings),
    )


def _told(account: Account, said: dict[tuple[str, str, int], str]) -> Account:
    lines = tuple(
        replace(line, request=said.get((account.see, line.transaction, line.log_index), ""))
        if line.kind == "payment"
        else line
        for line in account.lines
    )
    return replace(account, lines=lines)


def _status(standing: Standing) -> str:
    return ", ".join([standing.status, *standing.caveats])


def _asked(standing: Standing, known: dict[str, Currency]) -> Asked:
    request = standing.request
    shown = Currency(request.currency, request.symbol, request.decimals)
    last = None
    if request.expires is not None:
        # It expires at the end of its last second.
        last = datetime.fromtimestamp(request.expires - 1, UTC).date()
    return Asked(
        see=request.see,
        reference=request.memo_text,
        currency=known.get(request.currency, shown),
        units=request.amount,
        paid=standing.paid,
        status=_status(standing),
        due=last,
    )
