"""Sending: build, estimate, sign, send, and wait for the receipt.

A sender is an eth-account account, an Ape account, or an address that the node signs for. Ape is
never imported: its accounts are known by their shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.amounts import format_units
from seechain.errors import AccountError
from seechain.node import asking, balance_of, chain_id_of, head_of
from seechain.receipts import Receipt
from seechain.reverts import NoFunds, OutOfGas, Refused

MAX_GAS = 2**24  # of one transaction, EIP-7825
WAIT = 120  # seconds for a receipt

Sender: TypeAlias = Any  # an eth-account account, an Ape account, or an address


@dataclass(frozen=True, slots=True)
class Call:
    """What is to be sent: to whom, data, wei; `what` says it in words for errors."""

    to: str
    data: bytes
    what: str
    value: int = 0


def address_of(sender: Sender) -> str:
    """The checksummed address of a sender.

    Raises:
        AccountError: it is no account and no address.
    """
    address = sender if isinstance(sender, str) else getattr(sender, "address", None)
    if address is None:
        raise AccountError(
            "a sender is an eth-account account, an Ape account, or an address that the node"
            f" signs for, got {type(sender).__name__}"
        )
    return checksum(account_bytes(str(address)))


def send(w3: Web3, act: Call, sender: Sender) -> Receipt:
    """Sends a call and waits until it is in a block.

    It is estimated first, so that what a contract would refuse is never sent.

    Raises:
        AccountError: the sender is no account.
        NoFunds: it has no money for the amount or the gas. NonceError: it sent something else at
            the same time. Refused: the contract refuses. OutOfGas: it needs more gas than a
            transaction may have. NotMined: no receipt came. NodeError: the node fails.
    """
    address = address_of(sender)
    if hasattr(sender, "endorsement"):
        raise AccountError(f"the SEE {address} sends nothing itself: name another sender")
    transaction: dict[str, Any] = {
        "from": address,
        "to": act.to,
        "data": "0x" + act.data.hex(),
        "value": act.value,
    }
    balance = balance_of(w3, address)
    if balance < act.value:
        raise _no_funds(address, balance, act.value, act.what)
    transaction["gas"] = estimate(w3, transaction, act.what, poor=balance == 0)
    fees = _fees(w3, (balance - act.value) // transaction["gas"])
    needed = act.value + transaction["gas"] * max(fees.values())
    if balance < needed:
        raise _no_funds(address, balance, needed, act.what)
    with asking(w3, act.what):
        sent = _send(w3, transaction, fees, sender)
        receipt = w3.eth.wait_for_transaction_receipt(sent, timeout=WAIT, poll_latency=0.05)
        if receipt["status"] != 1:
            # Something came between; the same call says why.
            again: Any = transaction
            w3.eth.call(again, receipt["blockNumber"], ccip_read_enabled=False)
            raise Refused(f"{act.what} was refused in transaction 0x{bytes(sent).hex()}")
    return Receipt.of(receipt)


def estimate(w3: Web3, transaction: dict[str, Any], what: str, *, poor: bool = False) -> int:
    """The gas to send with: what the node estimates and a tenth more, for a state that moves.

    Raises:
        OutOfGas, Refused, NodeError: as `send`.
    """
    asked: Any = transaction
    try:
        with asking(w3, what):
            gas = int(w3.eth.estimate_gas(asked))
    except NoFunds:
        if poor:
            raise NoFunds(
                f"{what} failed: {transaction['from']} has 0 ether, and pays for its gas:"
                " send it some"
            ) from None
        raise
    if gas > MAX_GAS:
        raise OutOfGas(f"{what} needs {gas} gas, a transaction may have {MAX_GAS}")
    return min(gas + gas // 10, MAX_GAS)


def _no_funds(address: str, balance: int, needed: int, what: str) -> NoFunds:
    return NoFunds(
        f"{what} failed: {address} has {format_units(balance, 18, 'ether')} and needs up to"
        f" {format_units(needed, 18, 'ether')}, gas included: send it the difference"
    )


def _fees(w3: Web3, affordable: int) -> dict[str, int]:
    """The fees to offer, in wei for each gas: EIP-1559, or the node's gas price.

    That is twice the base fee and a tip, so that it holds while the base fee rises; less where
    the account can't afford as much, but never less than what counts now.
    """
    base = head_of(w3).base_fee
    with asking(w3, "reading the price of gas"):
        if base is None:
            return {"gasPrice": int(w3.eth.gas_price)}
        tip = int(w3.eth.max_priority_fee)
    most = max(base + tip, min(2 * base + tip, affordable))
    return {"maxFeePerGas": most, "maxPriorityFeePerGas": tip}


def _send(w3: Web3, transaction: dict[str, Any], fees: dict[str, int], sender: Sender) -> Any:
    by_node: Any = {**transaction, **fees}
    if isinstance(sender, str):
        return w3.eth.send_transaction(by_node)
    address: Any = transaction["from"]
    nonce = int(w3.eth.get_transaction_count(address, "pending"))
    whole = {**by_node, "chainId": chain_id_of(w3), "nonce": nonce}
    if is_ape(sender):
        raw = _signed_by_ape(sender, whole)
        if raw is None:  # an account that Ape impersonates: the node signs
            return w3.eth.send_transaction(by_node)
        return w3.eth.send_raw_transaction(raw)
    if not hasattr(sender, "sign_transaction"):
        raise AccountError(f"{type(sender).__name__} {address} can't sign: use an account's key")
    del whole["from"]
    return w3.eth.send_raw_transaction(sender.sign_transaction(whole).raw_transaction)


def is_ape(account: object) -> bool:
    """Whether this is an account of Ape, told by its shape."""
    return hasattr(account, "prepare_transaction") and hasattr(account, "network_manager")


def _signed_by_ape(account: Any, whole: dict[str, Any]) -> bytes | None:
    fields = {**whole, "type": 2 if "maxFeePerGas" in whole else 0}
    transaction = account.network_manager.ethereum.create_transaction(**fields)
    signed = account.sign_transaction(transaction)
    if signed is None:
        raise AccountError(f"{account.address} did not sign")
    return bytes(signed.serialize_transaction()) if signed.signature else None
