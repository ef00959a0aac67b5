"""What is signed: each act with its message, where its consents are, and what it does in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from scripts._common import (
    amount_of,
    consents_option,
    deadline_in,
    folder_of,
    gather,
    load,
    read_consent,
    w3,
)
from seechain import SEE, Consent, Endorsement, Registration, Registry, SignatureError
from seechain.consent import Kind
from seechain.reverts import WrongAgreement
from seechain.subjects import Subject


@dataclass(frozen=True)
class Act:
    """Something to sign.

    by: whose voices or members sign it. folder: where its consents are. words: what to type
    after `ape run sign`. voices: names by account of those who decide it, if it is decided.
    """

    subject: Subject
    by: Registry | SEE
    folder: Path
    words: str
    voices: Mapping[str, str]

    def sign(self, account: Any) -> Consent:
        """The consent of an account, or of a SEE that has endorsed it."""
        if isinstance(self.subject, Registration):
            return self.by.sign(self.subject.agreement, account, self.subject.deadline)
        return self.by.sign(self.subject, account)

    def signed(self) -> list[Consent]:
        """The consents that are at hand."""
        return gather(self.voices, self.folder, self.sign, self.words)

    def endorsed_by(self, member: SEE) -> Act:
        """What the voices of a SEE sign, so that it signs this as a member."""
        click.echo(f"SEE {member.address} signs it, as a member, when its own voices have\n")
        endorsement: Endorsement = member.endorsement(self.subject)
        folder = self.folder / member.address
        words = f"{self.words} --as {member.address}"
        return Act(endorsement, member, folder, words, _voices(member))


def registering(path: Path, folder: Path | None, at: Callable[[], Registry]) -> Act:
    """An agreement comes into force. at: the Registry, once the file was read."""
    agreement, folder = load(path), folder or folder_of(path)
    registry = at()
    subject = registry.registration(agreement, deadline_in(folder))
    voices = {each.account: each.name for each in agreement.members if each.voices}
    return Act(subject, registry, folder, str(path), voices)


def amending(path: Path, see: SEE, folder: Path | None, account: str) -> Act:
    """The next agreement of a SEE comes into force. account: to whom it is shown.

    Raises:
        WrongAgreement: it is in force already.
    """
    agreement, folder = load(path), folder or folder_of(path)
    see.live()
    if agreement.commitment == see.commitment:
        raise WrongAgreement(
            f"{path} changes nothing: it is the agreement of {see.address} that is in force,"
            f" version {see.version}"
        )
    changes = see.changes(agreement)
    click.echo(f"{changes}\n")
    if mine := changes.of(account):
        click.echo(f"For you: {mine}\n")
    see.names |= {each.account: each.name for each in agreement.members}
    subject = see.amendment(agreement, deadline_in(folder))
    return Act(subject, see, folder, f"{path} --see {see.address}", _voices(see))


def ending(see: SEE, folder: Path | None) -> Act:
    """A SEE ends."""
    folder = folder or folder_of(see.address)
    subject = see.deregistration(deadline_in(folder))
    click.echo(f"SEE {see.address} ends, version {subject.version} of its agreement in force.")
    click.echo("What was earned can be claimed for ever\n")
    return Act(subject, see, folder, see.address, _voices(see))


def leaving(see: SEE, account: str, what: str, folder: Path | None) -> Act:
    """A member leaves. what: "seat", "voice" or "both"."""
    seat, voice = (None, None) if what == "both" else (what == "seat", what == "voice")
    subject = see.leaving(account, seat=seat, voice=voice)
    return _alone(see, subject, folder, f"--leave {what}")


def redirecting(see: SEE, account: str, to: str, folder: Path | None) -> Act:
    """A member's money goes elsewhere."""
    return _alone(see, see.redirection(account, to), folder, f"--to {to}")


def locating(see: SEE, account: str, uri: str, folder: Path | None) -> Act:
    """An account says where the readable agreement is found."""
    return _alone(see, see.publication(account, uri), folder, f"--uri {uri}")


def _alone(see: SEE, subject: Subject, folder: Path | None, option: str) -> Act:
    folder = folder or folder_of(see.address, subject.kind)
    deadline = deadline_in(folder)
    subject = subject if deadline is None else replace(subject, deadline=deadline)
    tell(see, subject)
    return Act(subject, see, folder, f"{see.address} {option}", {})


def act_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which `sign` and `endorse` name an act."""
    for option in reversed(
        (
            click.argument("target", metavar="AGREEMENT|SEE"),
            click.option("--see", metavar="SEE", help="Whose next agreement AGREEMENT is."),
            click.option(
                "--leave",
                type=click.Choice(["seat", "voice", "both"]),
                help="Leave SEE, with what you have there.",
            ),
            click.option("--to", metavar="ADDRESS", help="Redirect your money in SEE there."),
            click.option("--uri", help="Say where the agreement of SEE can be read."),
            consents_option,
        )
    ):
        function = option(function)
    return function


def chosen(
    account: str,
    *,
    target: str,
    see: str | None,
    leave: str | None,
    to: str | None,
    uri: str | None,
    consents: Path | None,
) -> Act:
    """The act that `act_options` name. account: who signs, or the SEE for which it is signed."""
    alone = {"--leave": leave, "--to": to, "--uri": uri}
    given = [option for option, value in alone.items() if value is not None]
    if len(given) > 1:
        raise click.ClickException(f"{given[0]} and {given[1]} are two things: sign one by one")
    if not target.startswith("0x"):
        if given:
            raise click.ClickException(f"{given[0]} goes with a SEE's address, not with {target}")
        if see is not None:
            return amending(Path(target), SEE(w3(), see), consents, account)
        return registering(Path(target), consents, lambda: Registry(w3()))
    if see is not None:
        raise click.ClickException(f"--see goes with the SEE's next agreement, not with {target}")
    of = SEE(w3(), target)
    if leave is not None:
        return leaving(of, account, leave, consents)
    if to is not None:
        return redirecting(of, account, to, consents)
    if uri is not None:
        return locating(of, account, uri, consents)
    return ending(of, consents)


def relay_option(option: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For what a member does alone: somebody else sends it. option: of `ape run sign`."""
    return click.option(
        "--relay",
        metavar="CONSENT",
        type=click.Path(path_type=Path),
        help=f"Send what another has signed: the file that `ape run sign SEE {option}` wrote.",
    )


def relayed(see: SEE, path: Path, kind: Kind, said: Mapping[str, Any]) -> Consent:
    """The consent that is relayed; tells what it does. said: options that it makes superfluous.

    Raises:
        SignatureError: the file is none, or of something else.
    """
    for option, value in said.items():
        if value is not None:
            raise click.ClickException(f"the consent says what is done: leave {option} out")
    consent = read_consent(path)
    if consent.kind is not kind:
        raise SignatureError(f"{path} is the consent to a {consent.kind}, not to a {kind}")
    if consent.see == see.address:
        tell(see, consent)
    return consent


def tell(see: SEE, act: Any) -> None:
    """What a member does alone, in words. act: a subject, or the consent to it."""
    who = see.named_text(act.account)
    match act.kind:
        case Kind.LEAVING:
            _tell_leaving(see, act, who)
        case Kind.REDIRECTION:
            to = "itself" if act.to == act.account else act.to
            click.echo(f"The money of {who} goes to {to}, of all versions and currencies")
            tell_redirected(see, act.account, act.to)
            click.echo("It can redirect it again at any time, and nobody else can\n")
        case Kind.PUBLICATION:
            click.echo(f"{who} says that the agreement can be read at {act.uri}\n")


def tell_redirected(see: SEE, account: str, to: str = "") -> None:
    """Where a member's money went until now, if it is redirected already."""
    before = see.redirected(account)
    if before not in (account, to):
        click.echo(f"Until now it went to {before}")


def _tell_leaving(see: SEE, act: Any, who: str) -> None:
    lines = {line.account: line for line in see.members}
    mine = lines.get(act.account)
    leavers = see.leavers
    live = sum(line.shares for line in lines.values() if line.account not in leavers)
    voices = sum(line.voices for line in lines.values())
    gone = []
    if act.seat and mine:
        gone.append(f"its seat ({_of(mine.shares, live)} of what comes)")
    if act.voice and mine:
        gone.append(f"its voice ({mine.voices} of {voices})")
    what = " and ".join(gone) or "what it has"
    click.echo(f"{who} gives up {what}. Only an amendment can bring it back")
    if act.seat and mine:
        due = [amount_of(*each) for each in see.due(act.account).items() if each[1]]
        click.echo(f"What was earned stays owed to it: {', '.join(due) or 'nothing now'}")
        click.echo("The parts of the others rise in proportion")
    if act.voice and mine and mine.voices == voices:
        click.echo("It is the last voice: the SEE ends with it")
    click.echo()


def _of(part: int, total: int) -> str:
    return f"{float(Fraction(part, total or 1) * 100):.2f} %"


def _voices(see: SEE) -> dict[str, str]:
    return {each.account: see.names.get(each.account, each.account) for each in see.roll}
