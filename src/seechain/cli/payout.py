"""Pays out everybody."""

from __future__ import annotations

from collections.abc import Iterator

import click

from seechain.cli.desk import Desk
from seechain.cli.frame import books_option, currency_option, sending
from seechain.cli.telling import books_at, show
from seechain.see import SEE


@sending
@books_option
@currency_option
@click.option("--cascade", is_flag=True, help="Through SEEs that are members, down to people.")
def cli(desk: Desk, see: str, currency: str | None, cascade: bool) -> Iterator[None]:
    """Pay out every member, of all versions. Anyone may: the money goes to the members.

    With --cascade a plan is shown first, of what each level moves and costs.
    """
    books = books_at(desk, see)
    if not cascade:
        receipts = books.payout(currency, sender=desk.account)
    elif isinstance(books, SEE):
        plan = books.cascade(currency)
        desk.say(f"{plan}\n")
        receipts = plan.run(sender=desk.account)
    else:
        raise click.UsageError(f"{see} is a Splitter: leave --cascade out")
    yield
    show(desk, receipts, books)
