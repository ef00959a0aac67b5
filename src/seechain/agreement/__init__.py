"""The agreement: what the members sign. Read from the file that a person wrote, or made in Python.

agreement = Agreement.load("night-market.yaml")
agreement.text         # the readable agreement, as it is signed
agreement.commitment   # 32 bytes: one hash for signing, address and proof
print(agreement.preview("1.5 ether"))
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    PlainSerializer,
    ValidationInfo,
    model_validator,
)

from seechain.agreement.file import read_file, read_seats, read_yaml, seats_path
from seechain.agreement.preview import Payee, Preview, preview
from seechain.agreement.roll import pack_roll
from seechain.agreement.rules import Fault, Faults, expiry_fault, read_agreement, read_member
from seechain.agreement.text import (
    Readable,
    ReadableMember,
    check_text,
    currency_address,
    expiry_of,
    render,
)
from seechain.consent import messages
from seechain.errors import AgreementError
from seechain.share_table import ShareTable
from seechain.share_table.seat_words import PULL_ONLY, WORD, merge_words, pack_seats

PUBLISHED_SEATS = 1000  # a table up to this size is published when the SEE is registered

_Hex = Annotated[bytes, PlainSerializer(lambda raw: "0x" + raw.hex(), when_used="json")]
_HexInt = Annotated[int, PlainSerializer(hex, when_used="json")]
_Ratio = Annotated[Fraction, PlainSerializer(str, when_used="json")]


class Member(BaseModel):
    """One member as the agreement names it.

    account: checksummed. shares: 0 without a seat. voices: 0 without a voice. pull_only: never
    pushed to. role: core, client, co-creator, contributor or facilitator.

    Raises:
        AgreementError: when made with faulty values; lists all of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    role: str
    account: str
    shares: int = 0
    voices: int = 0
    pull_only: bool = False

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any) -> Any:
        faults = Faults()
        values = read_member(data, (), faults)
        faults.check("the member")
        return values


class Agreement(BaseModel):
    """What the members sign: frozen, checked, and the same for the same file everywhere.

    name, terms: text in NFC. currencies: "native" or checksummed addresses, ascending by address
    (native first). quorum: in (0, 1]. expires: the last day, in UTC. members: in the file's
    order. seats: seat words (32 bytes each, ascending) of the further seats. nonce: tells apart
    agreements that are otherwise the same.

    Raises:
        AgreementError: when made with faulty values; lists all of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    terms: str
    currencies: tuple[str, ...]
    quorum: _Ratio
    expires: date
    members: tuple[Member, ...]
    seats: _Hex = b""
    nonce: _HexInt = 0

    @model_validator(mode="before")
    @classmethod
    def _read(cls, data: Any, info: ValidationInfo) -> Any:
        context = info.context or {}
        source = context.get("source", "the agreement")
        if not isinstance(data, Mapping):
            raise AgreementError(f"an agreement is fields with values, got {data!r}", source)
        faults = Faults(context.get("lines"))
        faults.found += context.get("faults", ())
        values = read_agreement(data, faults)
        now, expires = context.get("now"), values["expires"]
        if now is not None and isinstance(expires, date) and (late := expiry_fault(expires, now)):
            faults.add(("expires",), late)
        faults.check(source)
        return values

    @classmethod
    def load(
        cls, path: str | Path, *, now: float | None = None, check_expiry: bool = True
    ) -> Agreement:
        """Reads an agreement file.

        Args:
            now: unix seconds by which the expiry is judged, by default the present.
            check_expiry: False to read an agreement that is over.

        Raises:
            AgreementError: with every fault of the file, its lines, members and values.
        """
        path = Path(path)
        text = read_file(path)
        return cls.parse(text, path.parent, now=now, check_expiry=check_expiry, source=path.name)

    @classmethod
    def parse(
        cls,
        text: str,
        base_dir: str | Path | None = None,
        *,
        now: float | None = None,
        check_expiry: bool = True,
        source: str = "the agreement",
    ) -> Agreement:
        """Reads the text of an agreement file.

        Args:
            base_dir: the folder in which the seats file is looked for.
            now, check_expiry: as `load`. source: how faults call the text.

        Raises:
            AgreementError: as `load`.
        """
        doubled: list[str] = []
        try:
            data, lines = read_yaml(text, doubled)
        except AgreementError as error:
            raise AgreementError(error.faults, source) from None
        now = (time.time() if now is None else now) if check_expiry else None
        faults: list[str] = list(map(Fault.at_line, doubled))
        if "seats" in data:
            data["seats"], found = _read_seats(data["seats"], base_dir, lines)
            faults += found
        context = {"lines": lines, "now": now, "source": source, "faults": faults}
        return cls.model_validate(data, context=context)

    def check(self, now: float | None = None) -> None:
        """Checks that the agreement can be registered at `now` (unix seconds; left out: present).

        Raises:
            AgreementError: its expiry is past or more than ten years ahead.
        """
        fault = expiry_fault(self.expires, time.time() if now is None else now)
        if fault:
            raise AgreementError(fault)

    @cached_property
    def table(self) -> ShareTable:
        """The share table: the members' seats and the further ones."""
        seats = [
            (member.account, member.shares, PULL_ONLY if member.pull_only else 0)
            for member in self.members
            if member.shares
        ]
        return ShareTable.from_words(merge_words(pack_seats(seats), self.seats))

    @cached_property
    def roll(self) -> bytes:
        """The voice words, 32 bytes each, ascending by account."""
        return pack_roll((each.account, each.voices) for each in self.members if each.voices)

    @property
    def expiry(self) -> int:
        """The instant at which the agreement is over, in unix seconds: its last day's end, UTC."""
        return expiry_of(self.expires)

    @cached_property
    def text(self) -> str:
        """The readable agreement, in rendering 1 (see `seechain.agreement.text`)."""
        return render(self.readable)

    @property
    def readable(self) -> Readable:
        """What the readable agreement says."""
        table = self.table
        seated = sum(member.shares for member in self.members)
        return Readable(
            name=self.name,
            terms=self.terms,
            members=tuple(ReadableMember(**dict(member)) for member in self.members),
            further_seats=len(self.seats) // WORD,
            further_shares=table.shares - seated,
            shares=table.shares,
            pages=table.pages,
            root=table.root,
            quorum=self.quorum,
            expires=self.expires,
            currencies=self.currencies,
            nonce=self.nonce.to_bytes(32, "big"),
        )

    @property
    def signed(self) -> messages.Terms:
        """The terms in the form that is signed and hashed (EIP-712)."""
        return messages.Terms(
            text=self.text,
            roll=self.roll,
            quorum=self.quorum,
            expiry=self.expiry,
            currencies=tuple(currency_address(each) for each in self.currencies),
            nonce=self.nonce.to_bytes(32, "big"),
        )

    @cached_property
    def terms_hash(self) -> bytes:
        """The struct hash of the terms, 32 bytes."""
        return messages.terms_hash(self.signed)

    @cached_property
    def commitment(self) -> bytes:
        """The struct hash of the agreement, 32 bytes: one hash for signing, address and proof."""
        return messages.agreement_hash(self.table.hash, self.terms_hash)

    def matches(self, text: str) -> bool:
        """True if this readable agreement is the agreement's own; it never returns False.

        Raises:
            AgreementError: it is not; `.faults` names what differs.
        """
        if text == self.text:
            return True
        signed = self.signed
        said = check_text(
            text,
            self.table,
            self.roll,
            quorum=signed.quorum,
            expiry=signed.expiry,
            currencies=signed.currencies,
            nonce=signed.nonce,
        )
        raise AgreementError(_differences(said, self.readable), "the text")

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed and may still surprise: one sentence each."""
        return tuple(_warnings(self))

    def preview(self, amount: int | str, decimals: Mapping[str, int] | None = None) -> Preview:
        """Who gets what of a payment: the first one, to a table that nobody has left.

        Args:
            amount: smallest units, or text with its unit, as "1.5 ether" or "1000 USDC".
            decimals: by symbol, for tokens that `seechain.agreement.preview` does not know.

        Raises:
            AmountError: the amount can't be read exactly.
        """
        payees = [Payee(each.name, each.role, each.account, each.shares) for each in self.members]
        return preview(amount, payees, self.seats, self.table.shares, decimals)


def _read_seats(
    value: object, base_dir: str | Path | None, lines: Mapping[tuple[str | int, ...], int]
) -> tuple[bytes, list[str]]:
    try:
        return read_seats(seats_path(value, None if base_dir is None else Path(base_dir))), []
    except AgreementError as error:
        line = lines[("seats",)]
        # A fault of the seats file names that file; one of the field, or a file that can't be read,
        # names the field's line.
        is_own = error.source == "the agreement" or isinstance(error.__context__, OSError)
        start, file = (f"line {line}: ", "") if is_own else ("", error.source)
        return b"", [Fault.at_line(start + fault, ("seats",), file) for fault in error.faults]


def _differences(said: Readable, own: Readable) -> list[str]:
    faults = [
        f"the {what} differs: the text says {says!r}, the agreement has {has!r}"
        for what, says, has in (
            ("name", said.name, own.name),
            ("terms", said.terms, own.terms),
        )
        if says != has
    ]
    if said.members != own.members:
        faults.append(
            "the members differ: the text says "
            f"{', '.join(f'{each.name!r} ({each.role})' for each in said.members)}, the agreement"
            f" has {', '.join(f'{each.name!r} ({each.role})' for each in own.members)}"
        )
    return faults


def _warnings(agreement: Agreement) -> list[str]:
    found = []
    quorum = agreement.quorum
    voiced = [member for member in agreement.members if member.voices]
    voices = sum(member.voices for member in voiced)
    if quorum * 2 <= 1:
        found.append(
            f"quorum {quorum}: two halves of the voices could each decide against the other;"
            " name more than 1/2"
        )
    if quorum == 1 and len(voiced) > 1:
        found.append(
            "quorum 1: one lost key blocks every change until the agreement expires; name less"
        )
    for member in voiced:
        if len(voiced) == 1 or member.voices >= quorum * voices:
            found.append(f"{member.name!r} decides alone: its voices reach the quorum")
        if member.role == "facilitator":
            found.append(f"{member.name!r} is a facilitator with a voice; mostly it has none")
        if member.pull_only:
            found.append(
                f"{member.name!r} is pull-only and has a voice: if its account is a claim code, who"
                " made the code could have kept a copy and decide with it; give it no voice"
            )
    names = [member.name for member in agreement.members]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        found.append(f"two members are named {name!r}: readers can't tell them apart")
    if len(agreement.table) > PUBLISHED_SEATS:
        found.append(
            f"{len(agreement.table)} seats are not published on chain by default: keep the seats"
            " file where all members find it"
        )
    return found
