"""What a member of a SEE does alone: leave, redirect its money, say where the agreement is.

It sends itself, or it signs and anyone sends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from seechain.accounts import account_bytes, checksum
from seechain.agreement.text import NATIVE, currency_address
from seechain.chain import interface
from seechain.chain.events import Redirected
from seechain.chain.node import ask, chain_id_of, now_of
from seechain.chain.receipts import Receipt, Receipts
from seechain.chain.reverts import (
    AlreadyLeft,
    LastShare,
    WrongAccount,
    WrongMessage,
    WrongVersion,
)
from seechain.consent import Consent, Kind
from seechain.consent.signatures import check_place, pack_alone
from seechain.consent.subjects import Leaving, Publication, Redirection, Subject
from seechain.errors import AgreementError, SignatureError
from seechain.see.arrears import holds, named
from seechain.see.deciding import place
from seechain.sending.senders import Call, Sender, address_of, send
from seechain.sending.tasks import doing, joined
from seechain.splitter import claims

if TYPE_CHECKING:
    from seechain.see import SEE

MAX_URI = 256  # bytes
MOST_TOKENS = 16  # that one redirect names
_REGISTRY = interface.of("Registry")
_SEE = interface.of("SEE")
_Subject = TypeVar("_Subject", bound=Subject)


def account_of(member: Sender | Consent) -> str:
    """Who leaves, redirects or says something: the account, or whose consent it is."""
    return member.account if isinstance(member, Consent) else address_of(member)


def leaving(see: SEE, account: str, seat: bool | None, voice: bool | None) -> Leaving:
    """See `SEE.leaving`."""
    account = checksum(account_bytes(account))
    who, record = see.named_text(account), see.live()
    voices = {each.account for each in see.roll}
    if voice is None:
        voice = account in voices
    has_seat = seat is not False and account in see.table
    if seat is None:
        seat = has_seat and account not in see.leavers
    elif seat and account in see.leavers:
        raise AlreadyLeft(f"the seat of {who} has left before")
    if voice and account not in voices:
        raise SignatureError(f"{who} has no voice in this agreement, or it has left")
    if not seat and not voice:
        raise AlreadyLeft(f"{who} has nothing to leave: no seat and no voice, or both have left")
    index = see.table.index(account) if seat else 0
    return Leaving(*place(see, None), account, see.address, record.version, voice, seat, index)


def leave(
    see: SEE,
    member: Sender | Consent,
    seat: bool | None,
    voice: bool | None,
    sender: Sender | None,
) -> Receipts:
    """See `SEE.leave`."""
    if isinstance(member, Consent):
        left = of_consent(see, member, Kind.LEAVING, Leaving)
        _check_leaving(see, left, seat, voice)
    else:
        left = leaving(see, address_of(member), seat, voice)
    if left.seat:
        _check_not_last(see, left.account)
    signature, sender = authorised(see, member, left, sender)
    receipts = _joined(see, left.account, sender) if left.seat else []
    what = f"the leaving of {see.named_text(left.account)}"
    if left.voice:
        spot = [each.account for each in see.in_force.roll].index(left.account)
        data = _REGISTRY.encode(
            "leave",
            see.address,
            *see.in_force.preimage,
            left.account,
            spot,
            left.seat,
            left.index,
            left.deadline,
            signature,
        )
    else:
        words = see.in_force.terms.currency_words
        arguments = (left.account, left.version, left.index, words, left.deadline, signature)
        data = _REGISTRY.encode("leave_seat", see.address, *arguments)
    receipts.append(send(see.w3, Call(see.registry, data, what, is_last=True), sender))
    return Receipts(receipts)


def redirection(see: SEE, account: str, to: str) -> Redirection:
    """See `SEE.redirection`."""
    account, to = checksum(account_bytes(account)), checksum(account_bytes(to))
    if to == see.address or not int(to, 16):
        raise WrongAccount(f"redirecting {see.named_text(account)}: {WrongAccount.sentence}")
    claims.seat_of(see, account)
    if to == see.redirected(account):
        raise WrongAccount(f"the money of {see.named_text(account)} goes to {to} already")
    _, times = ask(see.w3, see.address, _SEE, "redirected", account)
    return Redirection(*place(see, None), account, see.address, to, times)


def redirect(see: SEE, member: Sender | Consent, to: str | None, sender: Sender | None) -> Receipts:
    """See `SEE.redirect`."""
    with doing(see.w3, "redirect", see.address, account_of(member), to) as earlier:
        if earlier.is_complete:
            return earlier.receipts
        made = earlier.receipts
        if not any(isinstance(event, Redirected) for event in made.events):
            made = joined(made, _redirect(see, member, to, sender))
        # The tokens of many versions: the further ones look for the redirect when they are touched.
        payer = member if sender is None else sender
        late = [each for each in _tokens(see)[MOST_TOKENS:] if holds(see, each)]
        return joined(made, [see.touch(each, sender=payer) for each in late])


def _tokens(see: SEE) -> list[str]:
    return [each for each in named(see, None) if each != NATIVE]


def _redirect(
    see: SEE, member: Sender | Consent, to: str | None, sender: Sender | None
) -> list[Receipt]:
    if isinstance(member, Consent):
        wanted = of_consent(see, member, Kind.REDIRECTION, Redirection)
        _check_redirection(see, wanted, to)
    elif hasattr(member, "endorsement"):
        raise WrongMessage(f"{address_of(member)} can't do this: {WrongMessage.sentence}")
    elif to is None:
        raise WrongAccount("a redirect names where the money goes: to=ADDRESS")
    else:
        wanted = redirection(see, address_of(member), to)
    signature, sender = authorised(see, member, wanted, sender)
    key, receipts = _proven_seat(see, wanted.account, sender)
    arguments = (key, _tokens(see)[:MOST_TOKENS], wanted.deadline, signature)
    data = _SEE.encode("redirect", wanted.account, wanted.to, *arguments)
    what = f"the redirect of {see.named_text(wanted.account)} to {wanted.to}"
    return [*receipts, send(see.w3, Call(see.address, data, what), sender)]


def publication(see: SEE, account: str, uri: str) -> Publication:
    """See `SEE.publication`."""
    if not uri:
        raise AgreementError("a URI says where the agreement is found, got none")
    if len(uri.encode()) > MAX_URI:
        raise AgreementError(f"a URI has at most {MAX_URI} bytes, got {len(uri.encode())}")
    return Publication(*place(see, None), checksum(account_bytes(account)), see.address, uri)


def locate(see: SEE, uri: str, sender: Sender, member: Sender | Consent | None) -> Receipts:
    """See `SEE.locate`."""
    if isinstance(member, Consent):
        said = of_consent(see, member, Kind.PUBLICATION, Publication)
        if said.uri != uri:
            raise SignatureError(f"{see.named_text(said.account)} signed for {said.uri}, not {uri}")
    else:
        said = publication(see, address_of(sender if member is None else member), uri)
    signature, sender = authorised(see, sender if member is None else member, said, sender)
    data = _REGISTRY.encode("locate", see.address, said.account, uri, said.deadline, signature)
    call = Call(see.registry, data, f"locating {see.address}", is_last=True)
    return Receipts([send(see.w3, call, sender)])


def _check_leaving(see: SEE, left: Leaving, seat: bool | None, voice: bool | None) -> None:
    """Checks that what a member has signed is what is asked for, and can still be done."""
    who, version = see.named_text(left.account), see.live().version
    if left.version != version:
        raise WrongVersion(
            f"{who} signed to leave version {left.version}, version {version} is in force:"
            " sign again"
        )
    for name, asked, signed in (("seat", seat, left.seat), ("voice", voice, left.voice)):
        if asked not in (None, signed):
            raise SignatureError(
                f"{who} signed to {'leave' if signed else 'keep'} its {name}: sign again"
            )
    if not left.seat and not left.voice:
        raise AlreadyLeft(f"{who} signed to keep its seat and its voice: there is nothing to leave")
    if left.seat and left.account in see.leavers:
        raise AlreadyLeft(f"the seat of {who} has left before")
    if left.voice and left.account not in {each.account for each in see.roll}:
        raise SignatureError(f"{who} has no voice in this agreement, or it has left")


def _check_not_last(see: SEE, account: str) -> None:
    """Refuses the last share before the seat joins for nothing."""
    _, gone = ask(see.w3, see.address, _SEE, "book", currency_address(NATIVE))
    table = see.table
    if gone + table.seat(table.index(account)).shares >= table.shares:
        raise LastShare(f"{see.named_text(account)} can't leave its seat: {LastShare.sentence}")


def _check_redirection(see: SEE, wanted: Redirection, to: str | None) -> None:
    who = see.named_text(wanted.account)
    if to is not None and checksum(account_bytes(to)) != wanted.to:
        raise SignatureError(f"{who} signed for its money to go to {wanted.to}, not to {to}")
    times = ask(see.w3, see.address, _SEE, "redirected", wanted.account)[1]
    if wanted.times != times:
        raise SignatureError(
            f"{who} has redirected its money {times} times, and signed for after"
            f" {wanted.times}: sign again"
        )


def _proven_seat(see: SEE, account: str, sender: Sender) -> tuple[int, list[Receipt]]:
    """The key of a seat that has joined; where none has, the latest is proven first.

    Raises:
        ShareTableError: the account never had one.
    """
    latest, index = claims.seat_of(see, account)
    for version in reversed(see.versions):
        table = see.table_of(version)
        if account in table:
            place_ = table.index(account)
            if claims.has_joined(see, account, place_, version.number):
                return claims.key_of(account, place_, version.number), []
    version = see.versions[latest]
    seat = claims.proof_of(version, see.table_of(version), index)
    data = _SEE.encode("claim_versions", [seat], [], [])
    what = f"proving the seat of {see.named_text(account)}"
    receipt = send(see.w3, Call(see.address, data, what), sender)
    return claims.key_of(account, index, latest), [receipt]


def of_consent(see: SEE, given: Consent, kind: Kind, subject: type[_Subject]) -> _Subject:
    """What a member has signed, as far as it is for this SEE."""
    who = see.named_text(given.account)
    check_place(chain_id_of(see.w3), see.registry, given, who)
    if given.kind is not kind:
        raise SignatureError(
            f"the consent of {who} is for {given.kind.with_article}, not {kind.with_article}:"
            " sign again"
        )
    if given.see != see.address:
        raise SignatureError(
            f"the consent of {who} is for {given.see}, not {see.address}: sign again"
        )
    where: tuple[Any, ...] = (given.chain_id, given.registry, given.deadline, given.account)
    return subject(*where, **given.about)


def authorised(
    see: SEE, member: Sender | Consent, subject: Subject, sender: Sender | None
) -> tuple[bytes, Sender]:
    """The member's signature, where somebody else sends, and who sends."""
    if isinstance(member, Consent):
        if sender is None:
            raise SignatureError("a consent is sent by somebody: name the sender")
        who = see.named_text(member.account)
        return pack_alone(see.w3, member, who, now_of(see.w3)), sender
    who = address_of(member)
    if sender is None and hasattr(member, "endorsement"):
        raise SignatureError(f"the SEE {who} sends nothing itself: name the sender")
    if sender is None or address_of(sender) == who:
        return b"", member
    consent = see.sign(subject, member)
    return pack_alone(see.w3, consent, see.named_text(who), now_of(see.w3)), sender


def _joined(see: SEE, account: str, sender: Sender) -> list[Receipt]:
    """Joins a seat that has not acted yet: it is proven first."""
    if account not in see.table or claims.has_joined(see, account, see.table.index(account)):
        return []
    return [claims.join(see, account, sender, False)]
