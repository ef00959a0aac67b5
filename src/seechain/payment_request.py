"""A payment request: who is to be paid, how much and under which reference; as file and link.

request = PaymentRequest(see=see.address, chain_id=1, currency="native", amount=15 * 10**17,
                         memo="INV-7", expires="2027-01-31")
request.uri            # a link that every wallet understands; it holds no memo
request.call_uri       # the one that holds the memo
request.save("invoice-7.json")
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from seechain.accounts import account_bytes, checksum
from seechain.amounts import NATIVE_DECIMALS, format_units
from seechain.errors import AccountError, AgreementError, AmountError, PaymentRequestError
from seechain.events import currency_of
from seechain.files import read_text, write_whole
from seechain.payment_uri import Link, call_uri, read_uri, transfer_uri
from seechain.payments import memo_bytes
from seechain.text import NATIVE, expiry_of, plain_text

FORMAT = "seechain payment request"
FORMAT_VERSION = 1
MAX_AMOUNT = 2**111 - 1  # smallest units; contracts/modules/books.vy
MAX_DESCRIPTION = 300  # characters
MAX_FILE = 20_000  # bytes

_HEX_MEMO = re.compile(r"0x[0-9a-fA-F]{64}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})"
)
_DIGITS = re.compile(r"[1-9][0-9]{0,77}")
_LAST = 253402300799  # the end of the year 9999, in unix seconds


class PaymentRequest(BaseModel):
    """A request for one payment, frozen and checked.

    see: checksummed. currency: "native" or a checksummed address. amount: smallest units, a whole
    number or its digits. memo: 32 bytes, given as text, as bytes, or as 0x and 64 hex digits;
    zero for none, and then it is matched by its amount alone. expires: unix seconds, given also
    as a day (its end, UTC) or as a date-time with its offset; None for never. version: of the
    agreement that is to be paid; None for the one in force. symbol, decimals: to show the
    amount; money never goes by them. first_block: no earlier payment is meant.

    Raises:
        PaymentRequestError: when made with faulty values; one sentence says which.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    see: str
    chain_id: int
    currency: str
    amount: int
    memo: bytes = bytes(32)
    expires: int | None = None
    version: int | None = None
    description: str = ""
    symbol: str = ""
    decimals: int | None = None
    first_block: int = 0

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise PaymentRequestError(f"a payment request is fields with values, got {data!r}")
        if unknown := [str(each) for each in data if each not in cls.model_fields]:
            raise PaymentRequestError(f"a payment request has no field {unknown[0][:100]!r}")
        if missing := [each for each in _REQUIRED if each not in data]:
            raise PaymentRequestError(f"the payment request does not say its {missing[0]}")
        currency = _currency(data["currency"])
        return {
            "see": _account(data["see"], "the SEE"),
            "chain_id": _whole(data["chain_id"], "the chain's id", 1, 2**256 - 1),
            "currency": currency,
            "amount": _amount(data["amount"]),
            "memo": read_memo(data.get("memo")),
            "expires": _moment(data.get("expires")),
            "version": _optional(data.get("version"), "the version", 2**13 - 1),
            "description": _description(data.get("description")),
            "symbol": "ether" if currency == NATIVE else _symbol(data.get("symbol")),
            "decimals": 18
            if currency == NATIVE
            else _optional(data.get("decimals"), "the number of decimals", 77),
            "first_block": _whole(data.get("first_block", 0), "the first block", 0, 2**63),
        }

    # ------------------------------------------------------------ as a link

    @property
    def uri(self) -> str:
        """The link to show by default: a plain transfer, which every wallet understands.

        It holds neither memo nor version: the payment is matched by its amount.
        """
        return transfer_uri(self._link, self.decimals)

    @property
    def call_uri(self) -> str:
        """The link that holds memo and version, for wallets that show calls of contracts."""
        return call_uri(self._link, self.decimals)

    @classmethod
    def parse(cls, uri: str) -> PaymentRequest:
        """The request of a link of either form; it says no symbol, no expiry and no description.

        Raises:
            PaymentRequestError: it is no such link, to the letter.
        """
        return cls(**read_uri(uri)._asdict())

    @property
    def _link(self) -> Link:
        return Link(self.see, self.chain_id, self.currency, self.amount, self.memo, self.version)

    # ------------------------------------------------------------ as a file

    def to_json(self) -> str:
        """The request as a file holds it; what was left out is not written."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False) + "\n"

    def as_dict(self) -> dict[str, Any]:
        """The fields of the file, in plain types: the amount as digits, the expiry in UTC."""
        fields: dict[str, Any] = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "see": self.see,
            "chain_id": self.chain_id,
            "currency": self.currency,
            "amount": str(self.amount),
            "memo": self.memo_text,
            "expires": self.expires_text,
            "version": self.version,
            "description": self.description,
            "symbol": "" if self.currency == NATIVE else self.symbol,
            "decimals": None if self.currency == NATIVE else self.decimals,
            "first_block": self.first_block or None,
        }
        return {name: value for name, value in fields.items() if value not in ("", None)}

    @classmethod
    def from_json(cls, text: str, source: str = "the payment request") -> PaymentRequest:
        """The request of a file's text. source: how faults call it.

        Raises:
            PaymentRequestError: it is no payment request, or one of a later seechain.
        """
        try:
            fields = json.loads(text, object_pairs_hook=_once)
        except (ValueError, RecursionError):
            raise PaymentRequestError(f"{source} is no JSON, so no payment request") from None
        return cls.from_dict(fields, source)

    @classmethod
    def from_dict(cls, fields: Any, source: str = "the payment request") -> PaymentRequest:
        """The request of a file's fields. Raises as `from_json`."""
        if not isinstance(fields, dict) or fields.get("format") != FORMAT:
            raise PaymentRequestError(f"{source} does not say format: {FORMAT}, so it is none")
        if fields.get("format_version") != FORMAT_VERSION:
            raise PaymentRequestError(
                f"{source} has format_version {fields.get('format_version')!r}, this seechain"
                f" reads {FORMAT_VERSION}: take the seechain that wrote it, or a later one"
            )
        rest = {key: fields[key] for key in fields if key not in ("format", "format_version")}
        return cls(**rest)

    def save(self, path: str | Path) -> Path:
        """Writes the file, whole or not at all.

        Raises:
            FileError: it can't be written.
        """
        return write_whole(path, self.to_json())

    @classmethod
    def load(cls, path: str | Path) -> PaymentRequest:
        """Reads a file.

        Raises:
            FileError: it can't be read. PaymentRequestError: as `from_json`.
        """
        return cls.from_json(read_text(path, MAX_FILE), str(path))

    # ------------------------------------------------------------ as text

    @property
    def memo_text(self) -> str:
        """The memo as text, or as 0x and 64 hex digits where it is none that can be shown."""
        return memo_text(self.memo)

    @property
    def expires_text(self) -> str | None:
        """When it expires, as 2027-02-01T00:00:00Z."""
        if self.expires is None:
            return None
        return f"{datetime.fromtimestamp(self.expires, UTC):%Y-%m-%dT%H:%M:%SZ}"

    def money(self, units: int) -> str:
        """Units of its currency as exact text, as "1.5 USDC"."""
        if self.decimals is None:
            return format_units(units, 0, f"units of {self.currency}")
        return format_units(units, self.decimals, self.symbol or f"of {self.currency}")

    @property
    def id(self) -> str:
        """64 hex digits that tell it from any other request: a hash of its fields."""
        plain = json.dumps(self.as_dict(), sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()


_REQUIRED = ("see", "chain_id", "currency", "amount")


def read_memo(memo: object) -> bytes:
    """A memo as 32 bytes, from text, bytes, or 0x and 64 hex digits.

    Raises:
        PaymentRequestError: it is longer, or none of these, or text that hides something.
    """
    if isinstance(memo, str) and _HEX_MEMO.fullmatch(memo):
        return bytes.fromhex(memo[2:])
    if isinstance(memo, str) and memo:
        memo = _plain(memo, "the memo")
    if memo is not None and not isinstance(memo, str | bytes):
        raise PaymentRequestError(f"a memo is text or bytes, got {memo!r}")
    try:
        return memo_bytes(memo)
    except AmountError as error:
        raise PaymentRequestError(str(error)) from None


def memo_text(memo: bytes) -> str:
    """A memo as text where it is text that can be shown, else as 0x and 64 hex digits.

    `read_memo` reads it back.
    """
    raw = memo.rstrip(b"\0")
    try:
        text = raw.decode()
        if not text or plain_text(text, "the memo") == text:
            return text
    except (UnicodeDecodeError, AgreementError):
        pass
    return "0x" + memo.ljust(32, b"\0").hex()


def _plain(value: str, what: str, *, lines: bool = False) -> str:
    try:
        return plain_text(value, what, lines=lines)
    except AgreementError as error:
        raise PaymentRequestError(error.faults[0]) from None


def _description(value: object) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        raise PaymentRequestError(f"the description is text, got {value!r}")
    text = _plain(value.strip(" "), "the description", lines=True)
    if "\n" in text or len(text) > MAX_DESCRIPTION:
        raise PaymentRequestError(
            f"the description is one line of at most {MAX_DESCRIPTION} characters"
        )
    return text


def _symbol(value: object) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or len(value) > 32 or " " in value:
        raise PaymentRequestError(f"a token's symbol is one short word, got {str(value)[:100]!r}")
    text = _plain(value, "the token's symbol")
    if text in NATIVE_DECIMALS:
        raise PaymentRequestError(f"a token is called {text!r} as the native coin is: name none")
    return text


def _account(value: object, what: str) -> str:
    try:
        account = checksum(account_bytes(value))
    except AccountError as error:
        raise PaymentRequestError(f"{what} of the payment request: {error}") from None
    if not int(account, 16):
        raise PaymentRequestError(f"{what} of the payment request is the zero address")
    return account


def _currency(value: object) -> str:
    if value == NATIVE:
        return NATIVE
    try:
        return currency_of(checksum(account_bytes(value)))
    except AccountError as error:
        raise PaymentRequestError(
            f"the currency of a payment request is native or a token's address: {error}"
        ) from None


def _amount(value: object) -> int:
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    return _whole(value, "the amount, in smallest units,", 1, MAX_AMOUNT)


def _optional(value: object, what: str, most: int) -> int | None:
    return None if value is None else _whole(value, what, 0, most)


def _whole(value: object, what: str, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise PaymentRequestError(
            f"{what} is a whole number from {least} to {most}, got {str(value)[:100]!r}"
        )
    return value


def _moment(value: object) -> int | None:
    if value is None:
        return None
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            value = date.fromisoformat(value)
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime) and value.tzinfo is not None:
            value = int(value.timestamp())
        elif isinstance(value, date) and not isinstance(value, datetime):
            value = expiry_of(value)
    except (ValueError, OverflowError):
        raise PaymentRequestError(f"there is no time {value!r}: check the date") from None
    if type(value) is not int or not 0 < value <= _LAST:
        raise PaymentRequestError(
            "the expiry is a day, as 2027-01-31, a time with its offset, as 2027-01-31T12:00:00Z,"
            f" or unix seconds, got {str(value)[:100]!r}"
        )
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of a JSON object, each of which stands there once."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands there twice")
    return found
