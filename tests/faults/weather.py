"""The faults of the chain: it reorganises, drops, replaces, stands still or forgets."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from tests.faults.acts import journal_of
from tests.faults.kinds import SENDING, Kind
from tests.faults.proxy import SEND, Exchange, Reply
from tests.sdk.chain import key

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.acts import Act, World

ETHER = 10**18


def _held(exchange: Exchange) -> dict[str, Any]:
    """Forwards while nothing is mined."""
    exchange.ask("evm_setAutomine", False)
    return exchange.forward()


def _mined(exchange: Exchange) -> dict[str, Any]:
    """Forwards, and waits until it is mined and out of the pool: anvil answers a little before."""
    said = exchange.forward()
    until = time.monotonic() + 2
    while "result" in said and time.monotonic() < until:
        is_told = exchange.ask("eth_getTransactionReceipt", said["result"]) is not None
        if is_told and exchange.ask("txpool_status")["pending"] == "0x0":
            break
        time.sleep(0.002)
    return said


def _mines(exchange: Exchange) -> None:
    exchange.ask("evm_setAutomine", True)
    exchange.ask("evm_mine")


def _mines_again(world: World) -> None:
    world.rpc("evm_setAutomine", True)
    world.rpc("evm_mine")


def _dropped(exchange: Exchange) -> Reply:
    said = _held(exchange)
    exchange.ask("anvil_dropTransaction", said.get("result"))
    _mines(exchange)
    return Reply.of(said)


def _evicted(exchange: Exchange) -> Reply:
    said = _held(exchange)
    exchange.ask("anvil_dropAllTransactions")
    _mines(exchange)
    return Reply.of(said)


def _instead(exchange: Exchange, same: bool) -> Reply:
    """The wallet sends another transaction under the same nonce, for a higher fee."""
    said = _held(exchange)
    sent = exchange.ask("eth_getTransactionByHash", said.get("result"))
    if sent is not None:
        (sender,) = (
            each for each in map(key, range(10)) if each.address.lower() == sent["from"].lower()
        )
        other = {
            "to": sent["to"] if same else sender.address,
            "value": int(sent["value"], 16) if same else 0,
            "data": sent["input"] if same else "0x",
            "gas": int(sent["gas"], 16),
            "maxFeePerGas": 4 * int(sent["maxFeePerGas"], 16) + 10**10,
            "maxPriorityFeePerGas": 4 * int(sent["maxPriorityFeePerGas"], 16) + 10**10,
            "chainId": int(sent["chainId"], 16),
            "nonce": int(sent["nonce"], 16),
        }
        from eth_utils.address import to_checksum_address

        other["to"] = to_checksum_address(str(other["to"]))
        exchange.ask(
            "eth_sendRawTransaction", sender.sign_transaction(other).raw_transaction.to_0x_hex()
        )
    _mines(exchange)
    return Reply.of(said)


def _replaced(exchange: Exchange) -> Reply:
    return _instead(exchange, same=False)


def _sped_up(exchange: Exchange) -> Reply:
    return _instead(exchange, same=True)


def _reorganised(exchange: Exchange) -> Reply:
    said = _mined(exchange)
    exchange.ask("anvil_reorg", 1, [])
    return Reply.of(said)


def _moved(exchange: Exchange) -> Reply:
    """Two blocks give way to two others; the transaction is in the second of them."""
    said = _mined(exchange)
    exchange.ask("evm_mine")
    exchange.ask("anvil_reorg", 2, [[exchange.parameters[0], 1]])
    return Reply.of(said)


def _reorganised_later(exchange: Exchange) -> Reply:
    """The block goes just after its receipt was given."""
    said = exchange.forward()
    if said.get("result") is not None:
        exchange.ask("anvil_reorg", 1, [])
    return Reply.of(said)


def _still(exchange: Exchange) -> Reply:
    return Reply.of(_held(exchange))


def _slow(exchange: Exchange) -> Reply:
    said = _held(exchange)
    timer = threading.Timer(0.2, exchange.proxy.notes["mine"])
    timer.daemon = True
    timer.start()
    return Reply.of(said)


def _forgets(exchange: Exchange) -> Reply:
    """It answers, dies, and comes back with the state that it had before the act."""
    said = _mined(exchange)
    exchange.proxy.notes["forget"]()
    return Reply.of(said)


def _forgotten(world: World, act: Act, folder: Path) -> None:
    """Who sent the other transaction says that the act's own will never come."""
    journal = journal_of(act, folder)
    for step in journal.steps:
        if step.state == "pending":
            journal.forget(step.number, world.node)


WEATHER = (
    Kind(
        "dropped by the pool",
        "takes the transaction and forgets it",
        _dropped,
        methods=SEND,
        acts=SENDING,
        holds="the same signed transaction is sent again, no second one",
    ),
    Kind(
        "pool emptied",
        "evicts all that waits",
        _evicted,
        methods=SEND,
        acts=SENDING,
        holds="as above",
    ),
    Kind(
        "replaced",
        "mines another transaction under the same nonce",
        _replaced,
        methods=SEND,
        acts=SENDING,
        mends=_forgotten,
        holds="one sentence, until it is said by hand that the first may be forgotten",
    ),
    Kind(
        "sped up",
        "mines the same act under the same nonce and another hash",
        _sped_up,
        methods=SEND,
        acts=SENDING,
        holds="it is found, and not sent again",
    ),
    Kind(
        "reorganised",
        "mines it, and a reorganisation drops it",
        _reorganised,
        methods=SEND,
        acts=SENDING,
        holds="the same signed transaction is sent again, no second one",
    ),
    Kind(
        "moved",
        "a reorganisation puts it into another block",
        _moved,
        methods=SEND,
        acts=SENDING,
        holds="complete",
    ),
    Kind(
        "reorganised later",
        "drops it after it gave the receipt",
        _reorganised_later,
        methods=("eth_getTransactionReceipt",),
        acts=SENDING,
        holds="run again it completes",
    ),
    Kind(
        "mining off",
        "mines nothing",
        _still,
        methods=SEND,
        acts=SENDING,
        after=_mines_again,
        is_said=True,
    ),
    Kind(
        "mining slow",
        "mines each block late",
        _slow,
        methods=SEND,
        acts=SENDING,
        times=None,
        after=_mines_again,
    ),
    Kind(
        "restarted",
        "restarts with the state from before the act",
        _forgets,
        methods=SEND,
        acts=SENDING,
        holds="the same signed transaction is sent again, no second one",
    ),
)
