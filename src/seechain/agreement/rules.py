"""The rules of an agreement: reads plain values, from a file or from Python, and lists every fault.

A fault is one sentence that names the line of the file, where there is one, the field or the
member, and the value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TypeAlias

from seechain.accounts import account_bytes, checksum
from seechain.agreement.file import Where
from seechain.agreement.roll import MAX_ROLL, MAX_VOICES
from seechain.agreement.text import NATIVE, ROLES, expiry_of, plain_text
from seechain.errors import AccountError, AgreementError, ShareTableError
from seechain.share_table.seat_words import MAX_SHARES, WORD, find_word, pack_seats, table_sums

FIELDS = ("name", "terms", "currencies", "quorum", "expires", "members", "seats", "nonce")
MEMBER_FIELDS = ("name", "role", "account", "shares", "voices", "pull_only")
MAX_CURRENCIES = 8
MAX_QUORUM_PART = 2**32 - 1
MAX_SENTENCE = 400  # characters: a value may be the whole file
MAX_AHEAD = 10 * 366 * 24 * 3600  # seconds: ten years, as the Registry counts them

Values: TypeAlias = dict[str, object]


class Fault(str):
    """A sentence that also knows where it is: `where` as fields, `line` of the file, if it has one.

    plain: the sentence without its line. file: where it is not in the agreement's own file.
    """

    where: Where = ()
    line: int | None = None
    plain: str = ""
    file: str = ""

    @classmethod
    def at_line(cls, sentence: str, where: Where = (), file: str = "") -> Fault:
        """The fault that a sentence tells which may begin with its line, "line 3: ..."."""
        fault = cls(f"{file}: {sentence}" if file else sentence)
        found = re.fullmatch(r"line (\d+): (.*)", sentence, re.DOTALL)
        fault.line, fault.plain = (int(found[1]), found[2]) if found else (None, sentence)
        fault.where, fault.file = where, file
        return fault

    @property
    def field(self) -> str:
        """Where it is, as members[2].account."""
        parts = [f"[{each}]" if isinstance(each, int) else f".{each}" for each in self.where]
        return "".join(parts).removeprefix(".")


class Faults:
    """Collects the sentences; a value that is faulty is left out of the cross checks."""

    def __init__(self, lines: Mapping[Where, int] | None = None, who: str = "") -> None:
        self.found: list[str] = []
        self.lines = lines or {}
        self.who = who  # "member 3 'Cleo'", while the fields of a member are read

    def add(self, where: Where, sentence: str) -> None:
        """Notes a fault; without a line of its own it gets that of the member around it."""
        line = self.lines.get(where) or (self.lines.get(where[:2]) if len(where) > 2 else None)
        if len(sentence) > MAX_SENTENCE:
            sentence = sentence[:MAX_SENTENCE] + "..."
        plain = f"{self.who}: {sentence}" if self.who else sentence
        fault = Fault(f"line {line}: {plain}" if line else plain)
        fault.where, fault.line, fault.plain = where, line, plain
        self.found.append(fault)

    def check(self, source: str) -> None:
        """Raises AgreementError with all that was found, if anything was, as the file has it."""
        if self.found:
            raise AgreementError(sorted(self.found, key=self._place), source)

    def _place(self, fault: str) -> float:
        """The line of a fault, of another file that of the field that names it; the end, else."""
        known = fault if isinstance(fault, Fault) else Fault.at_line(fault)
        line = self.lines.get(known.where[:1]) if known.file else known.line
        return line or math.inf


def expiry_fault(expires: date, now: float) -> str | None:
    """What is wrong with an expiry at `now` (unix seconds), if anything is."""
    expiry = expiry_of(expires)
    if expiry <= now:
        today = datetime.fromtimestamp(now, UTC).date()
        return f"expires must be ahead of today, {today}, got {expires}"
    if expiry > now + MAX_AHEAD:
        return f"expires must be within ten years, got {expires}"
    return None


def read_agreement(data: Mapping[str, object], faults: Faults) -> Values:
    """The values of an agreement in their final form; what is wrong is noted in `faults`."""
    _unknown(data, FIELDS, (), faults)
    values: Values = {
        "name": _text(data, "name", (), faults),
        "terms": _text(data, "terms", (), faults, lines=True),
        "currencies": _currencies(_given(data, "currencies", (), faults), faults),
        "quorum": _quorum(_given(data, "quorum", (), faults), faults),
        "expires": _expires(_given(data, "expires", (), faults), faults),
        "seats": _seats(data.get("seats", b""), faults),
        "nonce": _nonce(data.get("nonce", 0), faults),
    }
    items = _given(data, "members", (), faults)
    if not isinstance(items, list | tuple) or not items:
        if items is not None:
            faults.add(
                ("members",), f"members must be a list with one member or more, got {items!r}"
            )
        items = []
    members = [_member_of_many(item, at, faults) for at, item in enumerate(items)]
    _cross_checks(members, values["seats"], faults)
    return {**values, "members": members}


def read_member(item: object, where: Where, faults: Faults) -> Values:
    """The values of one member in their final form; what is wrong is noted in `faults`."""
    if not isinstance(item, Mapping):
        faults.add(where, f"a member is fields in braces, as {{name: Ada, ...}}, got {item!r}")
        return {}
    _unknown(item, MEMBER_FIELDS, where, faults)
    shares = _whole(item, "shares", MAX_SHARES, where, faults)
    voices = _whole(item, "voices", MAX_VOICES, where, faults)
    if shares == 0 and voices == 0:
        faults.add(where, "a member needs shares, voices or both, and has neither")
    pull_only = item.get("pull_only", False)
    if type(pull_only) is not bool:
        faults.add((*where, "pull_only"), f"pull_only must be true or false, got {pull_only!r}")
    elif pull_only and shares == 0:
        faults.add((*where, "pull_only"), "pull_only is for a seat: give it shares")
    role = _given(item, "role", where, faults)
    if role is not None and role not in ROLES:
        faults.add((*where, "role"), f"role must be one of {', '.join(ROLES)}, got {role!r}")
    return {
        "name": _text(item, "name", where, faults),
        "role": role,
        "account": _account(item, where, faults),
        "shares": shares,
        "voices": voices,
        "pull_only": pull_only,
    }


def _member_of_many(item: object, at: int, faults: Faults) -> Values:
    item = dict(item) if isinstance(item, Iterable) and hasattr(item, "role") else item
    name = item.get("name") if isinstance(item, Mapping) else None
    faults.who = f"member {at + 1} {name!r}" if isinstance(name, str) else f"member {at + 1}"
    values = read_member(item, ("members", at), faults)
    faults.who = ""
    return values


def _unknown(
    data: Mapping[str, object], known: tuple[str, ...], where: Where, faults: Faults
) -> None:
    for field in data:
        if field not in known:
            faults.add(
                (*where, field), f"the field {field!r} is not known, known are {', '.join(known)}"
            )


def _given(data: Mapping[str, object], field: str, where: Where, faults: Faults) -> object:
    value = data.get(field)
    if value is None:
        faults.add((*where, field), f"{field} is missing")
    return value


def _text(
    data: Mapping[str, object], field: str, where: Where, faults: Faults, lines: bool = False
) -> str | None:
    value = _given(data, field, where, faults)
    if value is None:
        return None
    if not isinstance(value, str):
        faults.add((*where, field), f"{field} must be text: put it in quotes, got {value!r}")
    else:
        try:
            return plain_text(value, field, lines=lines)
        except AgreementError as error:
            faults.add((*where, field), error.faults[0])
    return None


def _whole(
    item: Mapping[str, object], field: str, most: int, where: Where, faults: Faults
) -> int | None:
    value = item.get(field, 0)
    if type(value) is int and 0 <= value <= most:
        return value
    limit = f"at most {most}" if type(value) is int and value > most else "from zero up"
    faults.add((*where, field), f"{field} must be a whole number {limit}, got {value!r}")
    return None


def _account(item: Mapping[str, object], where: Where, faults: Faults) -> str | None:
    value = _given(item, "account", where, faults)
    if value is None:
        return None
    try:
        raw = account_bytes(value)
    except AccountError as error:
        faults.add((*where, "account"), str(error))
        return None
    if not any(raw):
        faults.add((*where, "account"), "account is the zero address, which nobody holds")
        return None
    return checksum(raw)


def _currencies(value: object, faults: Faults) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MAX_CURRENCIES:
        sentence = f"currencies must be a list of 1 to {MAX_CURRENCIES}, as [native, '0x...']"
        count = f"{len(value)} of them" if isinstance(value, list | tuple) else repr(value)
        faults.add(("currencies",), f"{sentence}, got {count}")
        return ()
    found: dict[bytes, str] = {}
    for at, each in enumerate(value):
        try:
            raw = bytes(20) if each == NATIVE else account_bytes(each)
        except AccountError:
            sentence = "a currency is native or the address of a token with its checksum"
            faults.add(("currencies", at), f"{sentence}, got {each!r}")
            continue
        if each != NATIVE and not any(raw):
            faults.add(("currencies", at), "write native for the native coin, not the zero address")
        elif raw in found:
            faults.add(("currencies", at), f"the currency {each} stands here twice")
        else:
            found[raw] = NATIVE if each == NATIVE else checksum(raw)
    return tuple(found[raw] for raw in sorted(found))


_FRACTION = re.compile(r"([0-9]{1,20})(?: */ *([0-9]{1,20}))?")


def _quorum(value: object, faults: Faults) -> Fraction | None:
    if value is None:
        return None
    quorum = value if isinstance(value, Fraction) else None
    if type(value) is int:
        quorum = Fraction(value)
    elif isinstance(value, str) and (match := _FRACTION.fullmatch(value.strip())):
        top, bottom = int(match[1]), int(match[2] or 1)
        quorum = Fraction(top, bottom) if bottom else None
    if quorum is None or not 0 < quorum <= 1 or quorum.denominator > MAX_QUORUM_PART:
        sentence = "quorum must be a fraction above 0 and at most 1, as 2/3"
        faults.add(("quorum",), f"{sentence}, got {str(value) if quorum else value!r}")
        return None
    return quorum


def _expires(value: object, faults: Faults) -> date | None:
    if value is None:
        return None
    expires = value if type(value) is date else None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            expires = date.fromisoformat(value)
        except ValueError:
            faults.add(("expires",), f"expires: there is no day {value}")
            return None
    if expires is None or expires == date.max:
        faults.add(("expires",), f"expires must be a day, as 2027-12-31, got {value!r}")
        return None
    return expires


def _nonce(value: object, faults: Faults) -> int | None:
    nonce = value
    if isinstance(value, str) and re.fullmatch(r"0x[0-9a-fA-F]{1,64}", value):
        nonce = int(value, 16)
    if type(nonce) is int and 0 <= nonce < 2**256:
        return nonce
    faults.add(("nonce",), f"nonce must be a whole number or hex of up to 32 bytes, got {value!r}")
    return None


def _seats(value: object, faults: Faults) -> bytes:
    """Words of further seats, from words, from their hex, or from pairs of account and shares."""
    try:
        if isinstance(value, str) and value.startswith("0x"):
            value = bytes.fromhex(value[2:])
        elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
            value = pack_seats(value)
        if isinstance(value, bytes):
            if value:
                table_sums(value)
            return bytes(value)
    except (ShareTableError, TypeError, ValueError) as error:
        faults.add(("seats",), f"seats: {error}")
        return b""
    faults.add(
        ("seats",), f"seats must be seat words or pairs of account and shares, got {value!r}"
    )
    return b""


def _cross_checks(members: list[Values], seats: object, faults: Faults) -> None:
    assert isinstance(seats, bytes)
    first: dict[str, int] = {}
    for at, member in enumerate(members):
        account = member.get("account")
        if not isinstance(account, str):
            continue
        where: Where = ("members", at, "account")
        faults.who = f"member {at + 1} {member['name']!r}"
        if account in first:
            faults.add(where, f"account {account} is that of member {first[account] + 1} too")
        elif find_word(seats, account_bytes(account)) is not None:
            faults.add(where, f"account {account} stands among the further seats too")
        first.setdefault(account, at)
    faults.who = ""
    _total_checks(members, seats, faults)


def _total_checks(members: list[Values], seats: bytes, faults: Faults) -> None:
    shares = [member.get("shares") for member in members]
    voices = [member.get("voices") for member in members]
    # A member that is faulty already might be the one: then nothing is said of totals.
    if not seats and members and all(each == 0 for each in shares):
        faults.add(("members",), "nobody has shares: nobody would be paid")
    if members and all(each == 0 for each in voices):
        faults.add(("members",), "nobody has a voice: nobody could agree or decide")
    total = sum(each for each in shares if isinstance(each, int))
    total += sum(
        int.from_bytes(seats[at - 6 : at], "big") for at in range(WORD, len(seats) + 1, WORD)
    )
    if total > MAX_SHARES:
        faults.add(("members",), f"all shares add up to {total}, at most {MAX_SHARES} fit")
    count = sum(1 for each in voices if each)
    if count > MAX_ROLL:
        faults.add(("members",), f"{count} members have a voice, at most {MAX_ROLL} can")
    weight = sum(each for each in voices if isinstance(each, int))
    if weight > MAX_VOICES:
        faults.add(("members",), f"all voices add up to {weight}, at most {MAX_VOICES} fit")
