"""What is signed: each act with its message, where its consents are, and what it does in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from seechain.agreement import Agreement
from seechain.chain.node import now_of
from seechain.chain.reverts import WrongAgreement, WrongChain
from seechain.cli.act import Act, call, typed, voices_of
from seechain.cli.desk import Desk
from seechain.cli.papers import (
    agreement_at,
    consents_at,
    is_of_many,
    path_of,
    read_consent,
)
from seechain.cli.telling import tell, when
from seechain.consent import Kind
from seechain.consent.consents import Consents
from seechain.consent.subjects import Subject
from seechain.errors import SignatureError
from seechain.registry import Registry
from seechain.see import SEE

consents_option = click.option(
    "--consents",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A further file of consents, beside the one that `sign` writes: all are put together.",
)


def load(desk: Desk, path: Path, *, check_expiry: bool = True) -> Agreement:
    """Reads an agreement, or the one in a file of consents, and shows what is signed."""
    return _shown(desk, agreement_at(path, check_expiry=check_expiry))


def registering(
    desk: Desk, path: Path, consents: Iterable[Path], at: Callable[[], Registry]
) -> Act:
    """An agreement comes into force. at: the Registry, once the file was read."""
    agreement = load(desk, path)
    desk.say("This is to register a new SEE.\n")
    registry = at()
    deadline = _deadline(desk, path, consents, Kind.REGISTRATION, agreement)
    subject = registry.registration(agreement, deadline)
    voices = {each.account: each.name for each in agreement.members if each.voices}
    return Act(desk, subject, registry, path_of(path), typed(path), voices)


def amending(desk: Desk, path: Path, see: SEE, consents: Iterable[Path], account: str) -> Act:
    """The next agreement of a SEE comes into force. account: to whom it is shown.

    Raises:
        WrongAgreement: it is in force already.
    """
    agreement = load(desk, path)
    see.live()
    if agreement.commitment == see.commitment:
        raise WrongAgreement(
            f"{path} changes nothing: it is the agreement of {see.address} that is in force,"
            f" version {see.version}"
        )
    desk.say(f"This is to change the SEE {see.address}.\n")
    changes = see.changes(agreement)
    desk.say(f"{changes}\n", lines=True)
    tell_returning(desk, see, agreement)
    if mine := changes.of(account):
        desk.say(f"For you: {mine}\n")
    see.names |= {each.account: each.name for each in agreement.members}
    deadline = _deadline(desk, path, consents, Kind.AMENDMENT, agreement)
    subject = see.amendment(agreement, deadline)
    return Act(
        desk, subject, see, path_of(path), f"{typed(path)} --see {see.address}", voices_of(see)
    )


def ending(desk: Desk, see: SEE, consents: Iterable[Path]) -> Act:
    """A SEE ends."""
    path = path_of(Path(see.address))
    deadline = _deadline(desk, path, consents, Kind.DEREGISTRATION, None)
    subject = see.deregistration(deadline)
    desk.say(f"SEE {see.address} ends, version {subject.version} of its agreement in force.")
    desk.say("What was earned can be claimed for ever\n")
    return Act(desk, subject, see, path, see.address, voices_of(see))


def leaving(desk: Desk, see: SEE, account: str, what: str) -> Act:
    """A member leaves. what: "seat", "voice" or "both"."""
    seat, voice = (None, None) if what == "both" else (what == "seat", what == "voice")
    subject = see.leaving(account, seat=seat, voice=voice)
    return _alone(desk, see, subject, f"--leave {what}")


def redirecting(desk: Desk, see: SEE, account: str, to: str) -> Act:
    """A member's money goes elsewhere."""
    return _alone(desk, see, see.redirection(account, to), f"--to {to}")


def locating(desk: Desk, see: SEE, account: str, uri: str) -> Act:
    """An account says where the readable agreement is found."""
    return _alone(desk, see, see.publication(account, uri), f"--uri {uri}")


def _deadline(
    desk: Desk, path: Path, further: Iterable[Path], kind: Kind, agreement: Agreement | None
) -> int | None:
    """The deadline that others have signed already, if it is ahead: all sign the same."""
    for each in (path_of(path), *further):
        if each in further and not is_of_many(each):
            deadline = read_consent(each).deadline
        elif kept := consents_at(each):
            check_chain(desk, each, kept)
            if kept.kind is not kind or (agreement and kept.agreement != agreement):
                raise SignatureError(
                    f"{each} holds consents to {kept.kind.with_article}"
                    + (" of another agreement" if kept.kind is kind else "")
                    + f": if that was meant to be {kind.with_article}, delete it and sign again"
                )
            deadline = kept.deadline
        else:
            continue
        if deadline > now_of(desk.w3):
            return deadline
        desk.say(f"What was signed in {each} has counted until {when(deadline)}\n")
    return None


def check_chain(desk: Desk, path: Path, kept: Consents) -> None:
    """Refuses a file of consents that is for another chain."""
    if kept.about["chain_id"] != desk.chain_id:
        raise WrongChain(
            f"{path} is for chain {kept.about['chain_id']}, and this node's is {desk.chain_id}:"
            " name a node of that chain"
        )


def _alone(desk: Desk, see: SEE, subject: Subject, option: str) -> Act:
    account = subject.account  # type: ignore[attr-defined]
    path = Path(f"{see.address}.{subject.kind}.{account}.json")
    tell(desk, see, subject)
    return Act(desk, subject, see, path, f"{see.address} {option}", {})


def tell_returning(desk: Desk, see: SEE, agreement: Agreement) -> None:
    """Says who has left, and would come back by an agreement that still has them."""
    live = {each.account for each in see.roll}
    seats = {each.account for each in agreement.members if each.shares} & see.leavers
    left = {each.account for each in see.in_force.roll} - live
    voices = {each.account for each in agreement.members if each.voices} & left
    for each in agreement.members:
        gone = [what for what, who in (("seat", seats), ("voice", voices)) if each.account in who]
        if gone:
            desk.say(
                f"Note: {call(each.name, each.account)} has given up its {' and its '.join(gone)};"
                " this agreement brings that back: take it out if that is not meant.\n"
            )


def _shown(desk: Desk, agreement: Agreement) -> Agreement:
    desk.say(f"{agreement.text}\n", lines=True)
    for warning in agreement.warnings:
        desk.say(f"Note: {warning}.")
    return agreement
