"""Ends a SEE, as a quorum of its voices has signed, or after its agreement expired."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scripts._acts import ending
from scripts._common import consents_option, see_option, sending, show, w3
from seechain import SEE


@sending
@see_option
@consents_option
@click.option("--expired", is_flag=True, help="It expired seven days ago: nobody needs to sign.")
def cli(see: str, consents: Path | None, expired: bool, account: Any) -> None:
    """End a SEE by its quorum, or after it expired.

    Voices sign with `ape run sign SEE`. What was earned can be claimed for ever.
    """
    ended = SEE(w3(), see)
    if expired:
        show(ended.expire(sender=account))
    else:
        show(ended.deregister(ending(ended, consents).signed(), sender=account))
    click.echo(f"{ended.address} has ended: what was earned can be claimed for ever")
