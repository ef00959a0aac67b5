"""Signatures: Wycheproof's, ours, and what dice make of the good ones among ours."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.vectors import ours, wycheproof
from tests.vectors.asked import Asked
from tests.vectors.mutated import mutated
from tests.vectors.scene import stage

AT_ONCE = 200
SHOWN = 20  # of what failed


def run(minutes: float, seed: int) -> dict[str, object]:
    """All vectors once, through the contracts and the SDK; then mutated ones until time is up."""
    foreign, failed = wycheproof.run(Asked())
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as at:
        rows = list(ours.vectors(at))
        own, wrong = ours.run(at, rows)
        failed += wrong
        dice, more = random.Random(seed), Counter[str]()
        until = time.monotonic() + 60 * minutes
        while time.monotonic() < until and not failed:
            figures, wrong = ours.run(at, mutated(rows, dice, AT_ONCE))
            more.update(figures)
            failed += wrong
    return {
        "wycheproof": foreign["cases"],
        "wycheproof, put": foreign["put"],
        "ours": own["vectors"],
        "ours, put to the contracts": own["put to the contracts"],
        "ours, taken": own["taken"],
        "agreed": foreign["cases"] + own["vectors"] if not failed else 0,
        "mutated": more["vectors"],
        "mutated, refused by the contracts": more["refused"],
        "seed": seed,
        "failed": failed[:SHOWN],
    }
