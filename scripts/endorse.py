"""Signs for a SEE that is a member of another, as a quorum of its voices has signed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from scripts._acts import Act, act_options, chosen
from scripts._common import keep, show, w3
from scripts._sending import resumed, sending
from seechain import SEE, SignatureError


@sending
@act_options
@click.option("--as", "member", metavar="SEE", required=True, help="The SEE that signs.")
def cli(member: str, account: Any, **options: Any) -> Iterator[None]:
    """Let a SEE sign, as a member of another.

    What it signs is named as for `ape run sign`. A quorum of its voices signs with the same words
    and --as SEE; its own consent is written beside those of the other members.
    """
    inner = SEE(w3(), member)
    act = chosen(inner.address, **options)
    endorsed = act.endorsed_by(inner)
    receipt = None
    if resumed() or not _has_signed(inner, act):
        receipt = inner.endorse(endorsed.subject, endorsed.signed(), sender=account)
    yield
    if receipt is None:
        click.echo("It has signed before")
    else:
        show(receipt)
    click.echo(f"SEE {inner.address} has signed: {keep(act.sign(inner), act.folder)}")


def _has_signed(see: SEE, act: Act) -> bool:
    try:
        act.sign(see)
    except SignatureError:
        return False
    return True
