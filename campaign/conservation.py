"""SEEs live through whatever anybody does, and no unit is lost: the test of it, for much longer.

What has been done is kept after each round, with its seeds, so that the campaign goes on where it
was stopped: a run is `live(kind, seed, steps_of(seed, STEPS))` of tests/properties/life.py.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.properties import chain
from tests.properties.life import KINDS, MOVES, TRUTHS
from tests.properties.life import run as live

STATE = Path(".campaign/conservation.json")
STEPS = 500
AT_ONCE = 20  # runs that a process is given at a time
REPLAYED = 200  # of so many runs one is replayed on anvil


def run(minutes: float, seed: int) -> dict[str, object]:
    """Runs of 500 steps on all processors until time is up; seeds follow each other."""
    until = time.monotonic() + 60 * minutes
    kept = _kept(seed)
    tally, failed = Counter(kept["tally"]), list(kept["failed"])
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers) as pool:
        while time.monotonic() < until and not failed:
            start, first = time.monotonic(), seed * 10**9 + tally["runs"]
            firsts = range(first, first + AT_ONCE * workers, AT_ONCE)
            for figures, faults in pool.map(_some, firsts):
                tally.update(figures)
                failed += faults
            tally["milliseconds"] += int(1000 * (time.monotonic() - start))
            _keep(seed, tally, failed)
    return {
        "runs": tally["runs"],
        "steps": tally["runs"] * STEPS,
        "calls": tally["sent"] + tally["viewed"],
        "calls that may change something": tally["sent"],
        "acts done": tally["done"],
        "acts refused": tally["refused"],
        "replayed on anvil": tally["replayed"],
        "moves": len(MOVES),
        "truths": len(TRUTHS),
        "seeds": f"{seed * 10**9} to {seed * 10**9 + tally['runs'] - 1}",
        "failed": failed,
        "seconds": tally["milliseconds"] // 1000,
    }


def _some(first: int) -> tuple[Counter[str], list[str]]:
    """Runs one after the other, in a process of their own."""
    tally: Counter[str] = Counter()
    failed: list[str] = []
    for seed in range(first, first + AT_ONCE):
        sent, viewed = chain.CALLS["sent"], chain.CALLS["viewed"]
        try:
            life = live(KINDS[seed % len(KINDS)], seed, STEPS)
        except AssertionError as error:
            failed.append(str(error))
            continue
        tally.update(runs=1, done=life.done, refused=life.refused)
        tally.update(sent=chain.CALLS["sent"] - sent, viewed=chain.CALLS["viewed"] - viewed)
        if seed % REPLAYED == 0:
            with closing(chain.Anvil()) as other:
                life.replay(other)
            tally["replayed"] += 1
    return tally, failed


def _kept(seed: int) -> dict[str, dict[str, int]]:
    everything = json.loads(STATE.read_text("utf-8")) if STATE.exists() else {}
    return everything.get(str(seed), {"tally": {}, "failed": []})


def _keep(seed: int, tally: Counter[str], failed: list[str]) -> None:
    STATE.parent.mkdir(exist_ok=True)
    everything = json.loads(STATE.read_text("utf-8")) if STATE.exists() else {}
    everything[str(seed)] = {"tally": dict(tally), "failed": failed}
    whole = STATE.with_suffix(".new")
    whole.write_text(json.dumps(everything), "utf-8")
    whole.replace(STATE)
