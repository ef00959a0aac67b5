"""Superfluid's pools (GDA): members have units, a distribution is one sum for all of them.

Its pools pay in wrapped tokens alone. The payer wraps what it pays, and a member claims and
unwraps; or it stays in the pool's token, which a connected member's balance shows by itself.
A distribution is divided in whole units: floor(amount / units) to each unit, the rest stays
with the payer.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.chain import BenchError, Contract
from bench.peers import fetched
from bench.peers.books import Balances, Seats
from bench.peers.ground import Call, Ground

PACKAGE = "@superfluid-finance/ethereum-contracts"
BUILT = f"{PACKAGE}/build/hardhat"
STEPS = "contracts/utils/SuperfluidFrameworkDeploymentSteps.t.sol"
LOCATED = "0x1820a4B7618BdE71Dce8cdc73aAB6C95905faD24"  # the one address of ERC-1820
LOCATED_CODE = (f"{PACKAGE}/contracts/libs/ERC1820RegistryCompiled.sol", "BYTECODE")
AMOUNT = 10**18 + 1_234_567
WRAPPED = 10**27  # of the token, beforehand by the payer: no balance of the wrapper starts at zero


class Framework:
    """Superfluid as a whole, and a wrapper of the token of all rows."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._libraries: dict[str, str] = {}
        registry = fetched.in_text(*LOCATED_CODE)
        ground.chain.rpc("anvil_setCode", LOCATED, "0x" + registry.hex())
        steps = self._deploy(STEPS, "SuperfluidFrameworkDeploymentSteps")
        for step in range(7):
            data = steps.data("executeStep", step)
            ground.send(ground.payer, Call(steps.address, data))
        words = ground.chain.view(steps, "(" + ",".join(["address"] * 15) + ")", "getFramework")
        self.host = self._at(words[1], "contracts/superfluid", "Superfluid")
        self.gda = self._at(
            words[4], "contracts/agreements/gdav1", "GeneralDistributionAgreementV1"
        )
        factory = self._at(words[5], "contracts/superfluid", "SuperTokenFactory")
        self.forwarder = self._at(words[10], "contracts/utils", "GDAv1Forwarder")
        self.token = self._wrapper(factory)

    def _wrapper(self, factory: Contract) -> Contract:
        ground = self._ground
        # Of two functions of this name and number of arguments, the one that takes decimals.
        made = "createERC20Wrapper(address,uint8,uint8,string,string)"
        one = Contract(factory.address, {made: factory.selectors[made]})
        data = one.data("createERC20Wrapper", ground.token.address, 18, 1, "", "")
        fields = {"from": ground.payer, "to": factory.address, "input": "0x" + data.hex()}
        address = "0x" + ground.chain.rpc("eth_call", fields, "latest")[-40:]
        ground.send(ground.payer, Call(factory.address, data))
        token = self._at(address, "contracts/superfluid", "SuperToken")
        approved = ground.token.data("approve", address, 2**256 - 1)
        ground.send(ground.payer, Call(ground.token.address, approved))
        ground.send(ground.payer, Call(address, token.data("upgrade", WRAPPED)))
        return token

    def pool(self) -> tuple[Contract, int]:
        """A pool of the payer's: the gas of its creation."""
        ground = self._ground
        data = self.gda.data("createPool", self.token.address, ground.payer, (False, False))
        fields = {"from": ground.payer, "to": self.gda.address, "input": "0x" + data.hex()}
        address = "0x" + ground.chain.rpc("eth_call", fields, "latest")[-40:]
        gas = ground.send(ground.payer, Call(self.gda.address, data))
        return self._at(address, "contracts/agreements/gdav1", "SuperfluidPool"), gas

    def _deploy(self, file: str, contract: str) -> Contract:
        """A contract with all its libraries, each of which is deployed once."""
        code = fetched.artifact(f"{BUILT}/{file}/{contract}.json")
        for library, where in code.files.items():
            if library not in self._libraries:
                self._libraries[library] = self._deploy(where, library).address
        address, _ = self._ground.deploy(code.linked(self._libraries))
        return Contract(address, code.selectors)

    @staticmethod
    def _at(address: str, folder: str, contract: str) -> Contract:
        code = fetched.artifact(f"{BUILT}/{folder}/{contract}.sol/{contract}.json")
        return Contract(address, code.selectors)


class Pool:
    """A pool and its members, and what everyone must hold of the token and of its wrapper."""

    name = "Superfluid"

    def __init__(self, ground: Ground, seats: Seats, framework: Framework) -> None:
        self.ground, self.seats, self._framework = ground, seats, framework
        self.contract, made = framework.pool()
        data = [self.contract.data("updateMemberUnits", *seat) for seat in seats]
        calls = [(ground.payer, [Call(self.contract.address, each)]) for each in data]
        self.created = [made, *ground.send_all(calls)]
        self._units = sum(shares for _, shares in seats)
        self._due = [0] * len(seats)
        wrapper = framework.token.address
        members = [account for account, _ in seats]
        watched = [*members, ground.payer, ground.stranger, wrapper]
        self.balances = Balances(ground, watched, [ground.token.address, wrapper])
        self._connected = False

    def connect(self, row: str) -> list[int]:
        """Every member shows what it is due by its balance; what each used."""
        data = self._framework.forwarder.data("connectPool", self.contract.address, b"")
        call = Call(self._framework.forwarder.address, data)
        used = self.ground.send_all([(account, [call]) for account, _ in self.seats])
        self._connected = True
        self.balances.check(row)
        return used

    def pay(self, row: str) -> list[int]:
        """Wrap and distribute: two transactions of the payer's; the gas of each."""
        ground, framework = self.ground, self._framework
        token, wrapper, payer = ground.token.address, framework.token.address, ground.payer
        each = AMOUNT // self._units
        wrap = Call(wrapper, framework.token.data("upgrade", AMOUNT))
        words = framework.gda.data("distribute", wrapper, payer, self.contract.address, AMOUNT, b"")
        given = framework.host.data("callAgreement", framework.gda.address, words, b"")
        give = Call(framework.host.address, given)
        used = [ground.send(payer, wrap), ground.send(payer, give)]
        self.balances.move(token, payer, wrapper, AMOUNT)
        self.balances.mint(wrapper, payer, AMOUNT - each * self._units)
        for index, (account, shares) in enumerate(self.seats):
            if self._connected:
                self.balances.mint(wrapper, account, each * shares)
            else:
                self._due[index] += each * shares
        self.balances.check(row)
        return used

    def claim_each(self, row: str) -> list[int]:
        """Every member claims and unwraps: two transactions of each; what both used together."""
        if self._connected:
            raise BenchError(f"{row}: connected members have nothing to claim")
        token, wrapper = self.ground.token.address, self._framework.token
        claim = Call(self.contract.address, self.contract.data("claimAll"))
        calls: list[tuple[str, Sequence[Call]]] = []
        for index, (account, _) in enumerate(self.seats):
            unwrap = Call(wrapper.address, wrapper.data("downgrade", self._due[index]))
            calls += [(account, [claim]), (account, [unwrap])]
            self.balances.move(token, wrapper.address, account, self._due[index])
            self._due[index] = 0
        used = self.ground.send_all(calls)
        self.balances.check(row)
        return [sum(used[at : at + 2]) for at in range(0, len(used), 2)]
