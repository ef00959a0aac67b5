"""Signs for a SEE that is a member of another, as a quorum of its voices has signed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from seechain.cli.act import Act
from seechain.cli.choosing import act_options, chosen
from seechain.cli.desk import Desk
from seechain.cli.frame import sending
from seechain.cli.journalled import resumed
from seechain.cli.telling import show
from seechain.errors import SignatureError
from seechain.files import write_whole
from seechain.see import SEE


@sending
@act_options
@click.option("--as", "member", metavar="SEE", required=True, help="The SEE that signs.")
def cli(desk: Desk, member: str, **options: Any) -> Iterator[None]:
    """Let a SEE sign, as a member of another.

    What it signs is named as for `sign`. A quorum of its voices signs with the same words
    and --as SEE; its own consent is written into the file of those of the other members.
    """
    inner = SEE(desk.w3, member)
    act = chosen(desk, inner.address, **options)
    endorsed = act.endorsed_by(inner)
    receipt = None
    if resumed() or not _has_signed(inner, act):
        consents = endorsed.signed(options["consents"])
        receipt = inner.endorse(endorsed.subject, consents, sender=desk.account)  # type: ignore[arg-type]
    yield
    if receipt is None:
        desk.say("It has signed before")
    else:
        show(desk, receipt)
    consent = act.sign(inner)
    if act.voices:
        act.keep([consent])
    else:
        write_whole(act.path, consent.to_json())
    desk.say(f"SEE {inner.address} has signed: {act.path}")
    desk.result({"see": inner.address, "file": str(act.path)})


def _has_signed(see: SEE, act: Act) -> bool:
    try:
        act.sign(see)
    except SignatureError:
        return False
    return True
