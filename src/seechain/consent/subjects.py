"""What is signed: the subject of each message, made by the Registry or a SEE, shown to a wallet.

Registration, Amendment, Deregistration, Endorsement   by voices
Leaving, Redirection, Publication, Posting             by one member, for itself
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import ValidationError

from seechain.agreement import Agreement
from seechain.consent import FIELDS, Consent, Kind, digest_of, faults_of, messages, subject_hash
from seechain.errors import SignatureError


@dataclass(frozen=True, slots=True)
class Subject:
    """What a message is about. deadline: unix seconds, until which its signatures count."""

    kind: ClassVar[Kind]

    chain_id: int
    registry: str
    deadline: int

    @property
    def about(self) -> dict[str, Any]:
        """What a consent to it names, see `consent.FIELDS`."""
        return {field: getattr(self, field) for field in FIELDS[self.kind]}

    @property
    def value(self) -> dict[str, Any]:
        """It as typed data (EIP-712)."""
        return self.about

    @property
    def hash(self) -> bytes:
        """Its EIP-712 struct hash."""
        return subject_hash(self.kind, self.about)

    def message(self, account: str) -> dict[str, Any]:
        """The typed data (EIP-712) that an account signs: plain JSON, for any wallet."""
        return messages.typed_data(
            self.kind.capitalize(),
            account,
            self.value,
            chain_id=self.chain_id,
            registry=self.registry,
            deadline=self.deadline,
        )

    def digest(self, account: str) -> bytes:
        """The 32 bytes that an account signs."""
        return digest_of(
            self.kind, self.about, account, self.chain_id, self.registry, self.deadline
        )

    def consent(self, account: str, signature: bytes) -> Consent:
        """The consent of an account; neither it nor the signature is judged here.

        Raises:
            SignatureError: it can't be one: names the fields.
        """
        fields = {
            "kind": self.kind,
            "account": account,
            "chain_id": self.chain_id,
            "registry": self.registry,
            "deadline": self.deadline,
            "signature": signature,
            **self.about,
        }
        try:
            return Consent.model_validate(fields)
        except ValidationError as error:
            raise SignatureError("this is no consent: " + faults_of(error)) from None


@dataclass(frozen=True, slots=True)
class Registration(Subject):
    """An agreement is put in force for the first time."""

    kind = Kind.REGISTRATION

    agreement: Agreement

    @property
    def commitment(self) -> bytes:
        """Of the agreement."""
        return self.agreement.commitment

    @property
    def value(self) -> dict[str, Any]:
        """The agreement with its whole text."""
        return messages.agreement_value(self.agreement.table, self.agreement.signed)


@dataclass(frozen=True, slots=True)
class Amendment(Subject):
    """The next agreement of a SEE. version: of the agreement that it succeeds."""

    kind = Kind.AMENDMENT

    see: str
    version: int
    agreement: Agreement

    @property
    def commitment(self) -> bytes:
        """Of the next agreement."""
        return self.agreement.commitment

    @property
    def value(self) -> dict[str, Any]:
        """The next agreement with its whole text."""
        agreement = messages.agreement_value(self.agreement.table, self.agreement.signed)
        return {"see": self.see, "version": self.version, "agreement": agreement}


@dataclass(frozen=True, slots=True)
class Deregistration(Subject):
    """The end of a SEE."""

    kind = Kind.DEREGISTRATION

    see: str
    version: int


@dataclass(frozen=True, slots=True)
class Endorsement(Subject):
    """A SEE signs a message, as a member of another.

    see, version: the one that signs. act, member, subject: the message's kind, account and
    subject hash. The deadline is the message's own.
    """

    kind = Kind.ENDORSEMENT

    see: str
    version: int
    act: Kind
    member: str
    subject: bytes

    @property
    def value(self) -> dict[str, Any]:
        """The message by its hashes: what it says is for the SDK to show."""
        return {
            "see": self.see,
            "version": self.version,
            "kind": "0x" + self.act.type_hash.hex(),
            "account": self.member,
            "subject": "0x" + self.subject.hex(),
        }


@dataclass(frozen=True, slots=True)
class Leaving(Subject):
    """A member gives up its voice, its seat or both. index: of the seat, 0 where it is kept."""

    kind = Kind.LEAVING

    account: str
    see: str
    version: int
    voice: bool
    seat: bool
    index: int


@dataclass(frozen=True, slots=True)
class Redirection(Subject):
    """A member's money goes to another address. times: redirects of the account before."""

    kind = Kind.REDIRECTION

    account: str
    see: str
    to: str
    times: int


@dataclass(frozen=True, slots=True)
class Publication(Subject):
    """Where the readable agreement of a SEE may be found."""

    kind = Kind.PUBLICATION

    account: str
    see: str
    uri: str


@dataclass(frozen=True, slots=True)
class Posting(Subject):
    """A notice of a SEE on the Noticeboard: what is "appeal" or "record", see `notices.Notice`."""

    kind = Kind.POSTING

    account: str
    board: str
    see: str
    what: str
    content: bytes
    uri: str
    shares: int
    until: int

    @property
    def value(self) -> dict[str, Any]:
        """The notice; what it says is known by its hash."""
        return {**self.about, "content": "0x" + self.content.hex()}
