"""Registers an agreement: one script is enough to deploy a pop-up organisation."""

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
    is_local,
    load,
    show,
    w3,
)
from seechain import Registry


@command
@click.argument("agreement", type=click.Path(path_type=Path))
@consents_option
def cli(agreement: Path, consents: Path | None, account: Any) -> None:
    """Register AGREEMENT, a file that everyone with a voice has signed: see `ape run sign`.

    On a local network the Registry is put in place where it is missing, and voices that are
    test accounts sign at once.
    """
    read = load(agreement)
    registry = Registry.deploy(w3(), sender=account) if is_local() else Registry(w3())
    voices = {member.account: member.name for member in read.members if member.voices}
    folder = consents or folder_of(agreement)
    deadline = deadline_in(folder)
    signed = gather(voices, folder, lambda voice: registry.sign(read, voice, deadline), agreement)
    see = registry.register(read, signed, sender=account)
    show(see.receipts)
    click.echo(f"{read.name} is registered: SEE {see.address} on chain {w3().eth.chain_id}")
