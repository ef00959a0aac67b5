"""A statement as rows that are all alike: what CSV and Parquet write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from seechain.statements.statement import Account, Line, Share, Statement, stamp
from seechain.visible import visible


class Row(NamedTuple):
    """One row. Its fields are the columns, in an order that never changes.

    record: "opening", "payment", "adjustment", "claim", "payout", "kept", "closing"; of each
    member "due opening", "earned", "received", "due closing"; of what no floor gives out
    "undivided opening", "undivided closing"; and "request".
    amount, units: by how much a payment or the like changes the balance; else an amount.
    balance, balance_units: the balance after it. whole, whole_units: see `Line`.
    """

    record: str
    see: str
    see_name: str
    currency: str
    symbol: str
    time: str
    block_number: int | None = None
    transaction_hash: str = ""
    log_index: int | None = None
    account: str = ""
    name: str = ""
    to: str = ""
    reference: str = ""
    version: int | None = None
    amount: str = ""
    units: int | None = None
    balance: str = ""
    balance_units: int | None = None
    whole: str = ""
    whole_units: int | None = None
    note: str = ""
    request: str = ""


def rows(statement: Statement) -> Iterator[Row]:
    """All rows of a statement, account after account, each in its order."""
    for account in statement.accounts:
        yield from _of_account(statement, account)
    for asked in statement.requests:
        decimal = asked.currency.decimal
        yield Row(
            "request",
            asked.see,
            statement.named(asked.see),
            asked.currency.code,
            asked.currency.name,
            asked.due.isoformat() if asked.due else "",
            reference=asked.reference,
            amount=decimal(asked.units),
            units=asked.units,
            balance=decimal(asked.paid),
            balance_units=asked.paid,
            request=asked.status,
        )


def _of_account(statement: Statement, account: Account) -> Iterator[Row]:
    start, end = f"{statement.first}T00:00:00Z", f"{statement.last}T23:59:59Z"
    decimal = account.currency.decimal

    def row(record: str, time: str) -> Row:
        name = statement.named(account.see)
        return Row(record, account.see, name, account.currency.code, account.currency.name, time)

    def held(record: str, time: str, units: int) -> Row:
        return row(record, time)._replace(balance=decimal(units), balance_units=units)

    def of(record: str, time: str, share: Share, units: int) -> Row:
        return row(record, time)._replace(
            account=share.account,
            name=statement.named(share.account),
            amount=decimal(units),
            units=units,
        )

    yield held("opening", start, account.opening)
    for line, balance in account.running():
        yield _of_line(statement, account, row(line.kind, stamp(line.time)), line, balance)
    for share in account.shares:
        yield of("due opening", start, share, share.opening)
        yield of("earned", end, share, share.earned)
        yield of("received", end, share, share.received)
        yield of("due closing", end, share, share.closing)
    if account.undivided is not None:
        before, after = account.undivided
        yield row("undivided opening", start)._replace(amount=decimal(before), units=before)
        yield row("undivided closing", end)._replace(amount=decimal(after), units=after)
    yield held("closing", end, account.closing)


def _of_line(statement: Statement, account: Account, row: Row, line: Line, balance: int) -> Row:
    decimal = account.currency.decimal
    return row._replace(
        block_number=line.block_number,
        transaction_hash=line.transaction,
        log_index=line.log_index if line.log_index >= 0 else None,
        account=line.account,
        name=statement.named(line.account),
        to=line.to,
        reference=visible(line.reference, lines=False),
        version=line.version,
        amount=decimal(line.units),
        units=line.units,
        balance=decimal(balance),
        balance_units=balance,
        whole="" if line.whole is None else decimal(line.whole),
        whole_units=line.whole,
        note=visible(line.note, lines=False),
        request=line.request,
    )
