"""thirdweb's Split: a clone of one implementation, claimed from or distributed to all."""

from __future__ import annotations

from itertools import count

from bench.chain import Contract
from bench.ledger import NATIVE
from bench.peers import fetched
from bench.peers.books import Seats
from bench.peers.ground import Call, Ground
from bench.peers.places.openzeppelin import Releasing

PACKAGE = "@thirdweb-dev/contracts"
COMPILER = "solc-0.8.23"
SETTINGS = {"optimizer": {"enabled": True, "runs": 20}}  # of its releases
_salts = count(1)


class Factory:
    """The implementation and what clones it: the cheapest of thirdweb's factories."""

    def __init__(self, ground: Ground) -> None:
        split = self.code("prebuilts/split/Split.sol", "Split")
        factory = self.code("infra/TWStatelessFactory.sol", "TWStatelessFactory")
        self.implementation, _ = ground.deploy(split.linked({}))
        address, _ = ground.deploy(factory.linked({}), ["address"], [NATIVE])
        self.contract = Contract(address, factory.selectors)
        self.selectors = split.selectors

    @staticmethod
    def code(file: str, contract: str) -> fetched.Code:
        """One of its contracts, by its release settings."""
        return fetched.compiled(COMPILER, f"{PACKAGE}/{file}", contract, SETTINGS)

    def creation(self, ground: Ground, seats: Seats) -> Call:
        """The call that creates a Split of these seats."""
        payees, shares = zip(*seats, strict=True)
        started = Contract(self.implementation, self.selectors).data(
            "initialize", ground.payer, "", [], payees, shares
        )
        salt = next(_salts).to_bytes(32, "big")
        made = (self.implementation, started, salt)
        return Call(self.contract.address, self.contract.data("deployProxyByImplementation", *made))

    def fields(self, ground: Ground, seats: Seats) -> dict[str, str]:
        """The fields of the transaction that creates one."""
        call = self.creation(ground, seats)
        return {"to": call.to, "input": "0x" + call.data.hex()}


class Thirdweb(Releasing):
    """A clone, made by the factory."""

    name = "thirdweb"

    def __init__(self, ground: Ground, seats: Seats, factory: Factory) -> None:
        call = factory.creation(ground, seats)
        fields = {"from": ground.payer, "to": call.to, "input": "0x" + call.data.hex()}
        address = "0x" + ground.chain.rpc("eth_call", fields, "latest")[-40:]
        super().__init__(ground, address, seats)
        self.created = [ground.send(ground.payer, call)]
        self.contract = Contract(address, factory.selectors)

    def push(self, currency: str) -> Call:
        arguments = () if currency == NATIVE else (currency,)
        return Call(self.address, self.contract.data("distribute", *arguments))
