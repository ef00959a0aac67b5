"""Tells when payment requests have been paid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seechain.cli.desk import Desk
from seechain.cli.ending import NOT_RIGHT
from seechain.cli.frame import reading
from seechain.payment_requests.payment_request import PaymentRequest

if TYPE_CHECKING:
    from seechain.payment_requests.watching import Notice, Watch


@reading
@click.argument("files", metavar="FILE...", type=click.Path(), nargs=-1, required=True)
@click.option("--every", type=click.FloatRange(0.1), help="Seconds between two looks; 5.")
@click.option("--timeout", type=click.FloatRange(0), help="Seconds, after which it ends.")
@click.option(
    "--confirmations",
    type=click.IntRange(1),
    help="Blocks deep at which a payment counts, the latest being 1; 12, and 1 on a local chain.",
)
@click.option("--once", is_flag=True, help="Look once.")
@click.option("--webhook", metavar="URL", help="Who is told too: https, or http on this machine.")
@click.option(
    "--webhook-secret-file",
    metavar="FILE",
    type=click.Path(),
    help="A line by which what the webhook is told is signed (HMAC-SHA256).",
)
@click.option("--state", metavar="FILE", type=click.Path(), help="Where it remembers what it told.")
def cli(
    desk: Desk,
    files: tuple[str, ...],
    every: float | None,
    timeout: float | None,
    confirmations: int | None,
    once: bool,
    webhook: str | None,
    webhook_secret_file: str | None,
    state: str | None,
) -> None:
    """Tell when payment requests have been paid: partly, wholly, over, late, or again.

    It ends when all are paid. Typed again for the same files it tells nothing twice. Exit code 3:
    not all was paid when it ended; 4: the node did not answer.
    """
    from seechain.payment_requests.watch_state import alone, state_path
    from seechain.payment_requests.watching import EVERY, Watch
    from seechain.payment_requests.webhook import Webhook

    if webhook_secret_file is not None and webhook is None:
        raise click.UsageError("--webhook-secret-file signs what a --webhook is told: name it")
    requests = [PaymentRequest.load(each) for each in files]
    hook = path = None  # as in a dry run, which tells and remembers nothing
    if not desk.dry_run:
        hook = None if webhook is None else Webhook.of_file(webhook, webhook_secret_file)
        path = state_path(requests, webhook or "") if state is None else Path(state)

    def tell(notice: Notice) -> None:
        desk.say(f"{str(notice)[0].upper()}{str(notice)[1:]}")

    with alone(path):
        watch = Watch(
            desk.w3, requests, tell=tell, confirmations=confirmations, state=path, webhook=hook
        )
        cautions = watch.cautions()
        for each in cautions:
            desk.say(f"Note: {each}", err=True)
        desk.result({"cautions": cautions})
        deep = "once it is in a block"
        if watch.confirmations > 1:
            deep = f"when it is {watch.confirmations} blocks deep"
        desk.say(f"Chain {desk.chain_id}: a payment counts {deep}")
        all_paid = watch.run(EVERY if every is None else every, timeout, once=once)
    _show(desk, watch)
    if not all_paid:
        desk.fail(NOT_RIGHT)


def _show(desk: Desk, watch: Watch) -> None:
    """How all requests stand."""
    from seechain.payment_requests.watching import as_message

    standings = watch.matched.standings
    desk.say()
    rows = [
        (each.request.memo_text or each.request.id[:12], each.request.see, each)
        for each in standings
    ]
    desk.table("Payment requests", ("memo", "to", "is"), rows)
    said = [as_message(each, watch.confirmations) for each in standings]
    desk.result({"all_paid": watch.matched.all_paid, "requests": said})
