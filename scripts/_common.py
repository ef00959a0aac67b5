"""What the commands share: Ape's network and account, consents as files, errors as sentences."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
from ape import accounts, networks
from ape.cli import ConnectedProviderCommand, account_option
from web3 import Web3

from seechain import SEE, Agreement, Consent, SeechainError, SignatureError

see_option = click.option("--see", required=True, metavar="ADDRESS", help="The SEE.")
currency_option = click.option(
    "--currency", metavar="TOKEN", help="'native' or a token's address; all, if left out."
)
consents_option = click.option(
    "--consents",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="The consents' files; by default in the folder that `ape run sign` writes.",
)


def command(function: Callable[..., None]) -> click.Command:
    """A command on the network and with the account of Ape's options; errors are one sentence."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except SeechainError as error:
            raise click.ClickException(str(error)) from None

    return click.command(cls=ConnectedProviderCommand)(account_option()(run))


def w3() -> Web3:
    """web3 for the network of `--network`."""
    return networks.active_provider.web3


def is_local() -> bool:
    """Whether this is a development chain, on which everybody has the test accounts' keys."""
    return networks.active_provider.network.is_local


def load(path: Path) -> Agreement:
    """Reads an agreement and shows what is signed, with what may surprise."""
    agreement = Agreement.load(path)
    click.echo(f"{agreement.text}\n")
    for warning in agreement.warnings:
        click.echo(f"Note: {warning}.")
    return agreement


def folder_of(target: Path | str) -> Path:
    """Where consents are: beside an agreement's file, or here under the address of a SEE."""
    path = Path(target)
    return path.with_name(f"{path.stem}.consents")


def gather(
    voices: Mapping[str, str], folder: Path, sign: Callable[[Any], Consent], target: Path | str
) -> list[Consent]:
    """The consents of the folder; on a local network those of the test accounts that lack.

    voices: names by account. sign: makes the consent of an account.

    Raises:
        SignatureError: a file that holds no consent.
    """
    found: dict[str, Consent] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            consent = Consent.from_json(path.read_bytes())
        except SignatureError as error:
            raise SignatureError(f"{path}: {error}") from None
        found[consent.account] = consent
    test_accounts = {each.address: each for each in accounts.test_accounts} if is_local() else {}
    for account, name in voices.items():
        if account in found:
            click.echo(f"{name} has signed: {account}, in {folder}")
        elif account in test_accounts:
            found[account] = sign(test_accounts[account])
            click.echo(f"{name} signs: {account}, a test account")
        else:
            click.echo(f"{name} has not signed: {account}; ape run sign {target}")
    return list(found.values())


def show(receipt: Any, see: SEE) -> None:
    """What a transaction cost, and what stays due to whom."""
    click.echo(f"Done in {receipt.transaction_hash}, {receipt.gas_used:,} gas.")
