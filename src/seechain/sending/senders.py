"""Sending: build, estimate, sign, send, and wait for the receipt.

A sender is an eth-account account, an Ape account, or an address that the node signs for. Ape is
never imported: its accounts are known by their shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.amounts import format_units
from seechain.chain.node import asking, balance_of, chain_id_of, eth_of, head_of
from seechain.chain.receipts import Receipt
from seechain.chain.reverts import NoFunds, NonceError, OutOfGas, Refused, ReplacedError
from seechain.errors import AccountError
from seechain.sending.delivery import Delivery
from seechain.sending.mined import count_of
from seechain.sending.signing import signed
from seechain.sending.tasks import current

MAX_GAS = 2**24  # of one transaction, EIP-7825
WAIT = 120.0  # seconds for a receipt

Sender: TypeAlias = Any  # an eth-account account, an Ape account, or an address


@dataclass(frozen=True, slots=True)
class Call:
    """What is to be sent: to whom, data, wei; `what` says it in words for errors.

    is_last: once it is in a block, what it is a part of is complete. is_missing: the chain shows
    that it is to be done, whatever was done before.
    """

    to: str
    data: bytes
    what: str
    value: int = 0
    is_last: bool = False
    is_missing: bool = False


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

    It is estimated first, so that what a contract would refuse is never sent. Once it was told to
    the node, what is lost or garbled is no error: it is looked for, and told again, the same
    bytes. Inside a Journal it is written down before, and never sent twice.

    Raises:
        AccountError: the sender is no account.
        NoFunds: it has no money for the amount or the gas. NonceError: it sent something else at
            the same time. Refused: the contract refuses. OutOfGas: it needs more gas than a
            transaction may have. NotMined: no receipt came. NodeError: the node fails.
            Inside a Journal: as `seechain.journal`.
    """
    journal = current.get()
    if journal is not None:
        return journal.send(w3, act, sender)
    transaction = prepared(w3, act, sender)
    sent = signed(numbered(w3, transaction, pending_of(w3, transaction["from"])), sender)
    delivery = Delivery(w3, sent, act.what, wait=WAIT)
    try:
        return concluded(w3, transaction, act.what, delivery.receipt())
    except ReplacedError as error:
        if delivery.was_taken:
            raise
        raise NonceError(
            f"{act.what} failed: its account sent something else at the same time; try again"
        ) from error


def prepared(w3: Web3, act: Call, sender: Sender) -> dict[str, Any]:
    """What is to be signed, but for the nonce: with the gas that it needs, and fees.

    Raises:
        AccountError, NoFunds, OutOfGas, Refused, NodeError: as `send`.
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
    return {**transaction, **fees}


def numbered(w3: Web3, transaction: Mapping[str, Any], nonce: int) -> dict[str, Any]:
    """A transaction with its nonce, for this chain."""
    return {**transaction, "chainId": chain_id_of(w3), "nonce": nonce}


def pending_of(w3: Web3, address: str) -> int:
    """The nonce after all that the node knows of."""
    return count_of(w3, address, "pending")


def concluded(w3: Web3, transaction: Mapping[str, Any], what: str, receipt: Any) -> Receipt:
    """The receipt, of what was not refused.

    Raises:
        Refused: it was; as far as the node says it, why.
    """
    if receipt["status"] != 1:
        # Something came between; the same call says why.
        again: Any = {name: transaction[name] for name in ("from", "to", "data", "value", "gas")}
        with asking(w3, what):
            eth_of(w3).call(again, receipt["blockNumber"], ccip_read_enabled=False)
        raise Refused(
            f"{what} was refused in transaction 0x{bytes(receipt['transactionHash']).hex()}:"
            " look at it before you send it again"
        )
    return Receipt.of(receipt)


def estimate(w3: Web3, transaction: dict[str, Any], what: str, *, poor: bool = False) -> int:
    """The gas to send with: what the node estimates and a tenth more, for a state that moves.

    Raises:
        OutOfGas, Refused, NodeError: as `send`.
    """
    asked: Any = transaction
    try:
        with asking(w3, what):
            gas = int(eth_of(w3).estimate_gas(asked))
    except NoFunds:
        if poor:
            raise NoFunds(
                f"{what} failed: {transaction['from']} has 0 ether, and pays for its gas:"
                " send it some"
            ) from None
        raise
    if gas > MAX_GAS:
        raise OutOfGas(
            f"{what} needs {gas} gas, a transaction may have {MAX_GAS}: try again, or ask another"
            " node"
        )
    return min(max(gas + gas // 10, _floor(transaction["data"])), MAX_GAS)


def _floor(data: str) -> int:
    """The least gas of a transaction with data (EIP-7623): with less it waits for ever."""
    raw = bytes.fromhex(data[2:])
    return 21_000 + 40 * len(raw) - 30 * raw.count(0)


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
            return {"gasPrice": int(eth_of(w3).gas_price)}
        tip = int(eth_of(w3).max_priority_fee)
    most = max(base + tip, min(2 * base + tip, affordable))
    return {"maxFeePerGas": most, "maxPriorityFeePerGas": tip}
