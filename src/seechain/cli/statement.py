"""Lists what a SEE or a member received, earned and paid in a period."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from seechain.cli.books import agreements_option, all_at_hand
from seechain.cli.desk import Desk
from seechain.cli.frame import currency_option, reading
from seechain.payment_requests.payment_request import PaymentRequest
from seechain.registry import Registry
from seechain.see.standing import books_at
from seechain.splitter import Splitter
from seechain.statements.formats import FORMATS, format_of, written
from seechain.statements.making import member_statement, see_statement
from seechain.statements.names import names_of
from seechain.statements.periods import Period
from seechain.statements.statement import Account, Line, Statement


class _Day(click.ParamType):
    name = "day"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.fail(f"a day is written as 2027-01-31, got {value!r}", param, ctx)


@reading
@click.option("--see", "sees", multiple=True, metavar="ADDRESS", help="The SEE, or Splitter.")
@click.option("--member", metavar="ADDRESS", help="The member; over all SEEs, or those of --see.")
@click.option("--registry", metavar="ADDRESS", help="The Registry, where it is another.")
@click.option("--from", "first", type=_Day(), required=True, metavar="DAY", help="2027-01-01, UTC.")
@click.option("--to", "last", type=_Day(), required=True, metavar="DAY", help="Included.")
@currency_option
@agreements_option("The agreement file of a SEE, for names.")
@click.option("--requests", multiple=True, metavar="FILE", help="Payment requests, to match.")
@click.option("--format", "kind", type=click.Choice(["table", *FORMATS]), help="What is written.")
@click.option("--out", metavar="FILE", help="Where to; its ending names the format too.")
@click.option(
    "--continues",
    is_flag=True,
    help="A journal for the ledger that has the period before: it opens nothing again.",
)
def cli(
    desk: Desk,
    sees: Sequence[str],
    member: str | None,
    registry: str | None,
    first: date,
    last: date,
    currency: str | None,
    agreements: Sequence[Path],
    requests: Sequence[str],
    kind: str | None,
    out: str | None,
    continues: bool,
) -> None:
    """List what a SEE or a member received, earned and paid in a period, adding up to the unit.

    A period is whole days in UTC, both included. What does not add up is refused.
    """
    if member is None and len(sees) != 1:
        raise click.UsageError("name one SEE, or a member: --see ADDRESS or --member ADDRESS")
    kind = _kind(desk, kind, out)
    if continues and (kind == "table" or not FORMATS[kind].is_journal):
        raise click.UsageError("--continues is for beancount and hledger, the journals of a ledger")
    period = Period(first, last)
    options: dict[str, Any] = {
        "currency": currency,
        "requests": [PaymentRequest.load(each) for each in requests],
    }
    if member is None:
        see = books_at(desk.w3, sees[0])
        names = _names(desk, agreements, [see])
        statement = see_statement(see, period, names=names, **options)
    else:
        found = list(_sees(desk, sees, registry))
        names = _names(desk, agreements, found)
        with desk.progress("Reading SEEs", len(found)) as advance:
            each = (see for see in found if advance() is None)
            statement = member_statement(member, each, period, names=names, **options)
    _give(desk, statement, kind, out, continues)


def _kind(desk: Desk, kind: str | None, out: str | None) -> str:
    to_file = out is not None and out != "-"
    if kind is None and to_file:
        kind = format_of(str(out))
        if kind is None:
            raise click.UsageError(f"name the format of {out}: --format {'|'.join(FORMATS)}")
    kind = kind or "table"
    if to_file and kind == "table":
        raise click.UsageError("a table is for people to look at: name another --format for a file")
    if kind == "table" or to_file:
        return kind
    if desk.as_json or not FORMATS[kind].is_text:
        raise click.UsageError(f"name the file for the {kind}: --out FILE")
    return kind


def _sees(desk: Desk, sees: Sequence[str], registry: str | None) -> Iterator[Splitter]:
    if sees:
        yield from (books_at(desk.w3, each) for each in sees)
        return
    place = Registry(desk.w3, registry)
    yield from (place.see(record.see) for record in place.sees())


def _names(desk: Desk, paths: Sequence[Path], sees: Sequence[Splitter]) -> dict[str, str]:
    agreements = all_at_hand(paths)
    names, others = names_of(agreements, sees)
    for path, each in zip(paths, agreements, strict=True):
        if each in others:
            desk.note(f"{path} is no agreement of what is told here, so it names nobody")
    return names


def _give(desk: Desk, statement: Statement, kind: str, out: str | None, continues: bool) -> None:
    desk.result(statement.result())
    if kind != "table":
        desk.write(out or "-", written(statement, kind, continues=continues, tell=desk.note))
        if out and out != "-":
            desk.result({"written": out})
        return
    desk.say(statement.title)
    desk.say(f"{statement.period}, chain {statement.chain_id}")
    for note in statement.notes:
        desk.say(note)
    _show_names(desk, statement)
    for account in statement.accounts:
        _show(desk, statement, account)
    if statement.requests:
        desk.say()
        desk.table(
            "Payment requests",
            ("reference", "asked>", "paid>", "last day", "status"),
            [
                (
                    each.reference,
                    each.currency.text(each.units),
                    each.currency.text(each.paid),
                    each.due or "",
                    each.status,
                )
                for each in statement.requests
            ],
        )


def _show_names(desk: Desk, statement: Statement) -> None:
    """Who goes by a name below."""
    told = {line.account for account in statement.accounts for line in account.lines}
    told |= {share.account for account in statement.accounts for share in account.shares}
    rows = [(name, each) for each in sorted(told) if (name := statement.named(each))]
    if rows:
        desk.say()
        desk.table("Names", ("name", "account"), sorted(rows))


def _show(desk: Desk, statement: Statement, account: Account) -> None:
    decimal, is_member = account.currency.decimal, statement.is_member
    where = f" of {statement.shown(account.see)}" if is_member else ""
    name = account.currency.name
    token = "" if account.currency.code in ("native", name) else f" ({account.currency.code})"
    held = "due" if is_member else "held"
    rows = [("", f"{held} at the opening", "", "", "", decimal(account.opening))]
    for line, balance in account.running():
        who = statement.named(line.account) or line.account
        when = f"{line.time:%Y-%m-%d %H:%M:%S}"
        rows.append((when, _what(line), line.reference, who, decimal(line.units), decimal(balance)))
    rows.append(("", f"{held} at the closing", "", "", "", decimal(account.closing)))
    desk.say()
    columns = ("time", "what", "reference", "payer or member", "amount>", "balance>")
    desk.table(f"{name}{token}{where}", columns, rows)
    if is_member:
        return
    desk.say()
    members = [
        (
            statement.named(share.account) or share.account,
            *map(decimal, (share.opening, share.earned, share.received, share.closing)),
        )
        for share in account.shares
    ]
    if account.undivided is not None:
        before, after = account.undivided
        members.append(("undivided", decimal(before), decimal(after - before), "", decimal(after)))
    title = f"What the members earned in {name}"
    desk.table(title, ("member", "due before>", "earned>", "received>", "due after>"), members)


def _what(line: Line) -> str:
    to = f"paid to {line.to}" if line.to else ""
    return ", ".join(filter(None, (line.kind, line.request, line.note, to)))
