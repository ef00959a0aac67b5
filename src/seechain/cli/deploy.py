"""Puts the Registry on a chain, once for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from seechain.cli.desk import Desk
from seechain.cli.frame import sending
from seechain.cli.telling import show
from seechain.registry import Registry


@sending
def cli(desk: Desk) -> Iterator[None]:
    """Put the Registry on a chain, once for everybody. Where it stands, nothing is sent."""
    registry = Registry.deploy(desk.w3, sender=desk.account)
    yield
    if registry.receipts:
        show(desk, registry.receipts)
    desk.say(f"Registry {registry.address} on chain {desk.chain_id}")
    desk.result({"registry": registry.address})
