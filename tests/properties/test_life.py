"""The life of SEEs, whatever anybody does, on the real code: runs of 500 steps (life.py).

`make test` does 20 of them, always the same; `make properties` 500 times TIMES.
"""

from __future__ import annotations

from contextlib import closing, nullcontext

import pytest

from tests.properties import chain
from tests.properties.conftest import TIMES
from tests.properties.life import KINDS, MOVES, TRUTHS, OfSeveralPages, live, run

RUNS, STEPS, PARTS = 500 * TIMES or 20, 500, 20


@pytest.mark.parametrize("part", range(PARTS))
def test_no_unit_is_lost(part) -> None:
    for seed in range(part, RUNS, PARTS):
        run(KINDS[seed % len(KINDS)], seed, STEPS)


@pytest.mark.parametrize("engine", [chain.Anvil, chain.PyEvm])
@pytest.mark.parametrize("kind", KINDS)
def test_other_engines_end_alike(kind, engine) -> None:
    life = run(kind, 1, 60)
    other = engine()
    with closing(other) if hasattr(other, "close") else nullcontext():
        life.replay(other)


def test_a_member_that_claims_for_itself_while_it_is_paid_beyond_the_cap() -> None:
    """Each payment makes room for more there, so that there was something due in every call."""
    numbers = (106, 544), (167, 605), (168, 606), (173, 611), (188, 626), (189, 627), (197, 635)
    live(OfSeveralPages, 6000000146, [(at, 6000018146000000 + dice) for at, dice in numbers])


def test_each_truth_has_a_name_of_its_own() -> None:
    assert len(set(TRUTHS)) == len(TRUTHS) >= 40
    assert len(set(MOVES)) == len(MOVES) >= 20
