"""The mesh: which SEEs of a Registry are members of each other, and which seats are shared.

found = find(Registry(w3))             # or find(registry, around=see.address)
found.nodes                            # SEEs, and the Splitters that they pay into
found.edges                            # who pays whom: shares, voices
found.to_json()

A SEE is a member by a seat, by a voice or by both. A Splitter comes in where a member's money is
redirected to it, or where it has a seat. Splitters of another Registry are left out, as contracts
of others are, and so is one whose salt no transaction names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.chain.decoding import topic_of
from seechain.chain.events import Redirected
from seechain.chain.logs import read_events
from seechain.chain.records import Record
from seechain.chain.reverts import NotPublished, NotRegistered, NotSeechain
from seechain.mesh.splitters import splitter_at, splitters_of
from seechain.registry import Registry
from seechain.see import SEE
from seechain.share_table import ShareTable

_REDIRECTED = topic_of("Redirected(address,address)")


@dataclass(frozen=True, slots=True)
class Node:
    """A SEE or a Splitter.

    state: of a SEE "registered" or "ended", of a Splitter "fixed". members: how many there are,
    None where the share table was not published. name: where it is known.
    """

    address: str
    kind: Literal["SEE", "Splitter"]
    state: str
    members: int | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """Money of `payer` goes to `member`, or the member has a voice there.

    shares, total: of those that divide what comes; 0 without a seat. voices, all_voices: of those
    that are live; 0 without a voice. account: whose seat it is, where its money is redirected.
    """

    payer: str
    member: str
    shares: int
    total: int
    voices: int = 0
    all_voices: int = 0
    account: str = ""

    @property
    def part(self) -> Fraction:
        """The part of what comes; 0 without a seat, or where that is not known."""
        return Fraction(self.shares, self.total) if self.total else Fraction(0)

    @property
    def kind(self) -> str:
        """ "seat", "voice", "seat and voice", or "redirect"."""
        if self.account:
            return "redirect"
        has = [name for name, many in (("seat", self.shares), ("voice", self.voices)) if many]
        return " and ".join(has)


@dataclass(frozen=True)
class Mesh:
    """Nodes by address, and edges by payer and member."""

    registry: str
    chain_id: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def around(self, address: str) -> Mesh:
        """What hangs together with one of them, in either direction.

        Raises:
            NotRegistered: it is none of them.
        """
        address = checksum(account_bytes(address))
        if address not in {each.address for each in self.nodes}:
            raise NotRegistered(f"{address} is not in the mesh of the Registry {self.registry}")
        reached, rest = {address}, [address]
        while rest:
            at = rest.pop()
            for edge in self.edges:
                for one, other in ((edge.payer, edge.member), (edge.member, edge.payer)):
                    if one == at and other not in reached:
                        reached.add(other)
                        rest.append(other)
        return replace(
            self,
            nodes=tuple(each for each in self.nodes if each.address in reached),
            edges=tuple(each for each in self.edges if each.payer in reached),
        )

    def to_json(self) -> dict[str, Any]:
        """The mesh as plain values."""
        return {
            "registry": self.registry,
            "chain_id": self.chain_id,
            "nodes": [
                {
                    "address": each.address,
                    "kind": each.kind,
                    "state": each.state,
                    "members": each.members,
                    **({"name": each.name} if each.name else {}),
                }
                for each in self.nodes
            ],
            "edges": [
                {
                    "from": each.payer,
                    "to": each.member,
                    "kind": each.kind,
                    "shares": each.shares,
                    "total": each.total,
                    "voices": each.voices,
                    "all_voices": each.all_voices,
                    **({"account": each.account} if each.account else {}),
                }
                for each in self.edges
            ],
        }


def find(
    registry: Registry,
    *,
    around: str | None = None,
    names: Mapping[str, str] | None = None,
    tables: Iterable[ShareTable] = (),
    sees: Iterable[Record] | None = None,
    advance: Callable[[int], None] = lambda steps: None,
) -> Mesh:
    """The mesh of a Registry.

    Args:
        around: a SEE or Splitter: only what hangs together with it.
        names: of SEEs by address. tables: share tables that are at hand.
        sees: the records of all SEEs, where they were read already (`Registry.sees`).
        advance: is told of each SEE that has been read.

    Raises:
        NodeError: the node can't be asked. NotRegistered: `around` is not in it.
    """
    search = _Search(registry, dict(names or {}), list(tables))
    records = {each.see: each for each in (registry.sees() if sees is None else sees)}
    search.created = splitters_of(registry)
    search.known = {*records, *search.created}
    for record in records.values():
        search.add_see(record)
        advance(1)
    search.add_splitters()
    nodes = sorted(search.nodes.values(), key=lambda each: int(each.address, 16))
    edges = sorted(
        search.edges, key=lambda each: (int(each.payer, 16), int(each.member, 16), each.account)
    )
    mesh = Mesh(registry.address, registry.chain_id, tuple(nodes), tuple(edges))
    return mesh if around is None else mesh.around(around)


class _Search:
    def __init__(self, registry: Registry, names: dict[str, str], tables: list[ShareTable]) -> None:
        self.registry, self.w3, self.names = registry, registry.w3, names
        self.tables = tables
        self.created: dict[str, str] = {}  # Splitters, by what has created them
        self.known: set[str] = set()
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []

    def add_see(self, record: Record) -> None:
        """A SEE, and whom it pays."""
        see = SEE(self.w3, record.see)
        for table in self.tables:
            if any(table.hash == each.table_hash for each in see.versions):
                see.give(table)
        roll = see.roll
        voices = {each.account: each.voices for each in roll}
        try:
            table, left = see.table, see.leavers
        except NotPublished:
            members, seats, total = None, {}, 0
        else:
            voiced = sum(account not in table or account in left for account in voices)
            members = len(table) - len(left) + voiced
            seats = self._seats(table, left)
            total = table.shares - sum(table.seat(table.index(each)).shares for each in left)
            self._redirects(see, record, table, left, total)
        state = "ended" if record.ended else "registered"
        name = self.names.get(see.address, "")
        self.nodes[see.address] = Node(see.address, "SEE", state, members, name)
        for member in sorted({*seats, *(self.known & voices.keys())}):
            shares, voice = seats.get(member, 0), voices.get(member, 0)
            self.edges.append(
                Edge(
                    payer=see.address,
                    member=member,
                    shares=shares,
                    total=total if shares else 0,
                    voices=voice,
                    all_voices=sum(voices.values()) if voice else 0,
                )
            )

    def _seats(self, table: ShareTable, left: Iterable[str] = ()) -> dict[str, int]:
        """The shares of those among the members that are contracts of ours."""
        return {
            each: table.seat(table.index(each)).shares
            for each in self.known.difference(left)
            if each in table
        }

    def _redirects(
        self, see: SEE, record: Record, table: ShareTable, left: Iterable[str], total: int
    ) -> None:
        events = read_events(self.w3, see.address, [_REDIRECTED], record.block_number)
        latest = {each.account: each.to for each in events if isinstance(each, Redirected)}
        for account, to in latest.items():
            if to == account or to not in self.known or account in left or account not in table:
                continue
            shares = table.seat(table.index(account)).shares
            self.edges.append(Edge(see.address, to, shares, total, account=account))

    def add_splitters(self) -> None:
        """The Splitters that are paid, and whom they pay; what is none of ours is left out."""
        rest = [each.member for each in self.edges]
        while rest:
            address = rest.pop()
            if address in self.nodes:
                continue
            try:
                splitter = splitter_at(self.registry, address, self.created.get(address))
            except NotSeechain:  # a clone that waits to be registered, or whose salt is not told
                self.edges = [each for each in self.edges if each.member != address]
                continue
            members: int | None = None
            try:
                table = splitter.table
            except NotPublished:
                pass
            else:
                members = len(table)
                for member, shares in self._seats(table).items():
                    self.edges.append(Edge(address, member, shares, table.shares))
                    rest.append(member)
            name = self.names.get(address, "")
            self.nodes[address] = Node(address, "Splitter", "fixed", members, name)


def registry_of(w3: Web3, see: str | None) -> Registry:
    """The Registry of a SEE, or this version's own."""
    return Registry(w3) if see is None else Registry(w3, SEE(w3, see).registry)
