"""The benchmark refuses a figure whose money went elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench import chain, scene
from bench.chain import BenchError
from bench.ledger import NATIVE, Split
from bench.scene import Scene


@pytest.fixture(scope="module")
def place() -> Iterator[Scene]:
    """A chain with everything in place."""
    with chain.running() as own:
        yield scene.build(own)


@pytest.fixture
def split(place: Scene) -> Split:
    """A Splitter of five seats that was paid in both currencies."""
    made = place.splitter(5)
    made.pay(NATIVE)
    made.pay(place.token.address)
    return made


def payout(split: Split, *currency: str, paid: range = range(5)) -> int:
    call = ("payout", split.table, split.seats.page(0), *currency)
    return split.act("payout", split.stranger, currency[0] if currency else NATIVE, paid, *call)


def test_a_right_payout_passes(place: Scene, split: Split) -> None:
    assert payout(split) > 21_000
    assert payout(split, place.token.address) > 21_000


def test_one_unit_too_much_is_found(place: Scene, split: Split) -> None:
    place.chain.send(split.payer, split.contract.address, value=1)
    with pytest.raises(BenchError, match=r"payout: 0x[0-9a-f]{40} has [0-9]+ wei, not [0-9]+"):
        payout(split)


def test_one_unit_of_the_token_elsewhere_is_found(place: Scene, split: Split) -> None:
    place.chain.transact(split.accounts[0], place.token, "transfer", split.accounts[1], 1)
    with pytest.raises(BenchError, match=r"units of 0x[0-9a-f]{40}, not"):
        payout(split, place.token.address)


def test_a_member_who_was_paid_and_should_not_is_found(split: Split) -> None:
    with pytest.raises(BenchError, match="wei, not"):
        payout(split, paid=range(4))


def test_an_act_that_pays_nothing_is_no_measurement(split: Split) -> None:
    payout(split)
    with pytest.raises(BenchError, match="nothing is due to seat 0"):
        payout(split)


def test_a_revert_is_named_with_its_reason(split: Split) -> None:
    with pytest.raises(BenchError, match="claim: execution reverted: not joined"):
        split.act("claim", split.accounts[0], NATIVE, [0], "claim", 0)
