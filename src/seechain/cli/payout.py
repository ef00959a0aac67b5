"""Pays out everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from seechain.cli.books import agreement_option, books_at, books_option
from seechain.cli.desk import Desk
from seechain.cli.frame import currency_option, sending
from seechain.cli.telling import show
from seechain.see import SEE


@sending
@books_option
@currency_option
@click.option("--cascade", is_flag=True, help="Through SEEs that are members, down to people.")
@agreement_option
def cli(
    desk: Desk, see: str, currency: str | None, cascade: bool, names: Path | None
) -> Iterator[None]:
    """Pay out every member, of all versions. Anyone may: the money goes to the members.

    With --cascade a plan is shown first, of what each level moves and costs.
    """
    books = books_at(desk, see, names)
    if not cascade:
        receipts = books.payout(currency, sender=desk.account)
    elif isinstance(books, SEE):
        plan = books.cascade(currency)
        desk.say(f"{plan}\n", lines=True)
        receipts = plan.run(sender=desk.account)
    else:
        raise click.UsageError(f"{see} is a Splitter: leave --cascade out")
    yield
    show(desk, receipts, books)
