"""The built contracts, in whatever way seechain was installed."""

from __future__ import annotations

import pytest
from web3 import Web3

from seechain.chain import artifacts


@pytest.mark.parametrize("name", artifacts.NAMES)
def test_a_contract_is_built_in(name: str) -> None:
    artifact = artifacts.load(name)

    assert artifact.name == name
    assert {entry["type"] for entry in artifact.abi} >= {"event", "function"}
    assert artifact.runtime.removeprefix("0x") in artifact.bytecode
    assert (artifact.compiler, artifact.optimize) == ("0.4.3", "gas")
    assert artifacts.load(name) is artifact


def test_a_splitter_on_chain_has_the_built_code_and_size(w3: Web3) -> None:
    artifact = artifacts.load("Splitter")
    contract = w3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)

    transaction = contract.constructor().transact({"from": w3.eth.accounts[0]})
    address = w3.eth.wait_for_transaction_receipt(transaction)["contractAddress"]

    code = w3.eth.get_code(address)
    assert code.startswith(bytes.fromhex(artifact.runtime[2:]))
    assert len(code) == artifact.size


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"no contract .*: there are Noticeboard, Payer,"):
        artifacts.load("Splitter.vy")


def test_a_package_without_its_contracts_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(artifacts, "files", lambda _package: tmp_path)
    with pytest.raises(FileNotFoundError, match=r"Splitter\.json is missing.*make setup"):
        artifacts.load.__wrapped__("Splitter")
