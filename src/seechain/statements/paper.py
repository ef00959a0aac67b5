"""A statement on paper: HTML, and PDF from the same blocks, with the picture of the split.

Lines are numbered; a table at the end of each account has the transaction of each number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from seechain.amounts import Amount
from seechain.paper.blocks import Block, Facts, Figure, Heading, Table, Text, is_hex
from seechain.paper.page import page
from seechain.paper.pdf import pdf
from seechain.paper.picture import Row, split_drawing
from seechain.statements.statement import Account, Line, Statement, stamp

_LABELS = {"see": "SEE", "splitter": "Splitter", "member": "Member"}
WIDEST = 12  # characters of a figure beside which there is room for another


def to_html(statement: Statement) -> str:
    """The statement as one HTML page that is read and printed without anything else."""
    return page(_title(statement), _blocks(statement), what="statement")


def to_pdf(statement: Statement, *, tell: Callable[[str], None] | None = None) -> bytes:
    """The statement as a PDF file. tell: see `pdf`.

    Raises:
        SeechainError: what PDF needs is not installed.
    """
    return pdf(_title(statement), list(_blocks(statement)), what="statement", tell=tell)


def _title(statement: Statement) -> str:
    name = statement.named(statement.address)
    label = "member" if statement.is_member else _LABELS[statement.kind]
    return f"Statement of {name or f'a {label}'}"


def _blocks(statement: Statement) -> Iterator[Block]:
    yield Facts(
        [
            (_LABELS[statement.kind], statement.address),
            ("Period", statement.period),
            ("Chain", f"{statement.chain_id}, up to block {statement.block_number}"),
            ("As of", stamp(statement.as_of)),
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
    others = _others(statement)
    if others:
        yield Heading("Written in full")
        yield Table(("above", "in full"), others)
    yield Text(
        "Amounts are exact. Parts are rounded down to the smallest unit of the currency, and what"
        " that leaves is carried to the next payment. Names are those of the agreement; the chain"
        " knows accounts only.",
        is_soft=True,
    )


def _account(statement: Statement, account: Account) -> Iterator[Block]:
    currency, facts = account.currency, []
    heading = currency.name
    if statement.is_member:
        heading += f" of {statement.named(account.see) or account.see}"
        facts.append(("SEE", account.see))
    if currency.code.startswith("0x"):
        facts.append(("Token", currency.code))
    yield Heading(heading)
    if facts:
        yield Facts(facts)
    yield _summary(statement, account)
    if not statement.is_member:
        yield from _members(statement, account)
    elif (figure := _own_picture(statement, account)) is not None:
        yield figure
    if account.lines:
        yield Heading("Payments, claims and payouts", 3)
        yield _lines(statement, account)
        yield Heading("Transactions", 3)
        yield _transactions(account.lines)


def _summary(statement: Statement, account: Account) -> Table:
    held = "Due" if statement.is_member else "Held"
    came = "Earned, its part of payments" if statement.is_member else "Payments"
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
            _who(statement, share.account),
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
            _who(statement, share.account),
            Fraction(share.earned, total),
            (share.earned,),
        )
        for share in shares
    ]
    # What was undivided before may be divided now: then less came than was earned.
    came = max(total, account.sum("payment", "adjustment"))
    amount = Amount(came, account.currency.name, account.currency.decimals or 0)
    drawing = split_drawing("Earned", rows, [amount], is_headed=False)
    return Figure(drawing, "All that came in the period, as one payment, and who earned it")


def _own_picture(statement: Statement, account: Account) -> Figure | None:
    """Of a member: its parts of all payments in which it has one."""
    shared = [(line.units, line.whole) for line in account.lines if line.kind == "payment"]
    own = sum(units for units, _ in shared)
    came = sum(whole or 0 for _, whole in shared)
    if not 0 < own < came:
        return None
    rows = [
        Row(_who(statement, statement.address), Fraction(own, came), (own,)),
        Row("All others", Fraction(came - own, came), (came - own,)),
    ]
    amount = Amount(came, account.currency.name, account.currency.decimals or 0)
    drawing = split_drawing("Earned", rows, [amount], is_headed=False)
    return Figure(drawing, "All payments in the period in which it has a part, as one")


def _lines(statement: Statement, account: Account) -> Table:
    decimal = account.currency.decimal
    is_member = statement.is_member
    columns = ["no.", "day", "what", "reference", "payer or member", "amount", "balance"]
    if is_member:
        columns[4:6] = ["payment", "its part"]
    rows = []
    for number, (line, balance) in enumerate(account.running(), 1):
        who, what = _who(statement, line.account), _what(line)
        if is_member:
            what = f"{what} from {who}" if line.kind == "payment" else what
            who = "" if line.whole is None else decimal(line.whole)
        day, amount = line.time.date().isoformat(), decimal(line.units)
        rows.append([str(number), day, what, _short(line.reference), who, amount, decimal(balance)])
    align = "llllrrr" if is_member else "lllllrr"
    if max(len(cell) for row in rows for cell in row[5:]) > WIDEST:
        # Figures are never cut or broken: the balance after each line is left to the other formats.
        columns, rows, align = columns[:-1], [row[:-1] for row in rows], align[:-1]
    return Table(columns, rows, align)


def _what(line: Line) -> str:
    parts: list[str] = [line.kind]
    if line.request:
        parts.append(f"request {line.request}")
    if line.note:
        parts.append(line.note)
    if line.to:
        parts.append(f"paid to {line.to}")
    return ", ".join(parts)


def _short(text: str) -> str:
    """A text, but for the middle of one that is hex."""
    return f"{text[:8]}...{text[-6:]}" if is_hex(text) else text


def _who(statement: Statement, account: str) -> str:
    return statement.named(account) or _short(account)


def _others(statement: Statement) -> list[tuple[str, str]]:
    """What stands shortened above, with the whole of it: accounts without a name, and memos."""
    lines = [line for account in statement.accounts for line in account.lines]
    seen = {line.account for line in lines}
    seen |= {share.account for account in statement.accounts for share in account.shares}
    accounts = sorted(each for each in seen if each and not statement.named(each))
    memos = sorted({line.reference for line in lines if is_hex(line.reference)})
    return [(_short(each), each) for each in (*accounts, *memos)]


def _transactions(lines: Sequence[Line]) -> Table:
    """Each transaction once, with the lines that are of it, one after the other."""
    rows, day = [], ""
    numbered = enumerate(lines, 1)
    for (block, transaction), group in groupby(
        numbered, key=lambda each: (each[1].block_number, each[1].transaction)
    ):
        (first, line), *others = group
        last = others[-1][0] if others else first
        then, day = day, line.time.date().isoformat()
        rows.append(
            (
                f"{first} to {last}" if others else str(first),
                "" if day == then else day,
                f"{line.time:%H:%M:%S}",
                str(block),
                transaction or "none: no log shows it",
            )
        )
    return Table(("no.", "day", "time", "block", "transaction"), rows)
