"""What the commands share: Ape's network and account, consents as files, errors as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import click
from ape import accounts, networks
from ape.cli import ConnectedProviderCommand, account_option
from ape.exceptions import ApeException
from requests import RequestException
from web3 import Web3

from seechain import (
    SEE,
    Agreement,
    Consent,
    Receipt,
    Receipts,
    SeechainError,
    SignatureError,
)
from seechain.amounts import format_units
from seechain.events import Claimed, Kept, PaidOut
from seechain.node import now_of
from seechain.reverts import NotSeechain
from seechain.splitter import Splitter

see_option = click.option("--see", required=True, metavar="ADDRESS", help="The SEE.")
books_option = click.option(
    "--see", required=True, metavar="ADDRESS", help="The SEE, or a Splitter: a seat that is shared."
)
currency_option = click.option(
    "--currency", metavar="TOKEN", help="'native' or a token's address; all, if left out."
)
consents_option = click.option(
    "--consents",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="The consents' files; by default in the folder that `ape run sign` writes.",
)


class _Command(ConnectedProviderCommand):
    """Errors of the SDK and of Ape are one sentence and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        network = ctx.params.get("network")
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # of the output, not of the node: click knows what to do
        except (SeechainError, ApeException) as error:
            raise click.ClickException(str(error)) from None
        except (ConnectionError, RequestException) as error:
            uri = getattr(network, "uri", network)
            why = str(error).partition("\n")[0]
            raise click.ClickException(f"the node at {uri} can't be reached: {why}") from None


def command(function: Callable[..., None]) -> click.Command:
    """A command on the network and with the account of Ape's own options; it shows both first."""

    @wraps(function)
    def shown(account: Any, **options: Any) -> None:
        choice = networks.active_provider.network_choice
        click.echo(f"Chain {w3().eth.chain_id} ({choice}), account {account.address}\n")
        function(account=account, **options)

    return click.command(cls=_Command)(account_option()(shown))


def w3() -> Web3:
    """web3 for the network of `--network`."""
    return networks.active_provider.web3


def is_local() -> bool:
    """Whether this is a development chain, on which everybody has the test accounts' keys."""
    return networks.active_provider.network.is_local


def books_at(address: str) -> Splitter:
    """The SEE, or the Splitter, at an address.

    Raises:
        NotSeechain: neither stands there.
    """
    try:
        return SEE(w3(), address)
    except NotSeechain as error:
        try:
            return Splitter(w3(), address)
        except NotSeechain:
            raise error from None


def load(path: Path, *, check_expiry: bool = True) -> Agreement:
    """Reads an agreement and shows what is signed, with what may surprise."""
    agreement = Agreement.load(path, check_expiry=check_expiry)
    click.echo(f"{agreement.text}\n")
    for warning in agreement.warnings:
        click.echo(f"Note: {warning}.")
    return agreement


def folder_of(target: Path | str, kind: str = "") -> Path:
    """Where consents are: beside an agreement's file, or here under the address of a SEE.

    kind: of what a member does alone, which is submitted one by one.
    """
    path = Path(target)
    return path.with_name(f"{path.stem}.{kind}.consents" if kind else f"{path.stem}.consents")


def gather(
    voices: Mapping[str, str], folder: Path, sign: Callable[[Any], Consent], words: str
) -> list[Consent]:
    """The consents of the folder; on a local network those of the test accounts that lack.

    voices: names by account. sign: makes the consent of an account. words: what to type after
    `ape run sign`.

    Raises:
        SignatureError: a file that holds no consent.
    """
    found = {consent.account: consent for consent in _read(folder)}
    test_accounts = {each.address: each for each in accounts.test_accounts} if is_local() else {}
    for account, name in voices.items():
        if account in found:
            click.echo(f"{_call(name, account)} has signed, in {folder}")
        elif account in test_accounts:
            found[account] = sign(test_accounts[account])
            click.echo(f"{_call(name, account)} signs, a test account")
        else:
            click.echo(f"{_call(name, account)} has not signed; ape run sign {words} --account …")
    return list(found.values())


def _call(name: str, account: str) -> str:
    """A voice by its name, where that is known, and by its account."""
    return account if name == account else f"{name} ({account})"


def deadline_in(folder: Path) -> int | None:
    """The deadline that others have signed already, if it is ahead: all sign the same.

    What a SEE's own voices have signed, in folders below, has the same deadline.
    """
    ahead = (each.deadline for each in _read(folder, "**/*.json") if each.deadline > now_of(w3()))
    return next(ahead, None)


def keep(consent: Consent, folder: Path) -> Path:
    """Writes a consent into a folder, for whoever submits it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{consent.account}.json"
    path.write_text(consent.to_json(), encoding="utf-8")
    return path


def read_consent(path: Path) -> Consent:
    """The consent of a file.

    Raises:
        SignatureError: the file can't be read, or holds no consent.
    """
    try:
        return Consent.from_json(path.read_bytes())
    except OSError as error:
        raise SignatureError(f"{path} can't be read: {error.strerror}") from None
    except SignatureError as error:
        raise SignatureError(f"{path}: {error}") from None


def _read(folder: Path, pattern: str = "*.json") -> Iterator[Consent]:
    return map(read_consent, sorted(folder.glob(pattern)))


def show(receipts: Receipt | Receipts, paid_by: Splitter | None = None) -> None:
    """Who got what, and what it cost. paid_by: knows where redirected money went."""
    if receipts == ():
        click.echo("Nothing was sent: all of it is done already")
        return
    payers = {event.address for event in receipts.events if isinstance(event, Claimed | PaidOut)}
    kept = {event.address for event in receipts.events if isinstance(event, Kept)}
    for event in receipts.events:
        by = f" from {event.address}" if len(payers) > 1 else ""
        if isinstance(event, Claimed | Kept):
            amount = amount_of(event.currency, event.amount)
            done = "got" if isinstance(event, Claimed) else "did not take it; kept for it:"
            to = event.account
            if isinstance(paid_by, SEE) and event.address == paid_by.address:
                to = paid_by.redirected(event.account)
            where = "" if to == event.account else f", at {to}"
            click.echo(f"{event.account} {done} {amount}{by}{where}")
        elif isinstance(event, PaidOut):
            what = "native coin" if event.currency == "native" else event.currency
            everyone = "Everyone else" if event.address in kept else "Everyone"
            click.echo(f"{everyone} has what was due of {what}{by}")
    click.echo(f"Transaction {receipts.transaction_hash}, {receipts.gas_used:,} gas")


def amount_of(currency: str, units: int) -> str:
    """An amount in words."""
    if currency == "native":
        return format_units(units, 18, "ether")
    return f"{units} units of {currency}"
