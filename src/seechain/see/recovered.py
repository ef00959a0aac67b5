"""What a chain shows of a SEE: its agreements, members and state, recovered by address alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from fractions import Fraction
from typing import Self

from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.agreement import Agreement
from seechain.agreement.roll import Voice
from seechain.agreement.text import NATIVE, currency_address
from seechain.chain import genuine, interface, published
from seechain.chain.decoding import LEFT, topic_of
from seechain.chain.events import Left, Registered
from seechain.chain.logs import read_events
from seechain.chain.node import ask, url_of
from seechain.chain.receipts import Receipts
from seechain.chain.records import Record, record_of
from seechain.chain.reverts import (
    AlreadyEnded,
    NodeError,
    NotRegistered,
    NotSeechain,
    SeeEnded,
    WrongAgreement,
    WrongTable,
)
from seechain.consent.messages import HashedTerms
from seechain.see import versions
from seechain.see.versions import Version
from seechain.share_table import ShareTable
from seechain.splitter import Line, Splitter

_SEE = interface.of("SEE")


class Recovered(Splitter):
    """The state of a SEE; what can be done with it is in `seechain.see.SEE`."""

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
        self.interface = _SEE
        self.registry, clone = genuine.check_see(w3, self.address)
        self._first_commitment = clone.commitment
        self._versions: dict[int, Version] = {}
        self._tables: list[ShareTable] = []
        self._seen: int | None = None  # the version that its user last looked at
        self.names = dict(names or {})
        if table is not None:
            self.give(table)

    @classmethod
    def of(cls, w3: Web3, address: str, agreement: Agreement) -> Self:
        """The SEE of an agreement that is at hand: of its first, registered or not, or of the
        one in force.

        Raises:
            NotSeechain: its clone does not stand there.
            WrongAgreement: the one there is of another agreement.
        """
        see = cls(w3, address, names={each.account: each.name for each in agreement.members})
        if see._first_commitment == agreement.commitment:
            if see.version == 0:
                see._versions[0] = Version.of_agreement(0, agreement)
        elif see.commitment != agreement.commitment:
            raise WrongAgreement(f"{see.address} is the SEE of another agreement")
        see._tables.append(agreement.table)
        return see

    # ------------------------------------------------------------ what it is

    @property
    def in_force(self) -> Version:
        """The version in force now.

        Raises:
            NotRegistered: it is not registered, and its first agreement is not at hand.
        """
        number = self.version
        if number not in self._versions:
            self._read_versions(number)
        self._seen = number
        return self._versions[number]

    @property
    def versions(self) -> tuple[Version, ...]:
        """All versions, the first first; the last is in force.

        Raises:
            NotRegistered: it is not registered, and its first agreement is not at hand.
        """
        self._seen = number = self.version
        if any(each not in self._versions for each in range(number + 1)):
            self._read_versions(number)
        return tuple(self._versions[each] for each in range(number + 1))

    @property
    def commitment(self) -> bytes:
        """The struct hash of the agreement in force."""
        return self.in_force.commitment

    @property
    def record(self) -> Record:
        """What the Registry has noted, read at each call.

        Raises:
            NotRegistered: nothing yet: until then this is a Splitter and no more.
        """
        return record_of(self.w3, self.registry, self.address)

    @property
    def registration(self) -> Registered:
        """The event by which it was registered.

        Raises:
            NotRegistered: there is none.
        """
        block = self.record.block_number
        return published.registration_of(self.w3, self.registry, self.address, block)

    @property
    def table(self) -> ShareTable:
        """The share table in force, recovered from what was published and checked.

        Raises:
            NotRegistered: it is not. NotPublished: the table was not, or not all of it.
        """
        return self.table_of(self.in_force)

    def table_of(self, version: Version) -> ShareTable:
        """The share table of a version. Raises as `table`."""
        for table in self._tables:
            if version.give(table):
                break
        return version.table(self.w3, self.registry, self.address)

    def give(self, table: ShareTable) -> None:
        """Takes a share table that is at hand, of any version.

        Raises:
            WrongTable: it is of no version of this SEE.
        """
        if not any(table.hash == each.table_hash for each in self.versions):
            raise WrongTable(f"this is not the share table that {self.address} has registered")
        self._tables.append(table)

    @property
    def terms(self) -> HashedTerms:
        """The terms as the chain shows them: the readable text by its hash alone."""
        return self.in_force.terms

    @property
    def roll(self) -> tuple[Voice, ...]:
        """Who has a voice: accounts and voices, ascending by account, without those who left."""
        roll = self.in_force.roll
        left = self._left
        return tuple(voice for place, voice in enumerate(roll) if not left >> place & 1)

    @property
    def currencies(self) -> tuple[str, ...]:
        """What the agreement expects to be paid in: "native" or addresses."""
        return self.in_force.currencies

    @property
    def quorum(self) -> Fraction:
        """Which part of the live voices decides."""
        return self.in_force.quorum

    @property
    def expires(self) -> datetime:
        """When the agreement is over, in UTC."""
        return self.in_force.expires

    @property
    def members(self) -> tuple[Line, ...]:
        """All who have a seat, a voice or both, ascending by account.

        A voice that left is no more; a seat that left is still listed, since what was due to it
        stays owed: see `leavers`.
        """
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

    @property
    def leavers(self) -> frozenset[str]:
        """The members whose seat has left the agreement in force."""
        version = self.in_force
        first = version.start[0] if version.start else 0
        events = read_events(self.w3, self.address, [topic_of(LEFT)], first)
        return frozenset(
            event.account
            for event in events
            if isinstance(event, Left)
            and event.version == version.number
            and event.currency == NATIVE
        )

    def redirected(self, account: str) -> str:
        """Where a member's money goes: to itself, unless it was redirected."""
        account = checksum(account_bytes(account))
        to, _ = ask(self.w3, self.address, _SEE, "redirected", account)
        return checksum(account_bytes(to)) if int(to, 16) else account

    def dues_key(self, currency: str) -> tuple[object, ...]:
        """Which dues the contract is asked for: of a currency, in the version in force."""
        return currency_address(currency), self.version

    def book_version(self, currency: str) -> int:
        """The version to which the book of a currency belongs: an older one than that in force
        only where a token could not be read, or is of no agreement."""
        return int(ask(self.w3, self.address, _SEE, "book", currency_address(currency))[0])

    # ------------------------------------------------------------ internals

    @contextmanager
    def as_seen(self) -> Iterator[int]:
        """The version that its user last looked at, or else the one in force.

        What is read inside, nobody has looked at.
        """
        looked = self._seen
        try:
            yield self.version if looked is None else looked
        finally:
            self._seen = looked

    def named_text(self, account: str) -> str:
        """How messages call an account."""
        name = self.names.get(account)
        return f"{name} ({account})" if name else account

    def check_payable(self) -> None:
        """Checks that it still takes payments.

        Raises:
            SeeEnded: it does not.
        """
        if ask(self.w3, self.address, self.interface, "ended"):
            raise SeeEnded(f"the payment to {self.address} was refused: {SeeEnded.sentence}")

    def live(self) -> Record:
        """Its record, while it lives.

        Raises:
            NotRegistered, AlreadyEnded: it does not.
        """
        record = self.record
        if record.ended:
            raise AlreadyEnded(f"{self.address} ended on {record.ended:%Y-%m-%d %H:%M} UTC")
        return record

    @property
    def publication_start(self) -> tuple[int, int]:
        """From which block on, and which place in its log, its table may have been published."""
        return self.in_force.start or (0, 0)

    @property
    def table_key(self) -> tuple[bytes, int, int, bytes]:
        """The table as the contracts take it: root, total shares, pages, hash of the terms."""
        return self.in_force.key

    @property
    def _left(self) -> int:
        try:
            return self.record.left
        except NotRegistered:
            return 0

    def _read_versions(self, number: int) -> None:
        found = versions.history(self.w3, self.registry, self.address, self.record)
        if found[0].commitment != self._first_commitment:
            raise NotSeechain(
                f"the node shows a registration of {self.address} that is not its own"
            )
        if number >= len(found):
            raise NodeError(
                f"the node at {url_of(self.w3)} says that version {number} of {self.address} is in"
                f" force, and shows {len(found)}: try again, or ask another node"
            )
        self._versions |= {each.number: each for each in found}
