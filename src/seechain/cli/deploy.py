"""Puts the contracts on a chain, once for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from seechain.beside.noticeboard import Noticeboard
from seechain.beside.payer import Payer
from seechain.cli.desk import Desk
from seechain.cli.frame import sending
from seechain.cli.telling import show
from seechain.registry import Registry


@sending
def cli(desk: Desk) -> Iterator[None]:
    """Put the contracts on a chain, once for everybody. What stands there is not sent again.

    They are the Registry, and beside it the Payer and the Noticeboard.
    """
    registry = Registry.deploy(desk.w3, sender=desk.account)
    payer = Payer.deploy(desk.w3, sender=desk.account)
    board = Noticeboard.deploy(desk.w3, sender=desk.account)
    yield
    for each in (registry, payer, board):
        if each.receipts:
            show(desk, each.receipts)
        desk.say(f"{type(each).__name__} {each.address} on chain {desk.chain_id}")
    desk.result(
        {"registry": registry.address, "payer": payer.address, "noticeboard": board.address}
    )
