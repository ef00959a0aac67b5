"""The life of SEEs, whatever anybody does, on the real code: 500 runs of 500 steps (life.py)."""

from __future__ import annotations

from contextlib import closing, nullcontext

import pytest

from tests.properties import chain
from tests.properties.conftest import TIMES
from tests.properties.life import KINDS, MOVES, TRUTHS, run

RUNS, STEPS, PARTS = 500, 500, 50


@pytest.mark.parametrize("part", range(PARTS))
def test_no_unit_is_lost(part) -> None:
    for seed in range(part, RUNS * max(1, TIMES), PARTS):
        run(KINDS[seed % len(KINDS)], seed, STEPS)


@pytest.mark.parametrize("engine", [chain.Anvil, chain.PyEvm])
@pytest.mark.parametrize("kind", KINDS)
def test_other_engines_end_alike(kind, engine) -> None:
    life = run(kind, 1, 60)
    other = engine()
    with closing(other) if hasattr(other, "close") else nullcontext():
        life.replay(other)


def test_each_truth_has_a_name_of_its_own() -> None:
    assert len(set(TRUTHS)) == len(TRUTHS) >= 40
    assert len(set(MOVES)) == len(MOVES) >= 20
