"""Whole lives: created, paid every month of a year, everyone paid each month, ended."""

from __future__ import annotations

from collections.abc import Iterator

from bench.peers.figures import Figure, measured
from bench.peers.places import Place
from bench.peers.recorded import MONTHS
from bench.peers.rows import VOICES, Contenders, Maker, currencies

SIZES = (10, 100)
KEPT = "Superfluid, kept wrapped"


def measure(contenders: Contenders, members: int) -> Iterator[Figure]:
    """The whole lives of all contenders with so many members."""
    for make in contenders.makers(voices=VOICES):
        for kind, currency in currencies(contenders.ground):
            for manner in ("pull", "push"):
                yield _life(make, manner, kind, currency, members)
    yield _pool(contenders, members)
    yield _pool_kept(contenders, members)


def _life(make: Maker, manner: str, kind: str, currency: str, members: int) -> Figure:
    place = make(members)
    row = f"life.{manner}.{kind}"
    used = list(place.created)
    for month in range(MONTHS):
        used.append(place.pay(currency))
        if manner == "push":
            used.append(place.push_all(row, currency))
        else:
            used += _pull(place, row, currency, first=month == 0)
    ended = place.end(row)
    if ended:
        used.append(ended)
    return measured(row, members, place.name, used)


def _pull(place: Place, row: str, currency: str, first: bool) -> list[int]:
    if first:
        return place.claim_first(row, currency, last=len(place.seats) // 2)
    return place.claim_each(row, currency)


def _pool(contenders: Contenders, members: int) -> Figure:
    """Everyone claims and unwraps each month."""
    pool = contenders.pool(members)
    row, used = "life.pull.erc20", list(pool.created)
    for _ in range(MONTHS):
        used += [*pool.pay(row), *pool.claim_each(row)]
    return measured(row, members, pool.name, used)


def _pool_kept(contenders: Contenders, members: int) -> Figure:
    """Members connect once, and have wrapped tokens, which they never unwrap."""
    pool = contenders.pool(members)
    row = "life.push.erc20"
    used = [*pool.created, *pool.connect(row)]
    for _ in range(MONTHS):
        used += pool.pay(row)
    return measured(row, members, KEPT, used)
