"""Answers an appeal: a signed application, as a file for those who have a voice."""

from __future__ import annotations

import json
from pathlib import Path

import click

from seechain.chain.node import now_of
from seechain.cli.books import see_option
from seechain.cli.desk import Desk
from seechain.cli.frame import signing
from seechain.cli.notice import end_of, listed_at
from seechain.cli.telling import when
from seechain.see import SEE


@signing
@see_option
@click.option("--notice", required=True, metavar="KEY", help="The appeal, see `notices`.")
@click.option("--name", required=True, help="How you are called, on one line.")
@click.option("--text", default="", help="What you offer, in your own words.")
@click.option("--shares", type=click.IntRange(1), help="That you ask for; those offered, else.")
@click.option("--until", metavar="DAY", help="The last day that your offer stands.")
@click.option(
    "--out",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path),
    help="The file to send to those who have a voice.",
)
def cli(
    desk: Desk,
    see: str,
    notice: str,
    name: str,
    text: str,
    shares: int | None,
    until: str | None,
    out: Path,
) -> None:
    """Answer an appeal by a signed application. Nothing is sent to the chain."""
    of = SEE(desk.w3, see)
    board, listed = listed_at(desk, of, notice)
    deadline = None if until is None else end_of(until, now_of(desk.w3))
    if shares is not None and shares > listed.notice.shares:
        desk.say(f"Note: the appeal offers {listed.notice.shares} shares, and this asks for more")
    if desk.dry_run:
        desk.say(f"{name} would ask for {shares or listed.notice.shares} shares")
        desk.result({"name": name, "shares": shares or listed.notice.shares})
        return
    made = board.apply(listed, desk.account, name=name, text=text, shares=shares, deadline=deadline)
    desk.write(out, made.to_json())
    desk.say(f"{name} asks for {made.shares} shares, until {when(made.deadline)}")
    admit = f"admit AGREEMENT --see {of.address} --application {out} --out NEXT"
    desk.say(f"Send it to a member with a voice, who types: {desk.program} {admit}")
    desk.result({"file": str(out), **json.loads(made.to_json())})
