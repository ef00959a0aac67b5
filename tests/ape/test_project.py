"""The contracts as Ape compiles them: the same code as in the package."""

from __future__ import annotations

import pytest
from ape import project

from seechain.chain import artifacts

pytestmark = pytest.mark.both_chains


@pytest.mark.parametrize("name", artifacts.NAMES)
def test_ape_compiles_the_code_of_the_package(name: str) -> None:
    contract_type = project.get_contract(name).contract_type
    artifact = artifacts.load(name)

    assert contract_type.deployment_bytecode.bytecode == artifact.bytecode
    assert contract_type.runtime_bytecode.bytecode == artifact.runtime


def test_modules_are_no_contracts_of_their_own() -> None:
    assert not [name for name in project.contracts if name.islower()]


def test_the_chain_is_the_one_that_was_asked_for(chain) -> None:
    is_anvil = "anvil" in chain.provider.client_version.lower()

    assert is_anvil == (chain.provider.name == "foundry")
