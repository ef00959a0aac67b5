"""Whole lives of a SEE with each kind of hostile token: the other currencies stay exact."""

from __future__ import annotations

import pytest

from tests.hostile_tokens.kinds import BY_NAME, KINDS, Kind
from tests.hostile_tokens.lives import random_life
from tests.hostile_tokens.story import TURNS, whole_life
from tests.properties.chain import PyEvm, fast

SMOOTH = {  # what they do never makes anybody's call fail
    "answers nothing",
    "answers 33 bytes",
    "answers 64 bytes",
    "a bomb in a transfer",
    "a bomb in a balance",
    "reverts on zero",
    "takes a fee",
    "takes a fee of the sender",
    "pulls more",
    "mints to the SEE",
    "rebases up",
    "rebases down",
    "deflates by block",
    "tells too little",
    "tells otherwise in a view",
    "two decimals",
    "77 decimals",
    "re-enters in a transfer",
    "re-enters in a balance",
    "has hooks",
    "wants a zero approval first",
    "has two addresses",
}


ALL = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@pytest.mark.parametrize("turn", TURNS)
@ALL
def test_a_hostile_token_harms_only_itself(kind: Kind, turn: str) -> None:
    """Whatever it does, and whenever it begins: coin and good token are exact to the unit."""
    fillers = 30 if turn == TURNS[1] else 0  # two pages then, else one
    stage = whole_life(fast(), kind, turn, fillers)
    if kind.name in SMOOTH:
        assert stage.refused == []


@ALL
def test_in_any_order(kind: Kind) -> None:
    random_life(fast(), kind, seed=1)


def test_a_token_that_is_read_again_by_a_leave() -> None:
    """Its book comes to the version in force by a leave of fewer shares than had left before."""
    random_life(fast(), BY_NAME["sends to a gateway"], seed="5.0", steps=60)


def test_another_evm_says_the_same() -> None:
    """Gas is real there, which matters to what burns it."""
    whole_life(PyEvm(), BY_NAME["burns gas in a balance"])


def test_there_are_forty_kinds() -> None:
    assert len(KINDS) >= 40
    assert not SMOOTH - set(BY_NAME)
