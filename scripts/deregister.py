"""Ends a SEE, as a quorum of its voices has signed, or after its agreement expired."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from scripts._acts import ending
from scripts._common import consents_option, see_option, show, w3
from scripts._sending import sending
from seechain import SEE


@sending
@see_option
@consents_option
@click.option("--expired", is_flag=True, help="It expired seven days ago: nobody needs to sign.")
def cli(see: str, consents: Path | None, expired: bool, account: Any) -> Iterator[None]:
    """End a SEE by its quorum, or after it expired.

    Voices sign with `ape run sign SEE`. What was earned can be claimed for ever.
    """
    ended = SEE(w3(), see)
    if expired:
        receipts = ended.expire(sender=account)
    else:
        receipts = ended.deregister(ending(ended, consents).signed(), sender=account)
    yield
    show(receipts)
    click.echo(f"{ended.address} has ended: what was earned can be claimed for ever")
