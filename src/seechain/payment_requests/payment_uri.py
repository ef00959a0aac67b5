"""Payment requests as links (ERC-681), which wallets read from a QR code.

    ethereum:<see>@<chain>?value=1.5e18                                    native coin
    ethereum:<token>@<chain>/transfer?address=<see>&uint256=250000000      a token
    ethereum:<see>@<chain>/pay?address=<currency>&uint256=1.5e18&bytes32=<memo>&value=1.5e18
    ethereum:<see>@<chain>/pay?...&bytes32=<memo>&uint256=<version>

The first two are the *transfer form*: every wallet understands it, and it holds no memo. The
others are the *call form*: it holds the memo (and a version of the agreement), for wallets that
show calls of contracts; a token must have been approved before. Amounts are in smallest units: of
native coin in scientific notation, as the ERC asks, and of a token in plain digits, as every wallet
reads them: its decimals are only what somebody says.

Reading is strict: addresses in hex and no names, a chain, whole numbers, no key but these, each
once and in this order. `pay-` after the colon is allowed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from seechain.accounts import account_bytes, checksum
from seechain.agreement.text import NATIVE, currency_address
from seechain.amounts import MAX_UNITS, format_units
from seechain.chain.decoding import currency_of
from seechain.errors import AccountError, PaymentRequestError

MAX_URI = 1000  # characters

_URI = re.compile(
    r"ethereum:(?:pay-)?(0x[0-9a-fA-F]{40})@([1-9][0-9]{0,77})(?:/([a-z]+))?(?:\?([^?#\s]*))?"
)
_NUMBER = re.compile(r"\+?([0-9]{1,78})(?:\.([0-9]{1,78}))?(?:[eE]([0-9]{1,2}))?")
_WORD = re.compile(r"0x[0-9a-fA-F]{64}")


class Link(NamedTuple):
    """What a link asks for. memo: 32 bytes, zero in the transfer form. version: None unless said.

    currency: "native" or a checksummed address.
    """

    see: str
    chain_id: int
    currency: str
    amount: int
    memo: bytes = bytes(32)
    version: int | None = None


def transfer_uri(link: Link) -> str:
    """The transfer form, without a memo."""
    number = _number(link)
    if link.currency == NATIVE:
        return f"ethereum:{link.see}@{link.chain_id}?value={number}"
    return f"ethereum:{link.currency}@{link.chain_id}/transfer?address={link.see}&uint256={number}"


def call_uri(link: Link) -> str:
    """The call form: `pay` of the SEE with its memo, and the version where there is one."""
    number = _number(link)
    uri = (
        f"ethereum:{link.see}@{link.chain_id}/pay?address={currency_address(link.currency)}"
        f"&uint256={number}&bytes32=0x{link.memo.hex()}"
    )
    if link.version is not None:
        uri += f"&uint256={link.version}"
    return uri + (f"&value={number}" if link.currency == NATIVE else "")


def read_uri(uri: str) -> Link:
    """What a link of one of these forms asks for.

    Raises:
        PaymentRequestError: it is none, or holds more, less or something else than these forms.
    """
    if len(uri) > MAX_URI:
        raise PaymentRequestError(f"a payment link has at most {MAX_URI} characters")
    match = _URI.fullmatch(uri)
    if match is None:
        raise PaymentRequestError(
            "a payment link is ethereum:<address>@<chain id> and what to pay, got"
            f" {uri[:200]!r}: names (ENS) and links without a chain are not read"
        )
    target, chain, function, query = match.groups()
    place = (_address(target), int(chain))
    pairs = [tuple(each.partition("=")[::2]) for each in (query or "").split("&")]
    keys, values = [each[0] for each in pairs], [each[1] for each in pairs]
    if function is None:
        _expect(keys, ["value"])
        return Link(*place, NATIVE, scientific_units(values[0]))
    if function == "transfer":
        _expect(keys, ["address", "uint256"])
        see, amount = _address(values[0]), scientific_units(values[1])
        return Link(see, place[1], place[0], amount)
    if function == "pay":
        return _read_call(place, keys, values)
    raise PaymentRequestError(
        f"a payment link calls transfer or pay, this one calls {function!r}: don't use it"
    )


def _read_call(place: tuple[str, int], keys: list[str], values: list[str]) -> Link:
    is_native = "value" in keys
    has_version = keys[3:4] == ["uint256"]
    wanted = ["address", "uint256", "bytes32", *["uint256"] * has_version, *["value"] * is_native]
    _expect(keys, wanted)
    currency, amount = currency_of(_address(values[0])), scientific_units(values[1])
    if (currency == NATIVE) != is_native or (is_native and scientific_units(values[-1]) != amount):
        raise PaymentRequestError(
            "the link's value is not the amount that it names: native coin is sent as value, a"
            " token never"
        )
    if not _WORD.fullmatch(values[2]):
        raise PaymentRequestError(f"the link's memo is 0x and 64 hex digits, got {values[2]!r}")
    version = scientific_units(values[3], zero=True) if has_version else None
    return Link(*place, currency, amount, bytes.fromhex(values[2][2:]), version)


def _number(link: Link) -> str:
    """The amount: of native coin as the ERC writes it, 15 * 10**17 wei as "1.5e18"."""
    return scientific(link.amount) if link.currency == NATIVE else str(link.amount)


def scientific(wei: int) -> str:
    """Wei as the ERC writes them: "1.5e18"."""
    return f"{format_units(wei, 18)}e18"


def scientific_units(number: str, *, zero: bool = False) -> int:
    """The whole number that such text is.

    Raises:
        PaymentRequestError: it is none, or zero where that may not be.
    """
    match = _NUMBER.fullmatch(number)
    whole, part, power = match.groups() if match else ("", None, None)
    part, places = part or "", int(power or 0)
    if match is None or len(part) > places:
        raise PaymentRequestError(
            f"the link's amounts are whole numbers as 2014 or 2.014e3, got {number[:100]!r}"
        )
    units: int = int(whole + part) * 10 ** (places - len(part))
    if units > MAX_UNITS or not (units or zero):
        raise PaymentRequestError(f"the link's amount is zero or too large: {number[:100]!r}")
    return units


def _expect(keys: list[str], wanted: list[str]) -> None:
    if keys != wanted:
        raise PaymentRequestError(
            f"this form of a payment link holds {', '.join(wanted)}, in this order, got"
            f" {', '.join(keys)[:200]!r}"
        )


def _address(text: str) -> str:
    try:
        return checksum(account_bytes(text))
    except AccountError as error:
        raise PaymentRequestError(f"the link can't be trusted: {error}") from None
