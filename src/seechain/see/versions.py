"""The versions of a SEE: each agreement that was in force, recovered from the chain alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from functools import cached_property

from web3 import Web3

from seechain.agreement import Agreement
from seechain.agreement.roll import Voice, unpack_roll
from seechain.chain import published
from seechain.chain.decoding import currency_of
from seechain.chain.events import Amended, Registered
from seechain.chain.records import Record
from seechain.chain.reverts import NotSeechain
from seechain.consent import messages
from seechain.consent.messages import HashedTerms, Ratio
from seechain.share_table import ShareTable

LATE = 1 << 15  # beside a version's number: the book of what was paid to it late


class Version:
    """One agreement of a SEE, as the chain shows it: the readable text by its hash alone.

    number: 0 is the first. start: block and place in it where its log begins; end: where the
    next one's does; None where unknown.
    """

    def __init__(
        self,
        number: int,
        shape: tuple[bytes, int, int],
        terms: HashedTerms,
        start: tuple[int, int] | None = None,
        end: tuple[int, int] | None = None,
    ) -> None:
        self.number = number
        self.root, self.shares, self.pages = shape
        self.terms = terms
        self.start = start
        self.end = end
        self._table: ShareTable | None = None

    @classmethod
    def of_event(cls, event: Registered, end: tuple[int, int] | None) -> Version:
        """The version that an event put in force."""
        number = event.version if isinstance(event, Amended) else 0
        shape = (event.root, event.shares, event.pages)
        start = (event.block_number, event.log_index)
        return cls(number, shape, published.terms_of(event), start, end)

    @classmethod
    def of_agreement(cls, number: int, agreement: Agreement) -> Version:
        """The version of an agreement that is at hand."""
        signed, table = agreement.signed, agreement.table
        terms = HashedTerms(
            signed.text_hash,
            signed.roll,
            Ratio(*signed.quorum.as_integer_ratio()),
            signed.expiry,
            signed.currency_words,
            signed.nonce,
        )
        version = cls(number, (table.root, table.shares, table.pages), terms)
        version.give(table)
        return version

    @cached_property
    def table_hash(self) -> bytes:
        """The struct hash of its share table."""
        return messages.table_hash(self.root, self.shares, self.pages)

    @cached_property
    def terms_hash(self) -> bytes:
        """The struct hash of its terms."""
        return messages.terms_hash(self.terms)

    @cached_property
    def commitment(self) -> bytes:
        """The struct hash of the agreement."""
        return messages.agreement_hash(self.table_hash, self.terms_hash)

    @property
    def key(self) -> tuple[bytes, int, int, bytes]:
        """Its table as a SEE takes it: root, total shares, pages, hash of the terms."""
        return self.root, self.shares, self.pages, self.terms_hash

    @property
    def preimage(self) -> tuple[object, ...]:
        """The agreement as the Registry takes it: table, terms, roll, currencies."""
        terms = self.terms
        return (
            (self.root, self.shares, self.pages, bytes(32)),
            (terms.text_hash, *terms.quorum, terms.expiry, terms.nonce),
            terms.roll,
            terms.currency_words,
        )

    @cached_property
    def roll(self) -> tuple[Voice, ...]:
        """Who has a voice: accounts and voices, ascending by account."""
        return unpack_roll(self.terms.roll)

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """What it expects to be paid in: "native" or addresses."""
        words = self.terms.currency_words
        return tuple(
            currency_of("0x" + words[at + 12 : at + 32].hex()) for at in range(0, len(words), 32)
        )

    @property
    def quorum(self) -> Fraction:
        """Which part of the live voices decides."""
        return Fraction(*self.terms.quorum)

    @property
    def expires(self) -> datetime:
        """When the agreement is over, in UTC."""
        return datetime.fromtimestamp(self.terms.expiry, UTC)

    def give(self, table: ShareTable) -> bool:
        """Takes a table that is at hand, if it is this version's."""
        if table.hash != self.table_hash:
            return False
        self._table = table
        return True

    def table(self, w3: Web3, registry: str, see: str) -> ShareTable:
        """Its share table, recovered from what was published and checked.

        Raises:
            NotPublished: it was not, or not all of it.
        """
        if self._table is None:
            self._table = published.table_of(
                w3,
                registry,
                see,
                self.table_hash,
                self.start or (0, 0),
                self.end,
                self.pages,
            )
        return self._table


def history(w3: Web3, registry: str, see: str, record: Record) -> list[Version]:
    """All versions of a SEE, the first first.

    Raises:
        NotRegistered: there is none. NotSeechain: the node does not show all of them.
    """
    events: Sequence[Registered] = [
        published.registration_of(w3, registry, see, record.block_number),
        *published.amendments_of(w3, registry, see, record),
    ]
    if len(events) != record.version + 1:
        raise NotSeechain(
            f"the node shows {len(events)} agreements of {see}, its Registry knows"
            f" {record.version + 1}: ask another node"
        )
    starts = [(event.block_number, event.log_index) for event in events]
    ends = [*starts[1:], None]
    return [Version.of_event(event, end) for event, end in zip(events, ends, strict=True)]
