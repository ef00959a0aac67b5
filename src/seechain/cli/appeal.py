"""Publishes what knowledge or contact is sought, under a SEE."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from seechain.beside.notices import Notice
from seechain.cli.desk import Desk
from seechain.cli.frame import sending
from seechain.cli.journalled import begun_at
from seechain.cli.notice import content_of, end_of, notice_options, post
from seechain.see import SEE


@sending
@notice_options
@click.option("--shares", type=click.IntRange(0), default=0, help="That are offered for it.")
@click.option("--until", metavar="DAY", help="The last day it is open; 30 days if left out.")
def cli(
    desk: Desk,
    see: str,
    text: str | None,
    file: Path | None,
    uri: str | None,
    shares: int,
    until: str | None,
    consent_file: Path | None,
    relay: Path | None,
) -> Iterator[None]:
    """Publish what knowledge or contact is sought, under a SEE in which you have a voice.

    Anyone answers it with `apply`; `admit` prepares the amendment by which the voices agree.
    """
    of = SEE(desk.w3, see)
    last = end_of(until, begun_at(desk.w3))
    notice = Notice.appeal(of.address, content_of(text, file), until=last, shares=shares, uri=uri)
    yield from post(desk, of, notice, consent_file, relay)
