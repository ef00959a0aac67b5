"""Writes a payment request, or shows one: a file, a link and a QR code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from seechain.agreement.text import NATIVE
from seechain.cli.books import agreement_option, books_at
from seechain.cli.desk import Desk
from seechain.cli.frame import reading
from seechain.cli.telling import tell_parts
from seechain.files import check_target
from seechain.payment_requests.payment_request import PaymentRequest

if TYPE_CHECKING:
    from seechain.payment_requests.watching import Watch

_CREATING = ("see", "amount", "currency", "memo", "expires", "description", "version", "chain")


@reading(rpc="optional")
@click.argument("file", metavar="[FILE]", type=click.Path(), required=False)
@click.option("--see", metavar="ADDRESS", help="Who is to be paid: a SEE, or a Splitter.")
@click.option("--amount", help="With its unit, as '1000 USDC'; or smallest units.")
@click.option("--currency", metavar="TOKEN", help="A token's address, where no symbol says it.")
@click.option("--memo", help="A reference of up to 32 bytes, as an invoice's number.")
@click.option("--expires", metavar="DATE", help="Its last day (UTC), or a time with its offset.")
@click.option("--description", metavar="TEXT", help="What it is for, in one line.")
@click.option("--version", type=click.IntRange(0), help="Of the agreement that is to be paid.")
@click.option("--chain", type=click.IntRange(1), help="The chain's id, where no node is named.")
@agreement_option
@click.option("--out", metavar="FILE", type=click.Path(), help="Where the request is written.")
@click.option("--qr", metavar="FILE", type=click.Path(), help="A QR code: .png or .svg.")
@click.option(
    "--with-memo",
    is_flag=True,
    help="Put the memo into link and QR code, for wallets that show calls of contracts.",
)
def cli(desk: Desk, file: str | None, out: str | None, qr: str | None, **options: Any) -> None:
    """Write a payment request, or show the one of a FILE and whether it was paid.

    The link by default is a plain transfer, which every wallet understands; it holds no memo, so
    that the payment is matched by its amount: ask for an amount that nobody else is asked for.
    """
    with_memo = options.pop("with_memo")
    suffix = None if qr is None else _suffix(qr)
    given = [name for name in _CREATING if options[name] is not None]
    watch = None
    if file is None:
        request = _made(desk, options, quiet=out == "-")
    elif given or out is not None:
        raise click.UsageError(f"a FILE is shown as it is: leave out --{(given or ['out'])[0]}")
    else:
        request = PaymentRequest.load(file)
        watch = _held(desk, request, file, qr)
    uri = request.call_uri if with_memo else request.uri
    desk.result({"request": request.as_dict(), "id": request.id})
    desk.result({"uri": request.uri, "call_uri": request.call_uri})
    drawn = None if suffix is None else _drawn(suffix, uri)
    if qr is not None and drawn is not None:
        check_target(qr, drawn)  # so that both are written, or none
    if out == "-":
        desk.write("-", "" if desk.as_json else request.to_json())
    else:
        _show(desk, request, "" if watch is not None and watch.has_ended(request) else uri)
        if out is not None:
            desk.write(out, request.to_json(), over="same")
    if qr is not None and drawn is not None:
        desk.write(qr, drawn)
    if watch is not None:
        _tell_state(desk, request, watch)
    elif file is not None and request.currency != NATIVE and request.decimals is not None:
        desk.say("Symbol and decimals are what the file says: --rpc holds them against the token")


def _held(desk: Desk, request: PaymentRequest, file: str, qr: str | None) -> Watch | None:
    """A watch of the request of a file, which is held against the chain before it is shown."""
    if not desk.online:
        return None
    from seechain.chain.reverts import SeeEnded
    from seechain.payment_requests.token_words import check_words
    from seechain.payment_requests.watching import Watch

    if request.chain_id == desk.chain_id:
        check_words(desk.w3, request, called=file)
    watch = Watch(desk.w3, [request], tell=lambda notice: None, confirmations=1)
    if qr is not None and watch.has_ended(request):
        raise SeeEnded(f"{request.see} takes no further payment: write no code for {file}")
    return watch


def _suffix(path: str) -> str:
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in (".png", ".svg"):
        raise click.UsageError(f"--qr takes a file that ends with .png or .svg, got {path}")
    return suffix


def _made(desk: Desk, options: dict[str, Any], *, quiet: bool) -> PaymentRequest:
    for name in ("see", "amount", "memo"):
        if not options[name]:
            raise click.UsageError(f"name --{name}, or the FILE of a request to show it")
    fields = {name: options[name] for name in ("see", "memo", "expires", "description", "version")}
    if not desk.online:
        return PaymentRequest(**fields, **_offline(options))
    from seechain.chain.logs import latest_block
    from seechain.chain.node import now_of
    from seechain.chain.reverts import NotPublished
    from seechain.errors import PaymentRequestError
    from seechain.payment_requests.cautions import is_unnamed, unnamed
    from seechain.payment_requests.token_words import shown_symbol
    from seechain.see.recovered import Recovered
    from seechain.splitter.payments import read_payment

    if options["chain"] not in (None, desk.chain_id):
        raise PaymentRequestError(
            f"--chain is {options['chain']}, the node is of chain {desk.chain_id}: leave it out"
        )
    books = books_at(desk, options["see"], options["names"])
    if isinstance(books, Recovered):
        books.check_payable()
    amount = options["amount"]
    is_units = amount.isascii() and amount.isdigit() and len(amount) <= 78
    meant = read_payment(books, int(amount) if is_units else amount, options["currency"])
    request = PaymentRequest(
        **fields,
        chain_id=desk.chain_id,
        currency=meant.currency,
        amount=meant.units,
        symbol="" if meant.token is None else shown_symbol(meant.token),
        decimals=None if meant.token is None else meant.token.decimals,
        first_block=latest_block(desk.w3) + 1,
    )
    if request.expires is not None and request.expires <= now_of(desk.w3):
        raise PaymentRequestError(f"the request would expire at {request.expires_text}: it is past")
    if is_unnamed(books, meant.currency, request.version):
        desk.say(f"Note: {unnamed(meant.currency)}", err=True)
    if not quiet:
        try:
            tell_parts(desk, books, meant.units, meant.currency)
        except NotPublished:
            desk.say("Who gets what of it is not shown: the share table was not published")
    return request


def _offline(options: dict[str, Any]) -> dict[str, Any]:
    """Chain, currency and amount where no chain is asked: native coin, or a token's units."""
    from seechain.amounts import read_amount

    if options["chain"] is None:
        raise click.UsageError("name the node by --rpc URL, or the chain by --chain ID")
    read, currency = read_amount(options["amount"]), options["currency"] or NATIVE
    if read.native and currency != NATIVE:
        raise click.UsageError(f"{options['amount']} is native coin: leave out --currency")
    return {"chain_id": options["chain"], "currency": currency, "amount": read.units}


def _show(desk: Desk, request: PaymentRequest, uri: str) -> None:
    """The request, with its link and code where there is one."""
    rows = [
        ("pay", request.money(request.amount)),
        ("to", request.see),
        ("currency", request.currency),
        ("chain", request.chain_id),
        ("memo", request.memo_text or "none"),
        ("until", request.expires_text or "it does not expire"),
        ("agreement", "" if request.version is None else f"version {request.version}"),
        ("for", request.description),
    ]
    desk.say()
    desk.table("Payment request", ("", ""), [row for row in rows if row[1] != ""])
    if uri:
        desk.say(f"\n{uri}\n")
    if uri and not desk.as_json:
        from seechain.payment_requests.qr import terminal

        coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        click.echo(terminal(uri, colours=coloured), color=coloured)


def _drawn(suffix: str, uri: str) -> bytes | str:
    from seechain.payment_requests import qr

    return qr.png(uri) if suffix == ".png" else qr.svg(uri)


def _tell_state(desk: Desk, request: PaymentRequest, watch: Watch) -> None:
    from seechain.payment_requests.watching import as_message

    (standing,) = watch.look().standings
    desk.say(f"\nIt is {standing}")
    for each in standing.matches:
        paid = each.payment
        amount, payer = request.money(paid.amount), desk.who(paid.payer)
        desk.say(f"- {amount} from {payer}, {paid.transaction_hash}")
    found = watch.cautions()
    for caution in found:
        desk.say(f"Note: {caution}")
    message = as_message(standing, 1)
    desk.result({name: message[name] for name in ("state", "payments", "misfits", "short")})
    desk.result({"cautions": found})
