"""Reading logs by ranges of blocks that fit the node: it bisects what the node refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import requests
from web3 import Web3
from web3.exceptions import Web3Exception

from seechain.chain.decoding import decoded
from seechain.chain.events import Event
from seechain.chain.node import asking, eth_of, explained, is_unreadable, simulation
from seechain.chain.reverts import NodeError

BEYOND = 2**64  # no block has this number
LATE = 16  # how many times less is asked for when no answer came in time, which cost that time

T = TypeVar("T")


def latest_block(w3: Web3) -> int:
    """The number of the latest block."""
    with asking(w3, "reading the number of the latest block"):
        return int(eth_of(w3).block_number)


def read_events(
    w3: Web3,
    address: str,
    topics: Sequence[bytes | None],
    first: int = 0,
    last: int | None = None,
) -> Iterator[Event]:
    """The events of a contract from block `first` to `last` (the latest), in their order.

    The range starts with all blocks, is halved whenever the node refuses (too many blocks, too
    many logs), made 16 times smaller whenever it does not answer in time, and grows again.

    Raises:
        NodeError: the node can't be reached, or refuses the logs of a single block.
    """
    for logs in in_ranges(w3, first, last, lambda low, high: _logs(w3, address, topics, low, high)):
        yield from decoded(_asked_for(logs.found, address, topics, logs.first, logs.last))
    if last is None and (simulated := simulation.get()) is not None:
        yield from decoded(_asked_for(simulated.logs, address, topics, first, BEYOND))


@dataclass(frozen=True, slots=True)
class InRange(Generic[T]):
    """What was found in blocks `first` to `last`."""

    first: int
    last: int
    found: T


def in_ranges(
    w3: Web3, first: int, last: int | None, read: Callable[[int, int], T]
) -> Iterator[InRange[T]]:
    """Reads blocks `first` to `last` (the latest) in ranges that the node takes, in their order.

    Args:
        read: asks for one range, within `refusing`.

    Raises:
        NodeError: as `read_events`.
    """
    latest = latest_block(w3)  # nodes refuse what is beyond it
    end = latest if last is None else min(last, latest)
    size = end - first + 1
    while first <= end:
        to = min(first + size - 1, end)
        try:
            found = read(first, to)
        except _Refused as error:
            if to == first:
                raise explained(w3, error.cause, f"reading the logs of block {first}") from error
            part = LATE if isinstance(error.cause, requests.Timeout | TimeoutError) else 2
            size = max((to - first + 1) // part, 1)
            continue
        yield InRange(first, to, found)
        first = to + 1
        size *= 2


def _asked_for(
    logs: Sequence[Any], address: str, topics: Sequence[bytes | None], first: int, last: int
) -> list[Any]:
    """The logs that were asked for, each once and in their order, whatever else a node gives."""
    found = {
        (int(log["blockNumber"]), int(log["logIndex"])): log
        for log in logs
        if str(log["address"]).lower() == address.lower()
        and first <= int(log["blockNumber"]) <= last
        and _has(log["topics"], topics)
        and not log.get("removed")
    }
    return [found[place] for place in sorted(found)]


def _has(topics: Sequence[Any], wanted: Sequence[bytes | None]) -> bool:
    return len(topics) >= len(wanted) and all(
        each is None or bytes(topic) == each for topic, each in zip(topics, wanted, strict=False)
    )


class _Refused(Exception):
    def __init__(self, cause: Exception) -> None:
        self.cause = cause
        super().__init__(str(cause))


def _logs(
    w3: Web3, address: str, topics: Sequence[bytes | None], first: int, last: int
) -> Sequence[Any]:
    wanted: Any = {
        "address": address,
        "topics": [None if topic is None else "0x" + topic.hex() for topic in topics],
        "fromBlock": first,
        "toBlock": last,
    }
    with refusing(w3, first, last):
        return eth_of(w3).get_logs(wanted)


@contextmanager
def refusing(w3: Web3, first: int, last: int) -> Iterator[None]:
    """Tells what a smaller range may help against, inside, from what nothing helps against."""
    try:
        yield
    except (Web3Exception, requests.HTTPError, requests.Timeout, TimeoutError) as error:
        raise _Refused(error) from error
    except OSError as error:
        raise explained(w3, error, "reading logs") from error
    except Exception as error:
        if is_unreadable(error):  # a long answer may have been cut
            raise _Refused(error) from error
        if not type(error).__module__.startswith(("eth_tester", "eth_utils")):
            raise
        raise NodeError(f"the logs of blocks {first} to {last} can't be read: {error}") from error
