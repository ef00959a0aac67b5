"""Puts the Registry on a chain, once for everybody."""

from __future__ import annotations

from typing import Any

import click

from scripts._common import sending, show, w3
from seechain import Registry


@sending
def cli(account: Any) -> None:
    """Put the Registry on a chain, once for everybody. Where it stands, nothing is sent."""
    registry = Registry.deploy(w3(), sender=account)
    if registry.receipts:
        show(registry.receipts)
    click.echo(f"Registry {registry.address} on chain {w3().eth.chain_id}")
