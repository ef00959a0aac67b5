"""An anvil of one's own, and the few calls that a measurement needs of it."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.grammar import TupleType, parse
from eth_hash.auto import keccak

from tools import anvil

ROOT = Path(__file__).resolve().parent.parent
ANVIL = "1.7.1"
ACCOUNTS = 110
NOW = 1_798_761_600  # 2027-01-01: nothing that is measured depends on the day it is measured
GAS = 2**24  # the most that a transaction may use (EIP-7825)


class BenchError(Exception):
    """A transaction failed, or did something else than what was to be measured."""


@dataclass(frozen=True, slots=True)
class Log:
    """One event: topics and data as they are."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a transaction used, refunds subtracted, and what it logged."""

    gas: int
    logs: tuple[Log, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """An account with code: its address, and signature to selector of its functions."""

    address: str
    selectors: dict[str, str]

    def data(self, function: str, *arguments: Any) -> bytes:
        """The calldata of a call, by the function's name and number of arguments."""
        for signature, selector in self.selectors.items():
            name, types = _name_and_types(signature)
            if name == function and len(types) == len(arguments):
                # By its value: vyper leaves leading zeros out.
                return int(selector, 16).to_bytes(4, "big") + encode(types, arguments)
        raise BenchError(f"no function {function} with {len(arguments)} arguments")


class Chain:
    """JSON-RPC of an anvil; `accounts` are its unlocked test accounts."""

    def __init__(self, address: str) -> None:
        self._http = HTTPConnection(address, timeout=60)
        self._ids = itertools.count()
        self.accounts: list[str] = self.rpc("eth_accounts")

    def close(self) -> None:
        """Close the connection; the anvil is not this object's."""
        self._http.close()

    def rpc(self, method: str, *params: Any) -> Any:
        """The result of one request."""
        return self.batch([(method, list(params))])[0]

    def batch(self, requests: Sequence[tuple[str, list[Any]]]) -> list[Any]:
        """The results of many requests at once, in their order."""
        bodies = [
            {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params}
            for method, params in requests
        ]
        headers = {"Content-Type": "application/json"}
        self._http.request("POST", "/", json.dumps(bodies), headers)
        answers = json.loads(self._http.getresponse().read())
        for answer in answers:
            if "error" in answer:
                raise BenchError(answer["error"]["message"])
        by_id = {answer["id"]: answer["result"] for answer in answers}
        return [by_id[body["id"]] for body in bodies]

    def send(
        self, sender: str, to: str | None = None, data: bytes = b"", value: int = 0
    ) -> Receipt:
        """Send a transaction and wait until it is mined.

        Raises:
            BenchError: it reverted.
        """
        fields = {"from": sender, "value": hex(value), "gas": hex(GAS), "gasPrice": "0x0"}
        fields["input"] = "0x" + data.hex()
        if to is not None:
            fields["to"] = to
        sent = self.rpc("eth_sendTransaction", fields)
        receipt = self.rpc("eth_getTransactionReceipt", sent)
        deadline = time.monotonic() + 30
        while receipt is None:
            if time.monotonic() > deadline:
                raise BenchError(f"transaction {sent} was not mined within 30 s")
            receipt = self.rpc("eth_getTransactionReceipt", sent)
        if receipt["status"] != "0x1":
            self.rpc("eth_call", fields, hex(int(receipt["blockNumber"], 16) - 1))  # its reason
            raise BenchError(f"a transaction to {to} failed, and would not fail again")
        return Receipt(int(receipt["gasUsed"], 16), tuple(map(_log, receipt["logs"])))

    def transact(self, sender: str, contract: Contract, function: str, *arguments: Any) -> Receipt:
        """Send a call of a function of a contract."""
        try:
            return self.send(sender, contract.address, contract.data(function, *arguments))
        except BenchError as error:
            raise BenchError(f"{function}: {error}") from error

    def view(self, contract: Contract, types: str, function: str, *arguments: Any) -> Any:
        """The answer of a view, decoded as these types: `(uint256,bool)`."""
        data = "0x" + contract.data(function, *arguments).hex()
        answer = self.rpc("eth_call", {"to": contract.address, "input": data}, "latest")
        return decode([types], bytes.fromhex(answer[2:]))[0]


def create2(deployer: str, salt: bytes, init_code: bytes) -> str:
    """The address of what a deployer makes (EIP-1014), lower case."""
    packed = b"\xff" + bytes.fromhex(deployer[2:]) + salt + keccak(init_code)
    return "0x" + keccak(packed)[12:].hex()


@contextmanager
def running(accounts: int = ACCOUNTS, *more: str) -> Iterator[Chain]:
    """An anvil on a free port, with the default hard fork and mnemonic, and no fees.

    accounts: how many there are, unlocked. more: further options of anvil's.

    Raises:
        BenchError: there is no anvil, or one of another version.
    """
    program = shutil.which("anvil")
    if program is None:
        raise BenchError("anvil was not found on the PATH: run the benchmark by make gas")
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    if f" {ANVIL}\n" not in version:
        raise BenchError(f"gas is measured on anvil {ANVIL}, and this is {version.splitlines()[0]}")
    options = ["--accounts", str(accounts), "--timestamp", str(NOW), *more]
    options += ["--gas-price", "0", "--base-fee", "0", "--disable-min-priority-fee"]
    try:
        with anvil.running(*options) as url, closing(Chain(url.removeprefix("http://"))) as chain:
            yield chain
    except anvil.NoAnvil as why:
        raise BenchError(str(why)) from None


@cache
def _name_and_types(signature: str) -> tuple[str, tuple[str, ...]]:
    name, bracket, types = signature.partition("(")
    if types == ")":
        return name, ()
    parsed = parse(bracket + types)
    assert isinstance(parsed, TupleType)
    return name, tuple(each.to_type_str() for each in parsed.components)


def _log(log: dict[str, Any]) -> Log:
    topics = tuple(bytes.fromhex(topic[2:]) for topic in log["topics"])
    return Log(log["address"].lower(), topics, bytes.fromhex(log["data"][2:]))
