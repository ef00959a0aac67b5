"""Whole lives of SEEs, and the histories that are rebuilt from their logs: equal to the unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web3 import Web3

from tests.properties.conftest import profile
from tests.properties.history_life import Life, OddLife, live, odd_money, plain_money
from tests.sdk.chain import anvil


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Web3, Any, Any]]:
    """See `plain_money`."""
    with anvil() as w3:
        yield plain_money(w3)


@pytest.fixture(scope="module")
def odd_world() -> Iterator[tuple[Web3, Any, Any, list[str]]]:
    """See `odd_money`."""
    with anvil() as w3:
        yield odd_money(w3)


@profile(2)
@given(data=st.data())
def test_a_history_is_what_the_chain_says(world: tuple[Web3, Any, Any], data: Any) -> None:
    live(world[0], lambda: Life(*world, data.draw))


@profile(2)
@given(data=st.data())
def test_a_history_of_odd_money_adds_up(odd_world: tuple[Web3, Any, Any, Any], data: Any) -> None:
    *world, members = odd_world
    OddLife.also = tuple(members)
    live(world[0], lambda: OddLife(*world, data.draw))
