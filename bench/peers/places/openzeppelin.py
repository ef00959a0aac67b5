"""OpenZeppelin's PaymentSplitter: each a contract of its own, everyone claims."""

from __future__ import annotations

from typing import Any

from eth_abi.abi import encode

from bench.chain import Contract
from bench.ledger import NATIVE
from bench.peers import fetched
from bench.peers.books import Seats
from bench.peers.ground import Call, Ground
from bench.peers.places import Place

PACKAGE = "@openzeppelin/contracts"
BUILT = f"{PACKAGE}/build/contracts/PaymentSplitter.json"
SOURCE = f"{PACKAGE}/finance/PaymentSplitter.sol"
BEST = {"optimizer": {"enabled": True, "runs": 1_000_000}, "viaIR": True}


class Releasing(Place):
    """Whose claims are `release`, of a PaymentSplitter or what descends from one."""

    contract: Contract

    def claim(self, index: int, currency: str, by_member: bool = True) -> Call:
        account = self.seats[index][0]
        arguments = (account,) if currency == NATIVE else (currency, account)
        return Call(self.address, self.contract.data("release", *arguments))


class OpenZeppelin(Releasing):
    """As its package carries it."""

    name = "OpenZeppelin"

    def __init__(self, ground: Ground, seats: Seats) -> None:
        code = self.code()
        address, gas = ground.deploy(code.linked({}), ["address[]", "uint256[]"], _payees(seats))
        super().__init__(ground, address, seats)
        self.created = [gas]
        self.contract = Contract(address, code.selectors)

    @classmethod
    def creation(cls, seats: Seats) -> dict[str, str]:
        """The fields of the transaction that creates one."""
        given = encode(["address[]", "uint256[]"], _payees(seats))
        return {"input": "0x" + (cls.code().linked({}) + given).hex()}

    @staticmethod
    def code() -> fetched.Code:
        """What is deployed."""
        return fetched.artifact(BUILT)


class OpenZeppelinBest(OpenZeppelin):
    """Compiled for the least gas."""

    name = "OpenZeppelin, solc 0.8.28 via IR"

    @staticmethod
    def code() -> fetched.Code:
        return fetched.compiled("solc-0.8.28", SOURCE, "PaymentSplitter", BEST)


def _payees(seats: Seats) -> list[Any]:
    return [[account for account, _ in seats], [shares for _, shares in seats]]
