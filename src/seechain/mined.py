"""What a chain says of an account's transactions: how many, which one, and in which block."""

from __future__ import annotations

from typing import Any, NamedTuple

from web3 import Web3
from web3.exceptions import BlockNotFound, ExtraDataLengthError

from seechain.node import asking, chain_id_of
from seechain.reverts import ChainError
from seechain.signing import Sent


class Place(NamedTuple):
    """A chain, told from others with the same id by its first block. genesis: 0x and hex."""

    chain_id: int
    genesis: str


def place_of(w3: Web3) -> Place:
    """Which chain this is."""
    with asking(w3, "reading the chain's id and first block"):
        first = block_hash(w3, 0)
        return Place(chain_id_of(w3), "" if first is None else "0x" + first.hex())


def block_hash(w3: Web3, number: int) -> bytes | None:
    """The hash of the block at a height of the chain as it is now; None above its head."""
    block = _block(w3, number, False)
    return None if block is None else _bytes(block["hash"])


def head_number(w3: Web3) -> int:
    """The height of the latest block."""
    with asking(w3, "reading the latest block"):
        return int(w3.eth.block_number)


def count_of(w3: Web3, account: str, block: Any = "latest") -> int:
    """How many transactions of an account are mined, which is the nonce of its next."""
    with asking(w3, f"reading the nonce of {account}"):
        return int(w3.eth.get_transaction_count(account, block))  # type: ignore[arg-type]


def by_nonce(w3: Web3, account: str, nonce: int) -> dict[str, Any] | None:
    """The mined transaction of an account with a nonce, where the node still knows it.

    It is searched for backwards from the head by how many the account had sent. `hash` is 0x and
    hex, `blockNumber` hex.
    """
    try:
        with asking(w3, f"looking for nonce {nonce} of {account}"):
            number = _height(w3, account, nonce)
            block = None if number is None else _block(w3, number, True)
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
    high, step = int(w3.eth.block_number), 1
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


def _block(w3: Web3, number: int, whole: bool) -> Any | None:
    try:
        return w3.eth.get_block(number, full_transactions=whole)
    except BlockNotFound:
        return None
    except ExtraDataLengthError:
        # Chains with proof of authority have longer blocks than web3 reads by default.
        method: Any = "eth_getBlockByNumber"
        return w3.provider.make_request(method, [hex(number), whole]).get("result")


def _bytes(value: Any) -> bytes:
    return bytes.fromhex(value[2:]) if isinstance(value, str) else bytes(value)


def _number(value: Any) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)
