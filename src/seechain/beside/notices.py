"""Notices of a SEE, and applications: what an appeal asks, a record tells, an outsider offers.

appeal = Notice.appeal(see.address, "Who can seal a quay wall?", until=1830297600, shares=50)
record = Notice.record(see.address, Path("what-we-learned.pdf").read_bytes(), uri="ipfs://...")

On chain there is the hash of what a notice says, and where it may be found. Whatever people write
here is hostile until it is escaped.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from urllib.parse import quote, unquote_to_bytes

from eth_abi.abi import encode
from eth_hash.auto import keccak
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from seechain.consent import Account, Hex, Uint, faults_of, messages
from seechain.errors import NoticeError

What = Literal["appeal", "record"]
CODES: dict[str, int] = {"appeal": 1, "record": 2}  # contracts/Noticeboard.vy
NAMES: dict[int, What] = {1: "appeal", 2: "record"}
MAX_URI = 256  # bytes
MAX_SHARES = 2**48 - 1
LONGEST = 366 * 86400  # seconds that an appeal may be open
MAX_NAME, MAX_TEXT = 64, 4000  # characters of an application
_INLINE = "data:,"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of a SEE.

    what: "appeal" or "record". content: keccak256 of what it says, 32 bytes. uri: where that may
    be found, or the text itself (data:), or nothing. shares: that an appeal offers. until: unix
    seconds, how long it is open; both 0 of a record.
    """

    see: str
    what: What
    content: bytes
    uri: str
    shares: int = 0
    until: int = 0

    @classmethod
    def appeal(
        cls, see: str, content: str | bytes, *, until: int, shares: int = 0, uri: str | None = None
    ) -> Notice:
        """An appeal for knowledge or contacts.

        Args:
            content: what it says: text, or the bytes of a file. until: unix seconds.
            shares: that it offers. uri: where the content may be found; left out, a short text
                stands in the notice itself, and of a longer one there is the hash alone.

        Raises:
            NoticeError: it says nothing, the URI is too long, or the shares are out of range.
        """
        if type(shares) is not int or not 0 <= shares <= MAX_SHARES:
            raise NoticeError(f"an appeal offers 0 to {MAX_SHARES} shares, got {shares!r}")
        if type(until) is not int or not 0 < until < 2**256:
            raise NoticeError(f"an appeal is open until a time in unix seconds, got {until!r}")
        return cls(see, "appeal", *_said(content, uri), shares, until)

    @classmethod
    def record(cls, see: str, content: str | bytes, *, uri: str | None = None) -> Notice:
        """A record of what was learned. Arguments and errors as `appeal`."""
        return cls(see, "record", *_said(content, uri))

    @property
    def fields(self) -> tuple[Any, ...]:
        """It as the Noticeboard takes it."""
        return self.see, CODES[self.what], self.content, self.uri, self.shares, self.until

    def key(self, board: str, author: str) -> bytes:
        """Its key on a Noticeboard, 32 bytes: of the author and the notice."""
        said = (self.what, self.content, self.uri, self.shares, self.until)
        subject = messages.notice_hash(board, self.see, *said)
        return keccak(encode(["address", "bytes32"], [author, subject]))

    def says(self, content: str | bytes) -> bool:
        """Whether this is what it says: the bytes of a file, or a text."""
        return keccak(_bytes(content)) == self.content

    @property
    def text(self) -> str | None:
        """What it says, where it stands in the notice itself; None else, or if it is not that."""
        if not self.uri.startswith(_INLINE):
            return None
        raw = unquote_to_bytes(self.uri.removeprefix(_INLINE))
        return raw.decode("utf-8", "replace") if self.says(raw) else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A notice as it stands on the board.

    key: 32 bytes. is_open: an appeal whose time is not over, of a SEE that lives. has_voice:
    whether its author still has one.
    """

    notice: Notice
    key: bytes
    author: str
    block_number: int
    transaction_hash: str
    is_open: bool
    has_voice: bool


class Application(BaseModel):
    """What an outsider offers in answer to an appeal: a small signed file that travels.

    chain_id, registry, see, appeal: which appeal, by its key (32 bytes). account: who applies, and
    would have the seat. name: on one line. text: in its own words. shares: that it asks for.
    deadline: unix seconds, until which the offer stands. signature: as of a consent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    chain_id: Uint
    registry: Account
    see: Account
    appeal: Hex = Field(min_length=32, max_length=32)
    account: Account
    name: str = Field(min_length=1, max_length=MAX_NAME)
    text: str = Field(max_length=MAX_TEXT)
    shares: int = Field(strict=True, ge=1, le=MAX_SHARES)
    deadline: Uint
    signature: Hex = Field(default=b"", max_length=1024)

    @field_validator("name", "text")
    @classmethod
    def _is_written(cls, value: str, info: Any) -> str:
        allowed = "" if info.field_name == "name" else "\n\t"
        if any(unicodedata.category(each)[0] == "C" and each not in allowed for each in value):
            raise ValueError("it has characters that nobody sees: write it without them")
        if not value.strip() and info.field_name == "name":
            raise ValueError("a name is not blank")
        return unicodedata.normalize("NFC", value)

    @property
    def message(self) -> dict[str, Any]:
        """The typed data (EIP-712) that the applicant signs: plain JSON, for any wallet."""
        return {
            "types": {"EIP712Domain": messages.TYPES["EIP712Domain"], "Application": _APPLICATION},
            "primaryType": "Application",
            "domain": {
                "name": messages.DOMAIN_NAME,
                "version": messages.DOMAIN_VERSION,
                "chainId": self.chain_id,
                "verifyingContract": self.registry,
            },
            "message": {
                "account": self.account,
                "see": self.see,
                "appeal": "0x" + self.appeal.hex(),
                "name": self.name,
                "text": self.text,
                "shares": self.shares,
                "deadline": self.deadline,
            },
        }

    @cached_property
    def digest(self) -> bytes:
        """The 32 bytes that were signed."""
        from seechain.consent.signers import typed_digest

        return typed_digest(self.message)

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Application:
        """The application of these fields.

        Raises:
            NoticeError: they make none; names them.
        """
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise NoticeError("this is no application: " + faults_of(error)) from None

    def signed(self, signature: bytes) -> Application:
        """It with the signature that the applicant's wallet made; it is not judged here."""
        return self.of({**self.model_dump(), "signature": signature})

    def to_json(self) -> str:
        """It as a small JSON file's text, bytes in hex."""
        return self.model_dump_json(indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Application:
        """The application of such a text; the signature is judged by `Noticeboard.check`.

        Raises:
            NoticeError: it is none; names the fields.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise NoticeError("this is no application: " + faults_of(error)) from None


_APPLICATION = [
    {"name": "account", "type": "address"},
    {"name": "see", "type": "address"},
    {"name": "appeal", "type": "bytes32"},
    {"name": "name", "type": "string"},
    {"name": "text", "type": "string"},
    {"name": "shares", "type": "uint256"},
    {"name": "deadline", "type": "uint256"},
]


def _said(content: str | bytes, uri: str | None) -> tuple[bytes, str]:
    """The hash of what a notice says, and its URI."""
    raw = _bytes(content)
    if not raw:
        raise NoticeError("a notice says something: its content is empty")
    if uri is None:
        inline = _INLINE + quote(raw, safe=" -._~!'()*,;:@/?") if isinstance(content, str) else ""
        uri = inline if len(inline) <= MAX_URI else ""
    if len(uri.encode()) > MAX_URI:
        raise NoticeError(f"a URI has at most {MAX_URI} bytes, got {len(uri.encode())}")
    return keccak(raw), uri


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
