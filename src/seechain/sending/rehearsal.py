"""A rehearsal: what would be sent is simulated by the node, all in a row, and nothing is sent.

with rehearsing() as rehearsal:
    see.payout(sender=anyone)
rehearsal.steps                         # .what .gas
rehearsal.moved                         # by currency and account, what it would gain or lose

It rests on eth_simulateV1 (https://ethereum.github.io/execution-apis): a node that lacks it is
asked for the gas of the first transaction, and what comes after it can't be told. What is read of
contracts inside, their code and their logs, is as it would be after what was simulated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from eth_hash.auto import keccak
from web3 import Web3

from seechain.accounts import checksum
from seechain.agreement.text import NATIVE
from seechain.chain.decoding import decoded
from seechain.chain.node import head_of, simulation, url_of
from seechain.chain.receipts import Receipt
from seechain.chain.reverts import NodeError, refusal
from seechain.sending import senders
from seechain.sending.senders import MAX_GAS, Call, Sender, address_of
from seechain.sending.tasks import Earlier, Task, current

_TRANSFER = keccak(b"Transfer(address,address,uint256)")
# How nodes name the native coin where they log its transfers.
_COIN = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
_UNKNOWN = (-32601, -32602, -32004)  # errors of JSON-RPC: there is no such method, or not like this


class Step(NamedTuple):
    """One transaction that would be sent: what it is for, and its gas."""

    what: str
    gas: int


class _Ended(Exception):
    """The node can't go on with what was simulated before."""


@dataclass
class Rehearsal:
    """What would be sent. is_whole: whether the node could be asked for all of it."""

    steps: list[Step] = field(default_factory=list)
    moved: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    is_whole: bool = True
    logs: list[dict[str, Any]] = field(default_factory=list)
    _calls: list[dict[str, str]] = field(default_factory=list)

    @property
    def gas(self) -> int:
        """The gas of all transactions."""
        return sum(step.gas for step in self.steps)

    def task(self, w3: Web3, task: Task) -> AbstractContextManager[Earlier]:
        """See `tasks.Journalling`: nothing was done before."""
        return nullcontext(Earlier())

    def settle(self, w3: Web3) -> None:
        """See `tasks.Journalling`."""

    def send(self, w3: Web3, act: Call, sender: Sender) -> Receipt:
        """Simulates a call after those before it.

        Raises:
            as `senders.send`, as far as a simulation can tell.
        """
        address = address_of(sender)
        call = {
            "from": address,
            "to": act.to,
            "input": "0x" + act.data.hex(),
            "value": hex(act.value),
            "gas": hex(MAX_GAS),
        }
        if not self._calls:  # also for what a simulation does not look at: funds, gas, fees
            gas = senders.prepared(w3, act, sender)["gas"]
        found = self._simulated(w3, [*self._calls, call])
        if found is None:
            self.steps.append(Step(act.what, gas))
            self.is_whole = False
            raise _Ended
        if int(found["status"], 16) != 1:
            raise refusal(_reason(found), act.what)
        self._calls.append(call)
        self.steps.append(Step(act.what, int(found["gasUsed"], 16)))
        logs = [_log(each) for each in found["logs"]]
        self.logs += logs
        self._note(logs)
        return Receipt("0x" + bytes(32).hex(), int(found["gasUsed"], 16), 0, decoded(logs))

    def read(self, w3: Web3, to: str, data: bytes, what: str, code: str = "") -> bytes | None:
        """See `seechain.chain.node.Simulation`."""
        if not self._calls:
            return None
        call = {"to": to, "input": "0x" + data.hex()}
        found = self._simulated(w3, [*self._calls, call], {to: {"code": code}} if code else {})
        if found is None:
            raise _Ended
        if int(found["status"], 16) != 1:
            raise refusal(_reason(found), what)
        return bytes.fromhex(found["returnData"][2:])

    def _simulated(
        self, w3: Web3, calls: list[dict[str, str]], overrides: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any] | None:
        """The result of the last of these calls; None where the node can't simulate."""
        block: dict[str, Any] = {"calls": calls, "stateOverrides": overrides or {}}
        block["blockOverrides"] = {"time": hex(head_of(w3).timestamp + 1)}
        asked = {"blockStateCalls": [block], "traceTransfers": True, "validation": False}
        method: Any = "eth_simulateV1"
        answer: Any = w3.provider.make_request(method, [asked, "latest"])
        if "error" in answer:
            if self._calls and answer["error"].get("code") not in _UNKNOWN:
                raise NodeError(
                    f"the node at {url_of(w3)} can't simulate what comes next:"
                    f" {str(answer['error'].get('message'))[:200]}"
                )
            return None
        found: Mapping[str, Any] = answer["result"][0]["calls"][-1]
        return found

    def _note(self, logs: list[dict[str, Any]]) -> None:
        for log in logs:
            topics = log["topics"]
            if len(topics) != 3 or bytes(topics[0]) != _TRANSFER or len(log["data"]) != 32:
                continue
            coin = log["address"].lower() == _COIN
            moved = self.moved[NATIVE if coin else checksum(bytes.fromhex(log["address"][2:]))]
            amount = int.from_bytes(log["data"], "big")
            for topic, sign in ((topics[1], -1), (topics[2], 1)):
                account = checksum(bytes(topic)[-20:])
                moved[account] = moved.get(account, 0) + sign * amount


@contextmanager
def rehearsing() -> Iterator[Rehearsal]:
    """Inside nothing is sent: see `Rehearsal`. It ends where the node can't tell any more."""
    rehearsal = Rehearsal()
    token, reading = current.set(rehearsal), simulation.set(rehearsal)
    try:
        yield rehearsal
    except _Ended:
        pass
    finally:
        current.reset(token)
        simulation.reset(reading)


def _reason(found: Mapping[str, Any]) -> str:
    data = bytes.fromhex(found.get("returnData", "0x")[2:])
    if data[:4] == keccak(b"Error(string)")[:4]:
        length = int.from_bytes(data[36:68], "big")
        return data[68 : 68 + min(length, 200)].decode("utf-8", "replace")
    return str((found.get("error") or {}).get("message", "it would be refused"))[:200]


def _log(log: Mapping[str, Any]) -> dict[str, Any]:
    """A log as web3 gives it."""
    return {
        "address": log["address"],
        "topics": [bytes.fromhex(topic[2:]) for topic in log["topics"]],
        "data": bytes.fromhex(log["data"][2:]),
        "blockNumber": int(log["blockNumber"], 16),
        "transactionHash": bytes(32),
        "logIndex": int(log["logIndex"], 16),
    }
