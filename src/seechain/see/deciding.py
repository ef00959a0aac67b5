"""What the voices of a SEE decide: the next agreement, the end, what it signs itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from seechain.accounts import account_bytes, checksum
from seechain.agreement import PUBLISHED_SEATS, Agreement
from seechain.agreement.text import check_text
from seechain.chain import interface
from seechain.chain.node import chain_id_of, now_of
from seechain.chain.receipts import Receipt, Receipts
from seechain.chain.records import deadline_at, deadline_of
from seechain.chain.reverts import NoQuorum, NotExpired, WrongMessage, WrongVersion
from seechain.consent import FIELDS, Consent, Kind
from seechain.consent.signatures import Packed, Poll, check_place, check_subject, pack
from seechain.consent.signers import sign_subject
from seechain.consent.subjects import Amendment, Deregistration, Endorsement, Subject
from seechain.errors import AgreementError, SignatureError
from seechain.see.versions import Version
from seechain.sending.senders import Call, Sender, address_of, send
from seechain.sending.tasks import doing, joined
from seechain.splitter import publishing

if TYPE_CHECKING:
    from seechain.see import SEE

GRACE = 7 * 24 * 3600  # seconds after the expiry, in which only the voices end a SEE
_REGISTRY = interface.of("Registry")
_ALONE = (Kind.LEAVING, Kind.REDIRECTION, Kind.PUBLICATION, Kind.POSTING)


def check_agreement(agreement: Agreement) -> None:
    """Checks that the readable text says what is signed beside it.

    Raises:
        AgreementError: it does not; names what differs.
    """
    signed = agreement.signed
    check_text(
        signed.text,
        agreement.table,
        signed.roll,
        quorum=signed.quorum,
        expiry=signed.expiry,
        currencies=signed.currencies,
        nonce=signed.nonce,
    )


def place(see: SEE, deadline: int | None) -> tuple[int, str, int]:
    """Chain, Registry and deadline of what is signed now; by default a week from now."""
    now = now_of(see.w3)
    chosen = deadline_at(now) if deadline is None else deadline_of(deadline, now)
    return chain_id_of(see.w3), see.registry, chosen


def amendment(see: SEE, agreement: Agreement, deadline: int | None) -> Amendment:
    """See `SEE.amendment`."""
    check_agreement(agreement)
    agreement.check(now_of(see.w3))
    version = see.live().version
    if agreement.commitment == see.commitment:
        raise AgreementError(
            "it is in force already: give it another nonce to start anew with the same"
        )
    return Amendment(*place(see, deadline), see.address, version, agreement)


def deregistration(see: SEE, deadline: int | None) -> Deregistration:
    """See `SEE.deregistration`."""
    return Deregistration(*place(see, deadline), see.address, see.live().version)


def endorsement(see: SEE, subject: Subject, member: str | None) -> Endorsement:
    """See `SEE.endorsement`."""
    if subject.kind is Kind.REDIRECTION:
        raise WrongMessage(f"{see.address} can't sign this: {WrongMessage.sentence}")
    check_here(see, subject.chain_id, subject.registry)
    account = see.address if member is None else checksum(account_bytes(member))
    where = (subject.chain_id, subject.registry, subject.deadline)
    version = see.record.version
    return Endorsement(*where, see.address, version, subject.kind, account, subject.hash)


def check_here(see: SEE, chain_id: int, registry: str) -> None:
    """Checks that something is for this chain and Registry.

    Raises:
        SignatureError: it is not.
    """
    if (chain_id, registry) != (chain_id_of(see.w3), see.registry):
        raise SignatureError(
            f"this is to be signed for the Registry {registry} on chain {chain_id}, {see.address}"
            f" is of {see.registry} on chain {chain_id_of(see.w3)}"
        )


def check_version(see: SEE, subject: Subject) -> None:
    """Checks that what is signed is still about the agreement in force.

    Raises:
        WrongVersion: it is not.
    """
    about, version = getattr(subject, "version", None), see.version
    if about not in (None, version):
        raise WrongVersion(
            f"this {subject.kind} is for version {about} of the agreement of {see.address},"
            f" version {version} is in force: look at it, then make another"
        )


def sign(see: SEE, subject: Subject, account: Sender) -> Consent:
    """See `SEE.sign`."""
    who = address_of(account)
    consent(see, subject, who, bytes(65))  # refuses strangers before they sign
    return consent(see, subject, who, sign_subject(see.w3, account, subject))


def consent(see: SEE, subject: Subject, account: str, signature: bytes) -> Consent:
    """See `SEE.consent`."""
    account = checksum(account_bytes(account))
    made = subject.consent(account, signature)
    if made.see is None:
        raise SignatureError("a registration is signed with registry.sign(agreement, account)")
    if made.see != see.address:
        raise SignatureError(f"this is about the SEE {made.see}, not {see.address}")
    check_version(see, subject)
    if subject.kind in _ALONE:
        check_place(chain_id_of(see.w3), see.registry, made, see.named_text(account))
        owner = getattr(subject, "account", account)
        if owner != account:
            raise SignatureError(
                f"only {see.named_text(owner)} signs this, not {see.named_text(account)}"
            )
    else:
        check_subject(_poll(see, subject.kind, subject.about), made)
    return made


def amend(
    see: SEE,
    agreement: Agreement,
    consents: Iterable[Consent],
    sender: Sender,
    publish: bool | None,
) -> Receipts:
    """See `SEE.amend`."""
    if publish is None:
        publish = len(agreement.table) <= PUBLISHED_SEATS
    with doing(see.w3, "amend", see.address, agreement.commitment, publish) as earlier:
        if earlier.is_complete:
            return earlier.receipts
        at_once = publish and agreement.table.pages <= publishing.AT_ONCE
        made = earlier.receipts or [_amend(see, agreement, consents, sender, at_once)]
        see.give(agreement.table)
        see.names |= {each.account: each.name for each in agreement.members}
        further = see.publish(sender=sender) if publish and not at_once else Receipts()
        return joined(made, further)


def _amend(
    see: SEE, agreement: Agreement, consents: Iterable[Consent], sender: Sender, at_once: bool
) -> Receipt:
    asked = amendment(see, agreement, None)
    packed = _packed(see, Kind.AMENDMENT, asked.about, consents)
    old, table = see.in_force, agreement.table
    data = _REGISTRY.encode(
        "amend",
        see.address,
        *old.preimage,
        *Version.of_agreement(old.number + 1, agreement).preimage,
        packed.deadline,
        packed.signatures,
        table.words if at_once else b"",
        publishing.sums_of(table) if at_once else 0,
    )
    what = f"the amendment of {see.address} by {agreement.name!r}"
    return send(see.w3, Call(see.registry, data, what), sender)


def deregister(see: SEE, consents: Iterable[Consent], sender: Sender) -> Receipts:
    """See `SEE.deregister`."""
    about = {"see": see.address, "version": see.live().version}
    packed = _packed(see, Kind.DEREGISTRATION, about, consents)
    preimage = see.in_force.preimage
    data = _REGISTRY.encode(
        "deregister", see.address, *preimage[:2], packed.deadline, *preimage[2:], packed.signatures
    )
    what = f"the deregistration of {see.address}"
    return _send(see, data, what, sender)


def expire(see: SEE, sender: Sender) -> Receipts:
    """See `SEE.expire`."""
    see.live()
    ready = see.terms.expiry + GRACE
    if now_of(see.w3) < ready:
        raise NotExpired(
            f"{see.address} can be ended by anyone from"
            f" {datetime.fromtimestamp(ready, UTC):%Y-%m-%d} on, seven days after its expiry"
        )
    data = _REGISTRY.encode("expire", see.address, *see.in_force.preimage)
    what = f"the end after the expiry of {see.address}"
    return _send(see, data, what, sender)


def endorse(see: SEE, wanted: Endorsement, consents: Iterable[Consent], sender: Sender) -> Receipts:
    """See `SEE.endorse`."""
    if wanted.see != see.address:
        raise SignatureError(f"this is to be endorsed by {wanted.see}, not by {see.address}")
    check_version(see, wanted)
    packed = _packed(see, Kind.ENDORSEMENT, wanted.about, consents)
    data = _REGISTRY.encode(
        "endorse",
        see.address,
        *see.in_force.preimage,
        wanted.act.type_hash,
        wanted.member,
        wanted.subject,
        packed.deadline,
        packed.signatures,
    )
    what = f"the endorsement of {wanted.act.with_article} by {see.address}"
    return _send(see, data, what, sender)


def _send(see: SEE, data: bytes, what: str, sender: Sender) -> Receipts:
    return Receipts([send(see.w3, Call(see.registry, data, what, is_last=True), sender)])


def _poll(see: SEE, kind: Kind, about: dict[str, Any]) -> Poll:
    return Poll(
        kind=kind,
        about={field: about[field] for field in FIELDS[kind]},
        chain_id=chain_id_of(see.w3),
        registry=see.registry,
        roll=see.terms.roll,
        names=see.names,
        left=see.record.left,
    )


def _packed(see: SEE, kind: Kind, about: dict[str, Any], consents: Iterable[Consent]) -> Packed:
    """Consents, checked and packed; they must reach the quorum.

    Raises:
        NoQuorum: they do not.
    """
    packed = pack(see.w3, _poll(see, kind, about), consents, now_of(see.w3))
    numerator, denominator = see.terms.quorum
    if packed.yes == 0 or packed.yes * denominator < packed.live * numerator:
        raise NoQuorum(
            f"{packed.yes} of {packed.live} voices have signed, the quorum is {see.quorum}:"
            f" missing are {', '.join(packed.missing)}"
        )
    return packed
