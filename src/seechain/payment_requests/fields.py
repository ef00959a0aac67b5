"""Reading the fields of a file that others wrote: each is what it says, or is named as a fault."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from seechain import strict_json
from seechain.accounts import account_bytes, checksum
from seechain.agreement.text import NATIVE, expiry_of, plain_text
from seechain.chain.decoding import currency_of
from seechain.errors import AccountError, AgreementError, SeechainError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})"
)
_DIGITS = re.compile(r"0|[1-9][0-9]{0,77}")
_HEX = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_LAST = 253402300799  # the end of the year 9999, in unix seconds


class Fields:
    """Reads fields. error: what is raised; of: how messages call what they are fields of."""

    def __init__(self, error: type[SeechainError], of: str) -> None:
        self.error, self.of = error, of

    def parsed(self, text: str, source: str, name: str, version: int) -> dict[str, Any]:
        """The fields of a file of this format, each of which stands there once."""
        try:
            fields = strict_json.parse(text)
        except ValueError:
            raise self.error(f"{source} is no JSON, so no {self.of}") from None
        return self.of_format(fields, source, name, version)

    def of_format(self, fields: Any, source: str, name: str, version: int) -> dict[str, Any]:
        """The fields of an object of this format, without its format."""
        if not isinstance(fields, dict) or fields.get("format") != name:
            raise self.error(f"{source} does not say format: {name}, so it is none")
        if fields.get("format_version") != version:
            raise self.error(
                f"{source} has format_version {fields.get('format_version')!r}, this seechain"
                f" reads {version}: take the seechain that wrote it, or a later one"
            )
        return {key: fields[key] for key in fields if key not in ("format", "format_version")}

    def only(self, data: Any, allowed: Any, required: Any) -> dict[str, Any]:
        """The fields, if there are none but these."""
        if not isinstance(data, dict):
            raise self.error(f"a {self.of} is fields with values, got {str(data)[:100]!r}")
        if unknown := [str(each) for each in data if each not in allowed]:
            raise self.error(f"a {self.of} has no field {unknown[0][:100]!r}")
        if missing := [each for each in required if each not in data]:
            raise self.error(f"the {self.of} does not say its {missing[0]}")
        return data

    def whole(self, value: object, what: str, least: int, most: int) -> int:
        """A whole number in a range."""
        if type(value) is not int or not least <= value <= most:
            raise self.error(
                f"{what} is a whole number from {least} to {most}, got {str(value)[:100]!r}"
            )
        return value

    def optional(self, value: object, what: str, most: int) -> int | None:
        """A whole number from 0 on, or none."""
        return None if value is None else self.whole(value, what, 0, most)

    def units(self, value: object, what: str, least: int, most: int) -> int:
        """A whole number, or its digits: JSON's numbers are not exact everywhere."""
        if isinstance(value, str) and _DIGITS.fullmatch(value):
            value = int(value)
        return self.whole(value, what, least, most)

    def account(self, value: object, what: str) -> str:
        """A checksummed address, not zero."""
        try:
            account = checksum(account_bytes(value))
        except AccountError as error:
            raise self.error(f"{what} of the {self.of}: {error}") from None
        if not int(account, 16):
            raise self.error(f"{what} of the {self.of} is the zero address")
        return account

    def currency(self, value: object) -> str:
        """ "native" or a checksummed address."""
        if value == NATIVE:
            return NATIVE
        try:
            return currency_of(checksum(account_bytes(value)))
        except AccountError as error:
            raise self.error(
                f"the currency of a {self.of} is native or a token's address: {error}"
            ) from None

    def raw(self, value: object, what: str, size: int) -> bytes:
        """So many bytes, or their hex."""
        if isinstance(value, str) and _HEX.fullmatch(value):
            value = bytes.fromhex(value[2:])
        if not isinstance(value, bytes) or len(value) != size:
            raise self.error(f"{what} is 0x and {2 * size} hex digits, got {str(value)[:100]!r}")
        return value

    def text(self, value: object, what: str, *, lines: bool = False) -> str:
        """Text that hides nothing; see `seechain.agreement.text.plain_text`."""
        if not isinstance(value, str):
            raise self.error(f"{what} is text, got {str(value)[:100]!r}")
        try:
            return plain_text(value.strip(" "), what, lines=lines)
        except AgreementError as error:
            raise self.error(error.faults[0]) from None

    def moment(self, value: object, what: str) -> int:
        """Unix seconds: of a day, its end (UTC), or of a date-time with its offset."""
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
            raise self.error(f"there is no time {value!r}: check the date") from None
        if type(value) is not int or not 0 < value <= _LAST:
            raise self.error(
                f"{what} is a day, as 2027-01-31, a time with its offset, as"
                f" 2027-01-31T12:00:00Z, or unix seconds, got {str(value)[:100]!r}"
            )
        return value


def moment_text(seconds: int) -> str:
    """A time as files have it: 2027-02-01T00:00:00Z."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
