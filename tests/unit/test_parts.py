"""Parts as percentages: one rule, that of the readable agreement."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seechain.agreement.text import _part
from seechain.parts import percent, percents

PARTS = st.fractions(min_value=0, max_value=1, max_denominator=2**48)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (Fraction(0), "-"),
        (Fraction(1), "100.00 %"),
        (Fraction(2, 3), "66.66 %"),
        (Fraction(1, 8), "12.50 %"),
        (Fraction(1, 10_000), "0.01 %"),
        (Fraction(1, 10_001), "< 0.01 %"),
        (Fraction(9_999, 10_000) + Fraction(1, 10**9), "99.99 %"),
    ],
)
def test_a_part_is_rounded_down_and_never_shown_as_nothing(part: Fraction, text: str) -> None:
    assert percent(part) == text


@given(st.integers(1, 2**48 - 1), st.integers(1, 2**48 - 1))
@example(1, 3)
@example(2, 3)
def test_what_is_shown_is_what_was_signed(one: int, other: int) -> None:
    """The readable agreement and every table say the same, but for what rounds to nothing."""
    shares, total = sorted((one, other))
    shown = percent(Fraction(shares, total))
    signed = _part(shares, total).split("(")[1].rstrip(")")
    assert shown == ("< 0.01 %" if signed == "0.00 %" else signed)


@given(PARTS, PARTS)
def test_two_parts_are_told_apart_where_they_differ_by_what_can_be_shown(
    before: Fraction, after: Fraction
) -> None:
    shown = percents(before, after)
    if abs(before - after) >= Fraction(1, 10**17):
        assert shown[0] != shown[1]
    if before == after:
        assert shown == (percent(before), percent(after))
