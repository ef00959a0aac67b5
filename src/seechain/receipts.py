"""What a transaction cost and did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seechain.events import Event, decoded


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
