"""Every kind of fault in every act: complete, or one sentence and complete when run again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.acts import world
from tests.faults.cells import ACTS, CELLS, KINDS, Matrix


@pytest.fixture(scope="module")
def matrix() -> Iterator[Matrix]:
    with world() as here:
        yield Matrix(here)


@pytest.mark.parametrize(("kind", "act"), [each for each in CELLS if each[1] == "reading"])
def test_a_node_that_fails_costs_nothing(matrix: Matrix, kind: str, act: str) -> None:
    matrix.cell(KINDS[kind], ACTS[act])
