"""Processes that are killed at 1,000 random points of an act: each act is done exactly once."""

from __future__ import annotations

import json
import random
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from tests.faults.acts import world
from tests.faults.crowds import same_key, same_sender
from tests.faults.killing import WEIGHTS, Killer, Tally

POINTS = 1_000
CROWDS = 40  # rounds of two processes with one key, and of four with one sender
BLOCK = 50  # rounds of one world, after which what was done is kept
STATE = Path(".campaign/killed.json")


def run(minutes: float, seed: int) -> dict[str, object]:
    """Kills acts at random points and lets them go on, until 1,000 kills or the time is over."""
    start = time.monotonic()
    until = start + 60 * minutes
    kept = _kept(seed)
    tally, number, before = _tally(kept), int(kept["rounds"]), float(kept["seconds"])
    while tally.points < POINTS and time.monotonic() < until:
        number = _rounds(tally, seed, number, until)
        _keep(seed, number, before + time.monotonic() - start, tally)
    crowds = _crowds(tally, seed, until)
    seconds = before + time.monotonic() - start
    return {
        "points": tally.points,
        "rounds": number,
        "doubles": tally.doubles,
        "missed": tally.missed,
        "seconds": round(seconds),
        "by_act": dict(sorted(tally.acts.items())),
        "by_way": dict(sorted(tally.ways.items())),
        **crowds,
        "seed": seed,
        "failed": tally.failed,
    }


def _rounds(tally: Tally, seed: int, number: int, until: float) -> int:
    with world() as here, tempfile.TemporaryDirectory() as folder:
        killer = Killer(here, tally)
        for _ in range(BLOCK):
            if tally.points >= POINTS or time.monotonic() > until:
                break
            killer.guarded(seed, number, Path(folder), list(WEIGHTS))
            number += 1
    return number


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
    fresh: dict[str, object] = {"seed": seed, "rounds": 0, "seconds": 0.0, "tally": {}}
    try:
        kept: dict[str, object] = json.loads(STATE.read_text())
    except (FileNotFoundError, ValueError):
        return fresh
    return kept if kept.get("seed") == seed and kept["tally"]["points"] < POINTS else fresh  # type: ignore[index]


def _keep(seed: int, rounds: int, seconds: float, tally: Tally) -> None:
    STATE.parent.mkdir(exist_ok=True)
    new = STATE.with_suffix(".new")
    what = {"seed": seed, "rounds": rounds, "seconds": seconds, "tally": asdict(tally)}
    new.write_text(json.dumps(what))
    new.replace(STATE)


def _tally(kept: dict[str, object]) -> Tally:
    tally = Tally()
    for name, value in kept["tally"].items():  # type: ignore[attr-defined]
        field = getattr(tally, name)
        if isinstance(field, dict):
            field.update(value)
        else:
            setattr(tally, name, value)
    return tally
