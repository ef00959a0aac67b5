"""Shares a seat: a member gives a contributor a part of its own, and asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from scripts._acts import tell_redirected
from scripts._common import see_option, show, w3
from scripts._sending import sending
from seechain import SEE


@sending
@see_option
@click.option("--with", "contributor", required=True, metavar="ADDRESS", help="The contributor.")
@click.option("--part", required=True, metavar="PART", help="The contributor's, as 1/4 or 0.25.")
def cli(see: str, contributor: str, part: str, account: Any) -> Iterator[None]:
    """Give a contributor a part of your own seat, and ask nobody.

    A Splitter of the two is created, and your money in the SEE redirected to it. Claim
    and pay out what is there with the Splitter's address as --see.
    """
    of = SEE(w3(), see)
    click.echo(f"{contributor} gets {part} of what {account.address} gets from SEE {of.address}")
    tell_redirected(of, account.address)
    click.echo("Nobody else's part moves. You can redirect your money again, for what comes:")
    click.echo("what the Splitter has received stays split\n")
    splitter = of.share_seat(account, contributor, part)
    yield
    show(splitter.receipts)
    click.echo(f"The seat is shared: Splitter {splitter.address}")
