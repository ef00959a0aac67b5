"""The Registry: where SEEs are formed by the consent of those who have a voice.

registry = Registry.deploy(w3, sender=anyone)         # or Registry(w3) where it stands
consents = [registry.sign(agreement, account) for account in voices]
see = registry.register(agreement, consents, sender=facilitator)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.agreement import PUBLISHED_SEATS, Agreement
from seechain.chain import clones, genuine, interface, published
from seechain.chain.decoding import AMENDED, topic_of
from seechain.chain.deployer import deploy_registry
from seechain.chain.events import Amended, Registered
from seechain.chain.logs import read_events
from seechain.chain.node import chain_id_of, code_of, now_of
from seechain.chain.receipts import Receipt, Receipts
from seechain.chain.records import Record, deadline_at, deadline_of, record_of
from seechain.chain.reverts import AlreadyRegistered, MissingVoice, NotRegistered
from seechain.consent import Consent, Kind
from seechain.consent.signatures import Poll, check_subject, pack
from seechain.consent.signers import sign_subject
from seechain.consent.subjects import Registration
from seechain.see import SEE
from seechain.see.deciding import check_agreement
from seechain.see.versions import Version
from seechain.sending.senders import Call, Sender, address_of, send
from seechain.sending.tasks import doing, joined, once
from seechain.share_table import ShareTable
from seechain.splitter import Splitter
from seechain.splitter.publishing import AT_ONCE, sums_of

_REGISTRY = interface.of("Registry")


class Registry:
    """The Registry of this version of seechain on one chain.

    Args:
        address: of another than the one that the deterministic deployer made.

    Raises:
        AccountError: the address is none.
        NoRegistry: no Registry of this version stands there.
    """

    def __init__(self, w3: Web3, address: str | None = None) -> None:
        self.w3 = w3
        self.address = (
            clones.registry_address() if address is None else checksum(account_bytes(address))
        )
        genuine.check_registry(w3, self.address)
        self.chain_id = chain_id_of(w3)
        self.receipts = Receipts()  # of the transactions that deployed it, where it was done here
        self._deadlines: dict[bytes, int] = {}

    @classmethod
    def deploy(cls, w3: Web3, *, sender: Sender) -> Registry:
        """The Registry at its known address; what is missing of it is deployed first.

        Raises:
            NoRegistry: the chain can't have it. Else as `send`.
        """
        address = clones.registry_address()
        receipts = once(w3, "deploy", address, (), lambda: deploy_registry(w3, sender))
        registry = cls(w3)
        registry.receipts = receipts
        return registry

    def address_of(self, agreement: Agreement) -> str:
        """The address of an agreement's SEE, known before it is registered, on every chain."""
        return clones.see_address(self.address, agreement.commitment)

    def see(self, address: str) -> SEE:
        """The SEE at an address.

        Raises:
            NotSeechain: there is none.
        """
        return SEE(self.w3, address)

    def record(self, see: str | SEE) -> Record:
        """What is noted of a SEE.

        Raises:
            NotRegistered: nothing.
        """
        return record_of(self.w3, self.address, address_of(getattr(see, "address", see)))

    def sees(self, first: int = 0, last: int | None = None) -> Iterator[Record]:
        """Walks all SEEs that were registered in blocks `first` to `last` (the latest)."""
        for event in read_events(self.w3, self.address, [published.REGISTERED_TOPIC], first, last):
            if isinstance(event, Registered):
                yield self.record(event.see)

    def titles(self, agreements: Iterable[Agreement]) -> dict[str, str]:
        """Names of SEEs by address: of an agreement's own, registered or not, and of those that it
        has changed."""
        found = {}
        for each in agreements:
            topics = [topic_of(AMENDED), None, each.commitment]
            found[self.address_of(each)] = each.name
            for event in read_events(self.w3, self.address, topics):
                if isinstance(event, Amended):
                    found[event.see] = each.name
        return found

    def message(
        self, agreement: Agreement, account: str, deadline: int | None = None
    ) -> dict[str, Any]:
        """The typed data (EIP-712) by which a voice agrees: plain JSON, for any wallet.

        Args:
            deadline: unix seconds until which the signature counts; by default the end of the
                day, UTC, seven days from now. All voices sign the same.

        Raises:
            AgreementError: its text and its table differ.
        """
        return self.registration(agreement, deadline).message(address_of(account))

    def registration(self, agreement: Agreement, deadline: int | None = None) -> Registration:
        """What the voices sign, for a SEE among them to endorse. deadline: as `message`.

        Raises:
            AgreementError: its text and its table differ.
        """
        check_agreement(agreement)
        return self._wanted(agreement, self._deadline(agreement, deadline, now_of(self.w3)))

    def sign(self, agreement: Agreement, account: Sender, deadline: int | None = None) -> Consent:
        """The consent of a voice to an agreement.

        Args:
            account: an eth-account account, an Ape account, an address that the node signs for,
                or a SEE that has endorsed it. deadline: as `message`.

        Raises:
            AgreementError: the agreement's text and table differ, or it has expired.
            SignatureError: the account has no voice, or does not sign.
        """
        now = now_of(self.w3)
        agreement.check(now)
        address = address_of(account)
        wanted = self._wanted(agreement, self._deadline(agreement, deadline, now))
        self._consent(wanted, address, bytes(65))  # refuses strangers first
        check_agreement(agreement)
        return self._consent(wanted, address, sign_subject(self.w3, account, wanted))

    def consent(
        self, agreement: Agreement, account: str, signature: bytes, deadline: int | None = None
    ) -> Consent:
        """The consent of a voice from the signature that its wallet made under `message`.

        Raises:
            SignatureError: the account has no voice.
        """
        wanted = self._wanted(agreement, self._deadline(agreement, deadline, now_of(self.w3)))
        return self._consent(wanted, account, signature)

    def register(
        self,
        agreement: Agreement,
        consents: Iterable[Consent],
        *,
        sender: Sender,
        publish: bool | None = None,
    ) -> SEE:
        """Forms the SEE. Anyone may submit what every voice has signed, and pays the gas.

        Args:
            publish: whether to publish the share table, so that the SEE is recovered from its
                address alone; by default up to 1,000 seats. What is beyond 128 seats takes
                further transactions; `SEE.publish` resumes them.

        Raises:
            AgreementError: its text and its table differ, or it has expired.
            AlreadyRegistered: it was. MissingVoice: not every voice has signed.
            WrongChain, TooLate, BadSignature, SignatureError: a consent does not count; names
                the member. Else as `send`.
        """
        check_agreement(agreement)
        address, table = self.address_of(agreement), agreement.table
        if publish is None:
            publish = len(table) <= PUBLISHED_SEATS
        at_once = publish and table.pages <= AT_ONCE
        with doing(self.w3, "register", address, publish) as earlier:
            made = earlier.receipts or [self._register(agreement, consents, sender, at_once)]
            see = SEE.of(self.w3, address, agreement)
            further = see.publish(sender=sender) if publish and not at_once else Receipts()
            see.receipts = joined(made, further)
            return see

    def _register(
        self, agreement: Agreement, consents: Iterable[Consent], sender: Sender, at_once: bool
    ) -> Receipt:
        now = now_of(self.w3)
        agreement.check(now)
        self._check_new(agreement)
        packed = pack(self.w3, self._poll(agreement), consents, now)
        if packed.missing:
            raise MissingVoice(
                f"registering needs every voice: missing is the consent of"
                f" {', '.join(packed.missing)}"
            )
        table, preimage = agreement.table, Version.of_agreement(0, agreement).preimage
        data = _REGISTRY.encode(
            "register",
            *preimage[:2],
            packed.deadline,
            *preimage[2:],
            packed.signatures,
            table.words if at_once else b"",
            sums_of(table) if at_once else 0,
        )
        what = f"the registration of {agreement.name!r}"
        return send(self.w3, Call(self.address, data, what), sender)

    def deploy_clone(self, agreement: Agreement, *, sender: Sender) -> Splitter:
        """Deploys an agreement's clone before it is registered: a Splitter and nothing more.

        What is paid to its address splits by the first table, with nobody's signature.

        Returns:
            The SEE that is to be, on which claims and payouts work already.
        """
        address = self.address_of(agreement)
        receipts: list[Receipt] = []
        with doing(self.w3, "deploy", address) as earlier:
            if not code_of(self.w3, address):
                table = agreement.table
                key = (table.root, table.shares, table.pages, agreement.terms_hash)
                what = f"deploying the clone of {agreement.name!r}"
                data = _REGISTRY.encode("deploy", key)
                receipts.append(send(self.w3, Call(self.address, data, what), sender))
            see = SEE.of(self.w3, address, agreement)
            see.receipts = joined(earlier.receipts, receipts)
            return see

    def create_splitter(
        self,
        table: ShareTable | Mapping[str, int] | Iterable[tuple[str, int]],
        *,
        sender: Sender,
        salt: bytes | int = 0,
        publish: bool | None = None,
    ) -> Splitter:
        """Creates a fixed Splitter, or finds the one that there is.

        Args:
            table: a share table, or accounts with their shares.
            salt: tells apart Splitters of the same table. publish: as `register`.

        Raises:
            ShareTableError: the table can't stand. Else as `send`.
        """
        table = _table(table)
        salt = salt.to_bytes(32, "big") if isinstance(salt, int) else salt
        implementation = genuine.splitter_implementation(self.w3, self.address)
        address = clones.clone_address(self.address, implementation, table.hash, salt)
        if publish is None:
            publish = len(table) <= PUBLISHED_SEATS
        at_once = publish and table.pages <= AT_ONCE
        with doing(self.w3, "create", address, publish) as earlier:
            made = earlier.receipts
            if not code_of(self.w3, address):
                made = joined(made, [self._create(table, salt, address, sender, at_once)])
            splitter = Splitter(self.w3, address, table=table, registry=self.address, salt=salt)
            if made and publish and not at_once:
                made = joined(made, splitter.publish(sender=sender))
            splitter.receipts = made
            return splitter

    def _create(
        self, table: ShareTable, salt: bytes, address: str, sender: Sender, at_once: bool
    ) -> Receipt:
        arguments: tuple[Any, ...] = (table.root, table.shares, table.pages, salt)
        if at_once:
            arguments += (table.words, sums_of(table))
        data = _REGISTRY.encode("create_published" if at_once else "create", *arguments)
        what = f"creating the Splitter {address}"
        return send(self.w3, Call(self.address, data, what), sender)

    def _wanted(self, agreement: Agreement, deadline: int) -> Registration:
        return Registration(self.chain_id, self.address, deadline, agreement)

    def _consent(self, wanted: Registration, account: str, signature: bytes) -> Consent:
        consent = wanted.consent(address_of(account), signature)
        check_subject(self._poll(wanted.agreement), consent)
        return consent

    def _deadline(self, agreement: Agreement, deadline: int | None, now: int) -> int:
        if deadline is not None:
            return deadline_of(deadline, now)
        # One and the same for all who sign here, also across midnight.
        known = self._deadlines.get(agreement.commitment, 0)
        if known <= now:
            known = self._deadlines[agreement.commitment] = deadline_at(now)
        return known

    def _poll(self, agreement: Agreement) -> Poll:
        return Poll(
            kind=Kind.REGISTRATION,
            about={"commitment": agreement.commitment},
            chain_id=self.chain_id,
            registry=self.address,
            roll=agreement.roll,
            names=_names(agreement),
        )

    def _check_new(self, agreement: Agreement) -> None:
        try:
            record = self.record(self.address_of(agreement))
        except NotRegistered:
            return
        raise AlreadyRegistered(
            f"{agreement.name!r} was registered on {record.registered:%Y-%m-%d %H:%M} UTC as"
            f" {record.see}: give the next agreement another nonce"
        )


def _names(agreement: Agreement) -> dict[str, str]:
    return {member.account: member.name for member in agreement.members}


def _table(table: ShareTable | Mapping[str, int] | Iterable[tuple[str, int]]) -> ShareTable:
    if isinstance(table, ShareTable):
        return table
    return ShareTable.from_seats(table.items() if isinstance(table, Mapping) else table)
