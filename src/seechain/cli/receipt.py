"""Writes a receipt of a payment that anyone can check, or checks one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seechain.cli.books import agreement_option, at_hand, books_at
from seechain.cli.desk import Desk
from seechain.cli.ending import NOT_RIGHT
from seechain.cli.frame import reading

if TYPE_CHECKING:
    from seechain.payment_requests.payment_receipt import PaymentReceipt

_HASH = re.compile(r"0x[0-9a-fA-F]{64}")


@reading(rpc="optional")
@click.argument("what", metavar="TX|FILE", type=click.Path())
@click.option("--see", metavar="ADDRESS", help="Who was paid: a SEE, or a Splitter.")
@click.option("--request", metavar="FILE", type=click.Path(), help="What it was paid for.")
@click.option("--log-index", type=click.IntRange(0), help="Which payment, where there are several.")
@agreement_option
@click.option("--out", metavar="FILE", type=click.Path(), help="Where it is written; - for here.")
@click.option("--check", is_flag=True, help="Check the receipt of a FILE; on chain with --rpc.")
def cli(
    desk: Desk,
    what: str,
    see: str | None,
    request: str | None,
    log_index: int | None,
    names: Path | None,
    out: str | None,
    check: bool,
) -> None:
    """Write the receipt of the payment that a transaction (TX) made, or show or check a FILE.

    It says who paid what, and what each member gets of it by the agreement in force. The request
    in a FILE is on no chain: --request checks it against its own file. Exit code 3: a receipt that
    is checked is not as it should be, and each difference is named.
    """
    if not _HASH.fullmatch(what):
        given = {"see": see, "log-index": log_index, "out": out}
        if wrong := [name for name, value in given.items() if value is not None]:
            raise click.UsageError(f"--{wrong[0]} is for the receipt of a transaction")
        if request is not None and not check:
            raise click.UsageError("--request is for a receipt that is written, or --check for one")
        receipt = _shown(desk, what, names)
        if check:
            _check(desk, receipt, request)
        return
    if check:
        raise click.UsageError("--check is for the FILE of a receipt")
    if not desk.online or see is None:
        raise click.UsageError("a transaction's receipt needs --rpc URL and --see ADDRESS")
    _write(desk, what, see, request, log_index, names, out)


def _write(
    desk: Desk,
    transaction: str,
    see: str,
    request: str | None,
    log_index: int | None,
    names: Path | None,
    out: str | None,
) -> None:
    from seechain.payment_requests.payment_request import PaymentRequest
    from seechain.payment_requests.receipt_making import doubts, receipt_of

    books = books_at(desk, see, names)
    asked = None if request is None else PaymentRequest.load(request)
    receipt = receipt_of(books, transaction, log_index=log_index, request=asked)
    found = doubts(receipt, books, asked)
    for each in found:
        desk.say(f"Note: {each}", err=True)
    desk.result({"receipt": receipt.as_dict(), "doubts": found})
    if out == "-":
        desk.write("-", "" if desk.as_json else receipt.to_json())
        return
    desk.say(receipt.told(desk.names), lines=True)
    if out is not None:
        desk.write(out, receipt.to_json())


def _shown(desk: Desk, file: str, names: Path | None) -> PaymentReceipt:
    from seechain.payment_requests.payment_receipt import PaymentReceipt

    receipt = PaymentReceipt.load(file)
    read = at_hand(names)
    if read is not None and read.commitment == receipt.commitment:
        desk.names |= {each.account: each.name for each in read.members}
    elif read is not None:
        desk.say(f"Note: {names} is not its agreement, so it names nobody here\n")
    desk.say(receipt.told(desk.names), lines=True)
    desk.result({"receipt": receipt.as_dict()})
    return receipt


def _check(desk: Desk, receipt: PaymentReceipt, request: str | None) -> None:
    from seechain.payment_requests.payment_request import PaymentRequest
    from seechain.payment_requests.receipt_making import differences, doubts
    from seechain.payment_requests.token_words import check_words

    asked = None if request is None else PaymentRequest.load(request)
    if asked is not None and desk.online:
        check_words(desk.w3, asked, called=str(request))
    found = differences(receipt, desk.w3) if desk.online else receipt.faults()
    found += receipt.request_differences(asked) if asked else []
    doubted: list[str] = []
    how = "recomputed, and compared with the chain" if desk.online else "recomputed"
    desk.say()
    if not found:
        books = books_at(desk, receipt.see) if desk.online else None
        doubted = doubts(receipt, books, asked)
        but = ", but:" if doubted else ""
        desk.say(f"All that it says was {how}: nothing differs{but}")
    for each in found + doubted:
        desk.say(f"- {each}")
    if not found and not desk.online:
        desk.say("Whether it was paid only the chain knows: check it with --rpc")
    result = {"right": not found, "online": desk.online, "differences": found}
    desk.result({**result, "doubts": doubted})
    if found:
        desk.fail(NOT_RIGHT)
