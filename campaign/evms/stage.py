"""Records scenarios: the harness of tests/contracts, on py-evm, that writes down what it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import rlp
from eth_abi import decode
from eth_account import Account
from eth_utils import keccak, to_checksum_address

from campaign.evms import codes, py_evm, scenario
from tests.contracts.evm import DEPLOYER, ETHER, Chain, Contract, Kernel, Reverted, raw

START = 1_900_000_000  # unix seconds: 2030-03-17
APART = 12  # seconds
GAS = 16_000_000
ERROR = bytes.fromhex("08c379a0")
NOTHING = [0, "0"]


class Stage(Chain):
    """A chain for one scenario. Every signer is known by name, and so is what is deployed."""

    def __init__(
        self, name: str, about: str, setting: str = "gas", compared: bool = False, **more: Any
    ) -> None:
        """compared: gas costs nothing and addresses don't hang on code, as settings.py needs it."""
        self.contracts = {n: (abi, "0x" + c) for n, (abi, c) in codes.contracts(setting).items()}
        self.setting, self.fresh, self.time, self.note_ = setting, 0, START, ""
        self.gas = 50_000_000 if compared else GAS
        self.compared = compared
        self.keys: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.steps: list[dict[str, Any]] = []
        fee = 0 if compared else int(keccak(text=name).hex()[:2], 16) + 7
        self.block = {
            "chain_id": 1,
            "coinbase": to_checksum_address(keccak(text="coinbase")[12:]),
            "gas_limit": 60_000_000,
            "base_fee": fee * 10**9,
            "max_fee": (fee + 5) * 10**9 * (not compared),
            "tip": 10**9 * (not compared),
            "prev_randao": "0x" + keccak(text=name).hex(),
        }
        self.head = {"name": name, "about": about}
        self.genesis: dict[str, Any] = {DEPLOYER: {"balance": "0", "nonce": 1, "deployer": True}}
        self.name(DEPLOYER, "deterministic deployer")
        self.name(str(self.block["coinbase"]), "coinbase")
        self.machine: py_evm.Machine | None = None
        self.more = more
        self.me = self.signer("facilitator")

    # ------------------------------------------------------------ the cast

    def signer(self, name: str, key: Any = None, ether: int = 1000) -> str:
        """An account that has a key and coin from the start. All of them before the first act."""
        assert self.machine is None, "the genesis is made"
        key = key or Account.from_key(keccak(text=f"evms: {name}"))
        self.keys[name] = "0x" + bytes(key.key).hex()
        self.genesis[key.address] = {"balance": str(ether * ETHER)}
        return self.name(key.address, name)

    def name(self, account: str, name: str) -> str:
        self.names[to_checksum_address(account)] = name
        return to_checksum_address(account)

    def address(self, name: str) -> str:
        """The account of a name."""
        return next(account for account, each in self.names.items() if each == name)

    def account(self) -> str:
        account = super().account()
        return self.name(account, f"account {self.fresh}")

    def nonce(self, account: str) -> int:
        return int(self._running().account(account)[0])

    def deploy(self, name: str, *args: Any, as_: str = "") -> Contract:
        made = super().deploy(name, *args)
        self.name(made.address, as_ or name)
        return made

    def kernel(self) -> Kernel:
        """Splitter, SEE and Registry, as they are deployed on every chain."""
        self.note("deploy the implementation of Splitters through the deterministic deployer")
        deploy = super().deploy if self.compared else self.deterministic
        splitter = deploy("Splitter")
        self.note("deploy the Registry, which deploys the implementation of SEEs")
        see = bytes.fromhex(self.contracts["SEE"][1][2:])
        registry = deploy("Registry", see, splitter.address)
        self.name(splitter.address, "Splitter")
        self.name(registry.address, "Registry")
        self.name(registry.see_implementation(), "SEE")
        return Kernel(self, splitter, registry)

    # ------------------------------------------------------------ what the harness asks

    def note(self, text: str) -> None:
        """Say what the next acts are."""
        self.note_ = text

    def rpc(self, method: str, *params: Any) -> Any:
        if method == "eth_chainId":
            return hex(self.block["chain_id"])
        if method == "eth_getBalance":
            return hex(int(self._running().account(params[0])[1]))
        if method == "eth_getCode":
            return "0x" + self._running().code(params[0]).hex()
        if method == "eth_getBlockByNumber":
            return {"timestamp": hex(self.time)}
        if method == "evm_setNextBlockTimestamp":
            self.time = int(params[0], 16) - APART
            return None
        if method == "anvil_impersonateAccount":
            return None  # its key signs
        raise ValueError(f"the engines of scenarios do not answer {method}")

    def call(self, to: str, data: bytes, sender: str = "", gas: int = GAS) -> bytes:
        done, output = self._running().view(sender or self.me, to, data)
        if not done:
            raise Reverted(_reason(output))
        return output

    def send(
        self,
        to: str | None,
        data: bytes = b"",
        value: int = 0,
        gas: int = 0,
        sender: str = "",
        **more: Any,
    ) -> dict[str, Any]:
        machine = self._running()
        self.time += APART
        sender = to_checksum_address(sender or self.me)
        step = {
            "act": self.note_,
            "number": len(self.steps) + 1,
            "timestamp": self.time,
            "sender": self.names[sender],
            "nonce": machine.account(sender)[0],
            "to": to_checksum_address(to) if to else None,
            "value": str(value),
            "gas": gas or self.gas,
            "data": self._emptied(data),
            **more,
        }
        signed = scenario.signed(step, self.block, self.keys, "0x" + data.hex())
        made = machine.step(py_evm.raw(signed), step["number"], self.time, to is None)
        if not made["status"]:
            made["reason"] = _reason(py_evm.raw(made["output"]))
        made["accounts"] = self._changed(machine)
        step["expect"] = made
        self.steps.append(step)
        if not made["status"]:
            raise Reverted(made["reason"])
        return self._receipt(step)

    def _running(self) -> py_evm.Machine:
        if self.machine is None:
            genesis = scenario.request(self.finished())["genesis"]
            self.machine = py_evm.Machine(self.block, genesis, **self.more)
            self.seen = {a: self._look(a) for a in genesis}
        return self.machine

    def _changed(self, machine: py_evm.Machine) -> dict[str, list[Any]]:
        """The accounts that the latest step changed, as they are now."""
        out = {}
        for account in sorted(machine.changed):
            now = self._look(account)
            if now != self.seen.get(account, NOTHING):
                out[account] = self.seen[account] = now
                self.names.setdefault(account, f"unnamed {len(self.names)}")
        return out

    def _look(self, account: str) -> list[Any]:
        return scenario.short(self._running().account(account))

    def _emptied(self, data: bytes) -> str:
        """Data without init codes, which stand there by name."""
        text = "0x" + data.hex()
        for name, (_, code) in self.contracts.items():
            text = text.replace(code[2:], f"{{{name}}}")
        return text

    def _receipt(self, step: dict[str, Any]) -> dict[str, Any]:
        logs = [
            {"address": address, "topics": topics, "data": data}
            for address, topics, data in step["expect"]["logs"]
        ]
        sender = self.address(step["sender"])
        created = None
        if step["to"] is None:
            created = to_checksum_address(keccak(rlp.encode([raw(sender), step["nonce"]]))[12:])
        return {
            "status": "0x1",
            "logs": logs,
            "contractAddress": created,
            "gas": step["expect"]["gas"],
        }

    # ------------------------------------------------------------ the file

    def finished(self) -> dict[str, Any]:
        text = "".join(step["data"] for step in self.steps)
        used = {name for name in self.contracts if f"{{{name}}}" in text}
        return {
            **self.head,
            "made_from": codes.digests(used) if self.setting == "gas" else {},
            "block": self.block,
            "keys": self.keys,
            "names": {name: account for account, name in self.names.items()},
            "genesis": self.genesis,
            "steps": self.steps,
            "end": {a: self._look(a) for a in sorted(self.names)} if self.machine else {},
        }


@contextmanager
def refused(reason: str) -> Iterator[None]:
    """Expect a refusal, for exactly this reason, and go on."""
    said = ""
    try:
        yield
    except Reverted as caught:
        said = str(caught)
    assert said == reason, f"{said or 'no refusal'}, not {reason}"


def _reason(output: bytes) -> str:
    if output[:4] == ERROR:
        return str(decode(["string"], output[4:])[0])
    return "no reason" if not output else "0x" + output.hex()
