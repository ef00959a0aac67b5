"""Tasks: what an act consists of, so that a Journal tells what an earlier run has done of it.

Outside a Journal nothing here does anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from web3 import Web3

from seechain.chain.receipts import Receipt, Receipts
from seechain.chain.reverts import NothingDue


class Task(NamedTuple):
    """What is done, to which contract, and how in particular."""

    verb: str
    target: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run has done of a task. is_complete: all of it."""

    receipts: Receipts = field(default_factory=Receipts)
    is_complete: bool = False


class Journalling(Protocol):
    """What a Journal is to those who send."""

    def task(self, w3: Web3, task: Task) -> AbstractContextManager[Earlier]:
        """See `doing`."""

    def send(self, w3: Web3, act: Any, sender: Any) -> Receipt:
        """See `seechain.sending.senders.send`."""

    def settle(self, w3: Web3) -> object:
        """See `settled`."""


current: ContextVar[Journalling | None] = ContextVar("journal", default=None)


def settled(w3: Web3) -> None:
    """Waits for what an earlier run has sent, before anything is read."""
    journal = current.get()
    if journal is not None:
        journal.settle(w3)


@contextmanager
def doing(w3: Web3, verb: str, target: str, *details: object) -> Iterator[Earlier]:
    """A task of the act that runs; gives what an earlier run has done of it."""
    journal = current.get()
    if journal is None:
        yield Earlier()
        return
    words = " ".join("-" if each is None else _word(each) for each in details)
    with journal.task(w3, Task(verb, target, words)) as earlier:
        yield earlier


def once(
    w3: Web3,
    verb: str,
    target: str,
    details: Iterable[object],
    act: Callable[[], Iterable[Receipt]],
) -> Receipts:
    """A task that an earlier run may have finished: then its receipts, and nothing is sent."""
    with doing(w3, verb, target, *details) as earlier:
        if earlier.is_complete:
            return earlier.receipts
        try:
            made = tuple(act())
        except NothingDue:
            if not earlier.receipts:
                raise
            made = ()
        return joined(earlier.receipts, made)


def joined(earlier: Iterable[Receipt], made: Iterable[Receipt]) -> Receipts:
    """Receipts of both, each transaction once."""
    found = {each.transaction_hash: each for each in (*earlier, *made)}
    return Receipts(found.values())


def _word(value: object) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
