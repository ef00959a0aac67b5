"""The faults of nodes that answer well-formed answers which are not true."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.faults.kinds import EVERY, SENDING, Kind
from tests.faults.proxy import SEND, Exchange, Reply, Strike

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.acts import Act, World

NONCE = ("eth_getTransactionCount",)
RECEIPT, CALL, GAS = ("eth_getTransactionReceipt",), ("eth_call",), ("eth_estimateGas",)
OTHER = "0x" + "ab" * 32
STRANGER = "0x" + "cd" * 20


def changes(change: Callable[[Any], Any]) -> Strike:
    """Changes a true result, where there is one."""

    def strike(exchange: Exchange) -> Reply:
        said = exchange.forward()
        if said.get("result") is None:
            return Reply.of(said)
        return exchange.result(change(said["result"]))

    return strike


def number(change: Callable[[int], int]) -> Strike:
    """Changes a number."""
    return changes(lambda result: hex(max(0, change(int(result, 16)))))


def fields(**changed: Any) -> Strike:
    """Changes fields of an object."""
    return changes(lambda result: {**result, **changed})


def _stale_pending(exchange: Exchange) -> Reply:
    address = exchange.parameters[0]
    return exchange.result(exchange.ask("eth_getTransactionCount", address, "latest"))


def _null_for_a_while(exchange: Exchange) -> Reply:
    return exchange.result(None)


def _other_hash(exchange: Exchange) -> Reply:
    said = exchange.forward()
    return exchange.result(OTHER) if "result" in said else Reply.of(said)


def _offchain(exchange: Exchange) -> Reply:
    """An OffchainLookup (EIP-3668) that wants a page of ours to be fetched."""
    from eth_abi.abi import encode

    url = f"{exchange.proxy.url}/fetched/{{sender}}/{{data}}"
    kinds = ("address", "string[]", "bytes", "bytes4", "bytes")
    asked = encode(kinds, (exchange.parameters[0]["to"], [url], b"", b"1234", b""))
    data = "0x556f1830" + asked.hex()
    return exchange.error(3, "execution reverted", data=data)


def _fill(world: World, act: Act, folder: Path) -> None:
    """The account does seven other things."""
    account = act.sender.address
    for _ in range(7):
        world.rpc("eth_sendTransaction", {"from": account, "to": account})


def _fee(field: str, value: int) -> Strike:
    return changes(lambda block: {**block, field: hex(value)} if field in block else block)


LIES = (
    Kind(
        "nonce too low",
        "counts one transaction too few",
        number(lambda n: n - 1),
        methods=NONCE,
        acts=SENDING,
        times=None,
    ),
    Kind(
        "nonce too high",
        "counts seven transactions too many",
        number(lambda n: n + 7),
        methods=NONCE,
        acts=SENDING,
        times=None,
        mends=_fill,
        holds="one sentence; it is not signed anew, and is mined when its nonce's turn comes",
    ),
    Kind(
        "nonce absurd",
        "answers 31,337 once",
        number(lambda n: 31_337),
        methods=NONCE,
        acts=SENDING,
        holds="as above",
    ),
    Kind(
        "stale pending",
        "leaves out what waits",
        _stale_pending,
        methods=NONCE,
        acts=SENDING,
        times=None,
    ),
    Kind(
        "other hash",
        "answers another hash for what was sent",
        _other_hash,
        methods=SEND,
        acts=SENDING,
        holds="it is looked for by its own hash",
    ),
    Kind(
        "no receipt yet",
        "gives no receipt three times",
        _null_for_a_while,
        methods=RECEIPT,
        acts=SENDING,
        times=3,
        holds="complete",
    ),
    Kind(
        "no receipt",
        "never gives a receipt",
        _null_for_a_while,
        methods=RECEIPT,
        acts=SENDING,
        times=None,
        is_said=True,
    ),
    Kind(
        "another's receipt",
        "gives a receipt under another hash",
        fields(transactionHash=OTHER),
        methods=RECEIPT,
        acts=SENDING,
    ),
    Kind(
        "receipt of another sender",
        "gives a receipt of another sender",
        fields(**{"from": STRANGER}),
        methods=RECEIPT,
        acts=SENDING,
    ),
    Kind(
        "receipt in no block",
        "names a block that is not in the chain",
        fields(blockHash=OTHER),
        methods=RECEIPT,
        acts=SENDING,
    ),
    Kind(
        "status flipped",
        "says that it failed, where it succeeded",
        fields(status="0x0"),
        methods=RECEIPT,
        acts=SENDING,
    ),
    Kind(
        "other chain id",
        "names another chain once",
        number(lambda n: 1),
        methods=("eth_chainId",),
        acts=EVERY,
    ),
    Kind(
        "chain id changes",
        "names another chain from the second time on",
        number(lambda n: 1),
        methods=("eth_chainId",),
        acts=("registration", "payout"),
        first=1,
        times=None,
    ),
    Kind(
        "gas too low", "estimates 21,000 gas", number(lambda n: 21_000), methods=GAS, acts=SENDING
    ),
    Kind("gas half", "estimates half the gas", number(lambda n: n // 2), methods=GAS, acts=SENDING),
    Kind(
        "gas huge",
        "estimates 10 billion gas",
        number(lambda n: 10**10),
        methods=GAS,
        acts=SENDING,
        times=None,
        is_said=True,
    ),
    Kind(
        "tip zero",
        "asks for no tip",
        number(lambda n: 0),
        methods=("eth_maxPriorityFeePerGas",),
        acts=SENDING,
        times=None,
    ),
    Kind(
        "tip absurd",
        "asks for a tip of a million ether",
        number(lambda n: 10**24),
        methods=("eth_maxPriorityFeePerGas",),
        acts=SENDING,
        is_said=True,
    ),
    Kind(
        "base fee zero",
        "says the base fee is 0",
        _fee("baseFeePerGas", 0),
        methods=("eth_getBlockByNumber",),
        acts=SENDING,
        times=None,
    ),
    Kind(
        "base fee absurd",
        "says the base fee is a million ether",
        _fee("baseFeePerGas", 10**24),
        methods=("eth_getBlockByNumber",),
        acts=SENDING,
        times=None,
        is_said=True,
    ),
    Kind(
        "no code",
        "says once that there is no code",
        changes(lambda code: "0x"),
        methods=("eth_getCode",),
        acts=EVERY,
    ),
    Kind(
        "no balance",
        "says once that the account has nothing",
        number(lambda n: 0),
        methods=("eth_getBalance",),
        acts=SENDING,
    ),
    Kind(
        "call garbage",
        "answers 32 bytes of noise once",
        changes(lambda data: "0x" + "e7" * 32),
        methods=CALL,
        acts=EVERY,
    ),
    Kind(
        "call short",
        "answers 5 bytes once",
        changes(lambda data: "0x1234567890"),
        methods=CALL,
        acts=EVERY,
    ),
    Kind(
        "call empty", "answers no bytes once", changes(lambda data: "0x"), methods=CALL, acts=EVERY
    ),
    Kind(
        "lookup",
        "wants a page to be fetched (OffchainLookup, EIP-3668)",
        _offchain,
        methods=CALL,
        acts=EVERY,
        is_said=True,
        holds="refused; no page is fetched",
    ),
)
