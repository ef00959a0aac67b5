"""The contracts with Ape's accounts, read through Ape's own contract classes."""

from __future__ import annotations

from typing import Any

import pytest
from ape import project
from web3 import Web3

from seechain import SEE, Agreement, Registry, SeechainError

pytestmark = pytest.mark.both_chains
NATIVE = "0x" + "00" * 20
ETHER = 10**18


@pytest.fixture
def registry(w3: Web3, members: dict[str, Any]) -> Registry:
    return Registry.deploy(w3, sender=members["Desk"])


@pytest.fixture
def see(registry: Registry, agreement: Agreement, members: dict[str, Any]) -> SEE:
    voices = [members[name] for name in ("Ada", "Ben", "Port of Delft")]
    consents = [registry.sign(agreement, voice) for voice in voices]
    return registry.register(agreement, consents, sender=members["Desk"])


def test_the_registry_stands_once(w3: Web3, registry: Registry, members: dict[str, Any]) -> None:
    block = w3.eth.block_number

    assert Registry.deploy(w3, sender=members["Ada"]).address == registry.address
    assert w3.eth.block_number == block


def test_a_see_is_recorded_under_its_agreement(
    chain: Any, registry: Registry, see: SEE, agreement: Agreement
) -> None:
    on_chain = project.Registry.at(registry.address)
    block, registered, ended, version, amended, left = on_chain.record(see.address)

    assert (block, ended, version) == (see.receipts.block_number, 0, 0)
    assert (amended, left) == (0, 0)
    assert registered == chain.blocks[block].timestamp
    assert on_chain.see_address(agreement.commitment) == see.address
    assert project.SEE.at(see.address).commitment() == agreement.commitment


def test_a_claim_pays_the_member_whoever_sends_it(see: SEE, members: dict[str, Any]) -> None:
    ada, before = members["Ada"], members["Ada"].balance
    see.pay("1 ether", memo="INV-7", sender=members["Port of Delft"])

    see.claim(ada.address, sender=members["Desk"])

    assert ada.balance - before == ETHER * 40 // 100
    assert project.SEE.at(see.address).received(NATIVE) == ETHER
    with pytest.raises(SeechainError, match="nothing"):
        see.claim(ada.address, sender=members["Desk"])


def test_a_payout_pays_everyone_to_the_last_unit(see: SEE, members: dict[str, Any]) -> None:
    names, parts = ("Ada", "Ben", "Cleo"), (40, 35, 20)
    before = [members[name].balance for name in names]
    see.pay(ETHER + 19, sender=members["Port of Delft"])

    see.payout(sender=members["Desk"])

    got = [members[name].balance - old for name, old in zip(names, before, strict=True)]
    assert got == [(ETHER + 19) * part // 100 for part in parts]


def test_a_plain_transfer_of_ape_is_a_payment(see: SEE, members: dict[str, Any]) -> None:
    receipt = members["Port of Delft"].transfer(see.address, ETHER)

    assert receipt.gas_used < 22_100
    assert see.due(members["Ben"].address) == {"native": ETHER * 35 // 100}


def test_a_quorum_ends_it_and_late_payments_still_split(see: SEE, members: dict[str, Any]) -> None:
    desk, ben = members["Desk"], members["Ben"]
    end = see.deregistration()
    with pytest.raises(SeechainError, match="quorum"):
        see.deregister([see.sign(end, members["Ada"])], sender=desk)

    see.deregister([see.sign(end, members[name]) for name in ("Ada", "Ben")], sender=desk)

    assert project.SEE.at(see.address).ended()
    with pytest.raises(SeechainError, match="ended"):
        see.pay("1 ether", sender=desk)
    before = ben.balance
    members["Port of Delft"].transfer(see.address, ETHER)
    see.claim(ben.address, sender=desk)
    assert ben.balance - before == ETHER * 35 // 100


def test_nobody_registers_without_every_voice(
    registry: Registry, agreement: Agreement, members: dict[str, Any]
) -> None:
    consents = [registry.sign(agreement, members[name]) for name in ("Ada", "Ben")]

    with pytest.raises(SeechainError, match=members["Port of Delft"].address):
        registry.register(agreement, consents, sender=members["Desk"])
