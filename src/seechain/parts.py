"""Parts of a whole as percentages: one rule wherever one is shown.

A part is rounded down, as the readable agreement has it, so that no member reads more than it
gets. A part that is there and would show as nothing says that it is under what can be shown.
"""

from __future__ import annotations

from fractions import Fraction

DIGITS = 2
_MOST_DIGITS = 15


def percent(part: Fraction, digits: int = DIGITS) -> str:
    """A part of 0 to 1 as text, rounded down: "33.33 %", "-" for none, "< 0.01 %" for less."""
    if not part:
        return "-"
    units = int(part * 100 * 10**digits)
    if not units:
        return f"< {_decimal(1, digits)} %"
    return f"{_decimal(units, digits)} %"


def percents(before: Fraction, after: Fraction) -> tuple[str, str]:
    """Two parts, with as many digits as their difference needs, two at least."""
    digits = DIGITS
    while digits < _MOST_DIGITS and 0 < abs(after - before) * 100 * 10**digits < 1:
        digits += 1
    return percent(before, digits), percent(after, digits)


def _decimal(units: int, digits: int) -> str:
    return f"{units // 10**digits}.{units % 10**digits:0{digits}d}"
