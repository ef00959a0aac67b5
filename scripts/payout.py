"""Pays out everybody."""

from __future__ import annotations

from typing import Any

from scripts._common import command, currency_option, see_option, show, w3
from seechain import SEE


@command
@see_option
@currency_option
def cli(see: str, currency: str | None, account: Any) -> None:
    """Pay out every member of a SEE. Anyone may: the money goes to the members."""
    chosen = {"currency": currency} if currency else {}
    show(SEE(w3(), see).payout(sender=account, **chosen))
