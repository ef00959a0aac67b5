"""What will be due of a currency when more has come, reckoned as the contracts do."""

from __future__ import annotations

from typing import Any

import pytest

from seechain.see.holdings import Book
from seechain.share_table import ShareTable

CAP = 2**111 - 1
ACCOUNTS = [f"0x{number:040x}" for number in (1, 2, 3)]


def book(shares: list[int], received: int, taken: list[int], **more: Any) -> Book:
    """As it is read from a chain where the seats had this much."""
    made = Book.__new__(Book)
    made.table = ShareTable.from_seats(zip(ACCOUNTS, shares, strict=False))
    made.received, made.left, made.out, made.late = received, 0, set(), ()
    made.debts = []
    for name, value in more.items():
        setattr(made, name, value)
    made.had = taken
    entitled = made._entitled(made.received)
    made.dues = [max(0, all_ - had) for all_, had in zip(entitled, taken, strict=True)]
    return made


def test_each_has_the_floor_of_all_that_came_less_what_it_had() -> None:
    now = book([1, 2, 4], 20, [0, 5, 1])
    assert now.dues == [2, 0, 10]
    assert now.owed == 12
    assert now.after(0) == [2, 0, 10]
    assert now.after(1) == [3, 1, 11]
    assert now.after(8) == [4, 3, 15]


@pytest.mark.parametrize("received", [0, 1, CAP - 8, CAP - 1, CAP])
def test_what_is_beyond_the_cap_is_undivided(received: int) -> None:
    now = book([1], received, [0])
    room = CAP - received
    for more, due in ((room, CAP), (room + 1, CAP), (2**200, CAP), (max(0, room - 1), CAP - 1)):
        if room or due == CAP:
            assert now.after(more) == [due]


def test_what_leavers_had_and_are_due_stays_and_the_others_parts_rise() -> None:
    """Two of eight shares have left, in this book: of the rest each counts for more."""
    now = book([2, 2, 4], 60, [0, 5, 0], left=2, out={0})
    now.dues[0] = 7  # is owed to it, whatever comes
    assert now.after(0) == [7, 15, 40]
    assert now.after(30) == [7, 25, 60]
    assert now.after(31) == [7, 25, 60]
    assert now.after(33) == [7, 26, 62]


def test_who_left_before_the_token_was_named_leaves_it_first() -> None:
    """Its part of what was received is set aside; of what comes it has nothing."""
    now = book([2, 2, 4], 80, [0, 0, 0], late=(ACCOUNTS[0],))
    now._leave()
    assert (now.received, now.left, now.out) == (60, 2, {0})
    assert now.after(0) == [20, 20, 40]
    assert now.after(30) == [20, 30, 60]
    other = book([2, 2, 4], 80, [0, 0, 0], late=(ACCOUNTS[0], ACCOUNTS[1]))
    other._leave()
    assert (other.received, other.left, other.out) == (40, 4, {0, 1})
    assert other.after(4) == [20, 20, 44]
