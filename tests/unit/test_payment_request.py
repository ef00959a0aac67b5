"""Payment requests: what they hold, as a file and as a link."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import decode
from hypothesis import given
from hypothesis import strategies as st

from seechain.agreement.text import NATIVE
from seechain.chain import interface
from seechain.errors import FileError, PaymentRequestError
from seechain.payment_requests.payment_request import (
    MAX_AMOUNT,
    PaymentRequest,
    memo_text,
    read_memo,
)
from seechain.payment_requests.payment_uri import scientific, scientific_units

SEE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
USDC = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"
ZERO = "0x" + "00" * 20
ETHER = 10**18


def made(**changed: Any) -> PaymentRequest:
    fields: dict[str, Any] = {
        "see": SEE,
        "chain_id": 1,
        "currency": NATIVE,
        "amount": 3 * ETHER // 2,
        "memo": "INV-7",
    }
    return PaymentRequest(**{**fields, **changed})


def in_usdc(**changed: Any) -> PaymentRequest:
    return made(
        **{"currency": USDC, "amount": 250_000_000, "symbol": "USDC", "decimals": 6, **changed}
    )


# ---------------------------------------------------------------- fields


def test_a_request_is_checked_and_frozen() -> None:
    request = made(see=SEE.lower(), expires="2027-01-31", description=" A stall on the quay ")
    assert request.see == SEE
    assert request.memo == b"INV-7".ljust(32, b"\0")
    assert request.description == "A stall on the quay"
    assert request.expires_text == "2027-02-01T00:00:00Z"
    assert request.money(request.amount) == "1.5 ether"
    with pytest.raises(ValueError, match="frozen"):
        request.amount = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"see": "ada.eth"}, "the SEE of the payment request: an account is 0x and 40 hex"),
        ({"see": ZERO}, "is the zero address"),
        ({"see": SEE[:-1] + "9"}, "checksum"),
        ({"currency": "USDC"}, "is native or a token's address"),
        ({"chain_id": 0}, "the chain's id is a whole number"),
        ({"chain_id": True}, "the chain's id is a whole number"),
        ({"amount": 0}, "the amount, in smallest units, is a whole number from 1"),
        ({"amount": "0"}, "the amount, in smallest units, is a whole number from 1"),
        ({"amount": 1.5}, "got '1.5'"),
        ({"amount": "1e18"}, "got '1e18'"),
        ({"amount": MAX_AMOUNT + 1}, "the amount"),
        ({"memo": "x" * 33}, "at most 32 bytes"),
        ({"memo": "INV\u202e7"}, "can hide or reorder"),
        ({"memo": "\x1b[2J"}, "can hide or reorder"),
        ({"memo": 7}, "a memo is text or bytes"),
        ({"expires": "31-01-2027"}, "the expiry is a day"),
        ({"expires": "2027-02-30"}, "there is no time"),
        ({"expires": "2027-01-31T12:00:00"}, "the expiry is a day"),
        ({"expires": 0}, "the expiry is a day"),
        ({"expires": True}, "the expiry is a day"),
        ({"version": -1}, "the version"),
        ({"description": "a\x07"}, "can hide or reorder"),
        ({"description": "one\nPaid: yes"}, "one line of at most"),
        ({"description": "x" * 301}, "one line of at most"),
        ({"description": 1}, "the description is text"),
        ({"first_block": -1}, "the first block"),
        ({"to": SEE}, "has no field 'to'"),
        ({"currency": USDC, "symbol": "ether"}, "called 'ether' as the native coin is"),
        ({"currency": USDC, "symbol": "US\u200eDC"}, "can hide or reorder"),
        ({"currency": USDC, "symbol": "two words"}, "one short word"),
        ({"currency": USDC, "decimals": 78}, "the number of decimals"),
    ],
)
def test_what_is_faulty_is_refused_in_one_sentence(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(PaymentRequestError, match=says) as caught:
        made(**changed)
    assert "\n" not in str(caught.value)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(PaymentRequestError, match="does not say its amount"):
        PaymentRequest(see=SEE, chain_id=1, currency=NATIVE)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "given_as",
    [
        1801440000,
        date(2027, 1, 31),
        datetime(2027, 2, 1, tzinfo=UTC),
        "2027-01-31",
        "2027-02-01T00:00:00Z",
        "2027-02-01T02:00:00+02:00",
    ],
)
def test_an_expiry_is_an_instant_however_it_is_given(given_as: object) -> None:
    assert made(expires=given_as).expires == 1801440000


def test_the_native_coin_has_its_own_name_and_decimals_whatever_is_said() -> None:
    request = made(currency=ZERO, symbol="EURC", decimals=2)
    assert (request.currency, request.symbol, request.decimals) == (NATIVE, "ether", 18)


def test_an_amount_of_a_token_without_decimals_is_shown_in_units() -> None:
    assert in_usdc(decimals=None).money(5) == f"5 units of {USDC}"
    assert in_usdc(symbol="").money(5) == f"0.000005 of {USDC}"


@given(st.binary(max_size=32))
def test_any_memo_is_written_so_that_it_reads_back(raw: bytes) -> None:
    memo = raw.ljust(32, b"\0")
    assert read_memo(memo_text(memo)) == memo
    assert memo_text(memo).isprintable()


# ---------------------------------------------------------------- files


def test_a_file_reads_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "invoice-7.json"
    for request in (
        made(),
        in_usdc(expires="2027-01-31", version=0, description="Märkte <b>", first_block=17),
        made(memo=bytes(range(32))),
        made(memo=None),
    ):
        request.save(path)
        assert PaymentRequest.load(path) == request
        assert PaymentRequest.load(path).id == request.id
    assert made().id != made(amount=1).id


def test_amounts_stand_in_the_file_as_digits() -> None:
    assert json.loads(made(amount=2**80).to_json())["amount"] == str(2**80)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no JSON"),
        pytest.param("[" * 100_000, "is no JSON", id="nested"),
        ("[]", "does not say format"),
        ("{}", "does not say format"),
        (made().to_json().replace('"amount"', '"chain_id"'), "is no JSON"),
        (made().to_json().replace('version": 1', 'version": 2'), "reads 1"),
        (made().to_json().replace("{", '{"pay_to": 1,'), "has no field 'pay_to'"),
        (made().to_json().replace(SEE, SEE[:-1]), "40 hex digits"),
    ],
)
def test_another_file_is_refused(text: str, says: str) -> None:
    with pytest.raises(PaymentRequestError, match=says):
        PaymentRequest.from_json(text)


def test_a_file_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "long.json").write_text(" " * 30_000)
    with pytest.raises(FileError, match="more than 20000 bytes"):
        PaymentRequest.load(tmp_path / "long.json")


# ---------------------------------------------------------------- links


def test_the_link_by_default_is_a_plain_transfer() -> None:
    assert made().uri == f"ethereum:{SEE}@1?value=1.5e18"
    assert in_usdc(chain_id=10).uri == (
        f"ethereum:{USDC}@10/transfer?address={SEE}&uint256=250000000"
    )
    assert in_usdc(decimals=None).uri.endswith("uint256=250000000")


def test_the_other_link_holds_the_memo_and_the_version() -> None:
    memo = "0x" + b"INV-7".ljust(32, b"\0").hex()
    assert made().call_uri == (
        f"ethereum:{SEE}@1/pay?address={ZERO}&uint256=1.5e18&bytes32={memo}&value=1.5e18"
    )
    assert in_usdc(version=2).call_uri == (
        f"ethereum:{SEE}@1/pay?address={USDC}&uint256=250000000&bytes32={memo}&uint256=2"
    )


def test_the_call_is_one_that_the_contract_knows() -> None:
    """A wallet makes the selector from the types in the link: it must be the contract's own."""
    request = in_usdc(version=2)
    query = request.call_uri.partition("?")[2].split("&")
    types = [each.partition("=")[0] for each in query]
    data = interface.of("SEE").encode("pay", USDC, 250_000_000, request.memo, 2)
    from eth_hash.auto import keccak

    assert data[:4] == keccak(f"pay({','.join(types)})".encode())[:4]
    currency, amount, memo, version = decode(types, data[4:])
    assert (currency, amount, memo, version) == (USDC.lower(), 250_000_000, request.memo, 2)


requests = st.builds(
    made,
    currency=st.sampled_from([NATIVE, USDC]),
    amount=st.integers(1, MAX_AMOUNT),
    chain_id=st.integers(1, 2**64),
    memo=st.binary(max_size=32),
    version=st.none() | st.integers(0, 2**13 - 1),
    decimals=st.none() | st.integers(0, 77),
)


@given(requests)
def test_links_read_back(request: PaymentRequest) -> None:
    said = {"see", "chain_id", "currency", "amount"}
    plain, call = PaymentRequest.parse(request.uri), PaymentRequest.parse(request.call_uri)
    for name in said:
        assert getattr(plain, name) == getattr(request, name)
    for name in said | {"memo", "version"}:
        assert getattr(call, name) == getattr(request, name)
    assert (plain.memo, plain.version) == (bytes(32), None)
    assert PaymentRequest.parse(request.uri.replace("ethereum:", "ethereum:pay-")) == plain


@given(st.integers(0, 2**256 - 1))
def test_numbers_read_back(wei: int) -> None:
    assert scientific_units(scientific(wei), zero=True) == wei


@given(st.integers(1, MAX_AMOUNT), st.integers(0, 77))
def test_what_a_file_says_of_decimals_moves_nothing_in_a_link(units: int, decimals: int) -> None:
    """An exponent of other decimals shows a wallet another amount."""
    request = in_usdc(amount=units, decimals=decimals)
    assert request.uri.endswith(f"&uint256={units}")
    assert f"&uint256={units}&" in request.call_uri


@pytest.mark.parametrize(
    "uri",
    [
        "",
        SEE,
        f"bitcoin:{SEE}@1?value=1",
        f"ethereum:{SEE}?value=1",  # on whichever chain
        f"ethereum:{SEE}@0?value=1",
        f"ethereum:{SEE}@01?value=1",
        f"ethereum:{SEE}@1",  # without an amount
        f"ethereum:{SEE}@1?value=0",
        f"ethereum:{SEE}@1?value=-1",
        f"ethereum:{SEE}@1?value=1.5",
        f"ethereum:{SEE}@1?value=1.55e1",
        f"ethereum:{SEE}@1?value=1e99",
        f"ethereum:{SEE}@1?value=1e",
        f"ethereum:{SEE}@1?value=\u0661",
        f"ethereum:{SEE}@1?value=1&value=2",
        f"ethereum:{SEE}@1?value=1&gas=21000",
        f"ethereum:{SEE}@1?value=1#note",
        f"ethereum:{SEE}@1?value=1\n",
        "ethereum:pay-night.eth@1?value=1",
        f"ethereum:{SEE[:-1]}9@1?value=1",
        f"ethereum:{USDC}@1/transfer?address={SEE}",
        f"ethereum:{USDC}@1/transfer?uint256=1&address={SEE}",
        f"ethereum:{USDC}@1/transfer?address={ZERO}&uint256=1",
        f"ethereum:{USDC}@1/approve?address={SEE}&uint256=1",
        f"ethereum:{SEE}@1/pay?address={ZERO}&uint256=1&bytes32=0x00&value=1",
        f"ethereum:{SEE}@1/pay?address={ZERO}&uint256=1&bytes32=0x{'00' * 32}",
        f"ethereum:{SEE}@1/pay?address={ZERO}&uint256=1&bytes32=0x{'00' * 32}&value=2",
        f"ethereum:{SEE}@1/pay?address={USDC}&uint256=1&bytes32=0x{'00' * 32}&value=1",
        f"ethereum:{SEE}@1/pay?address={USDC}&uint256=1&bytes32=0x{'00' * 32}&uint256=9000",
        f"ethereum:{SEE}@1?value=1" + "0" * 1000,
    ],
)
def test_any_other_link_is_refused(uri: str) -> None:
    with pytest.raises(PaymentRequestError):
        PaymentRequest.parse(uri)


@given(st.text())
def test_no_text_does_anything_but_be_refused(text: str) -> None:
    with pytest.raises(PaymentRequestError):
        PaymentRequest.parse("ethereum:" + text)
