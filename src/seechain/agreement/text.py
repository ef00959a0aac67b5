"""The readable agreement: what the members sign, as one string.

Rendering 1, lines end with LF, no line end after the last, Unicode in NFC:

    seechain agreement, rendering 1

    Name: "Night Market"

    Terms:
    | We run a night market on the quay, June to August 2027.

    Members: 2
    1. "Ada", core
       account: 0x...
       seat: 40 of 100 shares (40.00 %)
       voices: 1 of 2
    2. "Port of Delft", client
       account: 0x...
       seat: none
       voices: 1 of 2

    Further seats: 3 with 60 of 100 shares (60.00 %)
    Share table: 100 shares, 1 page, root 0x...
    Quorum: 2/3 of the live voices
    Expires: at the end of 2027-12-31, which is 2028-01-01T00:00:00Z
    Currencies: native coin, 0x...
    Nonce: 0x...

Members stand in the order of the file, currencies in that of their addresses; a part is rounded
down; `voices: none`, `Further seats: none`, and `seat: ..., pull only` where it is so. A blank
line of the terms is `|`.

Nothing that a person writes can pass for another line: terms keep to lines that start with a
bar, and names are one line between quotes that they can't hold. `read_text` reads a rendering
back and accepts nothing that it would not write itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import zip_longest
from typing import NamedTuple

from seechain.accounts import ZERO_ADDRESS, account_bytes, checksum
from seechain.agreement.roll import unpack_roll
from seechain.errors import AccountError, AgreementError
from seechain.share_table import ShareTable
from seechain.visible import hides

FIRST_LINE = "seechain agreement, rendering 1"
NATIVE = "native"
ROLES = ("core", "client", "co-creator", "contributor", "facilitator")
MAX_NAME = 100  # characters
MAX_TERMS = 65_536  # characters


class ReadableMember(NamedTuple):
    """A member as the text has it: checksummed account; no seat is 0 shares, no voice 0 voices."""

    name: str
    role: str
    account: str
    shares: int
    voices: int
    pull_only: bool


class Readable(NamedTuple):
    """All that the text says. `currencies` are "native" or checksummed addresses, ascending."""

    name: str
    terms: str
    members: tuple[ReadableMember, ...]
    further_seats: int
    further_shares: int
    shares: int
    pages: int
    root: bytes
    quorum: Fraction
    expires: date
    currencies: tuple[str, ...]
    nonce: bytes

    @property
    def voices(self) -> int:
        """All voices together."""
        return sum(member.voices for member in self.members)


def expiry_of(expires: date) -> int:
    """The instant at which a date is over in UTC, in unix seconds."""
    return int(_end_of(expires).timestamp())


def currency_address(currency: str) -> str:
    """The address of a currency: the native coin's is zero."""
    return ZERO_ADDRESS if currency == NATIVE else currency


def plain_text(value: str, what: str, *, lines: bool = False) -> str:
    """What a person wrote, in NFC, without blanks at its ends.

    Args:
        what: how a fault calls it. lines: whether it may have several lines.

    Raises:
        AgreementError: it is empty or too long, or holds characters that hide or forge: control
            and direction characters, invisible ones, and quotes in a name.
    """
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    if lines:
        text = "\n".join(line.rstrip(" ") for line in text.split("\n")).strip("\n")
    else:
        text = text.strip(" ")
    for letter in text:
        if letter == "\n" and lines:
            continue
        if letter == '"' and not lines:
            raise AgreementError(f"{what} can't hold a double quote, got {text!r}")
        if hides(letter):
            known_as = unicodedata.name(letter, "control or unassigned")
            raise AgreementError(
                f"{what} holds the character U+{ord(letter):04X} ({known_as.lower()}), which can"
                " hide or reorder what one reads: take it out"
            )
    limit = MAX_TERMS if lines else MAX_NAME
    if not text.strip():
        raise AgreementError(f"{what} is empty")
    if len(text) > limit:
        raise AgreementError(f"{what} has {len(text)} characters, {limit} are allowed")
    return text


def render(readable: Readable) -> str:
    """The readable agreement, in rendering 1. The parts must have been checked."""
    return "\n".join(_lines(readable))


def read_text(text: str) -> Readable:
    """Reads a rendering back.

    Raises:
        AgreementError: it is not what `render` writes, to the letter; names the line.
    """
    readable = _Reader(text).read()
    for number, (got, want) in enumerate(zip_longest(text.split("\n"), _lines(readable)), 1):
        if got != want:
            raise AgreementError(f"line {number} reads {got!r}, it should be {want!r}", "the text")
    return readable


def check_text(
    text: str,
    table: ShareTable,
    roll: bytes,
    *,
    quorum: Fraction,
    expiry: int,
    currencies: tuple[str, ...],
    nonce: bytes,
) -> Readable:
    """Checks that a readable agreement says what is signed beside it, and reads it.

    Args:
        table, roll: the share table and the voice words.
        quorum, expiry (unix seconds), currencies (addresses, ascending), nonce (32 bytes): the
            rest of the terms.

    Raises:
        AgreementError: it is no rendering, or differs; `.faults` names each difference.
    """
    said = read_text(text)
    seated = [member for member in said.members if member.shares]
    further = table.shares - sum(member.shares for member in seated)
    faults = _seat_faults(seated, table) + _unlike(
        ("the number of further seats", said.further_seats, len(table) - len(seated)),
        ("the shares of further seats", said.further_shares, further),
    )
    shape = (table.root, table.shares, table.pages)
    faults += terms_faults(said, shape, roll, quorum, expiry, currencies, nonce)
    if faults:
        raise AgreementError(faults, "the text")
    return said


def terms_faults(
    said: Readable,
    shape: tuple[bytes, int, int],
    roll: bytes,
    quorum: Fraction,
    expiry: int,
    currencies: tuple[str, ...],
    nonce: bytes,
) -> list[str]:
    """What a text says otherwise than the terms beside it, where the seats are not at hand.

    shape: root, total shares and pages of the share table. Else as `check_text`.
    """
    root, shares, pages = shape
    return _unlike(
        ("the table's root", f"0x{said.root.hex()}", f"0x{root.hex()}"),
        ("the total shares", said.shares, shares),
        ("the number of pages", said.pages, pages),
        ("the roll", _voices_said(said), sorted(unpack_roll(roll))),
        ("the quorum", str(said.quorum), str(quorum)),
        ("the expiry", expiry_of(said.expires), expiry),
        ("the currencies", tuple(currency_address(each) for each in said.currencies), currencies),
        ("the nonce", f"0x{said.nonce.hex()}", f"0x{nonce.hex()}"),
    )


def _unlike(*pairs: tuple[str, object, object]) -> list[str]:
    return [
        f"{what} differs: the text says {says}, what is signed has {has}"
        for what, says, has in pairs
        if says != has
    ]


def _seat_faults(seated: list[ReadableMember], table: ShareTable) -> list[str]:
    faults = []
    for member in seated:
        has = table.seat(table.index(member.account)) if member.account in table else None
        if has != (member.account, member.shares, int(member.pull_only)):
            faults.append(
                f"the seat of {member.name!r} differs: the text says {member.shares} shares for"
                f" {member.account}{', pull only' if member.pull_only else ''},"
                f" the table has {has or 'no such seat'}"
            )
    if len({member.account for member in seated}) < len(seated):
        faults.append("two members of the text have the same seat")
    return faults


def _voices_said(said: Readable) -> list[tuple[str, int]]:
    return sorted((each.account, each.voices) for each in said.members if each.voices)


def _end_of(expires: date) -> datetime:
    start = datetime(expires.year, expires.month, expires.day, tzinfo=UTC)
    return start + timedelta(days=1)


def _part(shares: int, total: int) -> str:
    hundredths = shares * 10_000 // total
    return f"{shares} of {total} shares ({hundredths // 100}.{hundredths % 100:02d} %)"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _lines(readable: Readable) -> Iterator[str]:
    yield FIRST_LINE
    yield ""
    yield f'Name: "{readable.name}"'
    yield ""
    yield "Terms:"
    for line in readable.terms.split("\n"):
        yield f"| {line}" if line else "|"
    yield ""
    yield f"Members: {len(readable.members)}"
    for number, member in enumerate(readable.members, 1):
        yield f'{number}. "{member.name}", {member.role}'
        yield f"   account: {member.account}"
        seat = _part(member.shares, readable.shares) if member.shares else "none"
        yield f"   seat: {seat}" + (", pull only" if member.pull_only else "")
        yield (
            f"   voices: {member.voices} of {readable.voices}"
            if member.voices
            else ("   voices: none")
        )
    yield ""
    further = f"{readable.further_seats} with {_part(readable.further_shares, readable.shares)}"
    yield f"Further seats: {further if readable.further_seats else 'none'}"
    table = f"{_count(readable.shares, 'share')}, {_count(readable.pages, 'page')}"
    yield f"Share table: {table}, root 0x{readable.root.hex()}"
    yield f"Quorum: {readable.quorum.numerator}/{readable.quorum.denominator} of the live voices"
    instant = _end_of(readable.expires).isoformat().replace("+00:00", "Z")
    yield f"Expires: at the end of {readable.expires.isoformat()}, which is {instant}"
    yield "Currencies: " + ", ".join(
        "native coin" if each == NATIVE else each for each in readable.currencies
    )
    yield f"Nonce: 0x{readable.nonce.hex()}"


_NUMBER = r"(0|[1-9][0-9]{0,17})"
_ACCOUNT = r"(0x[0-9a-fA-F]{40})"
_HASH = r"0x([0-9a-f]{64})"
_PART = _NUMBER + r" of [0-9]+ shares \([0-9.]+ %\)"
_CURRENCY = r"(?:native coin|0x[0-9a-fA-F]{40})"


class _Reader:
    """Takes the lines one by one; what it lets through is checked by rendering it again."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._at = 0

    def read(self) -> Readable:
        self._take(re.escape(FIRST_LINE))
        self._take("")
        (name,) = self._take(r'Name: "([^"]*)"')
        self._take("")
        self._take("Terms:")
        terms = self._terms()
        self._take("")
        (count,) = self._take(rf"Members: {_NUMBER}")
        members: list[ReadableMember] = []
        while len(members) < int(count):
            members.append(self._member())
        self._take("")
        seats, shares = self._take(rf"Further seats: (?:none|{_NUMBER} with {_PART})")
        total, pages, root = self._take(
            rf"Share table: {_NUMBER} shares?, {_NUMBER} pages?, root {_HASH}"
        )
        top, bottom = self._take(rf"Quorum: {_NUMBER}/{_NUMBER} of the live voices")
        (day,) = self._take(
            r"Expires: at the end of ([0-9]{4}-[0-9]{2}-[0-9]{2}), which is [0-9TZ:-]+"
        )
        (currencies,) = self._take(rf"Currencies: ({_CURRENCY}(?:, {_CURRENCY})*)")
        (nonce,) = self._take(rf"Nonce: {_HASH}")
        if self._at != len(self._lines):
            raise self._fault("is one line too many")
        if int(total) == 0 or int(bottom) == 0:
            raise AgreementError("the total shares and the quorum are above zero", "the text")
        return Readable(
            name=plain_text(name, "the name"),
            terms=plain_text(terms, "the terms", lines=True),
            members=tuple(members),
            further_seats=int(seats or 0),
            further_shares=int(shares or 0),
            shares=int(total),
            pages=int(pages),
            root=bytes.fromhex(root),
            quorum=Fraction(int(top), int(bottom)),
            expires=self._date(day),
            currencies=tuple(
                NATIVE if each == "native coin" else self._account(each)
                for each in currencies.split(", ")
            ),
            nonce=bytes.fromhex(nonce),
        )

    def _take(self, pattern: str) -> tuple[str, ...]:
        if self._at < len(self._lines):
            match = re.fullmatch(pattern, self._lines[self._at])
            if match:
                self._at += 1
                return match.groups()
        raise self._fault("is not as rendering 1 has it")

    def _fault(self, what: str) -> AgreementError:
        line = self._lines[self._at] if self._at < len(self._lines) else "(the end)"
        return AgreementError(f"line {self._at + 1} {what}: {line!r}", "the text")

    def _terms(self) -> str:
        start = self._at
        while self._at < len(self._lines) and self._lines[self._at].startswith("|"):
            self._at += 1
        if start == self._at:
            raise self._fault("should be the terms, after a bar")
        return "\n".join(line[2:] for line in self._lines[start : self._at])

    def _member(self) -> ReadableMember:
        name, role = self._take(rf'[0-9]+\. "([^"]*)", ({"|".join(ROLES)})')
        account = self._account(self._take(rf"   account: {_ACCOUNT}")[0])
        shares, pull_only = self._take(rf"   seat: (?:none|{_PART}(, pull only)?)")
        (voices,) = self._take(rf"   voices: (?:none|{_NUMBER} of [0-9]+)")
        name = plain_text(name, "a member's name")
        return ReadableMember(
            name, role, account, int(shares or 0), int(voices or 0), bool(pull_only)
        )

    def _account(self, account: str) -> str:
        try:
            right = checksum(account_bytes(account))
        except AccountError as error:
            raise AgreementError(str(error), "the text") from None
        if account != right or account == ZERO_ADDRESS:
            raise AgreementError(f"{account} is zero or not written with its checksum", "the text")
        return right

    def _date(self, day: str) -> date:
        try:
            return _end_of(date.fromisoformat(day)).date() - timedelta(days=1)
        except (ValueError, OverflowError):
            raise AgreementError(f"there is no day {day}", "the text") from None
