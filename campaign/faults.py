"""The SDK under faults: every kind of fault in every act, at every message."""

from __future__ import annotations

import random
import time
from collections import Counter
from itertools import zip_longest

from tests.faults.acts import World, world
from tests.faults.cells import ACTS, CELLS, EXCEPTIONS, KINDS, End, Matrix, matched

AGAIN = 200  # cells after which the chain is made anew, so that anvil stays small


def run(minutes: float, seed: int) -> dict[str, object]:
    """All kinds in all acts, first where each strikes first, then at its later messages."""
    until, dice = time.monotonic() + 60 * minutes, random.Random(seed)
    ends: Counter[str] = Counter()
    failed: list[str] = []
    later: list[tuple[str, str, int, bool]] = []
    with world() as here:
        matrix = Matrix(here)
        for kind, act in CELLS:
            _cell(matrix, (kind, act, 0, False), ends, failed)
            later += [
                (kind, act, place, retries)
                for place in range(matched(matrix, KINDS[kind], ACTS[act]))
                for retries in (False, True)
                if place or retries
            ]
    first = sum(ends.values())
    dice.shuffle(later)
    later = _by_turns(later)
    at = 0
    while at < len(later) and time.monotonic() < until:
        with world() as here:
            at += _some(here, later[at : at + AGAIN], until, ends, failed)
    return {
        "kinds": len(KINDS),
        "acts": len(ACTS),
        "cells": first,
        "later_messages": sum(ends.values()) - first,
        "later_messages_in_all": len(later),
        "complete": ends[End.COMPLETE],
        "said_then_complete": ends[End.SAID],
        "excepted": {kind: ends[kind] for kind in EXCEPTIONS},
        "seed": seed,
        "failed": failed,
    }


def _by_turns(cells: list[tuple[str, str, int, bool]]) -> list[tuple[str, str, int, bool]]:
    """The acts by turns: a reading asks ten times as much as a payment."""
    by_act = [[each for each in cells if each[1] == act] for act in ACTS]
    return [each for turn in zip_longest(*by_act) for each in turn if each is not None]


def _some(
    here: World,
    cells: list[tuple[str, str, int, bool]],
    until: float,
    ends: Counter[str],
    failed: list[str],
) -> int:
    matrix = Matrix(here)
    for done, each in enumerate(cells):
        if time.monotonic() > until:
            return done
        _cell(matrix, each, ends, failed)
    return len(cells)


def _cell(
    matrix: Matrix, cell: tuple[str, str, int, bool], ends: Counter[str], failed: list[str]
) -> None:
    kind, act, place, retries = cell
    try:
        ends[matrix.cell(KINDS[kind], ACTS[act], place=place, retries=retries)] += 1
    except Exception as error:
        if kind in EXCEPTIONS:
            ends[kind] += 1
            return
        ends["failed"] += 1
        failed.append(f"{kind}, {act}, message {place}, retries {retries}: {error!r}"[:400])
