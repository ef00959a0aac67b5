"""Hostile tokens in lives of a SEE, in any order of acts, for as long as one likes."""

from __future__ import annotations

import os
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.hostile_tokens.kinds import KINDS
from tests.hostile_tokens.lives import random_life
from tests.hostile_tokens.story import TURNS, whole_life
from tests.properties import chain

STEPS = 60
SHOWN = 20  # of what failed


def run(minutes: float, seed: int) -> dict[str, object]:
    """Each kind in its whole life, then in lives drawn from seeds until time is up."""
    until = time.monotonic() + 60 * minutes
    tally, failed = Counter[str](), list[str]()
    number, workers = 0, os.cpu_count() or 1
    with ProcessPoolExecutor(workers) as pool:
        for figures, wrong in pool.map(_whole, range(len(KINDS))):
            tally.update(figures)
            failed += wrong
        while time.monotonic() < until and not failed:
            seeds = [f"{seed}.{number + at}" for at in range(workers)]
            number += workers
            for figures, wrong in pool.map(_drawn, seeds):
                tally.update(figures)
                failed += wrong
    return {
        "kinds": len(KINDS),
        "lives": tally["lives"],
        "acts": tally["acts"],
        "calls": tally["sent"] + tally["viewed"],
        "calls that may change something": tally["sent"],
        "seed": seed,
        "seeds of lives": number,
        "failed": failed[:SHOWN],
    }


def _whole(at: int) -> tuple[Counter[str], list[str]]:
    """One kind, turned at each of the times, with a table of one page and of two."""
    before, tally, failed = Counter(chain.CALLS), Counter[str](), list[str]()
    for turn in TURNS:
        for fillers in (0, 30):
            try:
                whole_life(chain.fast(), KINDS[at], turn, fillers)
            except (AssertionError, RuntimeError) as error:
                failed.append(f"{KINDS[at].name}, {turn}, {fillers}: {error}"[:300])
            tally["lives"] += 1
    return tally + (Counter(chain.CALLS) - before), failed


def _drawn(seed: str) -> tuple[Counter[str], list[str]]:
    """One life of each kind."""
    before, tally, failed = Counter(chain.CALLS), Counter[str](), list[str]()
    for kind in KINDS:
        try:
            tally["acts"] += random_life(chain.fast(), kind, seed, STEPS).calls
        except (AssertionError, RuntimeError) as error:
            failed.append(f"{kind.name}, seed {seed}: {error}"[:300])
        tally["lives"] += 1
    return tally + (Counter(chain.CALLS) - before), failed
