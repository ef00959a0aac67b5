"""Signs an agreement, or the end of a SEE, into a file for whoever submits it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scripts._common import command, consents_option, deadline_in, folder_of, load, w3
from seechain import SEE, Registry


@command
@click.argument("target", metavar="AGREEMENT|SEE")
@consents_option
def cli(target: str, consents: Path | None, account: Any) -> None:
    """Sign AGREEMENT, a file, to register it; or SEE, an address, to deregister it."""
    folder = consents or folder_of(target)
    deadline = deadline_in(folder)
    if target.startswith("0x"):
        see = SEE(w3(), target)
        consent = see.sign(see.deregistration(deadline), account)
    else:
        agreement = load(Path(target))
        consent = Registry(w3()).sign(agreement, account, deadline)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{consent.account}.json"
    path.write_text(consent.to_json(), encoding="utf-8")
    click.echo(f"{consent.account} has signed: {path}")
