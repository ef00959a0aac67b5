"""Consent: one account's signature under one message, as a small file that travels.

A signature by a key is 65 bytes (r, s, v) or 64 (EIP-2098); a contract that signs (ERC-1271)
may answer to any bytes, which only the chain can judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from seechain.accounts import account_bytes, checksum
from seechain.consent import messages
from seechain.errors import AccountError, SignatureError

MAX_SIGNATURE = 4096  # bytes; a contract's signature may be long, but it is calldata
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def normalise(signature: bytes) -> bytes:
    """A key's signature as 65 bytes: r, s, v with v 27 or 28.

    Accepts 65 bytes with v 0, 1, 27 or 28, and the 64 bytes of EIP-2098.

    Raises:
        SignatureError: another length or v, r or s out of range, or a high s (malleable).
    """
    if len(signature) == 64:
        packed = int.from_bytes(signature[32:], "big")
        s, v = packed & (2**255 - 1), 27 + (packed >> 255)
    elif len(signature) == 65:
        s, v = int.from_bytes(signature[32:64], "big"), signature[64]
        v += 27 if v < 2 else 0
    else:
        raise SignatureError(f"a signature has 65 or 64 bytes, got {len(signature)}")
    if v not in (27, 28):
        raise SignatureError(f"a signature's v is 0, 1, 27 or 28, got {v}")
    if not 0 < int.from_bytes(signature[:32], "big") < _ORDER or not 0 < s < _ORDER:
        raise SignatureError("the signature's r or s is out of range: it was not made by a key")
    if s > _ORDER // 2:
        raise SignatureError("the signature has a high s, which contracts refuse: sign again")
    return signature[:32] + s.to_bytes(32, "big") + bytes([v])


def compact(signature: bytes) -> bytes:
    """A key's signature as the 64 bytes of EIP-2098, which the contracts take.

    Raises:
        SignatureError: as `normalise`.
    """
    normal = normalise(signature)
    parity = (normal[64] - 27) << 7
    return normal[:32] + bytes([normal[32] | parity]) + normal[33:64]


def recover(digest: bytes, signature: bytes) -> str:
    """The checksummed account whose key signed this digest of 32 bytes.

    Raises:
        SignatureError: the signature can't be normalised, or no key can have made it.
    """
    from eth_keys.datatypes import Signature
    from eth_keys.exceptions import BadSignature
    from eth_utils.exceptions import ValidationError

    normal = normalise(signature)
    try:
        parts = Signature(signature_bytes=normal[:64] + bytes([normal[64] - 27]))
        return parts.recover_public_key_from_msg_hash(digest).to_checksum_address()
    except (BadSignature, ValidationError) as error:
        raise SignatureError(f"no key can have made this signature: {error}") from None


class Kind(StrEnum):
    """Which message a consent signs."""

    REGISTRATION = "registration"
    AMENDMENT = "amendment"
    DEREGISTRATION = "deregistration"
    ENDORSEMENT = "endorsement"
    LEAVING = "leaving"
    REDIRECTION = "redirection"
    PUBLICATION = "publication"
    POSTING = "posting"

    @property
    def with_article(self) -> str:
        """As a message says it: "an amendment", "a registration"."""
        return f"{'an' if self[0] in 'ae' else 'a'} {self}"

    @property
    def type_hash(self) -> bytes:
        """The EIP-712 hash of the message's type."""
        return messages.KINDS[self.capitalize()]


# What a consent of each kind names beside account, chain, Registry and deadline.
FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.REGISTRATION: ("commitment",),
    Kind.AMENDMENT: ("see", "version", "commitment"),
    Kind.DEREGISTRATION: ("see", "version"),
    Kind.ENDORSEMENT: ("see", "version", "act", "member", "subject"),
    Kind.LEAVING: ("see", "version", "voice", "seat", "index"),
    Kind.REDIRECTION: ("see", "to", "times"),
    Kind.PUBLICATION: ("see", "uri"),
    Kind.POSTING: ("board", "see", "what", "content", "uri", "shares", "until"),
}
_ALL_FIELDS = sorted({field for fields in FIELDS.values() for field in fields})


def _account(value: object) -> object:
    try:
        return checksum(account_bytes(value))
    except AccountError as error:
        raise ValueError(str(error)) from None


def _from_hex(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value.startswith("0x"):
        raise ValueError(f"bytes are written in hex after 0x, got {value!r}")
    return bytes.fromhex(value[2:])


Account = Annotated[str, BeforeValidator(_account)]
Hex = Annotated[
    bytes,
    BeforeValidator(_from_hex),
    PlainSerializer(lambda raw: "0x" + raw.hex(), when_used="json"),
]
Uint = Annotated[int, Field(strict=True, ge=0, lt=2**256)]


class Consent(BaseModel):
    """One account's signature under one message.

    account: who signs: a voice, or a member for itself. chain_id, registry: where it counts.
    deadline: unix seconds. commitment: of an agreement, 32 bytes. see, version: the SEE and the
    version of its agreement in force. act, member, subject: the kind, account and subject of the
    message that a SEE endorses. voice, seat, index: what is left. to, times: where the money
    goes, and how many redirects there were before. uri: of the readable agreement, or of what a
    notice says. board, what, content, shares, until: a notice, see `seechain.beside.notices`.
    signature: 65 bytes, 64 (EIP-2098), or what a contract that signs answers to, also nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    account: Account
    chain_id: Uint
    registry: Account
    deadline: Uint
    commitment: Hex | None = Field(default=None, min_length=32, max_length=32)
    see: Account | None = None
    version: Uint | None = None
    act: Kind | None = None
    member: Account | None = None
    subject: Hex | None = Field(default=None, min_length=32, max_length=32)
    voice: bool | None = Field(default=None, strict=True)
    seat: bool | None = Field(default=None, strict=True)
    index: Uint | None = None
    to: Account | None = None
    times: Uint | None = None
    uri: str | None = None
    board: Account | None = None
    what: Literal["appeal", "record"] | None = None
    content: Hex | None = Field(default=None, min_length=32, max_length=32)
    shares: Uint | None = None
    until: Uint | None = None
    signature: Hex = Field(max_length=MAX_SIGNATURE)

    @model_validator(mode="after")
    def _fields_of_its_kind(self) -> Consent:
        needed = FIELDS[self.kind]
        for field in _ALL_FIELDS:
            if (getattr(self, field) is not None) != (field in needed):
                names = " and ".join(", ".join(needed).rsplit(", ", 1))
                what = self.kind.with_article
                raise ValueError(f"a consent to {what} names {names}, and nothing else")
        return self

    @property
    def about(self) -> dict[str, Any]:
        """What it is about: the fields of its kind."""
        return {field: getattr(self, field) for field in FIELDS[self.kind]}

    @cached_property
    def digest(self) -> bytes:
        """The 32 bytes that were signed."""
        return digest_of(
            self.kind, self.about, self.account, self.chain_id, self.registry, self.deadline
        )

    @property
    def is_by_key(self) -> bool:
        """Whether the account's own key signed; of a contract only the chain can tell."""
        try:
            return recover(self.digest, self.signature) == self.account
        except SignatureError:
            return False

    def check(self, now: float | None = None) -> None:
        """Checks that the account's own key signed, and that it still counts at `now`.

        Args:
            now: unix seconds; left out, the deadline is not looked at.

        Raises:
            SignatureError: another key signed, or the deadline is over. For an account that is a
                contract ask the chain (ERC-1271) instead.
        """
        signer = recover(self.digest, self.signature)
        if signer != self.account:
            raise SignatureError(
                f"the consent of {self.account} is signed by {signer}, or for another agreement,"
                " chain or deadline"
            )
        if now is not None and now > self.deadline:
            raise SignatureError(
                f"the consent of {self.account} was good until {self.deadline}, it is {int(now)}:"
                " sign again"
            )

    def to_json(self) -> str:
        """The consent as a small JSON file's text, bytes in hex."""
        return self.model_dump_json(indent=2, exclude_none=True) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Consent:
        """The consent of such a text; the signature is not judged yet, see `check`.

        Raises:
            SignatureError: it is no consent; names the fields.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise SignatureError("this is no consent: " + faults_of(error)) from None


def subject_hash(kind: Kind, about: Mapping[str, Any]) -> bytes:
    """The EIP-712 struct hash of what a message of this kind is about; see `FIELDS`."""
    given = dict(about)
    match kind:
        case Kind.REGISTRATION:
            return bytes(given["commitment"])
        case Kind.AMENDMENT:
            return messages.succession_hash(given["see"], given["version"], given["commitment"])
        case Kind.DEREGISTRATION:
            return messages.end_hash(given["see"], given["version"])
        case Kind.ENDORSEMENT:
            act = Kind(given["act"]).type_hash
            return messages.act_hash(
                given["see"], given["version"], act, given["member"], given["subject"]
            )
        case Kind.LEAVING:
            return messages.leave_hash(**given)
        case Kind.REDIRECTION:
            return messages.redirect_hash(**given)
        case Kind.PUBLICATION:
            return messages.location_hash(**given)
        case Kind.POSTING:
            return messages.notice_hash(**given)


def digest_of(
    kind: Kind,
    about: Mapping[str, Any],
    account: str,
    chain_id: int,
    registry: str,
    deadline: int,
) -> bytes:
    """The 32 bytes that an account signs."""
    subject = subject_hash(kind, about)
    struct = messages.message_hash(kind.type_hash, account, subject, deadline)
    return messages.digest(messages.domain_separator(chain_id, registry), struct)


def faults_of(error: ValidationError) -> str:
    """What is wrong with the fields of a consent, in one line."""

    def fault(each: Any) -> str:
        where = ".".join(str(part) for part in each["loc"])
        message = str(each["msg"]).removeprefix("Value error, ")
        return f"{where}: {message}" if where else message

    return "; ".join(fault(each) for each in error.errors())
