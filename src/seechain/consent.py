"""Consent: one voice's signature under one message, as a small file that travels.

A signature by a key is 65 bytes (r, s, v) or 64 (EIP-2098); a contract that signs (ERC-1271)
may answer to any bytes, which only the chain can judge.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from seechain import messages
from seechain.accounts import account_bytes, checksum
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
    DEREGISTRATION = "deregistration"


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


_Account = Annotated[str, BeforeValidator(_account)]
_Hex = Annotated[
    bytes,
    BeforeValidator(_from_hex),
    PlainSerializer(lambda raw: "0x" + raw.hex(), when_used="json"),
]
_Uint = Annotated[int, Field(strict=True, ge=0, lt=2**256)]


class Consent(BaseModel):
    """One voice's signature under one message.

    account: the voice that signs. chain_id, registry: where it counts. deadline: unix seconds.
    commitment: of a registration, the agreement's 32 bytes. see, version: of a deregistration.
    signature: 65 bytes, 64 (EIP-2098), or what a contract that signs answers to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    account: _Account
    chain_id: _Uint
    registry: _Account
    deadline: _Uint
    commitment: _Hex | None = Field(default=None, min_length=32, max_length=32)
    see: _Account | None = None
    version: _Uint | None = None
    signature: _Hex = Field(min_length=1, max_length=MAX_SIGNATURE)

    @model_validator(mode="after")
    def _fields_of_its_kind(self) -> Consent:
        registers = self.kind is Kind.REGISTRATION
        if (self.commitment is not None) != registers:
            raise ValueError("a registration has a commitment, and only a registration")
        if (self.see is not None) == registers or (self.version is not None) == registers:
            raise ValueError("a deregistration has see and version, and only a deregistration")
        return self

    @cached_property
    def digest(self) -> bytes:
        """The 32 bytes that were signed."""
        if self.commitment is not None:
            struct = messages.registration_hash(self.account, self.commitment, self.deadline)
        else:
            assert self.see is not None  # checked when made
            assert self.version is not None
            struct = messages.deregistration_hash(
                self.account, self.see, self.version, self.deadline
            )
        return messages.digest(messages.domain_separator(self.chain_id, self.registry), struct)

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
            raise SignatureError("this is no consent: " + _faults(error)) from None


def _faults(error: ValidationError) -> str:
    def fault(each: Any) -> str:
        where = ".".join(str(part) for part in each["loc"])
        message = str(each["msg"]).removeprefix("Value error, ")
        return f"{where}: {message}" if where else message

    return "; ".join(fault(each) for each in error.errors())
