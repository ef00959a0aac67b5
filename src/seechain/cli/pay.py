"""Pays a SEE, with a reference: by a transfer, an approval, a permit or an authorisation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from seechain.beside.authorization import Authorization
from seechain.beside.payer import Payer
from seechain.chain.logs import latest_block
from seechain.chain.node import now_of
from seechain.chain.reverts import TooLate, WrongChain
from seechain.cli.books import agreement_option, books_at
from seechain.cli.desk import Desk
from seechain.cli.frame import sending
from seechain.cli.journalled import last_sent, resumed
from seechain.cli.telling import show, tell_parts, when
from seechain.errors import AmountError, PaymentRequestError, SignatureError
from seechain.files import read_text, write_whole
from seechain.history.incoming import last_paid
from seechain.money import Money
from seechain.payment_requests.cautions import is_unnamed, starts_later, unnamed
from seechain.payment_requests.payment_request import PaymentRequest, memo_text
from seechain.payment_requests.token_words import check_words
from seechain.see import SEE
from seechain.splitter import Splitter
from seechain.splitter.payments import memo_bytes, read_payment

ONE = 65_536  # bytes of an authorisation's file

_path = click.Path(path_type=Path)


@sending
@click.option("--see", metavar="ADDRESS", help="The SEE, or a Splitter: a seat that is shared.")
@click.option("--amount", help="With its unit, as '1.5 ether'; or smallest units.")
@click.option("--currency", metavar="TOKEN", help="A token's address; the native coin if left out.")
@click.option("--memo", help="A reference of up to 32 bytes, as an invoice's number.")
@click.option(
    "--version", type=click.IntRange(0), help="Of a late invoice: pay those who were members then."
)
@click.option("--request", metavar="FILE", type=_path, help="Pay what a payment request asks for.")
@click.option("--again", is_flag=True, help="Pay a request that was paid before, once more.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--permit", is_flag=True, help="Sign a permit (ERC-2612) in place of an approval.")
@click.option(
    "--authorize",
    metavar="FILE",
    type=_path,
    help="Sign the payment into FILE (ERC-3009), for anyone to send; you need no gas.",
)
@click.option("--relay", metavar="FILE", type=_path, help="Send what a client has authorized.")
@agreement_option
def cli(
    desk: Desk,
    again: bool,
    permit: bool,
    authorize: Path | None,
    relay: Path | None,
    request: Path | None,
    names: Path | None,
    yes: bool,
    **options: Any,
) -> Iterator[None]:
    """Pay a SEE. What each member will get of it is shown first.

    A token is approved first, where that is missing; with --permit one signature is enough, and
    with --authorize the signed payment is a file that anyone sends with --relay.
    """
    if relay is not None:
        others = {**options, "request": request, "authorize": authorize}
        yield from _relay(desk, relay, names, others)
        return
    order = _order(desk, request, options)
    if request is not None and not again and not resumed():
        _check_unpaid(desk, request, options["amount"])
    paid = books_at(desk, order.see, names)
    whose, version = "", order.given.get("version")
    if isinstance(paid, SEE):
        # What is shown is what is paid: if another version comes in force meanwhile, it fails.
        number = paid.in_force.number if version is None else version
        whose = f", to the members of version {number} of its agreement"
    elif version is not None:
        raise click.UsageError(f"{order.see} is a Splitter, which has no versions")
    currency = _currency(paid, order)
    if isinstance(paid, SEE) and is_unnamed(paid, currency, version):
        desk.note(unnamed(currency))
    desk.say(f"{desk.who(desk.address)} pays {order.shown} to {paid.address}{whose}")
    tell_parts(desk, paid, order.amount, order.given.get("currency"), version)
    if request is None and not resumed():
        _tell_paid_before(desk, paid, order, yes)
    if authorize is not None:
        yield from _authorize(desk, paid, order, authorize)
        return
    if permit:
        payer = Payer(desk.w3)
        receipts = payer.pay_with_permit(paid, order.amount, sender=desk.account, **order.given)
    else:
        receipts = paid.pay(order.amount, sender=desk.account, **order.given)
    yield
    desk.say()
    show(desk, receipts)
    _tell_paid(desk, paid.address, order.shown, order.given.get("memo"), receipts.transaction_hash)


def _authorize(desk: Desk, paid: Splitter, order: _Order, file: Path) -> Iterator[None]:
    if desk.dry_run:
        desk.say(f"\nWould be signed: this payment, into {file}")
        yield
        return
    made = Payer(desk.w3).authorization(paid, order.amount, desk.account, **order.given)
    write_whole(file, made.to_json())
    yield
    desk.say(f"\nWritten: {file}; anyone sends it until {when(made.valid_before)}:")
    desk.say(f"{desk.program} pay --relay {file}")
    desk.result({"file": str(file), "valid_before": made.valid_before})


def _tell_paid(desk: Desk, see: str, shown: str, memo: str | bytes | None, hash_: str) -> None:
    text = memo_text(memo_bytes(memo))
    desk.say(f"Paid: {shown}" + (f", memo {text}" if text else ""))
    desk.say(f"A receipt: {desk.program} receipt {hash_} --see {see} --out receipt.json")


@dataclass(frozen=True)
class _Order:
    """What is paid. amount: smallest units, or text. given: of `SEE.pay`. shown: for people."""

    see: str
    amount: int | str
    given: dict[str, Any]
    shown: str


def _order(desk: Desk, path: Path | None, options: dict[str, Any]) -> _Order:
    """What is typed, or what a request asks for."""
    given = {name: value for name, value in options.items() if value is not None}
    if path is None:
        for name in ("see", "amount"):
            if name not in given:
                raise click.UsageError(f"name --{name}, or a --request FILE that says it")
        see, amount = given.pop("see"), given.pop("amount")
        return _Order(see, amount, given, amount)
    request = PaymentRequest.load(path)
    if set(given) - {"amount"}:
        raise click.UsageError(f"the request says what is paid: leave --{sorted(given)[0]} out")
    if request.chain_id != desk.chain_id:
        raise WrongChain(
            f"{path} asks for a payment on chain {request.chain_id}, and this node's is"
            f" {desk.chain_id}: name a node of that chain"
        )
    is_over = request.expires is not None and request.expires <= now_of(desk.w3)
    if is_over and not last_sent():
        raise TooLate(f"{path} asked for a payment until {request.expires_text}: ask for a new one")
    asked: dict[str, Any] = {"currency": request.currency}
    if any(request.memo):
        asked["memo"] = request.memo
    if request.version is not None:
        asked["version"] = request.version
    amount = given.get("amount", request.amount)
    if later := starts_later(request, latest_block(desk.w3)):
        raise PaymentRequestError(f"{path} is not to be paid yet: {later}; ask for another request")
    check_words(desk.w3, request, called=str(path))
    # In the token's own words all the same, with its address.
    shown = Money(desk.w3).text(request.currency, amount) if isinstance(amount, int) else amount
    return _Order(request.see, amount, asked, shown)


def _currency(paid: Splitter, order: _Order) -> str:
    """What is paid in; says which option names a token, before anything is shown of none."""
    try:
        return read_payment(paid, order.amount, order.given.get("currency")).currency
    except AmountError as error:
        if "is not known here" in str(error) and not order.given.get("currency"):
            raise AmountError(f"{error}; a token needs --currency ADDRESS") from None
        raise


def _check_unpaid(desk: Desk, path: Path, amount: str | None) -> None:
    """Refuses a request that was paid before: in full, or in part where no amount is named."""
    from seechain.payment_requests.watching import Watch

    request = PaymentRequest.load(path)
    watch = Watch(desk.w3, [request], tell=lambda notice: None, confirmations=1)
    (standing,) = watch.look().standings
    if not standing.matches:
        return
    paid = standing.matches[-1].payment
    last = ", ".join([f"by {paid.payer} in {paid.transaction_hash}", *standing.caveats])
    if standing.missing == 0:
        raise PaymentRequestError(
            f"{path} was paid before, {last}: to pay it once more add --again"
        )
    if amount is None:
        money = Money(desk.w3)
        missing = money.text(request.currency, standing.missing)
        raise PaymentRequestError(
            f"of {money.text(request.currency, request.amount)} that {path} asks for only {missing}"
            f" is missing, the rest was paid, last {last}: to pay that add --amount"
            f" '{request.money(standing.missing)}', to pay all of it again --again"
        )


def _tell_paid_before(desk: Desk, paid: Splitter, order: _Order, yes: bool) -> None:
    """Says, and asks, where the account has paid the same memo in the same currency before."""
    memo = memo_bytes(order.given.get("memo"))
    if not any(memo):
        return
    currency = read_payment(paid, order.amount, order.given.get("currency")).currency
    first = paid.versions[0].start if isinstance(paid, SEE) else None
    before = last_paid(paid, desk.address, memo, currency, first[0] if first else 0)
    if before is None:
        return
    transaction, time = before
    desk.say(
        f"\nNote: {desk.who(desk.address)} has paid with the memo {memo_text(memo)} before, on"
        f" {when(time)} in {transaction}"
    )
    desk.result({"paid_before": transaction})
    desk.confirm("Pay it once more?", yes)


def _relay(desk: Desk, path: Path, names: Path | None, others: dict[str, Any]) -> Iterator[None]:
    for name, value in others.items():
        if value is not None:
            raise click.UsageError(f"{path} says what is paid: leave --{name} out")
    try:
        made = Authorization.from_json(read_text(path, ONE))
    except SignatureError as error:
        raise SignatureError(f"{path}: {error}") from None
    paid = books_at(desk, made.see, names)
    amount = Money(desk.w3).text(made.currency, made.amount)
    memo = memo_text(made.memo)
    of = f", memo {memo}" if memo else ""
    desk.say(f"{desk.who(made.account)} pays {amount} to {made.see}{of}")
    if isinstance(paid, SEE) and is_unnamed(paid, made.currency):
        desk.note(unnamed(made.currency))
    if not made.is_late:
        tell_parts(desk, paid, made.amount, made.currency)
    receipts = Payer(desk.w3).relay(made, sender=desk.account)
    yield
    desk.say()
    show(desk, receipts)
    _tell_paid(desk, made.see, amount, made.memo, receipts.transaction_hash)
