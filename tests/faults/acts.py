"""The world in which a node fails: SEEs on an anvil behind the proxy, acts, and their truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from web3 import HTTPProvider, Web3

from seechain import SEE, Agreement, Journal, Registry
from tests.faults.proxy import Link, Proxy
from tests.rewind import rewind
from tests.sdk.cascades import ADA, BEN, CLEO, DESK, three_levels
from tests.sdk.chain import deployed, key
from tests.sdk.conftest import make_agreement
from tools.anvil import running

CLIENT, ANYONE = key(3), key(8)
PRICE, TOKENS = 10**18 + 7, 1_000_003
ACCOUNTS = (ADA, BEN, CLEO, DESK)


@dataclass(frozen=True)
class Act:
    """What a user does. run: with a web3 of its own; what it returns is what was read."""

    name: str
    run: Callable[[World, Web3], object]
    sender: Any = None


@dataclass(frozen=True)
class State:
    """All that an act may change, for accounts that pay no gas."""

    balances: dict[tuple[str, str], int]
    logs: Counter[tuple[str, str, str]]


class World:
    """An anvil, a proxy before it, and on it a SEE with a SEE below it with a SEE below it.

    The top is paid in coin and in a token, which waits for its payout.
    """

    def __init__(self, node: str, proxy: Proxy) -> None:
        self.node = self.client(url=node, timeout=20)
        self._link = Link(urlsplit(node).netloc)
        self.proxy = proxy
        registry = Registry.deploy(self.node, sender=key(9))
        self.usdc = deployed(self.node, "Token", "USDC", 6)
        self.top, self.mid, self.low = (each.address for each in three_levels(registry, self.usdc))
        self._send_tokens(self.top, TOKENS)
        self._send_tokens(CLIENT.address, 10 * TOKENS)
        SEE(self.node, self.top).pay(PRICE, sender=key(0))
        self.rpc("anvil_mine", "0x8")
        self.agreement: Agreement = make_agreement(currencies=["native", self.usdc.address])
        self.new = registry.address_of(self.agreement)
        self.registry = registry.address
        self.base = int(self.node.eth.block_number)
        self.snapshot = self.rpc("evm_snapshot")

    def _send_tokens(self, to: str, units: int) -> None:
        sent = self.usdc.functions.transfer(to, units).transact({"from": key(0).address})
        self.node.eth.wait_for_transaction_receipt(sent)

    def client(self, *, timeout: float, url: str | None = None, retries: bool = False) -> Web3:
        """A web3 as a user makes it; timeout: seconds for an answer."""
        more: dict[str, Any] = {} if retries else {"exception_retry_configuration": None}
        provider = HTTPProvider(url or self.proxy.url, {"timeout": timeout}, **more)
        return Web3(provider)

    def rpc(self, method: str, *parameters: object) -> Any:
        """Asks anvil itself, past web3, which takes ten times as long."""
        answer = self._link.ask(
            {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(parameters)}
        )
        assert "result" in answer, answer
        return answer["result"]

    def close(self) -> None:
        """Ends its connection."""
        self._link.close()

    def reset(self) -> None:
        """Puts the chain back to where every act starts."""
        self.rpc("evm_setAutomine", True)
        self.rpc("anvil_dropAllTransactions")
        rewind(self.rpc, self.snapshot)
        self.snapshot = self.rpc("evm_snapshot")
        self.proxy.heal()

    def forget(self) -> None:
        """What a node does that restarts with an older state."""
        self.rpc("evm_revert", self.snapshot)
        self.snapshot = self.rpc("evm_snapshot")

    def settle(self) -> None:
        """Mines what waits, so that what could happen later has happened."""
        self.rpc("evm_setAutomine", True)
        self.rpc("evm_mine")
        status = self.rpc("txpool_status")
        assert {name: int(count, 16) for name, count in status.items()} == {
            "pending": 0,
            "queued": 0,
        }, "a transaction waits that could be mined one day"

    def state(self) -> State:
        """What the chain holds now."""
        contracts = (self.top, self.mid, self.low, self.new)
        balances = {}
        for account in (*ACCOUNTS, *contracts):
            balances[account, "native"] = int(self.rpc("eth_getBalance", account, "latest"), 16)
        for account in (*ACCOUNTS, *contracts, CLIENT.address):
            balances[account, "usdc"] = int(self.rpc("eth_call", self._balance(account)), 16)
        asked = {
            "fromBlock": hex(self.base),  # beyond the latest block anvil refuses
            "address": [*contracts, self.registry, self.usdc.address],
        }
        logs = (
            (each["address"], "".join(each["topics"]), each["data"])
            for each in self.rpc("eth_getLogs", asked)
            if int(each["blockNumber"], 16) > self.base
        )
        return State(balances, Counter(logs))

    def _balance(self, account: str) -> dict[str, str]:
        """What asks for an account's tokens."""
        data = "0x70a08231" + account[2:].lower().rjust(64, "0")  # balanceOf(address)
        return {"to": self.usdc.address, "data": data}


@contextmanager
def world() -> Iterator[World]:
    """A world of its own, which ends with the block."""
    with ExitStack() as stack:
        node = stack.enter_context(running("--hardfork", "prague"))
        here = World(node, stack.enter_context(Proxy(node)))
        stack.callback(here.close)
        yield here


def _register(here: World, w3: Web3) -> object:
    registry = Registry(w3)
    consents = [registry.sign(here.agreement, key(number)) for number in (1, 2, 3)]
    return registry.register(here.agreement, consents, sender=CLIENT).address


def _pay(here: World, w3: Web3) -> object:
    return SEE(w3, here.top).pay(PRICE, memo="INV-7", sender=CLIENT)


def _pay_token(here: World, w3: Web3) -> object:
    see = SEE(w3, here.top)
    return see.pay(TOKENS, currency=here.usdc.address, memo="INV-8", sender=CLIENT)


def _payout(here: World, w3: Web3) -> object:
    return SEE(w3, here.top).payout(sender=ANYONE)


def _cascade(here: World, w3: Web3) -> object:
    return SEE(w3, here.top).cascade("native").run(sender=ANYONE)


def _read(here: World, w3: Web3) -> object:
    """All that a page shows of a SEE, and the list of all SEEs."""
    see = SEE(w3, here.top)
    names = {here.top: "top", here.mid: "mid", here.low: "low"}
    return (
        see.members,
        see.roll,
        see.state,
        see.quorum,
        see.expires,
        see.currencies,
        see.due(),
        see.due(ADA),
        see.received(),
        sorted(see.leavers),
        [each.commitment for each in see.versions],
        [names[record.see] for record in Registry(w3).sees()],
    )


ACTS = {
    each.name: each
    for each in (
        Act("registration", _register, CLIENT),
        Act("payment", _pay, CLIENT),
        Act("token payment", _pay_token, CLIENT),
        Act("payout", _payout, ANYONE),
        Act("cascade", _cascade, ANYONE),
        Act("reading", _read),
    )
}


def journal_of(act: Act, folder: Path) -> Journal:
    """Where an act is kept."""
    return Journal(f"{act.name} 1", directory=folder)


def kept(act: Act, here: World, w3: Web3, folder: Path) -> object:
    """Does an act as a careful user does: under a key of the journal, where it sends."""
    if act.sender is None:
        return act.run(here, w3)
    with journal_of(act, folder):
        return act.run(here, w3)
