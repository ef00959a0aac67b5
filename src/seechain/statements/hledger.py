"""A statement as an hledger journal (https://hledger.org/hledger.html#journal), also for ledger.

It stands by itself: accounts are declared, balances asserted at the opening and at the closing.
"""

from __future__ import annotations

import re
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


def to_hledger(statement: Statement, *, continues: bool = False) -> str:
    """The statement as the text of an hledger journal. continues: beside the period before."""
    return "\n".join(_lines(statement, continues)) + "\n"


def _lines(statement: Statement, continues: bool) -> Iterator[str]:
    found = list(entries(statement))
    before, after = list(openings(statement)), list(closings(statement))
    yield f"; {_said(statement.title)}"
    yield f"; {statement.period}, chain {statement.chain_id}, up to block {statement.block_number}"
    yield "decimal-mark ."
    yield ""
    for currency in dict.fromkeys(each.currency for each in statement.accounts):
        yield f'commodity 0.{"0" * (currency.decimals or 0)} "{commodity(currency)}"'
    for account in accounts_of(found, before, after):
        yield f"account {account}"
    yield ""
    eve = statement.first - timedelta(days=1)
    for entry in found:
        if entry.day < statement.first and not continues:
            yield from _entry(entry)
    yield from _balances("Opening", before, eve)
    for entry in found:
        if entry.day >= statement.first:
            yield from _entry(entry)
    yield from _balances("Closing", after, statement.last)
    for note in statement.notes:
        yield f"; {_said(note)}"


def _entry(entry: Entry) -> Iterator[str]:
    code = f"({entry.code}) " if entry.code else ""
    yield f"{entry.day} * {code}{_said(entry.said)}"
    for key, value in entry.more:
        yield f"    ; {key}: {value if key == 'time' else _tag(value)}"
    for each in entry.postings:
        yield f"    {each.account}  {_amount(each)}"
    yield ""


def _balances(what: str, postings: list[Posting], day: object) -> Iterator[str]:
    if not postings:
        return
    yield f"{day} * {what} balances"
    for each in postings:
        unit = commodity(each.currency)
        yield f'    {each.account}  0 "{unit}" = {_amount(each)}'
    yield ""


def _amount(posting: Posting) -> str:
    return f'{posting.currency.decimal(posting.units)} "{commodity(posting.currency)}"'


def _said(text: str) -> str:
    """A description: on one line, without what starts a comment or splits payee and note."""
    return re.sub(r"[;|]", "_", " ".join(visible(text, lines=False).split()))


def _tag(text: str) -> str:
    """The value of a tag: on one line, without what ends it or starts another, or a date."""
    return re.sub(r"[;,:\[\]]", "_", " ".join(visible(text, lines=False).split()))
