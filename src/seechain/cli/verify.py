"""Verifies a SEE's file or a passport."""

from __future__ import annotations

import click

from seechain.cli.desk import Desk
from seechain.cli.ending import NOT_RIGHT
from seechain.cli.frame import reading
from seechain.files import read_whole
from seechain.portable.sealed import MOST_BYTES
from seechain.portable.verifying import Report, verify


@reading(rpc="optional")
@click.argument("file", metavar="FILE", type=click.Path())
def cli(desk: Desk, file: str) -> None:
    """Check the file of a SEE, or a passport: recompute all of it, and believe none of it.

    With --rpc it is compared with the chain too. Whatever differs is named, with its place
    in the file; the exit code is 3 then.
    """
    report = verify(read_whole(file, MOST_BYTES), desk.chain, source=file)
    for line in told(report):
        desk.say(line)
    desk.result(
        {
            "file": file,
            "about": report.about,
            "right": report.is_right,
            "online": report.online,
            "differences": [
                {"where": each.where, "sentence": each.sentence} for each in report.differences
            ],
            "unproven": list(report.unproven),
        }
    )
    if not report.is_right:
        desk.fail(NOT_RIGHT)


def told(report: Report) -> list[str]:
    """A report in words."""
    how = "recomputed, and compared with the chain" if report.online else "recomputed"
    count = len(report.differences)
    lines = [f"This is {report.about}."]
    if report.is_right:
        lines.append(f"All that it says was {how}: nothing differs.")
    else:
        lines.append(f"It is not as it should be: {count} difference{'s'[: count != 1]}.")
        lines += [f"- {each}" for each in report.differences]
    if report.unproven:
        lines += ["What was not proven:", *(f"- {each}" for each in report.unproven)]
    return lines
