"""Says on chain where the readable agreement of a SEE is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from scripts._acts import locating, relay_option, relayed
from scripts._common import see_option, show, w3
from scripts._sending import sending
from seechain import SEE
from seechain.consent import Kind


@sending
@see_option
@click.option("--uri", help="Where it is found, of up to 256 bytes.")
@relay_option("--uri URI")
def cli(see: str, uri: str | None, relay: Path | None, account: Any) -> Iterator[None]:
    """Say on chain where the readable agreement of a SEE is found. Anyone may."""
    of = SEE(w3(), see)
    if relay:
        consent = relayed(of, relay, Kind.PUBLICATION, {"--uri": uri})
        receipts = of.locate(consent.uri, sender=account, member=consent)
    elif uri is None:
        raise click.ClickException("name where it is found, --uri URI, or --relay CONSENT")
    else:
        locating(of, account.address, uri, None)
        receipts = of.locate(uri, sender=account)
    yield
    show(receipts)
