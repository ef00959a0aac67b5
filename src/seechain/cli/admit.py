"""Prepares the amendment that admits an applicant: the next agreement's file."""

from __future__ import annotations

from pathlib import Path

import click

from seechain.agreement.text import ROLES
from seechain.agreement.writer import write_agreement, write_seats
from seechain.beside.noticeboard import Noticeboard
from seechain.beside.notices import Application
from seechain.cli.acts import tell_returning
from seechain.cli.books import see_option
from seechain.cli.desk import Desk
from seechain.cli.frame import agreement_argument, reading
from seechain.cli.papers import agreement_at
from seechain.errors import FileError, NoticeError
from seechain.files import read_text
from seechain.see import SEE

ONE = 65_536  # bytes of an application


@reading
@agreement_argument
@see_option
@click.option(
    "--application", required=True, metavar="FILE", type=click.Path(path_type=Path),
    help="The signed application.",
)  # fmt: skip
@click.option("--shares", type=click.IntRange(1), help="Of the applicant; what it asks for, else.")
@click.option("--role", type=click.Choice(ROLES), default="contributor", help="Of the applicant.")
@click.option(
    "--out", required=True, metavar="FILE", type=click.Path(path_type=Path),
    help="The next agreement's file.",
)  # fmt: skip
def cli(
    desk: Desk,
    agreement: str,
    see: str,
    application: Path,
    shares: int | None,
    role: str,
    out: Path,
) -> None:
    """Prepare the amendment that admits an applicant.

    FILE is the agreement in force. The next one is written beside it; the voices sign it with
    `sign OUT --see SEE`, and `amend` puts it in force.
    """
    of = SEE(desk.w3, see)
    try:
        read = Application.from_json(read_text(application, ONE))
    except NoticeError as error:
        raise NoticeError(f"{application}: {error}") from None
    before = agreement_at(Path(agreement), check_expiry=False)
    board = Noticeboard(desk.w3, of.registry)
    after = board.admission(of, before, read, shares=shares, role=role)
    if out.exists():
        raise FileError(f"{out} is there already: name another file")
    of.names |= {each.account: each.name for each in after.members}
    changes = of.changes(after)
    desk.say(f"{changes}\n", lines=True)
    tell_returning(desk, of, after)
    seats = f"{out.stem}.seats.csv" if after.seats else None
    text = write_agreement(after, seats=seats)
    further = [] if seats is None else [(out.with_name(seats), write_seats(after.seats))]
    desk.write_all([*further, (out, text)], over="same")
    desk.say(f"The voices sign it: {desk.program} sign {out} --see {of.address}")
    desk.result({"file": str(out), "account": read.account, "name": read.name})
