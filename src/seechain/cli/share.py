"""Shares a seat: a member gives a contributor a part of its own, and asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import click

from seechain.cli.books import agreement_option, see_at, see_option
from seechain.cli.desk import Desk
from seechain.cli.frame import sending
from seechain.cli.telling import show, tell_redirected


@sending
@see_option
@click.option("--with", "contributor", required=True, metavar="ADDRESS", help="The contributor.")
@click.option("--part", required=True, metavar="PART", help="As 1/4, 0.25 or 25%.")
@agreement_option
def cli(desk: Desk, see: str, contributor: str, part: str, names: Path | None) -> Iterator[None]:
    """Give a contributor a part of your own seat, and ask nobody.

    A Splitter of the two is created, and your money in the SEE redirected to it. Claim
    and pay out what is there with the Splitter's address as --see.
    """
    of = see_at(desk, see, names)
    if part.endswith("%"):
        with suppress(ValueError, ZeroDivisionError):  # else it is refused as it was typed
            part = str(Fraction(part[:-1].strip()) / 100)
    mine = f"what {desk.who(desk.address)} gets from SEE {of.address}"
    desk.say(f"{desk.who(contributor)} gets {part} of {mine}")
    tell_redirected(desk, of, desk.address)
    desk.say("Nobody else's part moves. You can redirect your money again, for what comes:")
    desk.say("what the Splitter has received stays split\n")
    splitter = of.share_seat(desk.account, contributor, part)
    yield
    show(desk, splitter.receipts)
    desk.say(f"The seat is shared: Splitter {splitter.address}")
    desk.say(f"What comes there is paid out: {desk.program} payout --see {splitter.address}")
    desk.result({"see": of.address, "splitter": splitter.address})
