"""Puts the Registry on a chain, once for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from scripts._common import show, w3
from scripts._sending import sending
from seechain import Registry


@sending
def cli(account: Any) -> Iterator[None]:
    """Put the Registry on a chain, once for everybody. Where it stands, nothing is sent."""
    registry = Registry.deploy(w3(), sender=account)
    yield
    if registry.receipts:
        show(registry.receipts)
    click.echo(f"Registry {registry.address} on chain {w3().eth.chain_id}")
