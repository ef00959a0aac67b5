"""Pays a SEE, with a reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from seechain.cli.desk import Desk
from seechain.cli.frame import books_option, sending
from seechain.cli.telling import books_at, show, tell_parts
from seechain.see import SEE


@sending
@books_option
@click.option("--amount", required=True, help="With its unit, as '1.5 ether'; or smallest units.")
@click.option("--currency", metavar="TOKEN", help="A token's address; the native coin if left out.")
@click.option("--memo", help="A reference of up to 32 bytes, as an invoice's number.")
@click.option(
    "--version", type=click.IntRange(0), help="Of a late invoice: pay those who were members then."
)
def cli(
    desk: Desk,
    see: str,
    amount: str,
    currency: str | None,
    memo: str | None,
    version: int | None,
) -> Iterator[None]:
    """Pay a SEE. A token is approved first, where that is missing."""
    paid = books_at(desk, see)
    options = {"currency": currency, "memo": memo, "version": version}
    given: dict[str, Any] = {key: value for key, value in options.items() if value is not None}
    whose = ""
    if isinstance(paid, SEE):
        # What is shown is what is paid: if another version comes in force meanwhile, it fails.
        number = paid.in_force.number if version is None else version
        whose = f", to the members of version {number} of its agreement"
    elif version is not None:
        raise click.UsageError(f"{see} is a Splitter, which has no versions")
    desk.say(f"{desk.address} pays {amount} to {paid.address}{whose}")
    if version is None:
        tell_parts(desk, paid, amount, currency)
    receipts = paid.pay(amount, sender=desk.account, **given)
    yield
    show(desk, receipts)
