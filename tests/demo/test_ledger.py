"""The demo's own arithmetic: what it holds the chain's balances against."""

from __future__ import annotations

from fractions import Fraction

from demo.ledger import Ledger
from demo.money import exactly, less


def test_a_payment_is_divided_and_the_rest_is_left() -> None:
    ledger = Ledger("", {"Ada": 2, "Ben": 1})
    ledger.receive((100, 5))

    assert ledger.owed("Ada") == (66, 3)
    assert ledger.owed("Ben") == (33, 1)
    assert ledger.left() == (1, 1)


def test_what_is_left_over_is_carried_to_the_next_payment() -> None:
    ledger = Ledger("", {"Ada": 2, "Ben": 1})
    ledger.receive((100, 0))
    ledger.receive((2, 0))

    assert (ledger.owed("Ada"), ledger.owed("Ben"), ledger.left()) == ((68, 0), (34, 0), (0, 0))


def test_a_next_agreement_takes_nothing_of_what_was_earned() -> None:
    ledger = Ledger("", {"Ada": 1, "Ben": 1})
    ledger.receive((101, 0))
    ledger.succeed("", {"Ben": 1, "Cleo": 3})
    ledger.receive((40, 0))

    assert ledger.owed("Ada") == (50, 0)
    assert ledger.owed("Ben") == (60, 0)
    assert ledger.owed("Cleo") == (30, 0)
    assert ledger.left() == (1, 0)  # of the first; it is not carried into the next


def test_who_leaves_keeps_what_was_earned_and_the_others_parts_rise() -> None:
    ledger = Ledger("", {"Ada": 1, "Ben": 1, "Cleo": 2})
    ledger.receive((100, 0))
    ledger.leave("", "Cleo")
    ledger.receive((100, 0))

    assert ledger.owed("Cleo") == (50, 0)
    assert ledger.owed("Ada") == (75, 0)
    assert ledger.periods[-1].part("Ada") == Fraction(1, 2)
    assert ledger.names == ("Ada", "Ben", "Cleo")


def test_what_was_paid_is_below_zero() -> None:
    assert exactly(less((0, 0), (1, 2_500_000))) == ("-0.000000000000000001", "-2.500000")
