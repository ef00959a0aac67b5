"""Which SEE or Splitter a command is about, and who is who there: a chain knows accounts only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from seechain.agreement import Agreement
from seechain.cli.desk import Desk
from seechain.cli.papers import agreement_at
from seechain.see import SEE
from seechain.see.recovered import Recovered
from seechain.see.standing import books_at as standing_at
from seechain.splitter import Splitter

__all__ = [
    "agreement_option",
    "agreements_option",
    "all_at_hand",
    "at_hand",
    "books_at",
    "books_option",
    "see_at",
    "see_option",
]

see_option = click.option("--see", required=True, metavar="ADDRESS", help="The SEE.")
books_option = click.option(
    "--see", required=True, metavar="ADDRESS", help="The SEE, or a Splitter: a seat that is shared."
)
agreement_option = click.option(
    "--agreement",
    "names",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar="SEECHAIN_AGREEMENT",
    help="Its agreement file: for names, and for a share table that was not published.",
)


def agreements_option(said: str) -> Callable[[Any], Any]:
    """The option that names several agreements. said: what they are for."""
    return click.option(
        "--agreement",
        "agreements",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=f"{said} May be given several times.",
    )


def at_hand(path: Path | None) -> Agreement | None:
    """The agreement of a file, or of consents to it, in force or over.

    Raises:
        AgreementError: it is none. FileError: it can't be read.
    """
    return None if path is None else agreement_at(path, check_expiry=False)


def all_at_hand(paths: Iterable[Path]) -> list[Agreement]:
    """As `at_hand`, of several."""
    return [each for path in paths if (each := at_hand(path))]


def books_at(desk: Desk, address: str, agreement: Path | None = None) -> Splitter:
    """The SEE, or the Splitter, at an address. agreement: names its members from here on.

    Raises:
        NotSeechain: neither stands there. AgreementError: the agreement's file can't be read.
    """
    read = at_hand(agreement)
    books = standing_at(desk.w3, address, read)
    if read is not None:
        _name(desk, books, read, str(agreement))
    return books


def see_at(desk: Desk, address: str, agreement: Path | None = None) -> SEE:
    """As `books_at`, where it has to be a SEE."""
    books = SEE(desk.w3, address) if agreement is None else books_at(desk, address, agreement)
    return books if isinstance(books, SEE) else SEE(desk.w3, address)  # which says what is there


def _name(desk: Desk, books: Splitter, agreement: Agreement, path: str) -> None:
    from seechain.see.naming import is_named_by

    if not is_named_by(books, agreement):
        desk.say(f"Note: {path} is no agreement of {books.address}, so it names nobody here\n")
        return
    names = {each.account: each.name for each in agreement.members}
    if isinstance(books, Recovered):
        books.give(agreement.table)
        books.names |= names
    desk.names |= names
