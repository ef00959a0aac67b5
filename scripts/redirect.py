"""Redirects a member's money to another address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from scripts._acts import redirecting, relay_option, relayed
from scripts._common import see_option, show, w3
from scripts._sending import sending
from seechain import SEE
from seechain.consent import Kind


@sending
@see_option
@click.option("--to", metavar="ADDRESS", help="Where the money goes; the account's own undoes it.")
@relay_option("--to ADDRESS")
def cli(see: str, to: str | None, relay: Path | None, account: Any) -> Iterator[None]:
    """Send your money elsewhere from now on.

    It is the money of all versions and currencies, also what is due by now.
    """
    of = SEE(w3(), see)
    if relay:
        consent = relayed(of, relay, Kind.REDIRECTION, {"--to": to})
        who = consent.account
        receipts = of.redirect(consent, sender=account)
    elif to is None:
        raise click.ClickException("name where the money goes, --to ADDRESS, or --relay CONSENT")
    else:
        who = account.address
        receipts = of.redirect(account, redirecting(of, who, to, None).subject.to)
    yield
    show(receipts)
    click.echo(f"The money of {who} goes to {of.redirected(who)}")
