"""Ends a SEE, as a quorum of its voices has signed, or after its agreement expired."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from seechain.chain.reverts import AlreadyEnded
from seechain.cli.acts import consents_option, ending
from seechain.cli.books import see_option
from seechain.cli.desk import Desk
from seechain.cli.frame import sending
from seechain.cli.journalled import passed_over, resumed
from seechain.cli.telling import show
from seechain.consent import Consent
from seechain.see import SEE


@sending
@see_option
@consents_option
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--expired", is_flag=True, help="It expired seven days ago: nobody needs to sign.")
def cli(
    desk: Desk, see: str, consents: tuple[Path, ...], yes: bool, expired: bool
) -> Iterator[None]:
    """End a SEE by its quorum, or after it expired.

    Voices sign with `sign SEE`. What was earned can be claimed for ever.
    """
    ended = SEE(desk.w3, see)
    desk.confirm(f"End the SEE {ended.address}?", yes or resumed())
    if expired:
        receipts = ended.expire(sender=desk.account)
    else:
        signed: list[Consent] = []
        with passed_over(AlreadyEnded):
            signed = ending(desk, ended, consents).signed(consents)
        receipts = ended.deregister(signed, sender=desk.account)
    yield
    show(desk, receipts)
    desk.say(f"{ended.address} has ended: what was earned can be claimed for ever")
    desk.result({"see": ended.address, "ended": ended.ended})
