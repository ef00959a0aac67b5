"""Processes that pay under a Journal, and die where a test wants it."""

from __future__ import annotations

import os
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from web3 import Web3

from seechain import Journal
from seechain.chain.receipts import Receipt
from seechain.journal.file import JournalFile
from seechain.sending import senders
from seechain.sending.delivery import Delivery
from tests.direct import connected
from tests.sdk.chain import key, rpc

PAYER, PAID = key(8), key(9).address
DIED = 7  # the exit code of who dies as it was told
_write = JournalFile.write


def pay(w3: Web3, folder: Path, name: str = "INV-7", **options: Any) -> Receipt:
    """One payment of 5 wei under a key; `sender` and `value` may be others."""
    sender, value = options.pop("sender", PAYER), options.pop("value", 5)
    with Journal(name, directory=folder, **options):
        return senders.send(w3, senders.Call(PAID, b"", "the payment", value), sender)


def of(w3: Web3) -> Web3:
    """Another connection to the same node, as another process has."""
    return connected(str(w3.provider.endpoint_uri))  # type: ignore[attr-defined]


def forked(act: Callable[[], object]) -> int:
    """Starts a process that does this; its number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside threads
        number = os.fork()
    if number:
        return number
    try:
        act()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def ended(number: int) -> int:
    """The exit code of a process, when it has ended."""
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def die(*ignored: object, **named: object) -> None:
    """Ends this process without a farewell."""
    os._exit(DIED)


def _dying_write(is_it: Callable[[Any], bool], torn: bool = False) -> Any:
    def write(self: JournalFile, line: Any, *, sync: bool = True) -> None:
        if is_it(line):
            if torn:
                os.write(self._number, b'{"step": 1, "state": "pen')
            die()
        _write(self, line, sync=sync)

    return mock.patch.object(JournalFile, "write", write)


def _is_step(line: Any) -> bool:
    return "transaction" in line


# Where a process dies, in the order of what it does.
DEATHS: dict[str, Callable[[], Any]] = {
    "before it is written down": lambda: _dying_write(_is_step),
    "while it is written down": lambda: _dying_write(_is_step, torn=True),
    "before it is told": lambda: mock.patch.object(Delivery, "tell", die),
    "before its receipt": lambda: mock.patch.object(Delivery, "receipt", die),
    "before its receipt is written": lambda: _dying_write(lambda line: "receipt" in line),
    "before the act is done": lambda: _dying_write(lambda line: line.get("act") == "done"),
}


def dies(where: str, w3: Web3, act: Callable[[Web3], object]) -> None:
    """Does something in a process that dies there, without a farewell."""

    def child() -> None:
        with DEATHS[where]():
            act(of(w3))

    assert ended(forked(child)) == DIED


def paid(w3: Web3) -> int:
    """What the paid one has, in wei."""
    return int(w3.eth.get_balance(PAID))


def sent(w3: Web3, account: str = PAYER.address) -> int:
    """How many transactions of an account are mined."""
    return int(w3.eth.get_transaction_count(account))  # type: ignore[arg-type]


def raw_of(nonce: int, value: int, tip: int) -> bytes:
    """A payment that the payer's wallet signs, past the SDK."""
    fields = {
        "to": PAID,
        "value": value,
        "gas": 30_000,
        "maxFeePerGas": 10**11,
        "maxPriorityFeePerGas": tip,
        "chainId": 31337,
        "nonce": nonce,
    }
    return bytes(PAYER.sign_transaction(fields).raw_transaction)


def mine(w3: Web3, blocks: int = 1) -> None:
    """Mines so many blocks."""
    for _ in range(blocks):
        rpc(w3, "evm_mine")
