"""What a chain says of an account's transactions: how many, which one, and in which block."""

from __future__ import annotations

from typing import Any, NamedTuple

from web3 import Web3
from web3.exceptions import TransactionNotFound

from seechain.chain.instances import instance_of
from seechain.chain.node import asking, block_of, chain_id_of, eth_of
from seechain.chain.reverts import ChainError, NodeError
from seechain.sending.signing import Sent

DEEP = 12  # blocks: no reorganisation takes back as many


class Place(NamedTuple):
    """A chain, told from others with the same id by its first block, and from its forks.

    genesis: 0x and hex. instance: the same, as a development chain calls itself; else empty.
    """

    chain_id: int
    genesis: str
    instance: str = ""

    def seen_from(self, here: Place) -> str:
        """It in words, for somebody who is at another place."""
        if self == here or self.chain_id != here.chain_id:
            return f"chain {self.chain_id}"
        return f"chain {self.chain_id}, a fork of this one or one that was since begun anew,"


class Mark(NamedTuple):
    """A block by which a chain is known again: its height and hash, 0x and hex."""

    number: int
    hash: str


def place_of(w3: Web3) -> Place:
    """Which chain this is.

    Raises:
        NodeError: the node does not say it.
    """
    with asking(w3, "reading the chain's id and first block"):
        first = block_hash(w3, 0)
        chain_id = chain_id_of(w3)
    return Place(chain_id, "" if first is None else "0x" + first.hex(), instance_of(w3))


def mark_of(w3: Web3, head: int) -> Mark:
    """The block that tells the chain that has this head from others.

    Raises:
        NodeError: the node does not have it.
    """
    number = max(head - DEEP, 0)
    found = block_hash(w3, number)
    if found is None:
        raise NodeError(f"the node lacks block {number}, below its head {head}: try again")
    return Mark(number, "0x" + found.hex())


def has_mark(w3: Web3, mark: Mark) -> bool:
    """Whether this is the chain of a mark."""
    found = block_hash(w3, mark.number)
    return found is not None and "0x" + found.hex() == mark.hash


def block_hash(w3: Web3, number: int) -> bytes | None:
    """The hash of the block at a height of the chain as it is now; None above its head."""
    with asking(w3, f"reading block {number}"):
        block = block_of(w3, number)
        return None if block is None else _bytes(block["hash"])


def is_known(w3: Web3, hash_: str) -> bool:
    """Whether the node has a transaction, in a block or waiting for one."""
    with asking(w3, f"looking for transaction {hash_}"):
        try:
            return eth_of(w3).get_transaction(hash_) is not None  # type: ignore[arg-type]
        except TransactionNotFound:
            return False


def is_mined(w3: Web3, hash_: str | None, what: str) -> bool:
    """Whether a transaction is in a block of the chain as it is now."""
    if hash_ is None:
        return False
    with asking(w3, f"looking for {what}"):
        try:
            found = eth_of(w3).get_transaction_receipt(hash_)  # type: ignore[arg-type]
        except TransactionNotFound:
            return False
    return found["blockNumber"] is not None


def head_number(w3: Web3) -> int:
    """The height of the latest block."""
    with asking(w3, "reading the latest block"):
        return int(eth_of(w3).block_number)


def count_of(w3: Web3, account: str, block: Any = "latest") -> int:
    """How many transactions of an account are mined, which is the nonce of its next."""
    with asking(w3, f"reading the nonce of {account}"):
        return int(eth_of(w3).get_transaction_count(account, block))  # type: ignore[arg-type]


def by_nonce(w3: Web3, account: str, nonce: int) -> dict[str, Any] | None:
    """The mined transaction of an account with a nonce, where the node still knows it.

    It is searched for backwards from the head by how many the account had sent. `hash` is 0x and
    hex, `blockNumber` hex.
    """
    try:
        with asking(w3, f"looking for nonce {nonce} of {account}"):
            number = _height(w3, account, nonce)
            block = None if number is None else block_of(w3, number, whole=True)
    except ChainError:
        return None  # the node keeps no state of that time
    for each in block["transactions"] if block is not None else ():
        sender = str(each["from"]).lower()
        if sender == account.lower() and _number(each["nonce"]) == nonce:
            plain = dict(each)
            plain["hash"] = "0x" + _bytes(each["hash"]).hex()
            plain["blockNumber"] = hex(number or 0)
            return plain
    return None


def is_asked(found: dict[str, Any], sent: Sent) -> bool:
    """Whether a mined transaction does what was asked for."""
    asked = sent.transaction
    return (
        str(found["to"] or "").lower() == str(asked["to"]).lower()
        and _number(found["value"]) == asked["value"]
        and _bytes(found["input"]) == _bytes(asked["data"])
    )


def _height(w3: Web3, account: str, nonce: int) -> int | None:
    """The block in which the account's count went beyond the nonce."""
    high, step = int(eth_of(w3).block_number), 1
    if count_of(w3, account, high) <= nonce:
        return None
    low = high - 1
    while low >= 0 and count_of(w3, account, low) > nonce:
        high, low, step = low, low - step, 2 * step
    low = max(low, -1)
    while high - low > 1:
        middle = (low + high) // 2
        if count_of(w3, account, middle) > nonce:
            high = middle
        else:
            low = middle
    return high


def _bytes(value: Any) -> bytes:
    return bytes.fromhex(value[2:]) if isinstance(value, str) else bytes(value)


def _number(value: Any) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)
