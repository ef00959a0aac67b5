"""A SEE: a Splitter under an agreement, which its voices can end.

see = SEE(w3, address)                 # recovered from the chain alone
see.members                            # .account .shares .voices
end = see.deregistration()
see.deregister([see.sign(end, account) for account in voices], sender=anyone)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cached_property
from typing import Any

from web3 import Web3

from seechain import genuine, interface, messages, published
from seechain.accounts import account_bytes, checksum
from seechain.agreement import Agreement
from seechain.consent import Consent, Kind
from seechain.errors import AgreementError
from seechain.events import Registered, currency_of
from seechain.messages import HashedTerms, Ratio
from seechain.node import ask, chain_id_of, now_of
from seechain.receipts import Receipt, Receipts
from seechain.records import Record, deadline_at, record_of
from seechain.reverts import (
    AlreadyEnded,
    NoQuorum,
    NotExpired,
    NotRegistered,
    NotSeechain,
    SeeEnded,
    WrongAgreement,
    WrongTable,
)
from seechain.roll import Voice, unpack_roll
from seechain.senders import Call, Sender, address_of, send
from seechain.share_table import ShareTable
from seechain.signatures import Subject, check_subject, pack
from seechain.signers import sign_typed_data
from seechain.splitter import Line, Splitter

GRACE = 7 * 24 * 3600  # seconds after the expiry, in which only the voices end a SEE
MAX_URI = 256  # bytes
_REGISTRY = interface.of("Registry")


@dataclass(frozen=True, slots=True)
class Deregistration:
    """What the voices sign to end a SEE. deadline: unix seconds, until which signatures count."""

    see: str
    version: int
    deadline: int
    chain_id: int
    registry: str


class SEE(Splitter):
    """A SEE, found by its address; all else is recovered from the chain when needed.

    Args:
        table: the share table, where it is at hand or was never published.
        names: of members by account, for messages; the chain knows accounts only.

    Raises:
        AccountError: the address is none.
        NotSeechain: no SEE stands there that a Registry has deployed.
        WrongTable: the table that was given is not the one that was registered.
    """

    def __init__(
        self,
        w3: Web3,
        address: str,
        *,
        table: ShareTable | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.w3 = w3
        self.address = checksum(account_bytes(address))
        self.receipts = Receipts()
        self._interface = interface.of("SEE")
        self.registry, clone = genuine.check_see(w3, self.address)
        self.commitment = clone.commitment
        self.names = dict(names or {})
        if table is not None:
            if table.hash != self._table_hash:
                raise WrongTable(f"this is not the share table that {self.address} has registered")
            self.table = table

    @classmethod
    def of(cls, w3: Web3, address: str, agreement: Agreement) -> SEE:
        """The SEE of an agreement that is at hand, registered or not.

        Raises:
            NotSeechain: its clone does not stand there.
            WrongAgreement: the one there is of another agreement.
        """
        see = cls(w3, address, names={each.account: each.name for each in agreement.members})
        if see.commitment != agreement.commitment:
            raise WrongAgreement(f"{see.address} is the SEE of another agreement")
        see.table = agreement.table
        signed = agreement.signed
        quorum = Ratio(*signed.quorum.as_integer_ratio())
        see.terms = HashedTerms(
            signed.text_hash,
            signed.roll,
            quorum,
            signed.expiry,
            signed.currency_words,
            signed.nonce,
        )
        return see

    @property
    def record(self) -> Record:
        """What the Registry has noted, read at each call.

        Raises:
            NotRegistered: nothing yet: until then this is a Splitter and no more.
        """
        return record_of(self.w3, self.registry, self.address)

    @cached_property
    def registration(self) -> Registered:
        """The event by which it was registered, checked against the commitment.

        Raises:
            NotRegistered: there is none.
        """
        block = self.record.block_number
        event = published.registration_of(self.w3, self.registry, self.address, block)
        if published.commitment_of(event) != self.commitment:
            raise NotSeechain(
                f"the node shows a registration of {self.address} that is not its own"
            )
        return event

    @cached_property
    def table(self) -> ShareTable:
        """The share table, recovered from what was published and checked against the commitment.

        Raises:
            NotRegistered: it is not. NotPublished: the table was not, or not all of it.
        """
        event = self.registration
        return published.table_of(
            self.w3,
            self.registry,
            self.address,
            self._table_hash,
            event.block_number,
            event.pages,
        )

    @cached_property
    def terms(self) -> HashedTerms:
        """The terms as the chain shows them: the readable text by its hash alone."""
        return published.terms_of(self.registration)

    @cached_property
    def roll(self) -> tuple[Voice, ...]:
        """Who has a voice: accounts and voices, ascending by account."""
        return unpack_roll(self.terms.roll)

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """What the agreement expects to be paid in: "native" or addresses."""
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

    @property
    def members(self) -> tuple[Line, ...]:
        """All who have a seat, a voice or both, ascending by account."""
        voices = {voice.account: voice.voices for voice in self.roll}
        lines = [
            Line(seat.account, seat.shares, voices.pop(seat.account, 0), seat.pull_only)
            for seat in self.table
        ]
        lines += [Line(account, 0, count) for account, count in voices.items()]
        return tuple(sorted(lines, key=lambda line: int(line.account, 16)))

    @property
    def state(self) -> str:
        """Where its life stands: "unregistered", "registered" or "ended"."""
        try:
            return "ended" if self.record.ended else "registered"
        except NotRegistered:
            return "unregistered"

    @property
    def registered(self) -> datetime | None:
        """When it was registered, in UTC; None before."""
        try:
            return self.record.registered
        except NotRegistered:
            return None

    @property
    def ended(self) -> datetime | None:
        """When it ended, in UTC; None while it lives."""
        try:
            return self.record.ended
        except NotRegistered:
            return None

    def deregistration(self, deadline: int | None = None) -> Deregistration:
        """What the voices sign to end it.

        Args:
            deadline: unix seconds; by default the end of the day, UTC, seven days from now.

        Raises:
            NotRegistered, AlreadyEnded: it can't be ended.
        """
        version = self._live().version
        chosen = deadline_at(now_of(self.w3)) if deadline is None else deadline
        chain_id = chain_id_of(self.w3)
        return Deregistration(self.address, version, chosen, chain_id, self.registry)

    def message(self, end: Deregistration, account: str) -> dict[str, Any]:
        """The typed data (EIP-712) by which a voice agrees to the end: JSON for any wallet."""
        return messages.deregistration(
            address_of(account),
            end.see,
            end.version,
            chain_id=end.chain_id,
            registry=end.registry,
            deadline=end.deadline,
        )

    def sign(self, end: Deregistration, account: Sender) -> Consent:
        """The consent of a voice to the end. account: as for `Registry.sign`.

        Raises:
            SignatureError: the account has no voice, or does not sign.
        """
        self.consent(end, address_of(account), bytes(65))  # refuses strangers before they sign
        signature = sign_typed_data(self.w3, account, self.message(end, address_of(account)))
        return self.consent(end, address_of(account), signature)

    def consent(self, end: Deregistration, account: str, signature: bytes) -> Consent:
        """The consent of a voice from the signature that its wallet made under `message`.

        Raises:
            SignatureError: the account has no voice, or this is the end of something else.
        """
        consent = Consent(
            kind=Kind.DEREGISTRATION,
            account=account,
            chain_id=end.chain_id,
            registry=end.registry,
            deadline=end.deadline,
            see=end.see,
            version=end.version,
            signature=signature,
        )
        check_subject(self._subject(end.version), consent)
        return consent

    def deregister(self, consents: Iterable[Consent], *, sender: Sender) -> Receipt:
        """Ends it by the quorum of its voices. What was earned can be claimed for ever.

        Raises:
            NotRegistered, AlreadyEnded: it can't be ended. NoQuorum: too few voices signed.
            WrongChain, TooLate, BadSignature, SignatureError: a consent does not count; names
                the member. Else as `send`.
        """
        subject = self._subject(self._live().version)
        packed = pack(self.w3, subject, consents, now_of(self.w3))
        live = sum(voice.voices for voice in self.roll)
        numerator, denominator = self.terms.quorum
        if packed.yes * denominator < live * numerator:
            raise NoQuorum(
                f"{packed.yes} of {live} voices have signed, the quorum is {self.quorum}:"
                f" missing are {', '.join(packed.missing)}"
            )
        arguments = (packed.deadline, self.terms.roll, self.terms.currency_words, packed.signatures)
        return self._end("deregister", arguments, "the deregistration", sender)

    def expire(self, *, sender: Sender) -> Receipt:
        """Ends it seven days after its agreement expired. Anyone may.

        Raises:
            NotRegistered, AlreadyEnded: it can't be ended. NotExpired: it is too early.
        """
        self._live()
        ready = self.terms.expiry + GRACE
        if now_of(self.w3) < ready:
            raise NotExpired(
                f"{self.address} can be ended by anyone from"
                f" {datetime.fromtimestamp(ready, UTC):%Y-%m-%d} on, seven days after its expiry"
            )
        arguments = (self.terms.roll, self.terms.currency_words)
        return self._end("expire", arguments, "the end after the expiry", sender)

    def locate(self, uri: str, *, sender: Sender) -> Receipt:
        """Says on chain where the readable agreement, or a large table, is found. Anyone may.

        Raises:
            NotRegistered: it is not. AgreementError: the URI is longer than 256 bytes.
        """
        if len(uri.encode()) > MAX_URI:
            raise AgreementError(f"a URI has at most {MAX_URI} bytes, got {len(uri.encode())}")
        data = _REGISTRY.encode("locate", self.address, uri)
        return send(self.w3, Call(self.registry, data, f"locating {self.address}"), sender)

    def named_text(self, account: str) -> str:
        """How messages call an account."""
        name = self.names.get(account)
        return f"{name} ({account})" if name else account

    def check_payable(self) -> None:
        """Checks that it still takes payments.

        Raises:
            SeeEnded: it does not.
        """
        if ask(self.w3, self.address, self._interface, "ended"):
            raise SeeEnded(f"the payment to {self.address} was refused: {SeeEnded.sentence}")

    @property
    def publication_block(self) -> int:
        """The first block in which its table may have been published."""
        return self.registration.block_number

    @property
    def _table_hash(self) -> bytes:
        event = self.registration
        return messages.table_hash(event.root, event.shares, event.pages)

    @property
    def _terms_hash(self) -> bytes:
        return messages.terms_hash(self.terms)

    def _subject(self, version: int) -> Subject:
        return Subject(
            kind=Kind.DEREGISTRATION,
            chain_id=chain_id_of(self.w3),
            registry=self.registry,
            roll=self.terms.roll,
            names=self.names,
            see=self.address,
            version=version,
        )

    def _live(self) -> Record:
        record = self.record
        if record.ended:
            raise AlreadyEnded(f"{self.address} ended on {record.ended:%Y-%m-%d %H:%M} UTC")
        return record

    def _end(self, name: str, arguments: tuple[Any, ...], what: str, sender: Sender) -> Receipt:
        event = self.registration
        table = (event.root, event.shares, event.pages, bytes(32))
        quorum = self.terms.quorum
        terms = (self.terms.text_hash, *quorum, self.terms.expiry, self.terms.nonce)
        data = _REGISTRY.encode(name, self.address, table, terms, *arguments)
        return send(self.w3, Call(self.registry, data, f"{what} of {self.address}"), sender)
