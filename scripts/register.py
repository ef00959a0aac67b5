"""Registers an agreement: one script is enough to deploy a pop-up organisation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from scripts._acts import registering
from scripts._common import consents_option, is_local, show, w3
from scripts._sending import sending
from seechain import Registry


@sending
@click.argument("agreement", type=click.Path(path_type=Path))
@consents_option
def cli(agreement: Path, consents: Path | None, account: Any) -> Iterator[None]:
    """Register an agreement that all voices have signed.

    AGREEMENT is its file; voices sign it with `ape run sign AGREEMENT`. On a local network the
    Registry is put in place where it is missing, and voices that are test accounts sign at once.
    """

    def registry() -> Registry:
        return Registry.deploy(w3(), sender=account) if is_local() else Registry(w3())

    act = registering(agreement, consents, registry)
    read = act.subject.agreement
    see = act.by.register(read, act.signed(), sender=account)
    yield
    show(see.receipts)
    click.echo(f"{read.name} is registered: SEE {see.address} on chain {w3().eth.chain_id}")
