"""Ends a SEE, as a quorum of its voices has signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scripts._common import (
    command,
    consents_option,
    deadline_in,
    folder_of,
    gather,
    see_option,
    show,
    w3,
)
from seechain import SEE


@command
@see_option
@consents_option
def cli(see: str, consents: Path | None, account: Any) -> None:
    """Deregister a SEE that a quorum wants to end. What was earned can be claimed for ever."""
    ending = SEE(w3(), see)
    folder = consents or folder_of(see)
    end = ending.deregistration(deadline_in(folder))
    voices = {member.account: member.account for member in ending.members if member.voices}
    signed = gather(voices, folder, lambda voice: ending.sign(end, voice), see)
    show(ending.deregister(signed, sender=account))
    click.echo(f"{see} has ended: what was earned can be claimed for ever")
