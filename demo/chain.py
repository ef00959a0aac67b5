"""A chain of the demo's own: anvil where Node is there, else Ape's chain in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import HTTPProvider, Web3

from tools import anvil
from tools.compiled import compiled

# Of every development chain: its keys are public.
MNEMONIC = "test test test test test test test test test test test junk"
CONTRACTS = Path(__file__).parent / "contracts"


@dataclass(frozen=True)
class Chain:
    """A running local chain. about: how the demo calls it."""

    w3: Web3
    about: str


@contextmanager
def local_chain() -> Iterator[Chain]:
    """A local chain with funded test accounts, which is gone when the block is left."""
    try:
        with anvil.running() as url:
            yield Chain(Web3(HTTPProvider(url)), f"anvil at {url}")
    except anvil.NoAnvil as why:
        from ape import networks

        with networks.parse_network_choice("ethereum:local:test") as provider:
            about = f"Ape's chain in this process, since {why}; with Node it is a real anvil"
            yield Chain(provider.web3, about)


def funded_account(index: int) -> LocalAccount:
    """One of the accounts that a development chain funds."""
    Account.enable_unaudited_hdwallet_features()
    key = Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")
    return cast(LocalAccount, key)


def deploy(w3: Web3, name: str, *arguments: Any, sender: LocalAccount) -> Any:
    """Deploys one of the demo's own contracts, compiled once; returns web3's contract."""
    abi, bytecode = compiled(CONTRACTS / f"{name}.vy")
    made = w3.eth.contract(abi=abi, bytecode=bytecode)
    receipt = send(w3, made.constructor(*arguments), sender)
    return w3.eth.contract(address=receipt["contractAddress"], abi=abi)


def send(w3: Web3, call: Any, sender: LocalAccount) -> Any:
    """Signs and sends a prepared call and returns its receipt.

    Raises:
        RuntimeError: the chain reverted it.
    """
    fields = {"from": sender.address, "nonce": w3.eth.get_transaction_count(sender.address)}
    signed = sender.sign_transaction(call.build_transaction(fields))
    receipt = w3.eth.wait_for_transaction_receipt(
        w3.eth.send_raw_transaction(signed.raw_transaction), timeout=30, poll_latency=0.05
    )
    if receipt["status"] != 1:
        raise RuntimeError(f"transaction {receipt['transactionHash'].hex()} failed")
    return receipt
