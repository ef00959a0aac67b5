"""Names every fault of an agreement file, with its line; tells who has signed consents."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import click

from seechain.agreement import Agreement
from seechain.agreement.rules import Fault
from seechain.cli.desk import Desk
from seechain.cli.ending import NOT_RIGHT
from seechain.cli.frame import offline
from seechain.cli.papers import consents_at, is_of_many, signed_in
from seechain.cli.telling import when
from seechain.consent import Consent, Kind
from seechain.consent.consents import Consents
from seechain.errors import AgreementError, FileError, SignatureError

_path = click.Path(path_type=Path)


@offline
@click.argument("files", metavar="FILE...", type=_path, nargs=-1, required=True)
@click.option("--out", metavar="FILE", type=_path, help="Write several files of consents as one.")
def cli(desk: Desk, files: tuple[Path, ...], out: Path | None) -> None:
    """Name every fault of an agreement file, with its line, and what may surprise.

    Its file of further seats is read too. Of a file of consents it tells who has signed and who
    is missing; several that were signed apart are put together. Ends with exit code 3 where
    there are faults.
    """
    if all(map(is_of_many, files)):
        _check_consents(desk, files, out)
        return
    if len(files) > 1:
        raise click.UsageError("several files are checked together where all of them hold consents")
    if out is not None:
        raise click.UsageError("--out is for files of consents, which are put together")
    try:
        read = Agreement.load(files[0])
    except AgreementError as error:
        if isinstance(error.__context__, OSError):
            raise
        _tell_faults(desk, error)
        desk.fail(NOT_RIGHT)
    else:
        _tell(desk, files[0], read)


def _tell_faults(desk: Desk, error: AgreementError) -> None:
    count = len(error.faults)
    desk.say(f"{error.source} has {count} fault{'' if count == 1 else 's'}:")
    for fault in error.faults:
        desk.say(f"  {fault}")
    desk.result({
        "file": error.source,
        "faults": [_parts(fault, error.source) for fault in error.faults],
    })  # fmt: skip


def _parts(fault: str, source: str) -> dict[str, object]:
    """A fault for programs: the file it is in, its line and field, where they are known."""
    known = fault if isinstance(fault, Fault) else Fault.at_line(fault)
    return {
        "file": known.file or source,
        "line": known.line,
        "field": known.field or None,
        "message": known.plain,
    }


def _tell(desk: Desk, path: Path, agreement: Agreement) -> None:
    table = agreement.table
    voices = sum(member.voices for member in agreement.members)
    desk.say(
        f"{path.name} has no fault: {agreement.name!r}, until {agreement.expires};"
        f" members: {len(agreement.members)}, voices: {voices}, seats: {len(table)},"
        f" shares: {table.shares}"
    )
    for warning in agreement.warnings:
        desk.say(f"Warning: {warning}")
    desk.result({
        "file": path.name,
        "faults": [],
        "warnings": list(agreement.warnings),
        "commitment": "0x" + agreement.commitment.hex(),
    })  # fmt: skip


# ------------------------------------------------------------ consents


def _check_consents(desk: Desk, files: tuple[Path, ...], out: Path | None) -> None:
    kept = _together(files)
    if kept.agreement is not None:
        _tell(desk, files[0], kept.agreement)
    see, version = kept.about.get("see"), kept.about.get("version")
    of = "" if see is None else f" of {see}, version {version}"
    desk.say(f"Consents to {kept.kind.with_article}{of}")
    desk.say(f"for the Registry {kept.about['registry']} on chain {kept.about['chain_id']}")
    wrong = list(_tell_signed(desk, kept))
    is_over = kept.deadline < time.time()
    desk.say(f"They count{'ed' if is_over else ''} until {when(kept.deadline)}")
    if out is not None and not wrong:
        if out not in files and out.exists():
            raise FileError(f"{out} is there already: name another file")
        desk.write(out, kept.to_json())
    desk.result({**kept.about, "is_over": is_over, "wrong": wrong})
    if wrong or is_over:
        desk.fail(NOT_RIGHT)


def _together(files: tuple[Path, ...]) -> Consents:
    kept = consents_at(files[0])
    assert kept is not None  # `is_of_many` has read it
    for path in files[1:]:
        try:
            kept = kept.with_consents(signed_in(path))
        except SignatureError as error:
            raise SignatureError(f"{path} does not go with {files[0]}: {error}") from None
    return kept


def _tell_signed(desk: Desk, kept: Consents) -> Iterator[str]:
    """Tells who has signed; gives the accounts whose signature is none."""
    members = kept.agreement.members if kept.agreement else ()
    desk.names |= {each.account: each.name for each in members}
    for each in kept.signed:
        is_wrong, how = _judged(each)
        desk.say(f"  {desk.who(each.account)} has signed{how}")
        if is_wrong:
            yield each.account
    missing = []
    if kept.kind is Kind.REGISTRATION:  # who decides else is what the chain knows
        signed = {each.account for each in kept.signed}
        missing = [each.account for each in members if each.voices and each.account not in signed]
        for account in missing:
            desk.say(f"  {desk.who(account)} has not signed")
    desk.result({"signed": [each.account for each in kept.signed], "missing": missing})


def _judged(consent: Consent) -> tuple[bool, str]:
    """Whether a signature is wrong, as far as no chain is needed, and what is said of it."""
    try:
        consent.check()
    except SignatureError:
        if len(consent.signature) in (64, 65):
            return True, ", but not this, or by another key, which only a contract may"
        return False, " as a contract does, which only the chain can judge"
    return False, ""
