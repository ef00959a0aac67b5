"""Amounts: exact, or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seechain.amounts import Amount, format_units, parse, read_amount
from seechain.errors import AmountError

USDC = {"USDC": 6}


@pytest.mark.parametrize(
    ("amount", "units"),
    [
        (1, 1),
        ("1", 1),
        ("1.5 ether", 15 * 10**17),
        (" 1.5  ether ", 15 * 10**17),
        ("0.000000000000000001 ether", 1),
        ("1.50 ether", 15 * 10**17),
        ("3 gwei", 3 * 10**9),
        ("3 wei", 3),
        ("250 USDC", 250_000_000),
        ("0.000001 USDC", 1),
        ("007 USDC", 7_000_000),
        (2**256 - 1, 2**256 - 1),
        (
            "115792089237316195423570985008687907853269984665640564039457584007913129639935",
            2**256 - 1,
        ),
    ],
)
def test_what_is_read(amount: int | str, units: int) -> None:
    assert parse(amount, USDC) == units


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        (0, "above zero, got 0"),
        (-1, "above zero, got -1"),
        ("0 ether", "above zero"),
        ("-1 ether", "above zero, got '-1 ether'"),
        ("1.0000000000000000001 ether", "ether has 18 decimals"),
        ("0.0000001 USDC", "USDC has 6 decimals"),
        ("0.5 wei", "wei has 0 decimals"),
        ("1.5", "no unit"),
        ("1 usdc", "'usdc' .* use one of wei, gwei, ether, USDC"),
        ("1 EURO", "not known here"),
        ("1,000 USDC", "digits"),
        ("1_000 USDC", "digits"),
        ("1e3 USDC", "digits"),
        (".5 ether", "digits"),
        ("1. ether", "digits"),
        ("٣ ether", "digits"),
        ("1 2 ether", "digits"),
        ("ether", "digits"),
        ("", "digits"),
        ("1" * 300, "digits"),
        (1.5, "got 1.5"),
        (1.0, "got 1.0"),
        (True, "got True"),
        (None, "got None"),
        (Decimal(1), "Decimal"),
        (2**256, "256 bits"),
        ("1" * 70 + " ether", "256 bits"),
    ],
)
def test_what_is_refused(amount: int | str, says: str) -> None:
    with pytest.raises(AmountError, match=says):
        parse(amount, USDC)


def test_a_token_may_not_take_the_name_of_a_native_unit() -> None:
    assert parse("1 ether", {"ether": 6}) == 10**18


@given(st.integers(1, 2**256 - 1), st.integers(0, 30))
def test_what_is_formatted_reads_back(units: int, decimals: int) -> None:
    text = format_units(units, decimals, "TOK")
    assert parse(text, {"TOK": decimals}) == units
    assert Decimal(text.split()[0]).normalize().as_tuple().exponent >= -decimals


@pytest.mark.parametrize(
    ("units", "decimals", "unit", "text"),
    [
        (1_500_000, 6, "USDC", "1.5 USDC"),
        (0, 18, "ether", "0 ether"),
        (-1, 2, "", "-0.01"),
        (100, 0, "", "100"),
        (1, 18, "ether", "0.000000000000000001 ether"),
    ],
)
def test_format(units: int, decimals: int, unit: str, text: str) -> None:
    assert format_units(units, decimals, unit) == text


@pytest.mark.parametrize(("units", "decimals"), [(1.5, 6), (True, 6), (1, -1), (1, 1.0)])
def test_only_whole_numbers_are_formatted(units: int, decimals: int) -> None:
    with pytest.raises(AmountError, match="whole numbers"):
        format_units(units, decimals)


def test_an_amount_keeps_its_unit() -> None:
    assert read_amount("1.5 ether") == Amount(15 * 10**17, "ether", 18)
    assert read_amount("1.5 ether").native
    assert not read_amount("2 USDC", USDC).native
    assert [str(read_amount(each, USDC)) for each in ("2.50 USDC", 7)] == ["2.5 USDC", "7 units"]
