"""Pays out everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from scripts._common import books_at, books_option, currency_option, show
from scripts._sending import sending
from seechain import SEE


@sending
@books_option
@currency_option
@click.option("--cascade", is_flag=True, help="Through SEEs that are members, down to people.")
def cli(see: str, currency: str | None, cascade: bool, account: Any) -> Iterator[None]:
    """Pay out every member, of all versions. Anyone may: the money goes to the members.

    With --cascade a plan is shown first, of what each level moves and costs.
    """
    books = books_at(see)
    if not cascade:
        receipts = books.payout(currency, sender=account)
    elif isinstance(books, SEE):
        plan = books.cascade(currency)
        click.echo(f"{plan}\n")
        receipts = plan.run(sender=account)
    else:
        raise click.ClickException(f"{see} is a Splitter: leave --cascade out")
    yield
    show(receipts, books)
