"""Pays out everybody."""

from __future__ import annotations

from typing import Any

from scripts._common import books_at, books_option, command, currency_option, show


@command
@books_option
@currency_option
def cli(see: str, currency: str | None, account: Any) -> None:
    """Pay out every member, of all versions. Anyone may: the money goes to the members."""
    books = books_at(see)
    show(books.payout(currency, sender=account), books)
