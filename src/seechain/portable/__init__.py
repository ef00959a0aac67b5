"""A SEE as one file: enough for another network to check everything, without a chain.

raw = portable.export(see, [agreement])   # bytes; the same for everyone while nothing changes
file = portable.read(raw)

    format, number       "seechain SEE", 1
    chain_id, registry, see
    block                the last block that was looked at: all of it is as it was then
    record               what the Registry has noted
    versions             of each agreement: where it was put in force, its commitment with all of
                         its preimage, the share table as seat words, the readable text where it
                         was at hand, the signatures, who left it, and what it closed with
    end                  how it ended, with the signatures
    books                what was received of each currency in the version in force
    redirects, located   where members' money goes; where the readable agreement is found
    hash                 over all of it (`seechain.portable.sealed`)

Bytes are hex after 0x, accounts are checksummed, a currency is "native" or an address, times are
unix seconds, amounts are texts of digits in the currency's smallest unit, a block is the number
that its chain counts. Nothing in a file is believed: `seechain.portable.verifying` recomputes it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from seechain.accounts import account_bytes, checksum
from seechain.agreement.text import NATIVE, currency_address
from seechain.chain.decoding import currency_of
from seechain.consent import Kind
from seechain.consent.messages import HashedTerms, Ratio
from seechain.errors import AccountError
from seechain.portable import sealed
from seechain.portable.sealed import Part
from seechain.share_table import MAX_SHARES

FORMAT: Literal["seechain SEE"] = "seechain SEE"
NUMBER: Literal[1] = 1
CHAIN, FILE = "chain", "file"


def _account(value: str) -> str:
    try:
        right = checksum(account_bytes(value))
    except AccountError as error:
        raise ValueError(str(error)) from None
    if value != right:
        raise ValueError(f"an account is written with its checksum, as {right}")
    return value


def _currency(value: str) -> str:
    if value != NATIVE and currency_of(_account(value)) == NATIVE:
        raise ValueError("the native coin is written native")
    return value


Account = Annotated[str, AfterValidator(_account)]
Currency = Annotated[str, AfterValidator(_currency)]
Hash = Annotated[str, Field(pattern=r"^0x[0-9a-f]{64}$")]
Hex = Annotated[str, Field(pattern=r"^0x([0-9a-f]{2})*$")]
Amount = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,77})$")]
Uint = Annotated[int, Field(ge=0, lt=2**256)]
Block = Annotated[int, Field(ge=0, lt=2**63)]
Shares = Annotated[int, Field(ge=0, le=MAX_SHARES)]
Number = Annotated[int, Field(ge=0, lt=2**13)]
LIST = Field(strict=False)  # JSON has lists, and no tuples


class Signature(Part):
    """A consent. by: the account's own "key", or its "contract", of which only the chain can tell.
    source: the transaction on the "chain" that submitted it, or a "file"."""

    account: Account
    deadline: Uint
    signature: Annotated[Hex, Field(max_length=2 + 2 * 4096)]
    by: Literal["key", "contract"]
    source: Literal["chain", "file"]


class Voice(Part):
    """A line of the roll."""

    account: Account
    voices: Annotated[int, Field(ge=0, lt=2**32)]


class Table(Part):
    """The share table. words: all seat words; None where it was not at hand."""

    root: Hash
    shares: Shares
    pages: Annotated[int, Field(ge=0, le=2**17)]
    words: Hex | None


class Terms(Part):
    """The terms: the readable text by its hash. quorum: as "2/3"."""

    text_hash: Hash
    roll: Annotated[tuple[Voice, ...], LIST]
    quorum: Annotated[str, Field(pattern=r"^[0-9]{1,10}/[1-9][0-9]{0,9}$")]
    expiry: Uint
    currencies: Annotated[tuple[Currency, ...], LIST]
    nonce: Hash

    @property
    def hashed(self) -> HashedTerms:
        """The terms as the contracts take them, in the order of the file."""
        top, bottom = self.quorum.split("/")
        return HashedTerms(
            text_hash=bytes_of(self.text_hash),
            roll=b"".join(
                account_bytes(each.account) + each.voices.to_bytes(12, "big") for each in self.roll
            ),
            quorum=Ratio(int(top), int(bottom)),
            expiry=self.expiry,
            currency_words=b"".join(
                account_bytes(currency_address(each)).rjust(32, b"\0") for each in self.currencies
            ),
            nonce=bytes_of(self.nonce),
        )


class Leave(Part):
    """A seat or a voice left this version."""

    account: Account
    what: Literal["seat", "voice"]
    block: Block
    transaction: Hash


class Closed(Part):
    """What a version closed with, where something was owed. late: what was paid to it after it
    had closed. left: the shares that had left by then."""

    currency: Currency
    received: Amount
    late: Amount
    left: Shares


class Version(Part):
    """One agreement, with the transaction that put it in force, and who submitted it."""

    number: Number
    block: Block
    transaction: Hash
    submitter: Account
    commitment: Hash
    table: Table
    terms: Terms
    text: str | None
    signatures: Annotated[tuple[Signature, ...], LIST]
    left: Annotated[tuple[Leave, ...], LIST]
    closed: Annotated[tuple[Closed, ...], LIST]


class Record(Part):
    """What the Registry has noted; its block numbers are those that its contracts count.

    left: whose voices have left the version in force.
    """

    registered: Uint
    ended: Uint | None
    version: Number
    block: Block
    amended: Block | None
    left: Annotated[tuple[Account, ...], LIST]


class End(Part):
    """The transaction that ended it. signatures: none where it expired, or all voices left."""

    block: Block
    transaction: Hash
    submitter: Account
    signatures: Annotated[tuple[Signature, ...], LIST]


class Book(Part):
    """The book of a currency: to which version it belongs, the shares that have left it, and what
    it has received; None of a token that can't be read."""

    currency: Currency
    version: Number
    left: Shares
    received: Amount | None


class Redirect(Part):
    """Where an account's money goes, and how often that was changed."""

    account: Account
    to: Account
    times: Uint


class Location(Part):
    """Where somebody says that the readable agreement, or a large table, is found."""

    publisher: Account
    uri: str
    block: Block
    transaction: Hash


class Portable(Part):
    """The whole file."""

    format: Literal["seechain SEE"]
    number: Literal[1]
    chain_id: Uint
    registry: Account
    see: Account
    block: Block
    record: Record
    versions: Annotated[tuple[Version, ...], LIST]
    end: End | None
    books: Annotated[tuple[Book, ...], LIST]
    redirects: Annotated[tuple[Redirect, ...], LIST]
    located: Annotated[tuple[Location, ...], LIST]
    hash: Hash

    def to_bytes(self) -> bytes:
        """The file, with the hash of this content, whatever it named before."""
        return sealed.seal(sealed.dumped(self))


def read(raw: bytes, source: str = "the file") -> Portable:
    """The file of these bytes: laid out as it should be, and not believed yet.

    Raises:
        FileError: it is no such file; names the fields.
    """
    return of_content(sealed.unseal(raw, source), source)


def of_content(content: dict[str, Any], source: str) -> Portable:
    """As `read`, of fields that were read."""
    file: Portable = sealed.read_as(Portable, content, source)
    return file


def subject_of(number: int, see: str, commitment: bytes) -> tuple[Kind, dict[str, Any]]:
    """What was signed to put a version in force: the kind of the message, and what it names."""
    if number == 0:
        return Kind.REGISTRATION, {"commitment": commitment}
    return Kind.AMENDMENT, {"see": see, "version": number - 1, "commitment": commitment}


def hex_of(raw: bytes) -> str:
    """Bytes as the file has them."""
    return "0x" + raw.hex()


def bytes_of(text: str) -> bytes:
    """Bytes of the file."""
    return bytes.fromhex(text[2:])
