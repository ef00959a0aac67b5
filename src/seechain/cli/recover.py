"""Recovers what was sent to a SEE's address on a chain where it is not registered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seechain.agreement.text import NATIVE
from seechain.chain.node import balance_of
from seechain.chain.reverts import AlreadyRegistered, NothingDue, TokenError
from seechain.chain.tokens import Token
from seechain.cli.acts import load
from seechain.cli.desk import Desk
from seechain.cli.frame import agreement_argument, currency_option, sending
from seechain.cli.journalled import resumed
from seechain.cli.telling import show
from seechain.money import Money
from seechain.registry import Registry


@sending
@agreement_argument
@currency_option
def cli(desk: Desk, agreement: str, currency: str | None) -> Iterator[None]:
    """Pay out what was sent to a SEE on the wrong chain.

    That is one on which it is not registered, or not yet. FILE is the first agreement of the SEE:
    its address is the same on every chain. The SEE's contract is put there as a Splitter, without
    registering it, and all are paid by the first agreement's shares. Nobody needs to sign.
    """
    read = load(desk, Path(agreement), check_expiry=False)
    local = desk.is_local
    registry = Registry.deploy(desk.w3, sender=desk.account) if local else Registry(desk.w3)
    address, money = registry.address_of(read), Money(desk.w3)
    sent = _sent(desk, address, currency, read.currencies)
    if not sent and not resumed():
        raise NothingDue(
            f"there is nothing at {address} on chain {desk.chain_id}: check the network, and"
            f" that {agreement} is the SEE's first agreement"
        )
    if sent:
        desk.say(f"At {address} there is {', '.join(money.text(*each) for each in sent.items())}\n")
    see = registry.deploy_clone(read, sender=desk.account)
    if see.state != "unregistered":  # type: ignore[attr-defined]
        raise AlreadyRegistered(
            f"{address} is registered on this chain, and pays by the agreement in force:"
            f" {desk.program} payout --see {address}"
        )
    receipts = see.payout(currency, sender=desk.account)
    yield
    if see.receipts:
        show(desk, see.receipts)
    show(desk, receipts)


def _sent(desk: Desk, address: str, asked: str | None, named: tuple[str, ...]) -> dict[str, int]:
    """What is at an address, by currency; a token that is none on this chain is left out."""
    found = {}
    for currency in named if asked is None else (asked,):
        try:
            native = currency == NATIVE
            found[currency] = (
                balance_of(desk.w3, address)
                if native
                else Token(desk.w3, currency).balance(address)
            )
        except TokenError:
            if asked is not None:
                raise
    return {currency: units for currency, units in found.items() if units}
