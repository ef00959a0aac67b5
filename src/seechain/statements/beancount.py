"""A statement as a beancount journal (https://beancount.github.io/docs/beancount_language_syntax).

It stands by itself: accounts are opened, balances asserted at the opening and at the closing. One
that continues stands beside that of the period before, in one ledger: it opens nothing that may be
open already, and its first assertions hold where the other's last did.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from seechain.statements.entries import (
    Entry,
    Posting,
    accounts_of,
    closings,
    commodity,
    entries,
    openings,
)
from seechain.statements.statement import Statement
from seechain.visible import visible


def to_beancount(statement: Statement, *, continues: bool = False) -> str:
    """The statement as the text of a beancount journal. continues: beside the period before."""
    return "\n".join(_lines(statement, continues)) + "\n"


def _lines(statement: Statement, continues: bool) -> Iterator[str]:
    found = list(entries(statement))
    before, after = list(openings(statement)), list(closings(statement))
    yield f"; {visible(statement.title, lines=False)}"
    yield f"; {statement.period}, chain {statement.chain_id}, up to block {statement.block_number}"
    if continues:
        found = [entry for entry in found if entry.day >= statement.first]
        yield "; Where it is included, the ledger itself needs this line: it opens what is new."
        yield 'plugin "beancount.plugins.auto_accounts"'
    else:
        yield f'option "title" {_quoted(f"{statement.title}, {statement.period}")}'
        yield ""
        yield from _opened(statement, accounts_of(found, before, after))
    yield ""
    is_open = False
    for entry in found:
        if not is_open and entry.day >= statement.first:
            is_open = True
            yield from _balances(before, statement.first)
        yield from _entry(entry)
    if not is_open:
        yield from _balances(before, statement.first)
    yield from _balances(after, statement.last + timedelta(days=1))
    for note in statement.notes:
        yield f"; {visible(note, lines=False)}"


def _opened(statement: Statement, accounts: list[str]) -> Iterator[str]:
    """What must be there before it is used: currencies and accounts."""
    eve = statement.first - timedelta(days=1)
    for name, code, symbol in sorted(
        {
            (commodity(each.currency), each.currency.code, each.currency.symbol)
            for each in statement.accounts
        }
    ):
        yield f"{eve} commodity {name}"
        yield f"  address: {_quoted(code)}"
        yield f"  name: {_quoted(symbol)}"
    for account in accounts:
        yield f"{eve} open {account}"


def _entry(entry: Entry) -> Iterator[str]:
    yield f"{entry.day} * {_quoted(entry.said)}"
    for key, value in entry.more:
        yield f"  {key}: {_quoted(value)}"
    for each in entry.postings:
        yield f"  {each.account}  {_amount(each)}"
    yield ""


def _balances(postings: list[Posting], day: object) -> Iterator[str]:
    for each in postings:
        yield f"{day} balance {each.account}  {_amount(each)}"
    yield ""


def _amount(posting: Posting) -> str:
    return f"{posting.currency.decimal(posting.units)} {commodity(posting.currency)}"


def _quoted(text: str) -> str:
    """A string of beancount: on one line, with quotes and backslashes escaped."""
    plain = visible(text, lines=False).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
