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
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from seechain.agreement.text import NATIVE, plain_text
from seechain.amounts import NATIVE_DECIMALS, format_units
from seechain.errors import AgreementError, AmountError, PaymentRequestError
from seechain.files import read_text, write_whole
from seechain.payment_requests.fields import Fields, moment_text
from seechain.payment_requests.payment_uri import Link, call_uri, read_uri, transfer_uri
from seechain.splitter.payments import memo_bytes

FORMAT = "seechain payment request"
FORMAT_VERSION = 1
MAX_AMOUNT = 2**111 - 1  # smallest units; contracts/modules/books.vy
MAX_DESCRIPTION = 300  # characters
MAX_FILE = 20_000  # bytes

_HEX_MEMO = re.compile(r"0x[0-9a-fA-F]{64}")
_READ = Fields(PaymentRequestError, "payment request")


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
        data = _READ.only(data, cls.model_fields, _REQUIRED)
        currency = _READ.currency(data["currency"])
        is_native = currency == NATIVE
        decimals = _READ.optional(data.get("decimals"), "the number of decimals", 77)
        return {
            "see": _READ.account(data["see"], "the SEE"),
            "chain_id": _READ.whole(data["chain_id"], "the chain's id", 1, 2**256 - 1),
            "currency": currency,
            "amount": _READ.units(data["amount"], "the amount, in smallest units,", 1, MAX_AMOUNT),
            "memo": read_memo(data.get("memo")),
            "expires": _optional_moment(data.get("expires")),
            "version": _READ.optional(data.get("version"), "the version", 2**13 - 1),
            "description": _description(data.get("description")),
            "symbol": "ether" if is_native else read_symbol(_READ, data.get("symbol")),
            "decimals": 18 if is_native else decimals,
            "first_block": _READ.whole(data.get("first_block", 0), "the first block", 0, 2**63),
        }

    # ------------------------------------------------------------ as a link

    @property
    def uri(self) -> str:
        """The link to show by default: a plain transfer, which every wallet understands.

        It holds neither memo nor version: the payment is matched by its amount.
        """
        return transfer_uri(self._link)

    @property
    def call_uri(self) -> str:
        """The link that holds memo and version, for wallets that show calls of contracts."""
        return call_uri(self._link)

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
        return cls(**_READ.parsed(text, source, FORMAT, FORMAT_VERSION))

    @classmethod
    def from_dict(cls, fields: Any, source: str = "the payment request") -> PaymentRequest:
        """The request of a file's fields. Raises as `from_json`."""
        return cls(**_READ.of_format(fields, source, FORMAT, FORMAT_VERSION))

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
        return None if self.expires is None else moment_text(self.expires)

    def money(self, units: int) -> str:
        """Units of its currency as exact text, as "1.5 USDC"."""
        return money_text(units, self.currency, self.symbol, self.decimals)

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
        memo = _READ.text(memo, "the memo")
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


def money_text(units: int, currency: str, symbol: str, decimals: int | None) -> str:
    """Units of a currency as exact text, as "1.5 USDC"."""
    if decimals is None:
        return format_units(units, 0, f"units of {currency}")
    return format_units(units, decimals, symbol or f"of {currency}")


def read_symbol(read: Fields, value: object) -> str:
    """A token's symbol; empty for none. The native coin's names are no token's."""
    if value is None or value == "":
        return ""
    text = read.text(value, "the token's symbol")
    if len(text) > 32 or " " in text:
        raise read.error(f"a token's symbol is one short word, got {text[:100]!r}")
    if text in NATIVE_DECIMALS:
        raise read.error(f"a token is called {text!r} as the native coin is: name none")
    return text


def _description(value: object) -> str:
    if value is None or value == "":
        return ""
    text = _READ.text(value, "the description", lines=True)
    if "\n" in text or len(text) > MAX_DESCRIPTION:
        raise PaymentRequestError(
            f"the description is one line of at most {MAX_DESCRIPTION} characters"
        )
    return text


def _optional_moment(value: object) -> int | None:
    return None if value is None else _READ.moment(value, "the expiry")
