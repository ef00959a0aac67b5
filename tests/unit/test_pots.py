"""Which C a seat's amount tells of, and what a payout leaves behind: without a chain."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from seechain.history.pots import MAX_AMOUNT, Book, Pot, Table
from seechain.share_table import ShareTable

SHARES = st.integers(1, 2**40)


def pot_of(shares: list[int]) -> Pot:
    """The books of a table with these shares."""
    seats = [(f"0x{at + 1:040x}", count) for at, count in enumerate(shares)]
    return Pot(0, Table(lambda: ShareTable.from_seats(seats)))


@given(
    shares=st.lists(SHARES, min_size=2, max_size=5),
    received=st.integers(0, 2**100),
    leaver=st.integers(0, 4),
)
def test_the_c_that_an_amount_tells_of(shares: list[int], received: int, leaver: int) -> None:
    pot = pot_of(shares)
    if 0 < leaver < len(shares):
        pot.left = shares[leaver]
    entitled = pot.due(0, received).due
    low, high = pot.entitling(0, entitled)
    assert low <= received <= high
    assert pot.due(0, low).due == pot.due(0, high).due == entitled
    assert low == 0 or pot.due(0, low - 1).due < entitled
    assert pot.due(0, high + 1).due > entitled


@given(
    shares=st.lists(SHARES, min_size=1, max_size=5),
    amounts=st.lists(st.integers(0, 2**90), min_size=1, max_size=6),
    kept=st.sets(st.integers(0, 4)),
)
def test_a_payout_gives_each_its_due_and_keeps_what_it_must(
    shares: list[int], amounts: list[int], kept: set[int]
) -> None:
    pot, received = pot_of(shares), 0
    had = [0] * len(shares)
    for at, amount in enumerate(amounts):
        received += amount
        due = [pot.due(index, received).due for index in range(len(shares))]
        assert due == [
            received * count // sum(shares) - have for count, have in zip(shares, had, strict=True)
        ]
        if at % 2:
            index = at % len(shares)
            pot.claim(index, had[index], due[index])
            had[index] += due[index]
            continue
        for index, _, figures in pot.pay_out(0, received, received, frozenset(kept)):
            assert figures.due == due[index]
            had[index] += 0 if index in kept else figures.due


@given(
    shares=st.lists(SHARES, min_size=2, max_size=4),
    before=st.integers(0, 2**90),
    after=st.integers(0, 2**90),
)
def test_a_leaver_keeps_what_was_due_and_no_more(
    shares: list[int], before: int, after: int
) -> None:
    book = Book("native", lambda version: pot_of(shares).table.whole)
    book.balance = before
    due = book.pot.due(0, book.received)
    book.paid -= book.pot.leave(0, due, due.due, shares[0])
    book.balance += after
    assert book.pot.due(0, book.received).due == due.due
    all_due = sum(book.pot.due(index, book.received).due for index in range(len(shares)))
    assert 0 <= book.balance - all_due <= 2 * len(shares)


@given(balance=st.integers(0, 2**120), paid=st.integers(-(2**111), 2**111 - 1))
def test_c_is_never_below_zero_nor_beyond_its_field(balance: int, paid: int) -> None:
    book = Book("native", lambda version: pot_of([1]).table.whole)
    book.balance, book.paid = balance, paid
    assume(balance <= MAX_AMOUNT)
    assert book.received == max(0, min(balance + paid, MAX_AMOUNT))
