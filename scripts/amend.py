"""Puts the next agreement of a SEE in force, as a quorum of its voices has signed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from scripts._acts import amending
from scripts._common import consents_option, see_option, show, w3
from scripts._sending import sending
from seechain import SEE


@sending
@click.argument("agreement", type=click.Path(path_type=Path))
@see_option
@consents_option
def cli(agreement: Path, see: str, consents: Path | None, account: Any) -> Iterator[None]:
    """Put a SEE's next agreement in force.

    AGREEMENT is the file of its next version, which a quorum of the voices has signed with
    `ape run sign AGREEMENT --see SEE`. On a local network voices that are test accounts sign at
    once. What changes for whom is shown first; what was earned until now stays owed as it was
    agreed.
    """
    amended = SEE(w3(), see)
    act = amending(agreement, amended, consents, account.address)
    read = act.subject.agreement
    receipts = amended.amend(read, act.signed(), sender=account)
    yield
    show(receipts)
    click.echo(f"{read.name} is in force: version {amended.version} of SEE {amended.address}")
