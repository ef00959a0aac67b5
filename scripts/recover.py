"""Recovers what was sent to a SEE's address on a chain where it is not registered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from scripts._common import amount_of, currency_option, is_local, load, show, w3
from scripts._sending import sending
from seechain import NothingDue, Registry, Token
from seechain.reverts import AlreadyRegistered, TokenError


@sending
@click.argument("agreement", type=click.Path(path_type=Path))
@currency_option
def cli(agreement: Path, currency: str | None, account: Any) -> Iterator[None]:
    """Pay out what was sent to a SEE on the wrong chain.

    That is one on which it is not registered, or not yet. AGREEMENT is the first one of the SEE:
    its address is the same on every chain. The SEE's contract is put there as a Splitter, without
    registering it, and all are paid by the first agreement's shares. Nobody needs to sign.
    """
    read = load(agreement, check_expiry=False)
    registry = Registry.deploy(w3(), sender=account) if is_local() else Registry(w3())
    address = registry.address_of(read)
    has = [amount_of(*each) for each in _sent(address, currency, read.currencies).items()]
    if not has:
        raise NothingDue(
            f"there is nothing at {address} on chain {w3().eth.chain_id}: check the network, and"
            f" that {agreement} is the SEE's first agreement"
        )
    click.echo(f"At {address} there is {', '.join(has)}\n")
    see = registry.deploy_clone(read, sender=account)
    if see.state != "unregistered":
        raise AlreadyRegistered(
            f"{address} is registered on this chain, and pays by the agreement in force:"
            f" ape run payout --see {address} --account …"
        )
    receipts = see.payout(currency, sender=account)
    yield
    if see.receipts:
        show(see.receipts)
    show(receipts)


def _sent(address: str, asked: str | None, named: tuple[str, ...]) -> dict[str, int]:
    """What is at an address, by currency; a token that is none on this chain is left out."""
    found = {}
    for currency in named if asked is None else (asked,):
        try:
            native = currency == "native"
            found[currency] = (
                w3().eth.get_balance(address) if native else Token(w3(), currency).balance(address)
            )
        except TokenError:
            if asked is not None:
                raise
    return {currency: units for currency, units in found.items() if units}
