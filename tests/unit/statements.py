"""Statements that tests write in every format, and readers of journals that are not seechain's."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal

from seechain.statements.statement import Account, Asked, Currency, Line, Share, Statement

ADA, BEN, PORT = (f"0x{digit * 40}" for digit in "123")
SEE, TOKEN = f"0x{'9' * 40}", f"0x{'5' * 40}"
USDC = Currency(TOKEN, "USDC", 6)
WHEN = datetime(2027, 2, 3, 4, 5, 6, tzinfo=UTC)


def line(kind: str, units: int, **more: object) -> Line:
    fields = {
        "time": WHEN,
        "kind": kind,
        "units": units,
        "block_number": 7,
        "transaction": f"0x{'ab' * 32}",
        "log_index": 1,
        "account": ADA,
        **more,
    }
    return Line(**fields)  # type: ignore[arg-type]


def see_account(reference: str = "INV-7", currency: Currency = USDC, most: int = 10**6) -> Account:
    """Opening 10 + payment `most` - 40 % of it claimed; one unit is undivided."""
    ada = (most - 1) * 2 // 5
    ben = most - 1 - ada
    lines = (
        line("payment", most, account=PORT, reference=reference, version=0, log_index=0),
        line("claim", -ada, to=BEN, version=0),
        line("kept", 0, account=BEN, whole=ben, note="it waits for a claim"),
    )
    shares = (Share(ADA, 4, ada, ada, 4), Share(BEN, 5, ben, 0, ben + 5))
    return Account(SEE, currency, 10, 10 + most - ada, lines, shares, (1, 2))


def statement(
    *accounts: Account,
    kind: str = "see",
    names: dict[str, str] | None = None,
    notes: tuple[str, ...] = (),
    requests: tuple[Asked, ...] = (),
) -> Statement:
    return Statement(
        "see" if kind == "see" else "member",
        SEE if kind == "see" else ADA,
        date(2027, 1, 1),
        date(2027, 3, 31),
        31337,
        9,
        WHEN,
        accounts,
        requests,
        notes,
        names or {},
    )


def member_account(currency: Currency = USDC) -> Account:
    """Due 4, a part of 6, 8 received: 2 are due."""
    lines = (
        line("payment", 6, account=PORT, reference="INV-7", whole=15),
        line("payout", -8),
    )
    return Account(SEE, currency, 4, 2, lines, (Share(ADA, 4, 6, 8, 2),))


# ---------------------------------------------------------------- readers of journals

_ACCOUNT = r"(?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][A-Za-z0-9-]*)+"
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_UNIT = r"[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_STRING = r'"(?:[^"\\\n]|\\["\\])*"'

Balances = dict[tuple[str, str], Decimal]


class Books:
    """What a journal makes of its accounts; every entry sums to zero, every assertion holds."""

    def __init__(self) -> None:
        self.balances: Balances = defaultdict(Decimal)
        self.entries = 0
        self.asserted = 0

    def post(self, postings: list[tuple[str, Decimal, str]]) -> None:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for account, number, unit in postings:
            self.balances[account, unit] += number
            sums[unit] += number
        assert len(postings) > 1
        assert not any(sums.values()), postings
        self.entries += 1

    def holds(self, account: str, number: Decimal, unit: str) -> None:
        assert self.balances[account, unit] == number, (account, unit)
        self.asserted += 1


def read_beancount(text: str) -> Books:
    """A tiny reader of beancount: every line must be one that it knows, directives by their day."""
    opened, units, is_auto = set(), set(), False
    directives: list[tuple[str, int, object]] = []
    postings: list[tuple[str, Decimal, str]] = []
    for text_line in text.split("\n"):
        if m := re.fullmatch(rf"  ({_ACCOUNT})  ({_NUMBER}) ({_UNIT})", text_line):
            assert m[1] in opened or is_auto
            assert m[3] in units
            postings.append((m[1], Decimal(m[2]), m[3]))
        elif text_line == 'plugin "beancount.plugins.auto_accounts"':
            is_auto = True
        elif m := re.fullmatch(rf"({_DAY}) \* {_STRING}", text_line):
            postings = []
            directives.append((m[1], 1, postings))
        elif m := re.fullmatch(rf"({_DAY}) open ({_ACCOUNT})", text_line):
            assert m[2] not in opened
            opened.add(m[2])
        elif m := re.fullmatch(rf"({_DAY}) commodity ({_UNIT})", text_line):
            units.add(m[2])
        elif m := re.fullmatch(rf"({_DAY}) balance ({_ACCOUNT})  ({_NUMBER}) ({_UNIT})", text_line):
            directives.append((m[1], 0, (m[2], Decimal(m[3]), m[4])))
        else:
            assert re.fullmatch(
                rf'(?:;.*|option "title" {_STRING}|  [a-z][a-z_-]*: {_STRING}|)', text_line
            ), text_line
    books = Books()
    for _, is_entry, what in sorted(directives, key=lambda each: each[:2]):
        books.post(what) if is_entry else books.holds(*what)  # type: ignore[arg-type, misc]
    return books


def read_hledger(text: str) -> Books:
    """A tiny reader of hledger: every line must be one that it knows; dates ascend."""
    declared, units, day = set(), set(), ""
    books = Books()
    postings: list[tuple[str, Decimal, str]] = []

    def end() -> None:
        if postings:
            books.post(postings)
            postings.clear()

    for text_line in text.split("\n"):
        unit = f'"({_UNIT})"'
        if m := re.fullmatch(rf"    ({_ACCOUNT})  ({_NUMBER}) {unit}", text_line):
            assert m[1] in declared
            assert m[3] in units
            postings.append((m[1], Decimal(m[2]), m[3]))
        elif m := re.fullmatch(rf"    ({_ACCOUNT})  0 {unit} = ({_NUMBER}) {unit}", text_line):
            assert m[1] in declared
            assert m[2] == m[4]
            books.holds(m[1], Decimal(m[3]), m[2])
        elif m := re.fullmatch(rf"({_DAY}) \* (?:\(0x[0-9a-f]{{64}}\) )?[^;|\n]+", text_line):
            end()
            assert day <= m[1]
            day = m[1]
        elif m := re.fullmatch(rf"account ({_ACCOUNT})", text_line):
            declared.add(m[1])
        elif m := re.fullmatch(rf"commodity 0\.0* {unit}", text_line):
            units.add(m[1])
        else:
            assert re.fullmatch(
                r"(?:;.*|decimal-mark \.|    ; (?:time: [-0-9T:Z]+|[a-z]+: [^,:\[\];\n]*)|)",
                text_line,
            ), text_line
            if not text_line:
                end()
    end()
    return books
