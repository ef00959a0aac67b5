"""Redirects a member's money to another address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from seechain.accounts import account_bytes, checksum
from seechain.chain.reverts import WrongAccount
from seechain.cli.acts import redirecting
from seechain.cli.books import agreement_option, see_at, see_option
from seechain.cli.choosing import relay_option, relayed
from seechain.cli.desk import Desk
from seechain.cli.frame import sending
from seechain.cli.journalled import passed_over
from seechain.cli.keys import Code, by_code_option
from seechain.cli.telling import show
from seechain.consent import Kind


@sending
@see_option
@click.option("--to", metavar="ADDRESS", help="Where the money goes; the account's own undoes it.")
@relay_option("--to ADDRESS")
@by_code_option
@agreement_option
def cli(
    desk: Desk,
    see: str,
    to: str | None,
    relay: Path | None,
    by_code: Code | None,
    names: Path | None,
) -> Iterator[None]:
    """Send your money elsewhere from now on.

    It is the money of all versions and currencies, also what is due by now. With --code it is the
    money of a claim code, which signs; your account sends it and pays the gas.
    """
    if relay and by_code:
        raise click.UsageError("the consent is signed already: leave --code out")
    of = see_at(desk, see, names)
    if relay:
        consent = relayed(desk, of, relay, Kind.REDIRECTION, {"--to": to})
        who = consent.account
        receipts = of.redirect(consent, sender=desk.account)
    elif to is None:
        raise click.UsageError("name where the money goes, --to ADDRESS, or --relay CONSENT")
    else:
        who = by_code.address if by_code else desk.address
        with passed_over(WrongAccount):
            redirecting(desk, of, who, to)
        sender = desk.account if by_code else None
        to = checksum(account_bytes(to))
        receipts = of.redirect(by_code or desk.account, to, sender=sender)
    yield
    show(desk, receipts)
    desk.say(f"The money of {desk.who(who)} goes to {of.redirected(who)}")
    desk.result({"see": of.address, "member": who, "to": of.redirected(who)})
