"""Claims what is due to a member."""

from __future__ import annotations

from typing import Any

import click

from scripts._common import command, currency_option, see_option, show, w3
from seechain import SEE


@command
@see_option
@click.option("--member", metavar="ADDRESS", help="Whose; the account's own if left out.")
@currency_option
def cli(see: str, member: str | None, currency: str | None, account: Any) -> None:
    """Claim what is due to a member. Anyone may: the money goes to the member."""
    whose = member or account.address
    chosen = {"currency": currency} if currency else {}
    show(SEE(w3(), see).claim(whose, sender=account, **chosen))
