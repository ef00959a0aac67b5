"""Accounts at the edge: hex text and its checksum."""

import pytest
from eth_utils import to_checksum_address
from hypothesis import given
from hypothesis import strategies as st

from seechain.accounts import account_bytes, checksum
from seechain.errors import AccountError

ADA = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


@given(st.binary(min_size=20, max_size=20))
def test_checksum_is_that_of_eth_utils_and_reads_back(raw: bytes) -> None:
    assert checksum(raw) == to_checksum_address(raw)
    assert account_bytes(checksum(raw)) == raw


def test_text_in_one_case_carries_no_checksum() -> None:
    assert account_bytes(ADA.lower()) == account_bytes(ADA) == account_bytes("0x" + ADA[2:].upper())


def test_a_mistyped_letter_is_refused() -> None:
    with pytest.raises(AccountError, match="checksum of account 0x70997970c51812dc"):
        account_bytes(ADA.replace("C51", "c51"))


@pytest.mark.parametrize("wrong", ["", "0x", ADA[:-1], ADA + "0", ADA[2:], 0x70, None, b"x" * 20])
def test_what_is_no_address_is_refused(wrong: object) -> None:
    with pytest.raises(AccountError, match="0x and 40 hex digits"):
        account_bytes(wrong)
