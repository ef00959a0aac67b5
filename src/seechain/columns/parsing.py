"""A node's answer to eth_getLogs, as a table: one row for each log, in the chain's order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.json

from seechain.columns.words import (
    ADDRESS,
    WORD,
    Unreadable,
    fixed,
    flat,
    in_order,
    pc,
    unhexed,
    unhexed_data,
    unhexed_number,
)

TOPICS = ("topic0", "topic1", "topic2", "topic3")
_json: Any = pyarrow.json  # its stub exports nothing
LOGS = pa.schema(
    [
        ("block", pa.int64()),
        ("log_index", pa.int64()),
        ("time", pa.int64()),  # null where the node does not say it
        ("transaction", pa.binary(WORD)),
        ("address", pa.binary(ADDRESS)),
        *((name, pa.binary(WORD)) for name in TOPICS),
        ("data", pa.binary()),
    ]
)
_LOG = pa.struct(
    [
        ("address", pa.string()),
        ("topics", pa.list_(pa.string())),
        ("data", pa.string()),
        ("blockNumber", pa.string()),
        ("blockTimestamp", pa.string()),
        ("transactionHash", pa.string()),
        ("logIndex", pa.string()),
        ("removed", pa.bool_()),
    ]
)
_ANSWER = _json.ParseOptions(
    explicit_schema=pa.schema([("result", pa.list_(_LOG))]),
    unexpected_field_behavior="ignore",
    newlines_in_values=True,
)
_MAY_BE_AN_ERROR = 1 << 16  # bytes; a longer answer is none


@dataclass(frozen=True)
class Wanted:
    """Which logs are asked for: of these contracts, with these topics, None for any."""

    addresses: tuple[bytes, ...]
    topics: tuple[bytes | None, ...] = ()

    def asked(self, first: int, last: int) -> dict[str, Any]:
        """As a node takes it."""
        return {
            "address": ["0x" + each.hex() for each in self.addresses],
            "topics": [None if each is None else "0x" + each.hex() for each in self.topics],
            "fromBlock": hex(first),
            "toBlock": hex(last),
        }


class AnswersError(Exception):
    """The node answers with an error: its code, and its words."""

    def __init__(self, code: int, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


def result_of(answer: bytes) -> Any:
    """What a short answer says.

    Raises:
        AnswersError: it says an error. Unreadable: it is no JSON, or none of JSON-RPC.
    """
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        raise Unreadable("no JSON") from None
    if isinstance(said, dict) and said.get("error") is not None:
        error = said["error"] if isinstance(said["error"], dict) else {}
        code = error.get("code")
        message = str(error.get("message", said["error"]))
        raise AnswersError(code if isinstance(code, int) else 0, message)
    if not isinstance(said, dict) or "result" not in said:
        raise Unreadable("neither a result nor an error")
    return said["result"]


def logs_of(answer: bytes, wanted: Wanted, first: int, last: int) -> Any:
    """The logs of an answer that were asked for, whatever else it holds, each once.

    Raises:
        AnswersError, Unreadable: as `result_of`, or a log is not laid out as one.
    """
    if len(answer) < _MAY_BE_AN_ERROR and not isinstance(result_of(answer), list):
        raise Unreadable("no list of logs")
    try:
        options = _json.ReadOptions(use_threads=False, block_size=len(answer) + 1)
        given = flat(_json.read_json(pa.BufferReader(answer), options, _ANSWER)["result"])
    except pa.ArrowException as error:
        raise Unreadable(str(error)) from None
    if len(given) != 1 or given.null_count:
        raise Unreadable("no list of logs")
    logs = _table(given.flatten())
    return _asked_for(logs, wanted, first, last)


def merged(tables: Sequence[Any]) -> Any:
    """Logs of several answers together, in the chain's order, each once."""
    logs = in_order(pa.concat_tables(tables))
    if len(logs) < 2:
        return logs
    block, index = flat(logs["block"]), flat(logs["log_index"])
    again = pc.and_(pc.equal(block[1:], block[:-1]), pc.equal(index[1:], index[:-1]))
    if not pc.any(again).as_py():
        return logs
    return logs.filter(pa.concat_arrays([pa.repeat(True, 1), pc.invert(again)])).combine_chunks()


def empty() -> Any:
    """No logs."""
    return LOGS.empty_table()


def _table(logs: Any) -> Any:
    if logs.null_count:
        raise Unreadable("a log that is none")
    removed = pc.fill_null(logs.field("removed"), False)
    if pc.any(removed).as_py():
        logs = flat(logs.filter(pc.invert(removed)))
    if not len(logs):
        return empty()
    return pa.table(
        [
            unhexed_number(logs.field("blockNumber")),
            unhexed_number(logs.field("logIndex")),
            _times(logs.field("blockTimestamp")),
            unhexed(logs.field("transactionHash"), WORD),
            unhexed(logs.field("address"), ADDRESS),
            *_topics(logs.field("topics")),
            unhexed_data(logs.field("data")),
        ],
        schema=LOGS,
    )


def _times(texts: Any) -> Any:
    if texts.null_count:
        return pa.nulls(len(texts), pa.int64())
    return unhexed_number(texts)


def _topics(lists: Any) -> list[Any]:
    if lists.null_count:
        raise Unreadable("a log without topics")
    counts = pc.list_value_length(lists)
    if pc.max(counts).as_py() > len(TOPICS):
        raise Unreadable("a log with more than four topics")
    values = unhexed(lists.flatten(), WORD)
    starts = pc.subtract(pc.cumulative_sum(counts), counts)
    found = []
    for number in range(len(TOPICS)):
        place = pc.if_else(pc.greater(counts, number), pc.add(starts, number), None)
        found.append(values.take(place))
    return found


def _asked_for(logs: Any, wanted: Wanted, first: int, last: int) -> Any:
    fits = pc.is_in(logs["address"], value_set=fixed(b"".join(wanted.addresses), ADDRESS))
    fits = pc.and_(fits, pc.greater_equal(logs["block"], first))
    fits = pc.and_(fits, pc.less_equal(logs["block"], last))
    for name, topic in zip(TOPICS, wanted.topics, strict=False):
        if topic is not None:
            same = pc.equal(logs[name], pa.scalar(topic, pa.binary(WORD)))
            fits = pc.and_(fits, pc.fill_null(same, False))
    return logs.filter(fits)
