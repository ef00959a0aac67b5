"""The one chain that all contenders stand on, and how its transactions are sent in numbers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from eth_abi.abi import decode, encode

from bench import chain as one_chain
from bench import scene as ours
from bench.chain import BenchError, Chain, Contract
from bench.peers import fetched
from bench.scene import Scene

MEMBERS = 500
ACCOUNTS = MEMBERS + 10
LIMIT = 2**24  # gas of a transaction (EIP-7825)
LIFTED = 2**29  # gas that a transaction may use here, so that what is over the limit has a figure
# Calls in a row, each as account (20 bytes) | length (2) | data; all or none. It is written by
# hand so that it adds as little as can be: less than Multicall3 does.
MANY = bytes.fromhex(
    "603a8060095f395ff3"  # what follows is the code
    "5f5b36811060095700"  # at 0; the next call, until the calldata ends
    "5b80358060501c61ffff16"  # its account and its length
    "8083601601"
    "5f37"  # its data to memory
    "5f5f825f5f8660601c5af1"  # called with all the gas, without value
    "6030573d5f5f3e3d5ffd"  # what fails fails for all
    "5b905001601601600156"  # on
)
TOKEN = "@openzeppelin/contracts/token/ERC20/presets/ERC20PresetFixedSupply.sol"
# The token that the recorded rows hold too, to 21 gas a transfer.
TOKEN_SETTINGS = {"optimizer": {"enabled": True, "runs": 1_000_000}}
SUPPLY = 10**30
SIGNED = 130  # bytes of a transaction beside its data
AT_ONCE = 100  # transactions in one block
OPTIONS = (
    *("--gas-limit", str(2 * LIFTED * AT_ONCE)),
    *("--balance", "1000000", "--memory-limit", str(2**32)),
    *("--order", "fifo", "--prune-history", "16"),
    *("--code-size-limit", "65536"),  # of what deploys Superfluid, and is called no more
)


class Call(NamedTuple):
    """What a transaction asks of a contract."""

    to: str
    data: bytes
    value: int = 0


@dataclass(frozen=True, slots=True)
class Ground:
    """The chain, what is ours on it, the token of all rows, the one that calls many, the payer."""

    chain: Chain
    scene: Scene
    many: str
    balances: Contract

    @property
    def token(self) -> Contract:
        """An ERC-20 that everyone holds."""
        return self.scene.token

    @property
    def payer(self) -> str:
        """Who pays, and is no member."""
        return self.chain.accounts[0]

    @property
    def stranger(self) -> str:
        """Who calls for others, and is no member."""
        return self.chain.accounts[-1]

    def send(self, sender: str, *calls: Call) -> int:
        """One transaction; several calls go through MANY. The gas.

        Raises:
            BenchError: it reverted.
        """
        return self.send_all([(sender, calls)])[0]

    def send_all(self, transactions: Sequence[tuple[str, Sequence[Call]]]) -> list[int]:
        """Many transactions, in any order but each sender's own; what each used.

        Raises:
            BenchError: one reverted.
        """
        used: list[int] = []
        for start in range(0, len(transactions), AT_ONCE):
            some = transactions[start : start + AT_ONCE]
            fields = [self._fields(*each) for each in some]
            if len(some) > 1:
                self._number(fields)
            hashes = self._mined([("eth_sendTransaction", [each]) for each in fields])
            for field, receipt in zip(fields, self._receipts(hashes), strict=True):
                if receipt["status"] != "0x1":
                    before = hex(int(receipt["blockNumber"], 16) - 1)
                    self.chain.rpc("eth_call", field, before)  # says the reason
                    raise BenchError(f"a transaction to {field.get('to')} failed")
                used.append(int(receipt["gasUsed"], 16))
        return used

    def deploy(
        self, code: bytes, types: Sequence[str] = (), values: Sequence[Any] = ()
    ) -> tuple[str, int]:
        """A contract by a transaction of its own: its address, and the gas."""
        fields = {"from": self.payer, "input": "0x" + (code + encode(types, values)).hex()}
        fields |= {"gas": hex(LIFTED), "gasPrice": "0x0"}
        (receipt,) = self._receipts([self.chain.rpc("eth_sendTransaction", fields)])
        if receipt["status"] != "0x1":
            self.chain.rpc("eth_call", fields, "latest")
            raise BenchError("a contract could not be deployed")
        return receipt["contractAddress"], int(receipt["gasUsed"], 16)

    def held(self, accounts: Sequence[str], tokens: Sequence[str]) -> list[int]:
        """What the accounts hold: of the native coin, then of each token."""
        data = self.balances.data("held", list(accounts), list(tokens))
        fields = {"to": self.balances.address, "input": "0x" + data.hex(), "gas": hex(LIFTED)}
        answer = self.chain.rpc("eth_call", fields, "latest")
        return list(decode(["uint256[]"], bytes.fromhex(answer[2:]))[0])

    def fits(self, call: Mapping[str, str]) -> bool:
        """Whether a transaction does its work within the gas that one may use."""
        fields = {**call, "from": self.payer, "gas": hex(LIMIT)}
        try:
            self.chain.rpc("eth_call", fields, "latest")
        except BenchError:
            return False
        return True

    def size(self, *calls: Call) -> int:
        """The bytes of a transaction, signed; a few more at most."""
        data = self._fields(self.payer, calls)["input"]
        return (len(data) - 2) // 2 + SIGNED

    def _fields(self, sender: str, calls: Sequence[Call]) -> dict[str, Any]:
        if len(calls) == 1:
            (to, data, value) = calls[0]
        else:
            to, data, value = self.many, b"".join(map(_packed, calls)), 0
        fields = {"from": sender, "to": to, "input": "0x" + data.hex(), "value": hex(value)}
        return {**fields, "gas": hex(LIFTED), "gasPrice": "0x0"}

    def _number(self, fields: Sequence[dict[str, Any]]) -> None:
        """Give each its nonce: the node takes the requests of one body in any order."""
        senders = sorted({field["from"] for field in fields})
        asked = [("eth_getTransactionCount", [sender, "latest"]) for sender in senders]
        nonces = {
            sender: int(nonce, 16)
            for sender, nonce in zip(senders, self.chain.batch(asked), strict=True)
        }
        for field in fields:
            field["nonce"] = hex(nonces[field["from"]])
            nonces[field["from"]] += 1

    def _mined(self, requests: list[tuple[str, list[Any]]]) -> list[str]:
        if len(requests) == 1:
            return self.chain.batch(requests)
        self.chain.rpc("evm_setAutomine", False)
        hashes = self.chain.batch(requests)
        self.chain.rpc("evm_mine")
        self.chain.rpc("evm_setAutomine", True)
        return hashes

    def _receipts(self, hashes: Sequence[str]) -> list[dict[str, Any]]:
        deadline = time.monotonic() + 60
        found: list[dict[str, Any] | None] = [None] * len(hashes)
        while missing := [place for place, each in enumerate(found) if each is None]:
            asked = [("eth_getTransactionReceipt", [hashes[place]]) for place in missing]
            for place, receipt in zip(missing, self.chain.batch(asked), strict=True):
                found[place] = receipt
            if time.monotonic() > deadline:
                raise BenchError("a transaction was not mined within 60 s")
        return [each for each in found if each is not None]


@contextmanager
def running() -> Iterator[Ground]:
    """A chain with everything that all contenders share.

    Raises:
        BenchError: there is no anvil, or one of another version.
    """
    with one_chain.running(ACCOUNTS, *OPTIONS) as chain:
        yield build(chain, _token(chain))


def build(chain: Chain, token: Contract | None = None) -> Ground:
    """Put what all share in place; without a token that everyone holds, one is made."""
    # Superfluid's cost depends on the second: so no block's time depends on the machine's speed.
    chain.rpc("anvil_setBlockTimestampInterval", 1)
    place = ours.build(chain, token)
    source = Path(__file__).with_name("Balances.vy")
    code, found = ours.vyper(source)
    return Ground(chain, place, _plain(chain, MANY), Contract(_plain(chain, code), found))


def _packed(call: Call) -> bytes:
    return bytes.fromhex(call.to[2:]) + len(call.data).to_bytes(2, "big") + call.data


def _token(chain: Chain) -> Contract:
    """OpenZeppelin's ERC-20, held by everyone."""
    code = fetched.compiled("solc-0.8.28", TOKEN, "ERC20PresetFixedSupply", TOKEN_SETTINGS)
    given = encode(["string", "string", "uint256", "address"], ["", "", SUPPLY, chain.accounts[0]])
    token = Contract(_plain(chain, code.linked({}) + given), code.selectors)
    for account in chain.accounts[1:]:
        chain.transact(chain.accounts[0], token, "transfer", account, SUPPLY // 10**6)
    return token


def _plain(chain: Chain, code: bytes) -> str:
    fields = {"from": chain.accounts[0], "input": "0x" + code.hex(), "gas": hex(LIMIT)}
    sent = chain.rpc("eth_sendTransaction", {**fields, "gasPrice": "0x0"})
    receipt = chain.rpc("eth_getTransactionReceipt", sent)
    while receipt is None:
        receipt = chain.rpc("eth_getTransactionReceipt", sent)
    if receipt["status"] != "0x1":
        raise BenchError("a contract that all share could not be deployed")
    return str(receipt["contractAddress"])
