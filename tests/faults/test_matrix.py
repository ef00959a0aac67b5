"""Kinds of fault in acts: complete, or one sentence and complete when run again; once on chain.

Here each kind strikes one act, by turns; `python -m campaign faults` has all in all.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.acts import world
from tests.faults.cells import ACTS, KINDS, SHORT, Matrix


@pytest.fixture(scope="module")
def matrix() -> Iterator[Matrix]:
    with world() as here:
        yield Matrix(here)


@pytest.mark.parametrize(("kind", "act"), SHORT)
def test_a_node_that_fails_costs_nothing(matrix: Matrix, kind: str, act: str) -> None:
    matrix.cell(KINDS[kind], ACTS[act])


def test_no_page_is_fetched(matrix: Matrix) -> None:
    """A contract that wants an answer from outside the chain (EIP-3668) is not given one."""
    for act in ("payment", "reading"):
        matrix.cell(KINDS["lookup"], ACTS[act])
    assert matrix.here.proxy.fetched == []


@pytest.mark.parametrize(("kind", "place"), [("no code", 6), ("call garbage", 24)])
def test_one_lie_about_a_member_does_not_make_a_cascade_less_deep(
    matrix: Matrix, kind: str, place: int
) -> None:
    matrix.cell(KINDS[kind], ACTS["cascade"], place=place, retries=True)


def test_every_kind_is_here_and_every_act() -> None:
    assert len(KINDS) >= 40
    assert {kind for kind, _ in SHORT} == set(KINDS)
    assert {act for _, act in SHORT} == set(ACTS)
