"""Processes that are killed at 1,000 random points of an act: each act is done exactly once."""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.faults.acts import world
from tests.faults.crowds import same_key, same_sender
from tests.faults.killing import WEIGHTS, Killer, Tally

POINTS = 1_000
CROWDS = 40  # rounds of two processes with one key, and of four with one sender
BLOCK = 25  # rounds of one world; the cores have one each, and keep what they did after it
STATE = Path(".campaign/killed.json")


def run(minutes: float, seed: int) -> dict[str, object]:
    """Kills acts at random points and lets them go on, until 1,000 kills or the time is over."""
    start = time.monotonic()
    until = start + 60 * minutes
    kept = _kept(seed)
    tally, block, before = _tally(kept), int(kept["blocks"]), float(kept["seconds"])
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        while tally.points < POINTS and time.monotonic() < until:
            blocks = range(block, block + workers)
            for done in pool.map(_rounds, blocks, repeat(seed), repeat(until)):
                tally.add(done)
            block += workers
            _keep(seed, block, before + time.monotonic() - start, tally)
    crowds = _crowds(tally, seed, until)
    seconds = before + time.monotonic() - start
    return {
        "points": tally.points,
        "rounds": tally.rounds,
        "doubles": tally.doubles,
        "missed": tally.missed,
        "seconds": round(seconds),
        "by_act": dict(sorted(tally.acts.items())),
        "by_way": dict(sorted(tally.ways.items())),
        **crowds,
        "seed": seed,
        "failed": tally.failed,
    }


def _rounds(block: int, seed: int, until: float) -> Tally:
    """The rounds of one world."""
    tally = Tally()
    with world() as here, tempfile.TemporaryDirectory() as folder:
        killer = Killer(here, tally)
        for number in range(BLOCK * block, BLOCK * (block + 1)):
            if time.monotonic() > until:
                break
            killer.guarded(seed, number, Path(folder), list(WEIGHTS))
    return tally


def _crowds(tally: Tally, seed: int, until: float) -> dict[str, object]:
    """Several at once: with one key, and with one sender."""
    dice, killed, rounds = random.Random(f"{seed} crowds"), 0, 0
    with world() as here, tempfile.TemporaryDirectory() as folder:
        killer = Killer(here, tally)
        for number in range(CROWDS):
            if number and time.monotonic() > until:
                break
            for act in (same_key, same_sender):
                at = Path(folder) / f"{act.__name__} {number}"
                at.mkdir()
                try:
                    killed += act(killer, dice, at)
                except AssertionError as error:
                    tally.failed.append(f"seed {seed}, {at.name}: {error}"[:600])
            rounds += 1
    return {"crowds": rounds, "killed_in_crowds": killed}


def _kept(seed: int) -> dict[str, object]:
    fresh: dict[str, object] = {"seed": seed, "blocks": 0, "seconds": 0.0, "tally": {}}
    try:
        kept: dict[str, object] = json.loads(STATE.read_text())
    except (FileNotFoundError, ValueError):
        return fresh
    return kept if kept.get("seed") == seed and kept["tally"]["points"] < POINTS else fresh  # type: ignore[index]


def _keep(seed: int, blocks: int, seconds: float, tally: Tally) -> None:
    STATE.parent.mkdir(exist_ok=True)
    new = STATE.with_suffix(".new")
    what = {"seed": seed, "blocks": blocks, "seconds": seconds, "tally": vars(tally)}
    new.write_text(json.dumps(what))
    new.replace(STATE)


def _tally(kept: dict[str, object]) -> Tally:
    found: dict[str, Any] = dict(kept["tally"])  # type: ignore[call-overload]
    tally = Tally(**found)
    tally.acts, tally.ways = Counter(tally.acts), Counter(tally.ways)
    return tally
