"""Registers an agreement: one command is enough to deploy a pop-up organisation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seechain.cli.acts import consents_option, registering
from seechain.cli.desk import Desk
from seechain.cli.frame import agreement_argument, sending
from seechain.cli.telling import show
from seechain.registry import Registry


@sending
@agreement_argument
@consents_option
def cli(desk: Desk, agreement: str, consents: tuple[Path, ...]) -> Iterator[None]:
    """Register an agreement that all voices have signed.

    FILE is the agreement, or the file of consents that holds it; voices sign it with `sign FILE`.
    On a local network the Registry is put in place where it is missing.
    """

    def registry() -> Registry:
        return Registry.deploy(desk.w3, sender=desk.account) if desk.is_local else Registry(desk.w3)

    act = registering(desk, Path(agreement), consents, registry)
    read = act.agreement
    see = Registry(desk.w3).register(read, act.signed(consents), sender=desk.account)
    yield
    show(desk, see.receipts)
    desk.say(f"{read.name} is registered: SEE {see.address} on chain {desk.chain_id}")
    ask = f"{desk.program} request --see {see.address} --amount AMOUNT --memo INVOICE"
    desk.say(f"Clients pay to that address; to ask one for money: {ask}")
    desk.result({"see": see.address, "name": read.name})
