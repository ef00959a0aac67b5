"""Verifies a SEE's file or a passport."""

from __future__ import annotations

from pathlib import Path

import click

from seechain.cli.books import agreements_option, all_at_hand
from seechain.cli.desk import Desk
from seechain.cli.ending import NOT_RIGHT
from seechain.cli.frame import reading
from seechain.files import read_whole
from seechain.portable.sealed import MOST_BYTES
from seechain.portable.verifying import Report, verify


@reading(rpc="optional")
@click.argument("file", metavar="FILE", type=click.Path())
@agreements_option("The agreement of a SEE in a passport, where its share table was not published.")
@click.option("--offline", is_flag=True, help="Ask no node, also where SEECHAIN_RPC names one.")
def cli(desk: Desk, file: str, agreements: tuple[Path, ...], offline: bool) -> None:
    """Check the file of a SEE, or a passport: recompute all of it, and believe none of it.

    With --rpc it is compared with the chain too, as that was in the file's block. Whatever
    differs is named, with its place in the file; the exit code is 3 then.
    """
    tables = [each.table for each in all_at_hand(agreements)]
    raw = read_whole(file, MOST_BYTES)
    with desk.progress("Reading the chain", None) as advance:
        chain = None if offline else desk.chain
        report = verify(raw, chain, source=file, tables=tables, advance=advance)
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
    count = len(report.differences)
    lines = [f"This is {report.about}."]
    if report.is_right and report.online:
        what = "What can be told of it" if report.unproven else "All that it says"
        lines.append(f"{what} was recomputed, and compared with the chain: nothing differs.")
    elif report.is_right:
        lines.append(
            "What follows from something else in it was recomputed, and it agrees with itself:"
            " whether it is true only the chain can tell, by --rpc."
        )
    else:
        lines.append(f"It is not as it should be: {count} difference{'s'[: count != 1]}.")
        lines += [f"- {each}" for each in report.differences]
    if report.unproven:
        lines += ["What was not proven:", *(f"- {each}" for each in report.unproven)]
    return lines
