"""What an amount and a currency mean together, and what a memo is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from seechain.accounts import checksum
from seechain.agreement.text import NATIVE
from seechain.chain.reverts import TokenError
from seechain.errors import AmountError
from seechain.splitter import payments
from seechain.splitter.payments import memo_bytes, read_payment

USDC, DAI, BARE, OTHER, ETHER, HOURS, BROKEN = (
    checksum(bytes([number]) * 20) for number in range(0xC0, 0xC7)
)
TOKENS: dict[str, tuple[str | None, int | None]] = {
    USDC: ("USDC", 6),
    DAI: ("DAI", None),
    BARE: ("", 18),
    OTHER: ("", 18),
    ETHER: ("ether", 3),
    HOURS: ("HOURS", 0),
}


class FakeToken(SimpleNamespace):
    def __init__(self, _: object, address: str) -> None:
        if address not in TOKENS:
            raise TokenError(address)
        symbol, decimals = TOKENS[address]
        super().__init__(address=address, symbol=symbol, decimals=decimals)


@pytest.fixture(autouse=True)
def _tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "Token", FakeToken)


def read(amount: int | str, currency: str | None = None, *more: str) -> tuple[str, int, str | None]:
    def named(asked: str) -> tuple[str]:
        return (asked,)

    currencies = (NATIVE, BROKEN, BARE, OTHER, ETHER, HOURS, USDC, DAI, *more)
    splitter: Any = SimpleNamespace(w3=None, currencies=currencies, named=named)
    found = read_payment(splitter, amount, currency)
    return found.currency, found.units, found.token and found.token.address


@pytest.mark.parametrize(
    ("amount", "currency", "meant"),
    [
        (5, None, (NATIVE, 5, None)),
        (5, NATIVE, (NATIVE, 5, None)),
        ("5", None, (NATIVE, 5, None)),
        ("1.5 ether", None, (NATIVE, 15 * 10**17, None)),
        ("1.5 ether", NATIVE, (NATIVE, 15 * 10**17, None)),
        ("2 gwei", None, (NATIVE, 2 * 10**9, None)),
        ("5.25 USDC", None, (USDC, 5_250_000, USDC)),
        ("5.25 USDC", USDC, (USDC, 5_250_000, USDC)),
        ("5 HOURS", None, (HOURS, 5, HOURS)),
        (7, USDC, (USDC, 7, USDC)),
        (7, BARE, (BARE, 7, BARE)),
        (7, DAI, (DAI, 7, DAI)),
    ],
)
def test_what_is_meant(amount: Any, currency: str | None, meant: tuple[Any, ...]) -> None:
    """Tokens that have no name, or that can't be read, are in nobody's way."""
    assert read(amount, currency) == meant


@pytest.mark.parametrize(
    ("amount", "currency", "says"),
    [
        ("1 ether", USDC, "'1 ether' is native coin, the currency is"),
        ("1 wei", DAI, "is native coin"),
        ("1 ether", ETHER, "is native coin"),
        ("1 USDC", NATIVE, "USDC"),
        ("1 USDC", DAI, "USDC"),
        ("1 DAI", None, f"the decimals of {DAI} can't be read: pay whole units"),
        ("1 EURC", None, "EURC"),
    ],
)
def test_what_contradicts_itself(amount: str, currency: str, says: str) -> None:
    with pytest.raises(AmountError, match=says):
        read(amount, currency)


def test_a_token_that_can_not_be_read_is_named_where_it_is_meant() -> None:
    with pytest.raises(TokenError):
        read("1 USDC", BROKEN)
    with pytest.raises(TokenError):
        read(1, BROKEN)


def test_two_tokens_of_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = checksum(b"\xcf" * 20)
    monkeypatch.setitem(TOKENS, twin, ("USDC", 6))
    with pytest.raises(AmountError, match="two currencies are called USDC: give currency="):
        read("1 USDC", None, twin)
    assert read("1 USDC", twin, twin) == (twin, 10**6, twin)
    assert read("1 ether", None, twin) == (NATIVE, 10**18, None)
    assert read(3, None, twin) == (NATIVE, 3, None)


def test_a_memo_is_32_bytes() -> None:
    assert memo_bytes(None) == bytes(32)
    assert memo_bytes("INV-7") == memo_bytes(b"INV-7") == b"INV-7" + bytes(27)
    assert memo_bytes("é" * 16) == "é".encode() * 16
    for long in ("x" * 33, "é" * 17, b"\1" * 33):
        with pytest.raises(AmountError, match=r"at most 32 bytes, .* has 3[34]$"):
            memo_bytes(long)
    odd: Any = 7
    with pytest.raises(AmountError, match="text or bytes, got int"):
        memo_bytes(odd)
