"""Shows who would get what, and the agreement as it is signed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from seechain.agreement import Agreement
from seechain.agreement.text import NATIVE
from seechain.amounts import NATIVE_DECIMALS, format_units
from seechain.chain.reverts import TokenError
from seechain.cli.desk import Desk
from seechain.cli.frame import reading
from seechain.cli.papers import agreement_at
from seechain.errors import AmountError
from seechain.paper.drawing import svg
from seechain.paper.outlook import Outlook
from seechain.paper.page import page
from seechain.paper.pdf import pdf
from seechain.paper.png import png

MOST_ROWS = 40  # members that are listed here; a file lists more
PAPER = (".html", ".htm", ".pdf")
PICTURES = (".svg", ".png")


@reading(rpc="optional")
@click.argument("agreement", metavar="[FILE]", required=False, type=click.Path())
@click.option("--see", metavar="ADDRESS", help="A SEE instead: what is in force there, by --rpc.")
@click.option(
    "--amount", "amounts", multiple=True, metavar="AMOUNT",
    help="A payment, as '1000 USDC' or '1.5 ether'; several times for several.",
)  # fmt: skip
@click.option(
    "--decimals", multiple=True, metavar="SYMBOL=N",
    help="Decimals of a token that is not known here; --rpc asks the agreement's tokens.",
)  # fmt: skip
@click.option("--picture", metavar="FILE", type=click.Path(), help="Draw the split: .svg or .png.")
@click.option(
    "--out", metavar="FILE", type=click.Path(), help="Write it all to send around: .html or .pdf."
)
def cli(
    desk: Desk,
    agreement: str | None,
    see: str | None,
    amounts: tuple[str, ...],
    decimals: tuple[str, ...],
    picture: str | None,
    out: str | None,
) -> None:
    """Show who would get what of payments, and the agreement as it is signed."""
    if (agreement is None) == (see is None):
        raise click.UsageError("name the agreement's FILE, or a SEE with --see")
    _check_suffix("--picture", picture, PICTURES)
    _check_suffix("--out", out, PAPER)
    if see is not None:
        outlook = _of_see(desk, see, amounts)
    else:
        read = agreement_at(Path(str(agreement)))
        known = {**_tokens(desk, read), **_decimals(decimals)}
        outlook = Outlook.of_agreement(read, amounts, known)
    _tell(desk, outlook)
    made: list[tuple[str | Path, bytes | str]] = []
    if picture is not None:
        drawing = outlook.picture()
        is_png = _suffix(picture) == ".png"
        made.append((picture, png(drawing, tell=desk.note) if is_png else svg(drawing)))
    if out is not None:
        title, blocks = outlook.title, outlook.blocks()
        is_pdf = _suffix(out) == ".pdf"
        made.append((out, pdf(title, blocks, tell=desk.note) if is_pdf else page(title, blocks)))
    desk.write_all(made)


def _of_see(desk: Desk, see: str, amounts: Iterable[str]) -> Outlook:
    from seechain.see import SEE

    if not desk.online:
        raise click.UsageError("--see needs the node: --rpc URL, or SEECHAIN_RPC")
    return Outlook.of_see(SEE(desk.w3, see), amounts)


def _tell(desk: Desk, outlook: Outlook) -> None:
    table = outlook.table(MOST_ROWS)
    columns = [
        f"{column}>" if side == "r" else column
        for column, side in zip(table.columns, table.align, strict=True)
    ]
    desk.table(outlook.title, columns, table.rows)
    desk.say()
    if outlook.agreement is not None:
        desk.say("What is signed:\n")
        for line in outlook.agreement.text.split("\n"):
            desk.say(f"  {line}".rstrip())
        desk.say()
    wide = max(len(name) for name, _ in outlook.facts)
    for name, what in outlook.facts:
        desk.say(f"{name.ljust(wide)}  {what}")
    warnings = outlook.agreement.warnings if outlook.agreement else ()
    for warning in warnings:
        desk.say(f"Warning: {warning}")
    desk.result({
        "title": outlook.title,
        **{name.replace(" ", "_"): what for name, what in outlook.facts},
        "text": outlook.agreement.text if outlook.agreement else None,
        "members": [_member(outlook, at) for at in range(len(outlook.payees))],
        "further_seats": outlook.further_seats,
        "further_shares": outlook.further_shares,
        "shares": outlook.shares,
        "payments": [
            {"amount": _money(one, one.amount.units), "undivided": _money(one, one.undivided),
             "further": _money(one, one.further_units)}
            for one in outlook.previews
        ],
        "warnings": list(warnings),
    })  # fmt: skip


def _member(outlook: Outlook, at: int) -> dict[str, object]:
    payee = outlook.payees[at]
    gets = [_money(one, one.shares[at].units) for one in outlook.previews]
    return {**payee._asdict(), "of": outlook.shares, "gets": gets}


def _money(one: Any, units: int) -> dict[str, object]:
    amount = one.amount
    return {
        "symbol": amount.unit,
        "units": str(units),
        "decimal": format_units(units, amount.decimals),
    }


def _tokens(desk: Desk, agreement: Agreement) -> dict[str, int]:
    """Decimals of the agreement's tokens by symbol, where a chain can be asked."""
    from seechain.chain.tokens import Token

    found: dict[str, int] = {}
    for currency in agreement.currencies if desk.online else ():
        try:
            token = None if currency == NATIVE else Token(desk.w3, currency)
        except TokenError:
            continue
        if token and token.decimals is not None and token.symbol not in ("", *NATIVE_DECIMALS):
            found[token.symbol] = token.decimals
    return found


def _decimals(given: Iterable[str]) -> dict[str, int]:
    found = {}
    for each in given:
        symbol, _, number = each.partition("=")
        if not symbol or not number.isdecimal() or int(number) > 77 or symbol in NATIVE_DECIMALS:
            raise AmountError(f"--decimals is a symbol with its decimals, as XYZ=8, got {each!r}")
        found[symbol] = int(number)
    return found


def _suffix(path: str) -> str:
    return Path(path).suffix.lower()


def _check_suffix(option: str, path: str | None, known: tuple[str, ...]) -> None:
    if path is not None and _suffix(path) not in known:
        raise click.UsageError(f"{option} is a file that ends with {' or '.join(known)}: {path}")
