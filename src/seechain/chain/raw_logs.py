"""Many logs at once, of one contract or several, with the time of their blocks.

As `seechain.chain.logs.read_events`, without web3's formatters, which take longer than the node.
A log is a plain dict, as `seechain.chain.decoding.decode_log` reads it: `address` (checksummed),
`topics` and `data` (bytes), `blockNumber`, `logIndex`, `transactionHash` (bytes) and
`blockTimestamp` (unix seconds).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from web3 import Web3

from seechain.accounts import checksum
from seechain.chain.logs import in_ranges, refusing
from seechain.chain.node import asking

BLOCKS_AT_ONCE = 100  # whose times are asked for in one request

Log = dict[str, Any]

_TIMES: WeakKeyDictionary[Web3, dict[bytes, int]] = WeakKeyDictionary()  # by the block's hash


def read_logs(
    w3: Web3,
    addresses: Sequence[str],
    topics: Sequence[bytes | None],
    first: int = 0,
    last: int | None = None,
) -> Iterator[Log]:
    """The logs of these contracts in blocks `first` to `last` (the latest), in their order.

    Topics as a node takes them: None for any. The time is None where the node does not give it:
    `timed` asks for it.

    Raises:
        NodeError: the node can't be reached, or refuses the logs of a single block.
    """
    wanted = {each.lower() for each in addresses}

    def read(low: int, high: int) -> list[Log]:
        asked = {
            "address": list(addresses),
            "topics": [None if each is None else "0x" + each.hex() for each in topics],
            "fromBlock": hex(low),
            "toBlock": hex(high),
        }
        method: Any = "eth_getLogs"
        with refusing(w3, low, high):
            given: Any = w3.manager.request_blocking(method, [asked])
            return [_log(each) for each in given if not each.get("removed")]

    for part in in_ranges(w3, first, last, read):
        found = {
            (log["blockNumber"], log["logIndex"]): log
            for log in part.found
            if log["address"].lower() in wanted
            and part.first <= log["blockNumber"] <= part.last
            and _has(log["topics"], topics)
        }
        yield from (found[place] for place in sorted(found))


def timed(w3: Web3, logs: Sequence[Log]) -> Mapping[int, int]:
    """Gives all logs the time of their block, and returns the times by block number.

    Raises:
        NodeError: the node does not show a block.
    """
    known = _TIMES.setdefault(w3, {})
    for log in logs:
        if log["blockTimestamp"] is not None:
            known[log["blockHash"]] = log["blockTimestamp"]
    missing = {
        log["blockNumber"]: log["blockHash"] for log in logs if log["blockHash"] not in known
    }
    for number, time in times_of(w3, sorted(missing)):
        known[missing[number]] = time
    for log in logs:
        log["blockTimestamp"] = known[log["blockHash"]]
    return {log["blockNumber"]: log["blockTimestamp"] for log in logs}


def times_of(w3: Web3, numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The time of each of these blocks, in unix seconds, many in one request.

    Raises:
        NodeError: the node does not show one of them.
    """
    for at in range(0, len(numbers), BLOCKS_AT_ONCE):
        part = numbers[at : at + BLOCKS_AT_ONCE]
        with asking(w3, f"reading the times of blocks {part[0]} to {part[-1]}"):
            for number, block in zip(part, _blocks(w3, part), strict=True):
                yield number, _number(block["timestamp"])


def _blocks(w3: Web3, numbers: Sequence[int]) -> list[Any]:
    method: Any = "eth_getBlockByNumber"
    provider: Any = w3.provider
    requests = [(method, [hex(each), False]) for each in numbers]
    if len(requests) > 1 and hasattr(provider, "make_batch_request"):
        answers = provider.make_batch_request(requests)
        if isinstance(answers, list) and len(answers) == len(requests):
            found = [each.get("result") for each in answers]
            if all(
                isinstance(each, Mapping) and _number(each["number"]) == number
                for each, number in zip(found, numbers, strict=True)
            ):
                return found
    return [_block(w3, each) for each in numbers]  # some nodes take no batches


def _block(w3: Web3, number: int) -> Any:
    method: Any = "eth_getBlockByNumber"
    if not hasattr(w3.provider, "make_batch_request"):
        return w3.eth.get_block(number)
    return w3.provider.make_request(method, [hex(number), False])["result"]


def _has(topics: Sequence[bytes], wanted: Iterable[bytes | None]) -> bool:
    return all(
        each is None or (at < len(topics) and topics[at] == each) for at, each in enumerate(wanted)
    )


def _log(log: Mapping[str, Any]) -> Log:
    time = log.get("blockTimestamp")
    return {
        "address": checksum(_bytes(log["address"])),
        "topics": [_bytes(topic) for topic in log["topics"]],
        "data": _bytes(log["data"]),
        "blockNumber": _number(log["blockNumber"]),
        "logIndex": _number(log["logIndex"]),
        "transactionHash": _bytes(log["transactionHash"]),
        "blockHash": _bytes(log["blockHash"]),
        "blockTimestamp": None if time is None else _number(time),
    }


def _bytes(value: Any) -> bytes:
    return bytes.fromhex(value[2:]) if isinstance(value, str) else bytes(value)


def _number(value: Any) -> int:
    return int(value, 16) if isinstance(value, str) else int(value)
