"""An anvil, its accounts, and what the tests put on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import Web3

from tests.direct import connected
from tools import compiled as compiling
from tools.anvil import running

MNEMONIC = "test test test test test test test test test test test junk"
FOLDERS = (Path(__file__).parents[1] / "tokens", Path(__file__).parent / "contracts")


@cache
def key(number: int) -> LocalAccount:
    """One of anvil's funded accounts."""
    Account.enable_unaudited_hdwallet_features()
    account: LocalAccount = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{number}")
    return account


@contextmanager
def anvil(*options: str, hardfork: str = "prague") -> Iterator[Web3]:
    """An anvil of its own on a free port; it ends with the block."""
    with running("--hardfork", hardfork, *options) as url:
        yield connected(url)


@cache
def compiled(name: str) -> tuple[Any, str]:
    """ABI and bytecode of a contract of the tests."""
    (source,) = (path for folder in FOLDERS if (path := folder / f"{name}.vy").is_file())
    return compiling.compiled(source)


def deployed(w3: Web3, name: str, *arguments: object) -> Any:
    """A contract of the tests on the chain, by anvil's first account."""
    abi, bytecode = compiled(name)
    constructor = w3.eth.contract(abi=abi, bytecode=bytecode).constructor(*arguments)
    receipt = w3.eth.wait_for_transaction_receipt(constructor.transact({"from": key(0).address}))
    return w3.eth.contract(address=receipt["contractAddress"], abi=abi)


def rpc(w3: Web3, method: str, *parameters: object) -> Any:
    """What anvil answers to a method of its own."""
    answer: Any = w3.provider.make_request(method, list(parameters))  # type: ignore[arg-type]
    assert "error" not in answer, answer
    return answer["result"]


def warp(w3: Web3, seconds: int) -> None:
    """Lets so much time pass."""
    rpc(w3, "evm_increaseTime", seconds)
    rpc(w3, "evm_mine")
