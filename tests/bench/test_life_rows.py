"""The model of books that close and of members who leave, and the rows that rest on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench import chain, life_rows, scene
from bench.chain import BenchError
from bench.ledger import NATIVE, Book
from bench.life_rows import Life
from bench.scene import Scene
from bench.splitter_rows import join
from seechain.share_table import ShareTable

ROW = "a row"


@pytest.fixture(scope="module")
def place() -> Iterator[Scene]:
    """A chain with everything in place."""
    with chain.running() as own:
        yield scene.build(own)


@pytest.fixture
def life(place: Scene, request: pytest.FixtureRequest) -> Life:
    """A SEE that was paid in both currencies."""
    made = Life(place, request.node.name)
    made.pay()
    return made


def book(*shares: int) -> Book:
    """A book of seats with these shares, in this order."""
    seats = ((f"0x{place:040x}", part) for place, part in enumerate(shares, 1))
    return Book(ShareTable.from_seats(seats))


def test_a_book_pays_parts_of_all_that_came() -> None:
    ours = book(1, 2)
    ours.received = 10
    assert [ours.take(0), ours.take(1)] == [3, 6]
    assert not ours.owes()
    ours.received = 12
    assert [ours.due(0), ours.due(1)] == [1, 2]
    assert ours.owes()


def test_what_comes_after_a_leave_is_divided_among_those_who_stayed() -> None:
    ours = book(50, 30, 20)
    ours.received = 100
    assert ours.take(0) == 50
    assert ours.leave(2) == 20
    assert [ours.due(index) for index in range(3)] == [0, 30, 20]
    ours.received += 80
    assert [ours.due(index) for index in range(3)] == [50, 60, 20]
    assert ours.leave(1) == 60
    ours.received += 7
    assert [ours.due(index) for index in range(3)] == [57, 60, 20]


def test_an_amendment_leaves_what_is_owed_with_the_old_table(life: Life) -> None:
    assert life.amend(ROW, life.next_table(), owed=True) > 100_000
    life.pay()
    life.claim_all(ROW, 0)
    life.payout(ROW)
    assert life.amend(ROW, life.next_table(), owed=False) > 100_000


@pytest.mark.parametrize("paid_out", [False, True])
def test_an_amendment_of_another_state_is_no_measurement(life: Life, paid_out: bool) -> None:
    if paid_out:
        life.payout(ROW)
    with pytest.raises(BenchError, match="what is owed is not what was to be measured"):
        life.amend(ROW, life.next_table(), owed=paid_out)


def test_a_book_that_closed_with_another_amount_is_found(place: Scene, life: Life) -> None:
    place.chain.send(life.split.payer, life.split.contract.address, value=1)
    with pytest.raises(BenchError, match="a closed book is not what was owed"):
        life.amend(ROW, life.next_table(), owed=True)


def test_a_claim_of_another_version_is_found(life: Life) -> None:
    life.amend(ROW, life.next_table(), owed=True)
    life.split.pay(NATIVE)
    call = ("claim_versions", [life.proof(3, 1)], [life.key(3, 1)], [NATIVE])
    with pytest.raises(BenchError, match="wei, not"):
        life.split.act_on(ROW, life.split.stranger, NATIVE, {0: [3]}, *call)


def test_a_redirect_that_was_not_made_is_found(life: Life) -> None:
    split = life.split
    split.redirect(split.accounts[4], split.elsewhere)
    with pytest.raises(BenchError, match="wei, not"):
        join(split, 4, ROW)


def test_a_leave_that_was_not_made_is_found(life: Life) -> None:
    for currency in life.split.currencies:
        life.split.book(currency).leave(0)
    with pytest.raises(BenchError, match="wei, not"):
        life.payout(ROW, range(1, life_rows.SEATS))
