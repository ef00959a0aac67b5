"""Who gets what of a payment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seechain.accounts import checksum
from seechain.agreement.preview import Payee, preview
from seechain.errors import AmountError
from seechain.share_table import pack_seats


def payees(shares: list[int]) -> list[Payee]:
    return [
        Payee(f"M{at}", "core", checksum(bytes([at]) * 20), each)
        for at, each in enumerate(shares, 1)
    ]


@given(
    st.integers(1, 2**111 - 1),
    st.lists(st.integers(0, 2**40), min_size=1, max_size=20).filter(any),
    st.lists(st.integers(1, 2**40), max_size=20),
)
def test_floors_never_give_more_than_there_is(
    amount: int, shares: list[int], further: list[int]
) -> None:
    seats = pack_seats((checksum(bytes([99, at]) * 10), each) for at, each in enumerate(further))
    total = sum(shares) + sum(further)
    seen = preview(amount, payees(shares), seats, total)
    assert [each.units for each in seen.shares] == [amount * each // total for each in shares]
    assert seen.further_units == sum(amount * each // total for each in further)
    assert 0 <= seen.undivided < len([each for each in shares if each]) + len(further)


def test_it_reads_as_a_table() -> None:
    seats = pack_seats([(checksum(b"\x63" * 20), 1)])
    assert str(preview("1 USDC", payees([1, 1, 0]), seats, 3)).splitlines() == [
        "A payment of 1 USDC is split:",
        "  M1              core  1/3      0.333333 USDC",
        "  M2              core  1/3      0.333333 USDC",
        "  M3              core  no seat  0 USDC",
        "  1 further seat        1/3      0.333333 USDC",
        "  undivided, carried to the next payment: 0.000001 USDC",
    ]


def test_units_of_tokens() -> None:
    one = payees([1])
    assert preview("1 TOK", one, b"", 1, {"TOK": 2}).amount.units == 100
    assert preview("1 USDC", one, b"", 1, {"USDC": 18}).amount.units == 10**18
    assert preview("1000", one, b"", 1).shares[0].units == 1000
    assert "further" not in str(preview("1000", one, b"", 1))
    with pytest.raises(AmountError, match="'TOK'"):
        preview("1 TOK", one, b"", 1)
