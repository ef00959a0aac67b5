"""Says on chain where the readable agreement of a SEE is found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from seechain.cli.acts import locating
from seechain.cli.books import see_option
from seechain.cli.choosing import relay_option, relayed
from seechain.cli.desk import Desk
from seechain.cli.frame import sending
from seechain.cli.telling import show
from seechain.consent import Kind
from seechain.see import SEE
from seechain.visible import word


@sending
@see_option
@click.option("--uri", help="Where it is found, of up to 256 bytes.")
@relay_option("--uri URI")
def cli(desk: Desk, see: str, uri: str | None, relay: Path | None) -> Iterator[None]:
    """Say on chain where the readable agreement of a SEE is found. Anyone may."""
    of = SEE(desk.w3, see)
    if relay:
        consent = relayed(desk, of, relay, Kind.PUBLICATION, {"--uri": uri})
        uri = str(consent.uri)
        receipts = of.locate(uri, sender=desk.account, member=consent)
    elif uri is None:
        raise click.UsageError("name where it is found, --uri URI, or --relay CONSENT")
    elif not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S", uri):
        raise click.UsageError(f"a URI begins with its scheme, as https: or ipfs:, got {uri!r}")
    else:
        locating(desk, of, desk.address, uri)
        receipts = of.locate(uri, sender=desk.account)
    yield
    show(desk, receipts)
    desk.say(f"It is said on chain that the agreement of {of.address} can be read at {word(uri)}")
    desk.result({"see": of.address, "uri": uri})
