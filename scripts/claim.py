"""Claims what is due to a member."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from scripts._common import books_at, books_option, currency_option, show
from scripts._sending import sending


@sending
@books_option
@click.option("--member", metavar="ADDRESS", help="Whose; the account's own if left out.")
@currency_option
def cli(see: str, member: str | None, currency: str | None, account: Any) -> Iterator[None]:
    """Claim what is due to a member, of all versions. Anyone may: the money goes to the member."""
    books = books_at(see)
    receipts = books.claim(member or account.address, currency, sender=account)
    yield
    show(receipts, books)
