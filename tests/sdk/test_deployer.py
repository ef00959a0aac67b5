"""The Registry in place: one address everywhere, put there once, by anyone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from web3 import Web3

from seechain import Registry
from seechain.chain import artifacts, clones
from seechain.chain.interface import of
from seechain.chain.node import ask, code_of
from seechain.chain.reverts import NoRegistry
from tests.sdk.chain import anvil, key, rpc


@pytest.fixture
def bare() -> Iterator[Web3]:
    """A chain without a deterministic deployer."""
    with anvil("--disable-default-create2-deployer") as w3:
        yield w3


def test_all_that_is_missing_is_deployed_once(bare: Web3) -> None:
    assert not code_of(bare, clones.DEPLOYER)
    registry = Registry.deploy(bare, sender=key(0))
    assert len(registry.receipts) == 4
    assert registry.address == clones.registry_address()
    assert Registry.deploy(bare, sender=key(1)).receipts == ()
    for name, address in (
        ("see_implementation", clones.first_created(registry.address)),
        ("splitter_implementation", clones.splitter_implementation()),
    ):
        assert ask(bare, registry.address, of("Registry"), name) == address.lower()
        assert code_of(bare, address)


def test_a_half_done_deployment_is_finished(w3: Web3) -> None:
    rpc(w3, "anvil_setCode", clones.registry_address(), "0x")
    rpc(w3, "anvil_setNonce", clones.registry_address(), "0x0")
    rpc(w3, "anvil_setCode", clones.first_created(clones.registry_address()), "0x")
    rpc(w3, "anvil_setNonce", clones.first_created(clones.registry_address()), "0x0")
    assert len(Registry.deploy(w3, sender=key(0)).receipts) == 1


def test_a_public_chain_without_the_deployer_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("seechain.chain.deployer._LOCAL_NODES", ())
    with anvil("--disable-default-create2-deployer", "--chain-id", "77") as w3:
        with pytest.raises(NoRegistry, match=r"chain 77 \(http://.*has no deterministic deployer"):
            Registry.deploy(w3, sender=key(0))
        assert w3.eth.block_number == 0


def test_clones_stand_where_the_contracts_say(registry: Registry) -> None:
    commitment, salt = bytes(range(32)), bytes(31) + b"\5"
    see = clones.clone_address(
        registry.address, clones.first_created(registry.address), commitment, clones.NO_SALT
    )
    splitter = clones.clone_address(
        registry.address, clones.splitter_implementation(), commitment, salt
    )
    reads = of("Registry")
    assert ask(registry.w3, registry.address, reads, "see_address", commitment) == see.lower()
    answer = ask(registry.w3, registry.address, reads, "splitter_address", commitment, salt)
    assert answer == splitter.lower()


def test_a_registry_of_the_same_code_elsewhere_is_one(w3: Web3) -> None:
    built = artifacts.load("Registry")
    contract = w3.eth.contract(abi=built.abi, bytecode=built.bytecode)
    see_code = bytes.fromhex(artifacts.load("SEE").bytecode[2:])
    sent = contract.constructor(see_code, clones.splitter_implementation()).transact(
        {"from": key(0).address, "gas": 16_000_000}
    )
    address = w3.eth.wait_for_transaction_receipt(sent)["contractAddress"]
    assert address is not None
    registry = Registry(w3, address)
    assert registry.address != clones.registry_address()
    # Its SEEs are its own.
    from tests.sdk.conftest import make_agreement

    agreement = make_agreement()
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    see = registry.register(agreement, consents, sender=key(0))
    assert registry.see(see.address).registry == registry.address
    assert registry.create_splitter({key(1).address: 1}, sender=key(0)).registry == address
    # An evil implementation makes an evil Registry of the same code.
    evil = bytes.fromhex(artifacts.load("Splitter").bytecode[2:])
    sent = contract.constructor(evil, clones.splitter_implementation()).transact(
        {"from": key(0).address, "gas": 16_000_000}
    )
    address = w3.eth.wait_for_transaction_receipt(sent)["contractAddress"]
    assert address is not None
    with pytest.raises(NoRegistry, match="is not the Registry of this seechain"):
        Registry(w3, address)
