"""Puts the next agreement of a SEE in force, as a quorum of its voices has signed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seechain.chain.reverts import WrongAgreement
from seechain.cli.acts import amending, consents_option
from seechain.cli.books import see_option
from seechain.cli.desk import Desk
from seechain.cli.frame import agreement_argument, sending
from seechain.cli.journalled import passed_over
from seechain.cli.papers import agreement_at
from seechain.cli.telling import show
from seechain.consent import Consent
from seechain.see import SEE


@sending
@agreement_argument
@see_option
@consents_option
def cli(desk: Desk, agreement: str, see: str, consents: tuple[Path, ...]) -> Iterator[None]:
    """Put a SEE's next agreement in force.

    FILE is its next version, or the file of consents that holds it, which a quorum of the voices
    has signed with `sign FILE --see SEE`. What changes for whom is shown first; what was earned
    until now stays owed as it was agreed.
    """
    amended = SEE(desk.w3, see)
    signed: list[Consent] = []
    with passed_over(WrongAgreement):
        act = amending(desk, Path(agreement), amended, consents, desk.address)
        signed = act.signed(consents)
    read = agreement_at(Path(agreement))
    receipts = amended.amend(read, signed, sender=desk.account)
    yield
    show(desk, receipts)
    desk.say(f"{read.name} is in force: version {amended.version} of SEE {amended.address}")
    desk.result({"see": amended.address, "version": amended.version})
