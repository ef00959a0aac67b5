"""Claims what is due to a member."""

from __future__ import annotations

from collections.abc import Iterator

import click

from seechain.cli.desk import Desk
from seechain.cli.frame import books_option, currency_option, sending
from seechain.cli.telling import books_at, show


@sending
@books_option
@click.option("--member", metavar="ADDRESS", help="Whose; the account's own if left out.")
@currency_option
def cli(desk: Desk, see: str, member: str | None, currency: str | None) -> Iterator[None]:
    """Claim what is due to a member, of all versions. Anyone may: the money goes to the member."""
    books = books_at(desk, see)
    receipts = books.claim(member or desk.address, currency, sender=desk.account)
    yield
    show(desk, receipts, books)
