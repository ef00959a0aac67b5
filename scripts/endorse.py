"""Signs for a SEE that is a member of another, as a quorum of its voices has signed."""

from __future__ import annotations

from typing import Any

import click

from scripts._acts import act_options, chosen
from scripts._common import keep, sending, show, w3
from seechain import SEE, SignatureError


@sending
@act_options
@click.option("--as", "member", metavar="SEE", required=True, help="The SEE that signs.")
def cli(member: str, account: Any, **options: Any) -> None:
    """Let a SEE sign, as a member of another.

    What it signs is named as for `ape run sign`. A quorum of its voices signs with the same words
    and --as SEE; its own consent is written beside those of the other members.
    """
    inner = SEE(w3(), member)
    act = chosen(inner.address, **options)
    endorsed = act.endorsed_by(inner)
    try:
        consent = act.sign(inner)
        click.echo("It has signed before")
    except SignatureError:
        show(inner.endorse(endorsed.subject, endorsed.signed(), sender=account))
        consent = act.sign(inner)
    click.echo(f"SEE {inner.address} has signed: {keep(consent, act.folder)}")
