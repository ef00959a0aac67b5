"""Claims what is due to a member."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from seechain.accounts import account_bytes, checksum
from seechain.cli.books import agreement_option, books_at, books_option
from seechain.cli.desk import Desk
from seechain.cli.frame import currency_option, sending
from seechain.cli.telling import show
from seechain.errors import SeechainError, ShareTableError
from seechain.see import SEE
from seechain.splitter import Splitter


@sending
@books_option
@click.option("--member", metavar="ADDRESS", help="Whose; the account's own if left out.")
@currency_option
@agreement_option
def cli(
    desk: Desk, see: str, member: str | None, currency: str | None, names: Path | None
) -> Iterator[None]:
    """Claim what is due to a member, of all versions. Anyone may: the money goes to the member."""
    books = books_at(desk, see, names)
    if member:
        with suppress(SeechainError):  # what can't be read is said by the claim itself
            _tell_pull_only(desk, books, member)
    try:
        receipts = books.claim(member or desk.address, currency, sender=desk.account)
    except ShareTableError as error:
        if member is not None:
            raise
        raise ShareTableError(
            f"{error}: nothing is paid to you here; another's money is claimed by --member"
        ) from None
    yield
    show(desk, receipts, books)


def _tell_pull_only(desk: Desk, books: Splitter, member: str) -> None:
    """Says where the money goes, if it may be the seat of a claim code that was not redirected."""
    account = checksum(account_bytes(member))
    if account == desk.address or account not in books.table:
        return
    if isinstance(books, SEE) and books.redirected(account) != account:
        return
    if books.table.seat(books.table.index(account)).pull_only:
        desk.say(
            f"Note: {desk.who(account)} is a pull-only seat and was not redirected: its money goes"
            " to that address itself. If it is a claim code, only the holder of its words can use"
            " it there"
        )
