"""Commands on Ape's network and with Ape's account: `ape run pay --network … --account …`.

They are those of the `seechain` command, with Ape's options in place of its own.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
from ape import accounts, networks
from ape.cli import ConnectedProviderCommand, account_option
from ape.exceptions import ApeException

from seechain.cli.desk import Desk
from seechain.cli.ending import clear
from seechain.cli.frame import CONNECTION, Command, carry_out
from seechain.journal.file import default_directory


class _Command(ConnectedProviderCommand):
    """Errors of Ape are one sentence too."""

    def invoke(self, ctx: click.Context) -> Any:
        network = ctx.params.get("network")
        node = f"the node at {getattr(network, 'uri', network)}"
        try:
            with clear(bool(ctx.params.get("as_json")), node):
                return super().invoke(ctx)
        except ApeException as error:
            raise click.ClickException(str(error)) from None


def on_ape(command: Command) -> click.Command:
    """The command with `--network` and `--account` of Ape."""

    def run(account: Any, as_json: bool, **options: Any) -> None:
        with ExitStack() as stack:
            desk = Desk(
                as_json,
                networks.active_provider.web3,
                account,
                program="ape run",
                test_accounts={each.address: each for each in _test_accounts()},
                journals=_journals(stack),
                network=networks.active_provider.network_choice,
            )
            desk.is_local = networks.active_provider.network.is_local
            carry_out(command, desk, options)

    run.__doc__, run.__name__ = command.body.__doc__, str(command.name)
    made = click.command(cls=_Command, help=command.help)(account_option()(run))
    own: list[click.Parameter] = [each for each in command.params if each.name not in CONNECTION]
    made.params = [*own, *made.params]
    return made


def _test_accounts() -> Any:
    """Whose keys everybody has, on a development chain."""
    return accounts.test_accounts if networks.active_provider.network.is_local else ()


def _journals(stack: ExitStack) -> Path | None:
    """Where the Journal is. A fork knows the chain's transactions, and the chain those of a fork:
    they have no journals in common. What was noted of a chain that ends with the command ends too.
    """
    provider = networks.active_provider
    if provider.name == "test" or getattr(provider, "process", None) is not None:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seechain-")))
    if provider.network.is_dev:
        return default_directory() / provider.network.name
    return None
