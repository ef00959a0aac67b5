"""Reads the logs of a SEE block by block into tables, and keeps what is final on a shelf.

Blocks are final when `final` more stand upon them; what is later is read anew each time and never
kept. Before the logs of some blocks are read the node is asked for the hash of the last of them,
and again before they are kept: where the chain has changed meanwhile they are read again. Where it
has changed below what was kept, parts are dropped until the last block of one is the chain's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyarrow as pa

from seechain.chain.node import url_of
from seechain.chain.reverts import NodeError
from seechain.columns.asking import Node, TooMuch
from seechain.columns.decoding import NAMES, TRANSFER, Reader
from seechain.columns.parsing import Wanted, empty, merged
from seechain.columns.parts import ROWS, Shelf
from seechain.columns.ranges import Stride
from seechain.columns.words import flat, pc, replaced

EVERY = 20.0  # seconds, after which what was read is kept though it is little
_AGAIN = 5  # times that a chain may change under a reading

Tables = dict[str, list[Any]]


class Changed(Exception):
    """The chain has changed while it was read."""


class Place(NamedTuple):
    """Where to read on: a block, the hash of the one before it where it is known, a version."""

    block: int
    before: bytes | None
    version: int


class Reading:
    """One run: from a place on to the node's latest block.

    Attributes:
        tail: tables of the blocks that are not final. last: the last block that was read.
    """

    def __init__(
        self, node: Node, reader: Reader, shelf: Shelf | None, start: int, final: int
    ) -> None:
        self.node, self.reader, self.shelf = node, reader, shelf
        self.start, self.final = start, final
        self.tail: Tables = _no_tables()
        self.last = start - 1
        self.final_block = start - 1
        self._stride = Stride()

    def run(self) -> None:
        """Reads all.

        Raises:
            NodeError: the node does not answer, lies behind, or its chain changes all the time.
        """
        for _ in range(_AGAIN):
            try:
                self._run()
                return
            except Changed:
                continue
        raise NodeError(f"the chain at {url_of(self.node.w3)} changes while it is read: try again")

    def _run(self) -> None:
        head = self.node.head()
        place = self._common()
        final = head - self.final
        if self.shelf is not None and place.block <= final:
            place = self._keep(place, final)
        self.final_block = place.block - 1
        self.tail = _no_tables()
        self.reader.version = place.version
        anchors = _anchors(place)
        for last, hash, tables in self._batches(place.block, head):
            _add(self.tail, tables)
            anchors.append((last, hash))
        self._check(anchors)
        self.last = max(head, place.block - 1)

    def _common(self) -> Place:
        """Where to read on: after the last block on the shelf that is still the chain's."""
        shelf = self.shelf
        while shelf is not None and (end := shelf.end) is not None:
            hash = self.node.hash_of(end.last)
            if hash is None:
                raise self._behind(end.last)
            if hash == end.hash:
                return Place(end.last + 1, hash, end.version)
            shelf.drop()
        return Place(self.start, None, 0)

    def _keep(self, place: Place, final: int) -> Place:
        """Puts all final blocks on the shelf, part by part, and returns where to go on."""
        assert self.shelf is not None
        found, rows, since = _no_tables(), 0, time.monotonic()
        self.reader.version = place.version
        first, anchors = place.block, _anchors(place)
        for last, hash, tables in self._batches(place.block, final):
            _add(found, tables)
            rows += sum(len(each) for each in tables.values())
            anchors.append((last, hash))
            is_due = rows >= ROWS or time.monotonic() - since > EVERY
            if last == final or is_due:
                self._check(anchors)
                self.shelf.add(found, first, last, hash, self.reader.version)
                found, rows, since = _no_tables(), 0, time.monotonic()
                place = Place(last + 1, hash, self.reader.version)
                first, anchors = place.block, _anchors(place)
        return place

    def _batches(self, first: int, end: int) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
        """The tables of blocks `first` to `end`, by ranges: last block, its hash, its tables."""
        stride = self._stride
        while first <= end:
            last = min(first + stride.size - 1, end)
            hash = self.node.hash_of(last)
            if hash is None:
                raise self._behind(last)
            blocks = last - first + 1
            try:
                logs = self._logs(first, last)
            except TooMuch as error:
                stride.refused(blocks, error.times)
                continue
            yield last, hash, self.reader.tables(logs)
            stride.answered(blocks, len(logs))
            first = last + 1

    def _logs(self, first: int, last: int) -> Any:
        reader = self.reader
        own = bytes(12) + reader.see
        wanted = [
            Wanted((reader.see,)),
            Wanted((reader.registry, reader.payer), (None, own)),
        ]
        if reader.tokens:
            wanted.append(Wanted(tuple(reader.tokens), (TRANSFER, None, own)))
        found = [self.node.logs(each, first, last) for each in wanted]
        return self._timed(merged([empty(), *found]))

    def _timed(self, logs: Any) -> Any:
        """With the times of their blocks, where the node does not give them with its logs."""
        times = flat(logs["time"])
        if not times.null_count:
            return logs
        blocks = flat(logs["block"]).filter(pc.is_null(times))
        late = pc.unique(blocks)
        asked = late.to_pylist()
        known = self.node.times_of(asked)
        told = pa.array([known[each] for each in asked], pa.int64())
        found = told.take(pc.index_in(flat(logs["block"]), value_set=late))
        return replaced(logs, "time", pc.coalesce(times, found))

    def _check(self, anchors: list[tuple[int, bytes]]) -> None:
        """That these blocks are still the chain's, the last one last."""
        for number, hash in anchors:
            if self.node.hash_of(number) != hash:
                raise Changed

    def _behind(self, block: int) -> NodeError:
        return NodeError(
            f"the node at {url_of(self.node.w3)} does not show block {block}, which it, or another"
            " one, has shown before: wait until it has caught up, or ask another node"
        )


def _anchors(place: Place) -> list[tuple[int, bytes]]:
    return [] if place.before is None else [(place.block - 1, place.before)]


def _no_tables() -> Tables:
    return {name: [] for name in NAMES}


def _add(found: Tables, tables: dict[str, Any]) -> None:
    for name, table in tables.items():
        if len(table):
            found[name].append(table)
