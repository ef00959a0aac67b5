"""Publishes what was learned, under a SEE."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seechain.beside.notices import Notice
from seechain.cli.desk import Desk
from seechain.cli.frame import sending
from seechain.cli.notice import content_of, notice_options, post
from seechain.see import SEE


@sending
@notice_options
def cli(
    desk: Desk,
    see: str,
    text: str | None,
    file: Path | None,
    uri: str | None,
    consent_file: Path | None,
    relay: Path | None,
) -> Iterator[None]:
    """Publish what was learned, under a SEE in which you have a voice, also after its end."""
    of = SEE(desk.w3, see)
    notice = Notice.record(of.address, content_of(text, file), uri=uri)
    yield from post(desk, of, notice, consent_file, relay)
