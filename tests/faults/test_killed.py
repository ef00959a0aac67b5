"""A process that is killed (SIGKILL) goes on where it was: nothing twice, nothing missed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.acts import world
from tests.faults.crowds import same_key, same_sender
from tests.faults.killing import Killer, Tally

SEED, POINTS = 5, 20


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    with world() as here:
        yield Killer(here, Tally())


def test_twenty_kills_and_each_act_is_done_once(killer: Killer, tmp_path: Path) -> None:
    number = 0
    while killer.tally.points < POINTS:
        killer.guarded(SEED, number, tmp_path, ["payment", "token payment", "registration"])
        number += 1
        assert not killer.tally.failed
    assert (killer.tally.doubles, killer.tally.missed) == (0, 0)
    assert len(killer.tally.ways) >= 4


@pytest.mark.parametrize("name", ["payout", "cascade"])
def test_an_act_of_several_transactions_goes_on(killer: Killer, name: str, tmp_path: Path) -> None:
    for number in range(4):
        killer.guarded(SEED, number, tmp_path, [name])
    assert not killer.tally.failed


def test_two_processes_with_one_key_do_it_once(killer: Killer, tmp_path: Path) -> None:
    same_key(killer, random.Random(SEED), tmp_path)


def test_four_processes_with_one_sender_do_four_things(killer: Killer, tmp_path: Path) -> None:
    same_sender(killer, random.Random(SEED), tmp_path)
