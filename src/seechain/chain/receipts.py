"""What a transaction cost and did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seechain.chain.decoding import decoded
from seechain.chain.events import Event

_NUMBERS = ("status", "gasUsed", "blockNumber")
_HASHES = ("transactionHash", "blockHash")
_ACCOUNTS = ("from", "to")


@dataclass(frozen=True, slots=True)
class Receipt:
    """One transaction on chain. gas_used: gas. events: those of seechain's contracts."""

    transaction_hash: str
    gas_used: int
    block_number: int
    events: tuple[Event, ...]

    @classmethod
    def of(cls, receipt: Any) -> Receipt:
        """The receipt of web3's."""
        return cls(
            transaction_hash="0x" + bytes(receipt["transactionHash"]).hex(),
            gas_used=int(receipt["gasUsed"]),
            block_number=int(receipt["blockNumber"]),
            events=decoded(receipt["logs"]),
        )


class Receipts(tuple[Receipt, ...]):
    """The transactions of one act, in their order: a tuple of receipts, which sums up.

    It has the attributes of a single receipt, so that an act reads the same whether it took one
    transaction or several.
    """

    __slots__ = ()

    @property
    def gas_used(self) -> int:
        """The gas of all transactions."""
        return sum(each.gas_used for each in self)

    @property
    def events(self) -> tuple[Event, ...]:
        """The events of all transactions."""
        return tuple(event for each in self for event in each.events)

    @property
    def transaction_hash(self) -> str:
        """The hash of the last transaction, by which the act was complete."""
        return self[-1].transaction_hash

    @property
    def block_number(self) -> int:
        """The block of the last transaction."""
        return self[-1].block_number


def to_json(receipt: Any) -> dict[str, Any]:
    """The fields of web3's receipt that count, as JSON: bytes as hex."""
    return {
        **{name: int(receipt[name]) for name in _NUMBERS},
        **{name: _hex(receipt[name]) for name in _HASHES},
        **{name: receipt[name] for name in _ACCOUNTS},
        "logs": [
            {
                "address": log["address"],
                "topics": [_hex(topic) for topic in log["topics"]],
                "data": _hex(log["data"]),
                "blockNumber": int(log["blockNumber"]),
                "transactionHash": _hex(log["transactionHash"]),
                "logIndex": int(log["logIndex"]),
            }
            for log in receipt["logs"]
        ],
    }


def from_json(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A receipt that was stored, with bytes as web3 gives them."""
    read = {**stored, **{name: bytes.fromhex(stored[name][2:]) for name in _HASHES}}
    read["logs"] = [
        {
            **log,
            "topics": [bytes.fromhex(topic[2:]) for topic in log["topics"]],
            "data": bytes.fromhex(log["data"][2:]),
            "transactionHash": bytes.fromhex(log["transactionHash"][2:]),
        }
        for log in stored["logs"]
    ]
    return read


def _hex(value: Any) -> str:
    return "0x" + bytes(value).hex()
