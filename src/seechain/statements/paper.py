"""A statement on paper: HTML, and PDF from the same blocks, with the picture of the split.

Lines are numbered; a table at the end of each account has the transaction of each number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from seechain.amounts import Amount
from seechain.paper.blocks import Block, Facts, Figure, Heading, Table, Text
from seechain.paper.page import page
from seechain.paper.pdf import pdf
from seechain.paper.picture import Row, split_drawing
from seechain.statements.statement import Account, Line, Statement, stamp

LINES = "Payments, claims and payouts"


def to_html(statement: Statement) -> str:
    """The statement as one HTML page that is read and printed without anything else."""
    return page(statement.title, _blocks(statement))


def to_pdf(statement: Statement) -> bytes:
    """The statement as a PDF file.

    Raises:
        SeechainError: reportlab is not installed.
    """
    return pdf(statement.title, list(_blocks(statement)))


def _blocks(statement: Statement) -> Iterator[Block]:
    yield Facts(
        [
            ("Member" if statement.kind == "member" else "SEE", statement.address),
            ("Period", statement.period),
            ("Chain", f"{statement.chain_id}, up to block {statement.block_number}"),
            ("Made at", stamp(statement.made)),
        ]
    )
    for note in statement.notes:
        yield Text(note)
    for account in statement.accounts:
        yield from _account(statement, account)
    if statement.requests:
        yield Heading("Payment requests")
        yield Table(
            ("reference", "SEE", "asked", "paid", "last day", "status"),
            [
                (
                    each.reference,
                    statement.named(each.see) or each.see,
                    each.currency.text(each.units),
                    each.currency.text(each.paid),
                    each.due.isoformat() if each.due else "",
                    each.status,
                )
                for each in statement.requests
            ],
            "llrrll",
        )
    named = sorted((name, account) for account, name in statement.names.items() if name)
    if named:
        yield Heading("Names")
        yield Table(("name", "account"), named)
    yield Text(
        "Amounts are exact. Parts are rounded down to the smallest unit of the currency, and what"
        " that leaves is carried to the next payment. Names are those of the agreement; the chain"
        " knows accounts only.",
        is_soft=True,
    )


def _account(statement: Statement, account: Account) -> Iterator[Block]:
    currency = account.currency
    where = f" of {statement.shown(account.see)}" if statement.kind == "member" else ""
    yield Heading(f"{currency.name}{where}")
    if currency.code.startswith("0x"):
        yield Facts([("Token", currency.code)])
    yield _summary(statement, account)
    if statement.kind == "see":
        yield from _members(statement, account)
    if account.lines:
        yield Heading(LINES, 3)
        yield _lines(statement, account)
        yield Heading("Transactions", 3)
        yield _transactions(account.lines)


def _summary(statement: Statement, account: Account) -> Table:
    held = "Held" if statement.kind == "see" else "Due"
    came = "Payments" if statement.kind == "see" else "Earned, its part of payments"
    rows = [
        (f"{held} at the opening", account.opening),
        (came, account.sum("payment")),
        ("Adjustments", account.sum("adjustment")),
        ("Claims", account.sum("claim")),
        ("Payouts", account.sum("payout")),
        (f"{held} at the closing", account.closing),
    ]
    return _amounts(account, ("", account.currency.name, "units"), rows)


def _amounts(account: Account, columns: Sequence[str], rows: Sequence[tuple[str, int]]) -> Table:
    decimal = account.currency.decimal
    cells = [(what, decimal(units), str(units)) for what, units in rows]
    return Table(columns, cells, "lrr", total=True)


def _members(statement: Statement, account: Account) -> Iterator[Block]:
    if not account.shares or account.undivided is None:
        return
    decimal = account.currency.decimal
    yield Heading("Members", 3)
    rows: list[tuple[str, ...]] = [
        (
            statement.named(share.account) or share.account,
            decimal(share.opening),
            decimal(share.earned),
            decimal(share.received),
            decimal(share.closing),
        )
        for share in account.shares
    ]
    before, after = account.undivided
    rows.append(("Undivided", decimal(before), decimal(after - before), "", decimal(after)))
    received = -account.sum("claim", "payout")
    came = account.sum("payment", "adjustment")
    rows.append(("Together", *map(decimal, (account.opening, came, received, account.closing))))
    columns = ("member", "due at the opening", "earned", "received", "due at the closing")
    yield Table(columns, rows, "lrrrr", total=True)
    figure = _picture(statement, account)
    if figure is not None:
        yield figure


def _picture(statement: Statement, account: Account) -> Figure | None:
    total = account.earned
    shares = [share for share in account.shares if share.earned > 0]
    if total <= 0 or len(shares) < 2 or total != sum(share.earned for share in shares):
        return None
    rows = [
        Row(
            statement.named(share.account) or f"{share.account[:8]}...{share.account[-4:]}",
            Fraction(share.earned, total),
            (share.earned,),
        )
        for share in shares
    ]
    amount = Amount(total, account.currency.name, account.currency.decimals or 0)
    drawing = split_drawing("Earned", rows, [amount], is_headed=False)
    return Figure(drawing, f"What the members earned in the period, in {account.currency.name}")


def _lines(statement: Statement, account: Account) -> Table:
    decimal = account.currency.decimal
    is_member = statement.kind == "member"
    columns = ["no.", "time", "what", "reference", "payer or member", "amount", "balance"]
    if is_member:
        columns[4:6] = ["payer", "payment", "its part"]
    rows = []
    for number, (line, balance) in enumerate(account.running(), 1):
        cells = [
            str(number),
            f"{line.time:%Y-%m-%d %H:%M:%S}",
            _what(line),
            line.reference,
            "" if is_member and line.kind != "payment" else _who(statement, line.account),
        ]
        if is_member:
            cells.append("" if line.whole is None else decimal(line.whole))
        rows.append([*cells, decimal(line.units), decimal(balance)])
    return Table(columns, rows, "lllll" + ("rrr" if is_member else "rr"))


def _what(line: Line) -> str:
    parts: list[str] = [line.kind]
    if line.request:
        parts.append(f"request {line.request}")
    if line.note:
        parts.append(line.note)
    if line.to:
        parts.append(f"paid to {line.to}")
    return ", ".join(parts)


def _who(statement: Statement, account: str) -> str:
    return statement.named(account) or account


def _transactions(lines: Sequence[Line]) -> Table:
    rows = [
        (str(number), str(line.block_number), line.transaction or "none: no log shows it")
        for number, line in enumerate(lines, 1)
    ]
    return Table(("no.", "block", "transaction"), rows)
