"""What is signed: each act with its message, where its consents are, and what it does in words."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from seechain.agreement import Agreement
from seechain.chain.node import now_of
from seechain.chain.reverts import WrongAgreement, WrongChain
from seechain.cli.desk import Desk
from seechain.cli.papers import (
    agreement_at,
    consents_at,
    is_of_many,
    path_of,
    read_consent,
    signed_in,
    stem_of,
)
from seechain.cli.telling import tell, when
from seechain.consent import Consent, Kind
from seechain.consent.consents import Consents
from seechain.consent.subjects import Subject
from seechain.errors import SignatureError
from seechain.files import write_whole
from seechain.journal.locks import alone_in
from seechain.registry import Registry
from seechain.see import SEE

consents_option = click.option(
    "--consents",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A further file of consents, beside the one that `sign` writes: all are put together.",
)


@dataclass(frozen=True)
class Act:
    """Something to sign.

    by: whose voices or members sign it. path: of the file of its consents. words: what to type
    after `sign`. voices: names by account of those who decide it, if it is decided.
    """

    desk: Desk
    subject: Subject
    by: Registry | SEE
    path: Path
    words: str
    voices: Mapping[str, str]

    @property
    def agreement(self) -> Agreement:
        """The agreement that comes in force by it."""
        return self.subject.agreement  # type: ignore[attr-defined,no-any-return]

    def sign(self, account: Any) -> Consent:
        """The consent of an account, or of a SEE that has endorsed it."""
        subject = self.subject
        if isinstance(self.by, Registry):
            return self.by.sign(self.agreement, account, subject.deadline)
        return self.by.sign(subject, account)

    def consent(self, account: str, signature: bytes) -> Consent:
        """The consent of an account from what its wallet signed."""
        if isinstance(self.by, Registry):
            return self.by.consent(self.agreement, account, signature, self.subject.deadline)
        return self.by.consent(self.subject, account, signature)

    def signed(self, further: Iterable[Path] = ()) -> list[Consent]:
        """The consents that are at hand; on a local network those of test accounts that lack."""
        found = {each.account: each for each in self._kept(further)}
        for account, name in self.voices.items():
            if account in found:
                self.desk.say(f"{_call(name, account)} has signed")
            elif account in self.desk.test_accounts:
                found[account] = self.sign(self.desk.test_accounts[account])
                self.desk.say(f"{_call(name, account)} signs, a test account")
            else:
                who = _call(name, account)
                self.desk.say(f"{who} has not signed; {self.desk.program} sign {self.words}")
        self.desk.say()
        return list(found.values())

    def keep(self, consents: Iterable[Consent], further: Iterable[Path] = ()) -> list[str]:
        """Adds consents, and those of further files, to the file of this act.

        Tells and gives the accounts of who is missing.

        Raises:
            SignatureError: a further file holds consents to something else.
        """
        with alone_in(self.path.parent):  # who signs at the same time is not lost
            kept = consents_at(self.path)
            if kept is None or not kept.is_about(self.subject) or kept.deadline < self._now:
                kept = Consents.of(self.subject)
            for path in further:
                try:
                    kept = kept.with_consents(signed_in(path))
                except SignatureError as error:
                    raise SignatureError(f"{path}: {error}") from None
            kept = kept.with_consents(consents)
            write_whole(self.path, kept.to_json())
        return self.tell_missing(kept)

    def tell_missing(self, kept: Consents) -> list[str]:
        """Says who has not signed yet; their accounts."""
        have = {each.account for each in kept.signed}
        missing = [account for account in self.voices if account not in have]
        names = [_call(self.voices[account], account) for account in missing]
        who = f"missing: {'; '.join(names)}" if names else "all have signed"
        self.desk.say(f"In {self.path} {len(have)} of {len(self.voices)} have signed, {who}")
        if isinstance(self.by, Registry):
            is_enough = not missing
        else:
            live = sum(each.voices for each in self.by.roll)
            yes = sum(each.voices for each in self.by.roll if each.account in have)
            needed = math.ceil(self.by.quorum * live)
            self.desk.say(f"They have {yes} of {live} voices, and {needed} are needed")
            is_enough = yes >= needed
        if is_enough:
            self.desk.say(f"That is enough; next: {self.desk.program} {self._next()}")
        return missing

    def _next(self) -> str:
        """What is typed when enough have signed."""
        match self.subject.kind:
            case Kind.REGISTRATION:
                return f"register {_typed(self.path)}"
            case Kind.AMENDMENT:
                return f"amend {_typed(self.path)} --see {self.subject.see}"  # type: ignore[attr-defined]
            case Kind.DEREGISTRATION:
                return f"deregister --see {self.subject.see}"  # type: ignore[attr-defined]
        return f"endorse {self.words}"

    def endorsed_by(self, member: SEE) -> Act:
        """What the voices of a SEE sign, so that it signs this as a member."""
        self.desk.say(f"SEE {member.address} signs it, as a member, when its own voices have\n")
        subject = member.endorsement(self.subject)
        path = self.path.with_name(f"{stem_of(self.path)}.{member.address}.consents.json")
        words = f"{self.words} --as {member.address}"
        return Act(self.desk, subject, member, path, words, _voices(member))

    @property
    def _now(self) -> int:
        return now_of(self.desk.w3)

    def _kept(self, further: Iterable[Path]) -> list[Consent]:
        """Those of the file that are to this, and all of further ones: they are judged later."""
        kept = consents_at(self.path)
        found: list[Consent] = []
        if kept is not None and kept.about == Consents.of(self.subject).about:
            found += kept.signed
        for path in further:
            found += signed_in(path)
        return found


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
    return Act(desk, subject, registry, path_of(path), _typed(path), voices)


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
        desk, subject, see, path_of(path), f"{_typed(path)} --see {see.address}", _voices(see)
    )


def ending(desk: Desk, see: SEE, consents: Iterable[Path]) -> Act:
    """A SEE ends."""
    path = path_of(Path(see.address))
    deadline = _deadline(desk, path, consents, Kind.DEREGISTRATION, None)
    subject = see.deregistration(deadline)
    desk.say(f"SEE {see.address} ends, version {subject.version} of its agreement in force.")
    desk.say("What was earned can be claimed for ever\n")
    return Act(desk, subject, see, path, see.address, _voices(see))


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


def _typed(path: Path) -> str:
    """A path as a shell takes it."""
    return shlex.quote(str(path))


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
                f"Note: {_call(each.name, each.account)} has given up its {' and its '.join(gone)};"
                " this agreement brings that back: take it out if that is not meant.\n"
            )


def _shown(desk: Desk, agreement: Agreement) -> Agreement:
    desk.say(f"{agreement.text}\n", lines=True)
    for warning in agreement.warnings:
        desk.say(f"Note: {warning}.")
    return agreement


def _call(name: str, account: str) -> str:
    """A voice by its name, where that is known, and by its account."""
    return account if name == account else f"{name} ({account})"


def _voices(see: SEE) -> dict[str, str]:
    return {each.account: see.names.get(each.account, each.account) for each in see.roll}
