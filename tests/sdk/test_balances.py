"""How often a node is asked for what was held: only where it matters, and many at once."""

from __future__ import annotations

from typing import Any

import pytest
from web3 import HTTPProvider, Web3

from seechain import SEE, Registry
from seechain.chain.reverts import NodeError
from seechain.history.balances import AT_ONCE, held_at
from tests.sdk.chain import deployed, key
from tests.sdk.conftest import make_agreement, register
from tests.sdk.watches import asked, watch

BANK = {"from": key(0).address}


class Counting(HTTPProvider):
    """Counts questions for balances: those by themselves, and those of each batch."""

    takes_batches = True

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.alone: int = 0
        self.together: list[int] = []

    def make_request(self, method: Any, params: Any) -> Any:
        self.alone += method == "eth_call" and "70a08231" in str(params)
        return super().make_request(method, params)

    def make_batch_request(self, batch_requests: Any) -> Any:
        if not self.takes_batches:
            return {"error": {"code": -32600, "message": "no batches"}}
        self.together.append(len(batch_requests))
        return super().make_batch_request(batch_requests)


@pytest.fixture
def gross(w3: Web3) -> Any:
    return deployed(w3, "GrossToken", 10)


@pytest.fixture
def see(registry: Registry, gross: Any, w3: Web3) -> SEE:
    """As a node that counts shows it."""
    made = register(registry, make_agreement(currencies=["native", gross.address]))
    provider: Any = w3.provider
    return SEE(Web3(Counting(provider.endpoint_uri)), made.address)


def provider_of(see: SEE) -> Counting:
    provider = see.w3.provider
    assert isinstance(provider, Counting)
    return provider


def test_only_blocks_with_what_may_be_asked_for_are_looked_at(see: SEE, gross: Any) -> None:
    """A watch asked two questions for each block with a payment, one by one."""
    request = asked(see, 90, currency=gross.address)
    for amount in (1, 50, 89, 100, 150):
        gross.functions.transfer(see.address, amount).transact(BANK)
    looking, _ = watch(see, request)
    assert looking.look().all_paid
    provider = provider_of(see)
    assert (provider.alone, provider.together) == (0, [3])  # before both, after both: one is shared
    assert [each.amount for each in looking.state.payments] == [90]


@pytest.mark.parametrize("takes_batches", [True, False])
def test_what_was_held_is_the_same_one_by_one(see: SEE, gross: Any, takes_batches: bool) -> None:
    gross.functions.transfer(see.address, 100).transact(BANK)
    provider, last = provider_of(see), int(see.w3.eth.block_number)
    provider.takes_batches = takes_batches
    places = [(see.address, gross.address, each) for each in (last - 1, last)]
    none = (see.address, key(7).address, last)  # is no token
    found = held_at(see.w3, [*places, none])
    assert [found[each] for each in (*places, none)] == [0, 90, None]
    assert provider.alone == (1 if takes_batches else 3)
    many = [(see.address, gross.address, each % (last + 1)) for each in range(AT_ONCE)]
    assert set(held_at(see.w3, many)) == set(many)


def test_of_what_was_forgotten_one_block_is_asked_for_again(see: SEE) -> None:
    provider, last = provider_of(see), int(see.w3.eth.block_number)
    none = [(see.address, key(7).address, each) for each in range(last + 1)]  # is no token
    assert set(held_at(see.w3, none).values()) == {None}
    assert (provider.alone, provider.together) == (1, [last + 1])


def test_a_node_that_is_gone_is_an_error(see: SEE, gross: Any) -> None:
    provider_of(see).endpoint_uri = "http://127.0.0.1:1"
    places = [(see.address, gross.address, each) for each in (0, 1)]
    with pytest.raises(NodeError):
        held_at(see.w3, places)
