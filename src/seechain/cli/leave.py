"""Leaves a SEE: a member gives up its seat, its voice or both, and asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from seechain.chain.events import Left, VoiceLeft
from seechain.chain.reverts import AlreadyEnded, AlreadyLeft
from seechain.cli.acts import leaving
from seechain.cli.books import agreement_option, see_at, see_option
from seechain.cli.choosing import relay_option, relayed
from seechain.cli.desk import Desk
from seechain.cli.frame import sending
from seechain.cli.journalled import passed_over, resumed
from seechain.cli.keys import Code, by_code_option
from seechain.cli.telling import show
from seechain.consent import Kind
from seechain.errors import SignatureError


@sending
@see_option
@click.option("--only", type=click.Choice(["seat", "voice"]), help="All it has, if left out.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@relay_option("--leave both")
@by_code_option
@agreement_option
def cli(
    desk: Desk,
    see: str,
    only: str | None,
    yes: bool,
    relay: Path | None,
    by_code: Code | None,
    names: Path | None,
) -> Iterator[None]:
    """Give up your seat, your voice or both, for ever. What was earned stays owed.

    With --code it is the seat of a claim code, which signs; your account sends and pays the gas.
    """
    if relay and by_code:
        raise click.UsageError("the consent is signed already: leave --code out")
    left = see_at(desk, see, names)
    if relay:
        consent = relayed(desk, left, relay, Kind.LEAVING, {"--only": only})
        who = consent.account
        receipts = left.leave(consent, sender=desk.account)
    else:
        who = by_code.address if by_code else desk.address
        with passed_over(AlreadyLeft, AlreadyEnded, SignatureError):
            leaving(desk, left, who, only or "both")
        desk.confirm("Leave for ever?", yes or resumed())
        seat, voice = (None, None) if only is None else (only == "seat", only == "voice")
        sender = desk.account if by_code else None
        receipts = left.leave(by_code or desk.account, seat=seat, voice=voice, sender=sender)
    yield
    show(desk, receipts)
    seat = any(isinstance(event, Left) for event in receipts.events)
    voice = any(isinstance(event, VoiceLeft) for event in receipts.events)
    done = "has left" if seat and voice else f"has given up its {'seat' if seat else 'voice'}"
    end = f"; SEE {left.address} has ended" if left.ended else ""
    desk.say(f"{desk.who(who)} {done}{end}")
    desk.result({"see": left.address, "member": who, "seat": seat, "voice": voice})
