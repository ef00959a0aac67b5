"""seechain explain: what a transaction did, and why each amount is what it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from seechain.cli.books import agreement_option, at_hand
from seechain.cli.desk import Desk
from seechain.cli.ending import NOT_RIGHT
from seechain.cli.frame import reading


@reading
@click.argument("transaction", metavar="TX")
@click.option("--see", metavar="ADDRESS", help="Only what it did to this SEE or Splitter.")
@agreement_option
def cli(desk: Desk, transaction: str, see: str | None, names: Path | None) -> None:
    """Say what a transaction did, and why each amount is what it is.

    All figures are rebuilt from the chain's logs, so that anyone can recompute them. Exit code 3:
    a figure of the logs is not what it should be.
    """
    from seechain.explain import explain
    from seechain.money import Money

    said = explain(
        desk.w3,
        transaction,
        money=Money(desk.w3),
        see=see,
        agreement=at_hand(names),
    )
    if names is not None and not said.is_named:
        desk.say(
            f"Note: {names} is no agreement of a SEE in this transaction, so it names nobody\n"
        )
    for sentence in said.sentences:
        desk.say(sentence)
    desk.result(
        {
            "transaction": said.transaction_hash,
            "block": said.block_number,
            "time": f"{datetime.fromtimestamp(said.time, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "sender": said.sender,
            "to": said.to,
            "succeeded": said.succeeded,
            "reason": said.reason or None,
            "gas_used": said.gas_used,
            "is_seechain": said.is_ours,
            "steps": [step.data for step in said.steps],
            "sentences": list(said.sentences),
            "faults": list(said.faults),
        }
    )
    if said.faults:
        desk.fail(NOT_RIGHT)
