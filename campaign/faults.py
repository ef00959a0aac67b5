"""The SDK under faults: every kind of fault in every act, at every message."""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from itertools import zip_longest

from tests.faults.acts import World, world
from tests.faults.cells import ACTS, CELLS, KINDS, End, Matrix, matched

Cell = tuple[str, str, int, bool]  # kind, act, place of the message, web3's retries
AGAIN = 200  # cells after which the chain is made anew: anvil forgets the states of old blocks


def run(minutes: float, seed: int) -> dict[str, object]:
    """All kinds in all acts, first where each strikes first, then at its later messages."""
    until, dice = time.monotonic() + 60 * minutes, random.Random(seed)
    ends: Counter[str] = Counter()
    failed: list[str] = []
    _all([(kind, act, 0, False) for kind, act in CELLS], math.inf, ends, failed)
    first = sum(ends.values())
    later = _later()
    dice.shuffle(later)
    later = _by_turns(later)
    _all(later, until, ends, failed)
    return {
        "kinds": len(KINDS),
        "acts": len(ACTS),
        "cells": first,
        "later_messages": sum(ends.values()) - first,
        "later_messages_in_all": len(later),
        "complete": ends[End.COMPLETE],
        "said_then_complete": ends[End.SAID],
        "seed": seed,
        "failed": failed,
    }


def _all(cells: list[Cell], until: float, ends: Counter[str], failed: list[str]) -> None:
    at = 0
    while at < len(cells) and time.monotonic() < until:
        with world() as here:
            at += _some(here, cells[at : at + AGAIN], until, ends, failed)


def _later() -> list[Cell]:
    """Every message of every act at which a kind can strike, but for the first ones."""
    with world() as here:
        matrix = Matrix(here)
        for act in ACTS.values():
            matrix.truth(act)
        return [
            (kind, act, place, retries)
            for kind, act in CELLS
            for place in range(matched(matrix, KINDS[kind], ACTS[act]))
            for retries in (False, True)
            if place or retries
        ]


def _by_turns(cells: list[Cell]) -> list[Cell]:
    """The acts by turns: a reading asks ten times as much as a payment."""
    by_act = [[each for each in cells if each[1] == act] for act in ACTS]
    return [each for turn in zip_longest(*by_act) for each in turn if each is not None]


def _some(
    here: World,
    cells: list[Cell],
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


def _cell(matrix: Matrix, cell: Cell, ends: Counter[str], failed: list[str]) -> None:
    kind, act, place, retries = cell
    try:
        ends[matrix.cell(KINDS[kind], ACTS[act], place=place, retries=retries)] += 1
    except Exception as error:
        ends["failed"] += 1
        failed.append(f"{kind}, {act}, message {place}, retries {retries}: {error!r}"[:400])
