"""Makes statements from what a chain shows.

from seechain.statements.making import member_statement, see_statement
from seechain.statements.periods import Period

quarter = Period(date(2027, 1, 1), date(2027, 3, 31))
see_statement(see, quarter)
member_statement(ada, [registry.see(record.see) for record in registry.sees()], quarter)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.agreement.text import NATIVE
from seechain.chain.events import Left
from seechain.chain.node import chain_id_of
from seechain.chain.reverts import NotPublished, TokenError
from seechain.chain.tokens import Token
from seechain.errors import StatementError
from seechain.history import Entry, Fact, Payment, Portion
from seechain.history.pots import MAX_AMOUNT
from seechain.payment_requests.payment_request import PaymentRequest, memo_text
from seechain.see.recovered import Recovered
from seechain.splitter import Splitter
from seechain.statements.asking import with_requests
from seechain.statements.entitled import Entitled
from seechain.statements.past import Past, moved
from seechain.statements.periods import Blocks, Period, blocks_of
from seechain.statements.statement import (
    Account,
    Currency,
    Kind,
    Line,
    Share,
    Statement,
    Whose,
    stamp,
)


def see_statement(
    see: Splitter,
    period: Period,
    *,
    currency: str | None = None,
    names: Mapping[str, str] | None = None,
    requests: Sequence[PaymentRequest] = (),
) -> Statement:
    """The statement of a SEE or a Splitter: what it received and paid, and what members earned.

    Args:
        currency: one, by default all that it ever used.
        names: of members by account, and of the SEE by its address.
        requests: payment requests, to be told what became of them.

    Raises:
        StatementError: it does not add up. NotPublished: a share table was not. NodeError: the
            node can't be asked.
    """
    blocks = blocks_of(see.w3, period)
    notes = [*_time_notes(period, blocks), *_life_notes(see, period)]
    chosen = None if currency is None else see.named(currency)
    past = Past(see, blocks, chosen)
    accounts = []
    for each in past.currencies:
        account = _see_account(past, _currency(see.w3, each))
        if chosen is None and each != NATIVE and not _is_used(account):
            continue
        accounts.append(account)
        notes += _currency_notes(past, account)
    if not any(account.lines for account in accounts):
        notes.append("Nothing was received or paid in this period.")
    kind: Whose = "see" if isinstance(see, Recovered) else "splitter"
    made = _made(kind, see.address, see.w3, period, blocks, accounts, notes, names)
    return with_requests(made, requests, past.until.payments, see.w3)


def member_statement(
    member: str,
    sees: Iterable[Splitter],
    period: Period,
    *,
    currency: str | None = None,
    names: Mapping[str, str] | None = None,
    requests: Sequence[PaymentRequest] = (),
) -> Statement:
    """The statement of a member over several SEEs: what was due to it, it earned and received.

    SEEs in which it never had a seat are left out.

    Raises: as `see_statement`; AccountError: the member is no account; StatementError: no SEE was
        given.
    """
    member = checksum(account_bytes(member))
    accounts: list[Account] = []
    notes: list[str] = []
    payments: list[Payment] = []
    blocks: Blocks | None = None
    w3: Web3 | None = None
    seats = 0
    for see in sees:
        if blocks is None or w3 is None:
            w3 = see.w3
            blocks = blocks_of(w3, period)
            notes += _time_notes(period, blocks)
        try:
            if not _has_seat(see, member):
                continue
        except NotPublished as error:
            notes.append(f"{see.address} is left out: {error}.")
            continue
        seats += 1
        past = Past(see, blocks, None if currency is None else see.named(currency))
        payments += past.until.payments
        for each in past.currencies:
            account = _member_account(past, _currency(w3, each), member)
            if _is_used(account):
                accounts.append(account)
                notes += _currency_notes(past, account)
    if blocks is None or w3 is None:
        raise StatementError("no SEE is registered here: check the Registry and the chain")
    if not seats:
        notes.append(f"{member} has never had a seat in these SEEs: check the address.")
    elif not any(account.lines for account in accounts):
        notes.append("Nothing was earned or received in this period.")
    made = _made("member", member, w3, period, blocks, accounts, notes, names)
    return with_requests(made, requests, payments, w3)


def _made(
    kind: Whose,
    address: str,
    w3: Web3,
    period: Period,
    blocks: Blocks,
    accounts: Sequence[Account],
    notes: Sequence[str],
    names: Mapping[str, str] | None,
) -> Statement:
    statement = Statement(
        kind=kind,
        address=address,
        first=period.first,
        last=period.last,
        chain_id=chain_id_of(w3),
        block_number=max(blocks.last, 0),
        as_of=datetime.fromtimestamp(blocks.time, UTC),
        accounts=tuple(accounts),
        notes=tuple(dict.fromkeys(notes)),
        names=dict(names or {}),
    )
    statement.check()
    return statement


# ---------------------------------------------------------------- a SEE


def _see_account(past: Past, currency: Currency) -> Account:
    opening, closing = past.held(currency.code)
    lines: list[Line] = []
    received: dict[str, int] = defaultdict(int)
    for entry, within in past.entries(currency.code):
        if not within or isinstance(entry, Fact):
            continue
        lines.append(_line(entry, moved(entry)))
        if isinstance(entry, Portion):
            received[entry.account] += entry.amount
    shares, due_opening, due_closing = [], 0, 0
    for member in past.members(currency.code):
        before, after = (each.get(currency.code, 0) for each in past.due(member))
        due_opening, due_closing = due_opening + before, due_closing + after
        earned = after - before + received[member]
        if before or after or received[member]:
            shares.append(Share(member, before, earned, received[member], after))
    undivided = (opening - due_opening, closing - due_closing)
    _check_undivided(past.see.address, currency, undivided)
    return Account(
        past.see.address, currency, opening, closing, tuple(lines), tuple(shares), undivided
    )


def _check_undivided(see: str, currency: Currency, undivided: tuple[int, int]) -> None:
    # A token's balance may fall by itself; of the native coin more than there is is never due.
    short = -min(undivided)
    if short > 0 and currency.code == NATIVE:
        raise StatementError(
            f"the statement of {see} does not add up: {currency.text(short)} more is due than it"
            " holds, which can't be: ask another node"
        )


# ---------------------------------------------------------------- a member


def _member_account(past: Past, currency: Currency, member: str) -> Account:
    before, after = (each.get(currency.code, 0) for each in past.due(member))
    lines = [line for line, within in _own_lines(past, currency.code, member) if within]
    received = -sum(line.units for line in lines if line.kind in ("claim", "payout"))
    unknown = after - before - sum(line.units for line in lines)
    if unknown and _may_fall(past, currency.code):
        note = "the token's balance changed by itself"
        when = datetime.fromtimestamp(past.blocks.time, UTC)
        lines.append(Line(when, "adjustment", unknown, past.blocks.last, note=note))
    earned = sum(line.units for line in lines) + received
    account = Account(
        past.see.address,
        currency,
        before,
        after,
        tuple(lines),
        (Share(member, before, earned, received, after),),
    )
    account.check()
    return account


def _own_lines(past: Past, currency: str, member: str) -> Iterator[tuple[Line, bool]]:
    """The lines of one member, each with whether it lies in the period."""
    entitled = Entitled(member, past.table_of)
    for entry, within in past.entries(currency):
        if isinstance(entry, Payment):
            part = entitled.pay(entry)
            if part is not None:
                yield _line(entry, part, entry.amount), within
        elif isinstance(entry, Portion):
            if entry.account == member:
                yield _line(entry, -entry.amount), within
        elif isinstance(entry, Fact) and isinstance(entry.event, Left):
            change = entitled.leave(entry.event)
            if change:
                note = "the parts of others rise as a member leaves"
                yield replace(_line(entry, change), note=note), within


def _may_fall(past: Past, currency: str) -> bool:
    """Whether a token's balance fell, or is beyond what a contract divides."""
    if currency == NATIVE:
        return False
    payments = [entry for entry, _ in past.entries(currency) if isinstance(entry, Payment)]
    total = sum(each.amount for each in payments)
    return any(each.amount < 0 for each in payments) or total > MAX_AMOUNT


def _has_seat(see: Splitter, member: str) -> bool:
    if not isinstance(see, Recovered):
        return member in see.table
    return any(member in see.table_of(version) for version in see.versions)


# ---------------------------------------------------------------- lines, currencies, notes


def _line(entry: Entry, units: int, whole: int | None = None) -> Line:
    kind: Kind = "adjustment"
    account = to = reference = note = ""
    version = None
    if isinstance(entry, Payment):
        kind = "adjustment" if entry.how == "unlogged" else "payment"
        account, version, reference = entry.payer, entry.version, memo_text(entry.memo)
        note = {
            "late": f"paid late, to the members of version {entry.version}",
            "early": "before the SEE was registered",
            "unlogged": "came, or went, without a log",
        }.get(entry.how, "")
    elif isinstance(entry, Portion):
        kind, account, version = entry.how, entry.account, entry.version
        to = entry.to if entry.to != entry.account else ""
        if entry.how == "kept":
            whole, note = entry.due, "could not be pushed: it waits for a claim"
        elif entry.late:
            note = "of what was paid late"
    return Line(
        time=datetime.fromtimestamp(entry.time, UTC),
        kind=kind,
        units=units,
        block_number=entry.block_number,
        transaction=entry.transaction_hash,
        log_index=entry.log_index,
        account=account,
        to=to,
        reference=reference,
        version=version,
        whole=whole,
        note=note,
    )


def _currency(w3: Web3, code: str) -> Currency:
    if code == NATIVE:
        return Currency.native()
    try:
        token = Token(w3, code)
    except TokenError:
        return Currency(code)
    return Currency(code, token.symbol, token.decimals)


def _is_used(account: Account) -> bool:
    owed = any(share.opening or share.closing for share in account.shares)  # of a balance that fell
    return bool(account.lines or account.opening or account.closing or owed)


def _currency_notes(past: Past, account: Account) -> Iterator[str]:
    currency = account.currency
    if currency.decimals is None:
        yield (
            f"The token {currency.code} does not say its decimals: its amounts are in its smallest"
            " units."
        )
    if currency.code not in past.until.balances:
        yield (
            f"The balance of {past.see.address} in {currency.name} can't be read at block"
            f" {past.until.last}: what no log shows is left out."
        )
    gone = [
        entry.amount
        for entry, within in past.entries(currency.code)
        if within and isinstance(entry, Payment) and entry.how == "unlogged" and entry.amount < 0
    ]
    if gone:
        yield (
            f"Payments in {currency.name} are what the token's log says: of them, or of what was"
            f" held, {currency.text(-sum(gone))} is not there, and taken off as an adjustment."
        )


def _time_notes(period: Period, blocks: Blocks) -> Iterator[str]:
    now = stamp(datetime.fromtimestamp(blocks.now, UTC))
    if blocks.now < period.start:
        yield f"The period has not begun: the chain is at {now}, and shows what is there now."
    elif blocks.now < period.end:
        yield f"The period is not over: this is what the chain shows at {now}."


def _life_notes(see: Splitter, period: Period) -> Iterator[str]:
    if not isinstance(see, Recovered):
        yield (
            "A Splitter names no currencies: a token of which nothing was claimed or paid out is"
            " shown when it is asked for by its address."
        )
        return
    registered = see.registered
    if registered is None:
        yield f"{see.address} is not registered."
    elif registered.timestamp() >= period.end:
        yield f"{see.address} was registered after this period, at {stamp(registered)}."
