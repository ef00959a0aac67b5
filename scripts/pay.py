"""Pays a SEE, with a reference."""

from __future__ import annotations

from typing import Any

import click

from scripts._common import command, show, w3
from seechain import SEE


@command
@click.option("--see", required=True, metavar="ADDRESS", help="The SEE.")
@click.option("--amount", required=True, help="With its unit, as '1.5 ether'; or smallest units.")
@click.option("--currency", metavar="TOKEN", help="A token's address; the native coin if left out.")
@click.option("--memo", help="A reference of up to 32 bytes, as an invoice's number.")
def cli(see: str, amount: str, currency: str | None, memo: str | None, account: Any) -> None:
    """Pay a SEE. A token is approved first, where that is missing."""
    click.echo(f"{account.address} pays {amount} to {see}")
    options = {"currency": currency, "memo": memo}
    given = {key: value for key, value in options.items() if value is not None}
    show(SEE(w3(), see).pay(amount, sender=account, **given))
