"""A transaction, signed: its bytes and its hash are known before any node hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eth_hash.auto import keccak

from seechain.chain.reverts import NonceError
from seechain.errors import AccountError

# Where nonce, to, value and data stand in a transaction's list, by its type.
_PLACES = {0: (0, 3, 4, 5), 1: (1, 4, 5, 6), 2: (1, 5, 6, 7)}


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction that is sent, or about to be.

    transaction: as asked for, with from, to, data, value (wei), gas, fees (wei for each gas),
    nonce and chainId. raw: its signed bytes; None where the node signs, which then says the hash.
    """

    transaction: Mapping[str, Any]
    raw: bytes | None = field(repr=False)
    hash: str | None

    @property
    def sender(self) -> str:
        """Who sends it."""
        return str(self.transaction["from"])

    @property
    def nonce(self) -> int:
        """Its nonce."""
        return int(self.transaction["nonce"])


def hash_of(raw: bytes) -> str:
    """The hash of a signed transaction."""
    return "0x" + keccak(raw).hex()


def signed(transaction: Mapping[str, Any], sender: Any) -> Sent:
    """Signs a transaction by whatever holds the key.

    sender: an eth-account account, an Ape account (which asks its user), or an address that the
    node signs for, of which nothing is signed here.

    Raises:
        AccountError: it can't sign, did not, or signed something else. NonceError: it counts for
            itself, and gave another nonce.
    """
    address = transaction["from"]
    if isinstance(sender, str):
        return Sent(transaction, None, None)
    if is_ape(sender):
        raw = _signed_by_ape(sender, transaction)
        if raw is None:  # an account that Ape impersonates: the node signs
            return Sent(transaction, None, None)
    else:
        if not hasattr(sender, "sign_transaction"):
            raise AccountError(
                f"{type(sender).__name__} {address} can't sign: use an account's key"
            )
        fields = {name: value for name, value in transaction.items() if name != "from"}
        raw = bytes(sender.sign_transaction(fields).raw_transaction)
    _check(raw, transaction)
    return Sent(transaction, raw, hash_of(raw))


def is_ape(account: object) -> bool:
    """Whether this is an account of Ape, told by its shape."""
    return hasattr(account, "prepare_transaction") and hasattr(account, "network_manager")


def _signed_by_ape(account: Any, whole: Mapping[str, Any]) -> bytes | None:
    fields = {**whole, "type": 2 if "maxFeePerGas" in whole else 0}
    transaction = account.network_manager.ethereum.create_transaction(**fields)
    done = account.sign_transaction(transaction)
    if done is None:
        raise AccountError(f"{account.address} did not sign")
    return bytes(done.serialize_transaction()) if done.signature else None


def _check(raw: bytes, transaction: Mapping[str, Any]) -> None:
    """What was signed is what was asked for; gas and fees are the wallet's own business."""
    kind = raw[0] if raw and raw[0] < 0x80 else 0
    try:
        fields = _items(raw[1:] if kind else raw)
        nonce, to, value, data = (fields[place] for place in _PLACES[kind])
    except (KeyError, IndexError):
        raise AccountError(
            f"{transaction['from']} signed something that is no transaction of type 0, 1 or 2"
        ) from None
    if int.from_bytes(nonce, "big") != transaction["nonce"]:
        raise NonceError(
            f"{transaction['from']} signed with nonce {int.from_bytes(nonce, 'big')} and not"
            f" {transaction['nonce']}: its account sent something else at the same time; try again"
        )
    asked = (
        bytes.fromhex(str(transaction["to"])[2:]),
        int(transaction["value"]),
        bytes.fromhex(str(transaction["data"])[2:]),
    )
    if (to, int.from_bytes(value, "big"), data) != asked:
        raise AccountError(f"{transaction['from']} signed another transaction than it was asked to")


def _items(raw: bytes) -> list[bytes]:
    """The items of an RLP list, lists among them as they are encoded."""
    at, _ = _payload(raw, 0)
    found = []
    while at < len(raw):
        start, end = _payload(raw, at)
        found.append(raw[start:end])
        at = end
    return found


def _payload(raw: bytes, at: int) -> tuple[int, int]:
    """Where the payload of the item at a place begins and ends."""
    first = raw[at]
    if first < 0x80:
        return at, at + 1
    short = first - (0x80 if first < 0xC0 else 0xC0)
    if short < 56:
        return at + 1, at + 1 + short
    start = at + 1 + short - 55
    return start, start + int.from_bytes(raw[at + 1 : start], "big")
