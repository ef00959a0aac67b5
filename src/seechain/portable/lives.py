"""A SEE where a member is, or was, one: all that a passport is written from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seechain.chain.decoding import topic_of
from seechain.chain.logs import read_events
from seechain.chain.published import topic
from seechain.chain.records import record_of
from seechain.history import History
from seechain.portable import as_of
from seechain.portable.passport import Act
from seechain.see import SEE
from seechain.share_table import ShareTable

Place = tuple[int, int]  # of a log: the block, and where in it


class Life:
    """A SEE until block `last`.

    starts, versions, tables: of each version the event that put it in force, and its share table,
    None where that is not at hand and was not published by then. past: what happened; None where
    a table is missing, or money can't be told. acts: what the member did there. agreed: versions
    that it certainly signed or submitted. is_alone: whether no version has another's consent.
    """

    def __init__(self, see: SEE, last: int, given: Mapping[bytes, ShareTable]) -> None:
        self.see, self.last = see, last
        self.record = record_of(see.w3, see.registry, see.address)
        starts = as_of.starts_of(see, self.record)
        self.starts = [each for each in starts if each.block_number <= last]
        self.versions = see.versions[: len(self.starts)]
        self.tables = [as_of.table_of(see, each, last, given) for each in self.versions]
        for version, table in zip(self.versions, self.tables, strict=True):
            if table is not None:
                version.give(table)
        self.past: History | None = None
        self.acts: tuple[Act, ...] = ()
        self.agreed: frozenset[int] = frozenset()
        self.is_alone = False

    def shares(self, account: str, version: int) -> int:
        """The shares of an account in a version: 0 without a seat, or where that is not known."""
        table = self.tables[version] if version < len(self.tables) else None
        if table is None or account not in table:
            return 0
        return table.seat(table.index(account)).shares

    def events(self) -> list[Any]:
        """What happened; where that can't be told, what its Registry has noted."""
        if self.past is not None:
            return [each.event for each in self.past.facts]
        found: list[Any] = list(self.starts)
        for name in ("VoiceLeft(address,address)", "Deregistered(address,address)"):
            topics = [topic_of(name), topic(self.see.address)]
            first = self.starts[0].block_number
            found += read_events(self.see.w3, self.see.registry, topics, first, self.last)
        return sorted(found, key=place_of)


def place_of(entry: Any) -> Place:
    """Where an event or an entry stands in the chain."""
    return entry.block_number, entry.log_index
