"""Amounts: whole numbers of a currency's smallest unit inside, text with its unit at the edges.

    1500000000000000000   "1.5 ether"   "250 USDC"

Nothing is rounded: what has more decimals than its unit is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from seechain.errors import AmountError

NATIVE_DECIMALS: Mapping[str, int] = {"wei": 0, "gwei": 9, "ether": 18}
MAX_UNITS = 2**256 - 1

_AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?: +(\S+))?")


class Amount(NamedTuple):
    """An amount: its smallest units, and the unit it was written in (None for a bare number)."""

    units: int
    unit: str | None
    decimals: int

    @property
    def native(self) -> bool:
        """Whether the unit is one of the native coin's."""
        return self.unit in NATIVE_DECIMALS

    def __str__(self) -> str:
        return format_units(self.units, self.decimals, self.unit or "units")


def read_amount(amount: int | str, decimals: Mapping[str, int] | None = None) -> Amount:
    """Reads an amount exactly.

    Args:
        amount: smallest units as an int (or as text of digits alone), or text with its unit.
        decimals: decimals by symbol of the tokens that may be named, as {"USDC": 6}.

    Raises:
        AmountError: no int and no such text, zero or less, too many decimals, or a unit that is
            not known.
    """
    if isinstance(amount, int) and not isinstance(amount, bool):
        return _checked(amount, None, 0, amount)
    if not isinstance(amount, str):
        raise AmountError(
            f"an amount is a whole number of smallest units or text as '1.5 ether', got {amount!r}"
        )
    match = _AMOUNT.fullmatch(amount.strip())
    if not match or len(amount) > 200:
        raise AmountError(
            f"an amount is digits, with a point for decimals, and its unit, as '1.5 ether',"
            f" got {amount[:200]!r}"
        )
    sign, whole, part, unit = match.groups()
    places = _decimals(unit, part, decimals or {}, amount)
    if len(part or "") > places:
        raise AmountError(f"{unit} has {places} decimals, got {amount!r}: round it yourself")
    units = int(whole + (part or "").ljust(places, "0"))
    return _checked(-units if sign else units, unit, places, amount)


def parse(amount: int | str, decimals: Mapping[str, int] | None = None) -> int:
    """The smallest units of an amount; see `read_amount`.

    Raises:
        AmountError: it can't be read exactly, or is not above zero.
    """
    return read_amount(amount, decimals).units


def format_units(units: int, decimals: int, unit: str = "") -> str:
    """Smallest units as exact text, as 1500000 with 6 decimals and "USDC" -> "1.5 USDC".

    What it writes reads back as the same number.

    Raises:
        AmountError: units that are no int, or decimals below zero.
    """
    if type(units) is not int or type(decimals) is not int or decimals < 0:
        raise AmountError(f"units and decimals are whole numbers, got {units!r} and {decimals!r}")
    digits = str(abs(units)).rjust(decimals + 1, "0")
    whole, part = digits[: len(digits) - decimals], digits[len(digits) - decimals :].rstrip("0")
    number = ("-" if units < 0 else "") + whole + ("." + part if part else "")
    return f"{number} {unit}".strip()


def _decimals(unit: str | None, part: str | None, known: Mapping[str, int], amount: str) -> int:
    if unit is None:
        if part is not None:
            raise AmountError(f"{amount!r} has decimals but no unit: write it as '1.5 ether'")
        return 0
    if unit in NATIVE_DECIMALS:
        return NATIVE_DECIMALS[unit]
    if unit in known:
        return known[unit]
    names = ", ".join([*NATIVE_DECIMALS, *known])
    raise AmountError(f"the unit {unit!r} of {amount!r} is not known here: use one of {names}")


def _checked(units: int, unit: str | None, decimals: int, amount: int | str) -> Amount:
    if units <= 0:
        raise AmountError(f"an amount is above zero, got {amount!r}")
    if units > MAX_UNITS:
        raise AmountError(f"an amount fits 256 bits, got {amount!r}")
    return Amount(units, unit, decimals)
