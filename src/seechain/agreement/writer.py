"""Writes an agreement file, with notes that explain each field, and judges each value as it comes.

asked = Draft(now=time.time())
asked.fault("quorum", "3/2")          # "quorum must be a fraction above 0 ...", or None
asked.set("quorum", "2/3")
asked.add_member({"name": "Ada", "role": "core", "account": "0x...", "shares": 40, "voices": 1})
Path("night-market.yaml").write_text(write_agreement(asked.agreement()))

What is written reads back to the same agreement: `write_agreement` reads it before it returns.
"""

from __future__ import annotations

import csv
import io
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import yaml

from seechain.agreement import Agreement, Member
from seechain.agreement.file import read_yaml
from seechain.agreement.rules import (
    MEMBER_FIELDS,
    Fault,
    Faults,
    expiry_fault,
    read_agreement,
    read_member,
)
from seechain.errors import AgreementError
from seechain.share_table.seat_words import PULL_ONLY, unpack_seats

NONCE_BITS = 64

_NOTES = {
    "file": """
        The agreement of a Social Economic Entity (SEE): a pop-up organisation that is registered
        in a minute, splits what it earns as agreed, and is deregistered when the work is done.
        Everything below is what its members sign. Lines that start with # are notes for you.
        """,
    "name": "The name, on one line.",
    "terms": "What you agree on, in your own words. The | keeps the lines as you write them.",
    "currencies": """
        What you expect to be paid in, 1 to 8 of them: native is the chain's own coin (ether on
        Ethereum), a token is named by the address of its contract in quotes. Other tokens that
        arrive are split all the same.
        """,
    "quorum": """
        Which part of the voices must agree to change the agreement or to end it. Registering it
        needs everyone who has a voice. More than 1/2, so that no two groups can decide at once.
        """,
    "expires": """
        The last day of the agreement (it ends when that day is over in UTC), at most ten years
        ahead. Afterwards anyone may close the SEE; what was earned can still be claimed.
        """,
    "members": """
        One line for each member:
          name       how the others know it
          role       core, client, co-creator, contributor or facilitator
          account    the address that is paid and that signs: copy it, never type it
          shares     its part of each payment, a whole number of any total; leave it out for a
                     member that is not paid
          voices     its weight in decisions; leave it out for a member that does not decide
          pull_only  true for a seat that is only ever claimed, never paid out to
        """,
    "seats": """
        A further table for many small parts: a file beside this one, with a line account,shares
        for each. Its members are paid like the others and have no voice.
        """,
    "nonce": """
        Two agreements that are the same in all else are told apart by this number, so that each
        has an address of its own.
        """,
}


class Draft:
    """Values of an agreement to be, each judged by the rules of the file.

    now: unix seconds by which the expiry is judged. nonce: drawn at random if left out.
    """

    def __init__(self, now: float, nonce: int | None = None) -> None:
        self.now = now
        drawn = secrets.randbits(NONCE_BITS) if nonce is None else nonce
        self.values: dict[str, Any] = {"nonce": drawn, "members": []}

    def fault(self, field: str, value: object) -> str | None:
        """What is wrong with a value of the agreement, in one sentence, if anything is."""
        faults = Faults()
        values = read_agreement({field: value}, faults)
        found = _of(faults, field)
        expires = values["expires"]
        if not found and field == "expires" and isinstance(expires, date):
            return expiry_fault(expires, self.now)
        return found

    def member_fault(self, field: str, value: object) -> str | None:
        """What is wrong with one value of a member, among those that are there, if anything is."""
        faults = Faults()
        read_member({"shares": 1, field: value}, (), faults)
        if found := _of(faults, field):
            return found
        if field == "account":
            member = {"name": "this one", "role": "core", "account": value, "shares": 1}
            taken = self._faults([*self.values["members"], member])
            return _of(taken, "members", len(self.values["members"]), "account")
        return None

    def set(self, field: str, value: object) -> None:
        """Takes a value.

        Raises:
            AgreementError: it is faulty.
        """
        if fault := self.fault(field, value):
            raise AgreementError(fault)
        self.values[field] = value

    def add_member(self, member: Mapping[str, object]) -> None:
        """Takes a member.

        Raises:
            AgreementError: it is faulty, or its account is that of another.
        """
        faults = Faults()
        read_member(member, (), faults)
        if not faults.found:
            among = self._faults([*self.values["members"], member])
            here = ("members", len(self.values["members"]))
            faults.found = [
                each for each in among.found if isinstance(each, Fault) and each.where[:2] == here
            ]
        faults.check("the member")
        self.values["members"].append(dict(member))

    def missing(self) -> str | None:
        """What its members lack together, in one sentence: a seat, a voice, or that they fit."""
        return _of(self._faults(self.values["members"]), "members")

    def agreement(self) -> Agreement:
        """The agreement.

        Raises:
            AgreementError: with every fault that is left.
        """
        return Agreement.model_validate(self.values, context={"now": self.now, "faults": []})

    def _faults(self, members: Iterable[object]) -> Faults:
        faults = Faults()
        read_agreement({"members": list(members), "seats": self.values.get("seats", b"")}, faults)
        return faults


def read_member_line(line: str) -> dict[str, object]:
    """A member of one line, as "Ada,core,0x...,40,1": name, role, account, shares, voices.

    Shares and voices may be left out or empty; a sixth part is empty or pull_only; a name with a
    comma stands in double quotes. Values are taken as they are: `Draft` judges them.

    Raises:
        AgreementError: it has other parts.
    """
    try:
        (parts,) = csv.reader([line], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):
        parts = []
    parts = [part.strip() for part in parts]
    if not 3 <= len(parts) <= len(MEMBER_FIELDS) or parts[5:] not in ([], [""], ["pull_only"]):
        raise AgreementError(
            "a member is name,role,account,shares,voices and perhaps pull_only, as"
            f" Ada,core,0x...,40,1, got {line!r}"
        )
    member: dict[str, object] = {"name": parts[0], "role": parts[1], "account": parts[2]}
    for field, part in zip(("shares", "voices"), parts[3:5], strict=False):
        if part:
            member[field] = whole(part)
    if parts[5:] == ["pull_only"]:
        member["pull_only"] = True
    return member


def whole(text: str) -> object:
    """A whole number that was typed; what is none stays text, for the rules to refuse."""
    return int(text) if re.fullmatch(r"[0-9]{1,78}", text.strip()) else text


def write_agreement(
    agreement: Agreement, *, seats: str | None = None, with_notes: bool = True
) -> str:
    """The text of an agreement file.

    Args:
        seats: the name of the file that holds its further seats, where it has any (`write_seats`).
        with_notes: whether each field is explained.

    Raises:
        AgreementError: it has further seats, and no file is named.
    """
    if bool(agreement.seats) != (seats is not None):
        raise AgreementError("name a file of further seats where there are some, and only there")
    fields = {
        "name": f"name: {_word(agreement.name)}",
        "terms": _terms(agreement.terms),
        "currencies": f"currencies: [{', '.join(map(_account, agreement.currencies))}]",
        "quorum": f"quorum: {agreement.quorum}",
        "expires": f"expires: {agreement.expires}",
        "members": "\n".join(["members:", *map(_member, agreement.members)]),
    }
    if seats is not None:
        fields["seats"] = f"seats: {_word(seats)}"
    elif with_notes:
        fields["seats"] = "# seats: seats.csv"
    if agreement.nonce:
        fields["nonce"] = f"nonce: {agreement.nonce:#x}"
    parts = [_note("file")] if with_notes else []
    parts += [(_note(name) + "\n" if with_notes else "") + text for name, text in fields.items()]
    text = ("\n\n" if with_notes else "\n").join(parts) + "\n"
    _check(text, agreement)
    return text


def write_seats(words: bytes) -> str:
    """The text of a file of further seats. words: 32 bytes for each seat."""
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["account", "shares"])
    for seat in unpack_seats(words):
        pull = ["pull_only"] if seat.flags & PULL_ONLY else []
        rows.writerow([seat.account, seat.shares, *pull])
    return file.getvalue()


def file_name(name: str) -> str:
    """The name of a file for an agreement of this name, as night-market.yaml."""
    stem = "-".join(re.findall(r"[^\W_]+", name.casefold()))[:60].strip("-")
    return f"{stem or 'agreement'}.yaml"


def _check(text: str, agreement: Agreement) -> None:
    """Reads back what was written: a file that says something else must never be signed."""
    data = dict(read_yaml(text).data)
    if "seats" in data:
        data["seats"] = agreement.seats  # they are in a file of their own
    if Agreement.model_validate(data) != agreement:
        raise AgreementError("the file would say something else than the agreement")


def _of(faults: Faults, *where: str | int) -> str | None:
    """The first fault at a place, but for what is only missing yet."""
    for fault in faults.found:
        if isinstance(fault, Fault) and fault.where[: len(where)] == where:
            return fault.plain
    return None


def _note(field: str) -> str:
    lines = [line.strip("\n") for line in _NOTES[field].strip("\n").split("\n")]
    deep = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(f"# {line[deep:]}".rstrip() for line in lines if line.strip())


def _word(text: str) -> str:
    """A text on one line: as it is where YAML reads it so, else in double quotes."""
    is_plain = re.fullmatch(r"[^\W\d_](?:[\w .-]*\w)?", text) is not None
    if is_plain and yaml.safe_load(f"[{text}]") == [text]:
        return text
    return json.dumps(text, ensure_ascii=False)


def _account(account: str) -> str:
    return account if account == "native" else f'"{account}"'


def _terms(terms: str) -> str:
    # YAML takes the first line's blanks for the indent, unless it is named.
    indent = "2" if terms.startswith(" ") else ""
    lines = [f"  {line}" if line else "" for line in terms.split("\n")]
    return "\n".join([f"terms: |{indent}", *lines])


def _member(member: Member) -> str:
    parts = [
        f"name: {_word(member.name)}",
        f"role: {member.role}",
        f'account: "{member.account}"',
    ]
    if member.shares:
        parts.append(f"shares: {member.shares}")
    if member.voices:
        parts.append(f"voices: {member.voices}")
    if member.pull_only:
        parts.append("pull_only: true")
    return f"  - {{{', '.join(parts)}}}"
