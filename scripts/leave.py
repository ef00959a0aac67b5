"""Leaves a SEE: a member gives up its seat, its voice or both, and asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from scripts._acts import leaving, relay_option, relayed
from scripts._common import see_option, show, w3
from scripts._sending import sending
from seechain import SEE
from seechain.consent import Kind


@sending
@see_option
@click.option("--only", type=click.Choice(["seat", "voice"]), help="All it has, if left out.")
@relay_option("--leave both")
def cli(see: str, only: str | None, relay: Path | None, account: Any) -> Iterator[None]:
    """Give up your seat, your voice or both, for ever. What was earned stays owed."""
    left = SEE(w3(), see)
    if relay:
        consent = relayed(left, relay, Kind.LEAVING, {"--only": only})
        who = consent.account
        seat, voice = consent.seat, consent.voice
        receipts = left.leave(consent, sender=account)
    else:
        who = account.address
        wanted = leaving(left, who, only or "both", None).subject
        seat, voice = wanted.seat, wanted.voice
        receipts = left.leave(account, seat=seat, voice=voice)
    yield
    show(receipts)
    done = "has left" if seat and voice else f"has given up its {'seat' if seat else 'voice'}"
    click.echo(f"{who} {done}{'; SEE ' + left.address + ' has ended' if left.ended else ''}")
