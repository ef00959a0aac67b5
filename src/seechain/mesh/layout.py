"""Where the nodes of a mesh stand: in columns, money flowing from left to right.

1. Edges that close a circle are turned round for the layout, as few as can be found quickly.
2. A node's column is one right of the last that pays it; nobody's payer comes as near as it can.
3. An edge over several columns gets a place to bend in each.
4. Columns are put in the order of their neighbours' mean (barycentres, a few sweeps).
5. Each column's places are as near to their neighbours as they can be without overlapping: least
   squares under an order, which pooling of neighbours solves exactly.

All of it is decided by the nodes' and edges' order: the same mesh is always the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

GAP, BEND = 26.0, 22.0  # between two places; the height of a bend
PORT, LEAST = 26.0, 78.0  # between two edges at a node; a node's least height
_SWEEPS = 12


@dataclass
class Place:
    """A node, or a bend of an edge. y: its middle. left, right: the edges at its sides."""

    key: str
    is_bend: bool
    column: int = 0
    y: float = 0.0
    high: float = BEND
    left: list[Link] = field(default_factory=list)
    right: list[Link] = field(default_factory=list)


@dataclass
class Link:
    """A piece of an edge between two columns that follow each other."""

    edge: int
    start: Place
    end: Place


@dataclass(frozen=True)
class Layout:
    """nodes: by key. ways: of each edge the places that it passes, from left to right, with the
    heights at which it leaves and comes. turned: the edges that go from right to left. high: of
    all. columns: how many."""

    nodes: dict[str, Place]
    ways: dict[int, tuple[tuple[Place, float, Place, float], ...]]
    turned: frozenset[int]
    high: float
    columns: int


def layout(keys: Sequence[str], edges: Sequence[tuple[str, str]]) -> Layout:
    """The places of nodes that are tied. Edges from a node to itself are not looked at."""
    ties = [(at, *edge) for at, edge in enumerate(edges) if edge[0] != edge[1]]
    turned = _turned(keys, ties)
    ahead = [(at, b, a) if at in turned else (at, a, b) for at, a, b in ties]
    columns = _columns(keys, ahead)
    places = {key: Place(key, False, columns[key]) for key in keys}
    grid: list[list[Place]] = [[] for _ in range(max(columns.values(), default=-1) + 1)]
    for key in keys:
        grid[columns[key]].append(places[key])
    links = _links(ahead, places, grid)
    for place in places.values():
        place.high = max(LEAST, PORT * (1 + max(len(place.left), len(place.right))))
    _order(grid)
    high = _set(grid)
    ways: dict[int, list[tuple[Place, float, Place, float]]] = {}
    ports = _ports(links)
    for link in links:
        heights = ports[id(link)]
        ways.setdefault(link.edge, []).append((link.start, heights[0], link.end, heights[1]))
    return Layout(
        nodes=places,
        ways={at: tuple(way) for at, way in ways.items()},
        turned=frozenset(turned),
        high=high,
        columns=len(grid),
    )


def _turned(keys: Sequence[str], ties: Sequence[tuple[int, str, str]]) -> set[int]:
    """Few edges without which there is no circle (Eades, Lin and Smyth, 1993): those that go
    against an order in which payers come first."""
    rest = dict.fromkeys(keys)
    first: list[str] = []
    last: list[str] = []
    while rest:
        pays, paid = dict.fromkeys(rest, 0), dict.fromkeys(rest, 0)
        for _, a, b in ties:
            if a in rest and b in rest:
                pays[a] += 1
                paid[b] += 1
        ends = [key for key in rest if not pays[key]]
        if ends:
            last = [*ends, *last]
        else:
            ends = [max(rest, key=lambda key: (not paid[key], pays[key] - paid[key]))]
            first += ends
        for key in ends:
            del rest[key]
    order = {key: at for at, key in enumerate([*first, *last])}
    return {at for at, a, b in ties if order[a] > order[b]}


def _columns(keys: Sequence[str], ahead: Sequence[tuple[int, str, str]]) -> dict[str, int]:
    column = dict.fromkeys(keys, 0)
    for _ in keys:  # there is no circle left: as many rounds as the longest way are enough
        before = dict(column)
        for _, a, b in ahead:
            column[b] = max(column[b], column[a] + 1)
        if column == before:
            break
    paid = {b for _, _, b in ahead}
    for key in keys:  # who is paid by nobody comes near to whom it pays
        pays = [column[b] for _, a, b in ahead if a == key]
        if key not in paid and pays:
            column[key] = min(pays) - 1
    return column


def _links(
    ahead: Iterable[tuple[int, str, str]], places: dict[str, Place], grid: list[list[Place]]
) -> list[Link]:
    links = []
    for at, a, b in ahead:
        start = places[a]
        for column in range(start.column + 1, places[b].column + 1):
            end = places[b]
            if column < places[b].column:
                end = Place(f"{at}/{column}", True, column)
                grid[column].append(end)
            link = Link(at, start, end)
            start.right.append(link)
            end.left.append(link)
            links.append(link)
            start = end
    return links


def _order(grid: list[list[Place]]) -> None:
    for sweep in range(_SWEEPS):
        forwards = sweep % 2 == 0
        for column in grid if forwards else reversed(grid):
            at = {id(each): float(place) for other in grid for place, each in enumerate(other)}

            def mean(place: Place, at: dict[int, float] = at, by: bool = forwards) -> float:
                near = [id(each.start) for each in place.left] if by else []
                near += [] if by else [id(each.end) for each in place.right]
                return sum(at[each] for each in near) / len(near) if near else at[id(place)]

            column.sort(key=mean)  # stable


def _set(grid: list[list[Place]]) -> float:
    """Gives all places their heights; what is highest stands at 0."""
    for column in grid:
        y = 0.0
        for place in column:
            place.y = y + place.high / 2
            y += place.high + GAP
    for sweep in range(2 * _SWEEPS):
        for column in grid if sweep % 2 == 0 else reversed(grid):
            wanted = []
            for place in column:
                near = [link.start.y for link in place.left] + [link.end.y for link in place.right]
                wanted.append(sum(near) / len(near) if near else place.y)
            _nearest(column, wanted)
    top = min((place.y - place.high / 2 for column in grid for place in column), default=0.0)
    for column in grid:
        for place in column:
            place.y -= top
    return max((place.y + place.high / 2 for column in grid for place in column), default=0.0)


def _nearest(column: Sequence[Place], wanted: Sequence[float]) -> None:
    """The heights in this order nearest to what is wanted, by pooling of neighbours."""
    offsets, at = [], 0.0
    for before, place in zip([None, *column], column, strict=False):
        if before is not None:
            at += (before.high + place.high) / 2 + GAP
        offsets.append(at)
    pools: list[tuple[float, int]] = []  # sum and count of what is wanted without the offsets
    for want, offset in zip(wanted, offsets, strict=True):
        total, count = want - offset, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            more, many = pools.pop()
            total, count = total + more, count + many
        pools.append((total, count))
    levels = [total / count for total, count in pools for _ in range(count)]
    for place, level, offset in zip(column, levels, offsets, strict=True):
        place.y = level + offset


def _ports(links: Sequence[Link]) -> dict[int, tuple[float, float]]:
    """Where each link leaves its start and comes to its end, so that none cross at a node."""
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for place in {id(each): each for link in links for each in (link.start, link.end)}.values():
        for side, found, other in ((place.right, starts, "end"), (place.left, ends, "start")):
            ordered = sorted(side, key=lambda link, other=other: getattr(link, other).y)  # type: ignore[misc]
            top = place.y - PORT * (len(ordered) - 1) / 2
            for at, link in enumerate(ordered):
                found[id(link)] = top + PORT * at
    return {id(link): (starts[id(link)], ends[id(link)]) for link in links}
