"""Names every fault of an agreement file, with its line."""

from __future__ import annotations

from pathlib import Path

from seechain.agreement import Agreement
from seechain.agreement.rules import Fault
from seechain.cli.desk import Desk
from seechain.cli.ending import NOT_RIGHT
from seechain.cli.frame import agreement_argument, offline
from seechain.errors import AgreementError


@offline
@agreement_argument
def cli(desk: Desk, agreement: str) -> None:
    """Name every fault of an agreement file, with its line, and what may surprise.

    Its file of further seats is read too. Ends with exit code 3 where there are faults.
    """
    path = Path(agreement)
    try:
        read = Agreement.load(path)
    except AgreementError as error:
        if isinstance(error.__context__, OSError):
            raise
        _tell_faults(desk, error)
        desk.fail(NOT_RIGHT)
    else:
        _tell(desk, path, read)


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
