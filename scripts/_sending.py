"""Commands that send: in a Journal, so that what was interrupted is gone on with, and done once."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from fractions import Fraction
from functools import partial, wraps
from pathlib import Path
from typing import Any

import click
from ape import networks
from ape.exceptions import ApeException
from click.utils import PacifyFlushWrapper
from requests import RequestException
from web3 import Web3

from scripts._common import command, w3
from seechain import Journal, JournalError, SeechainError
from seechain.amounts import read_amount
from seechain.journal_file import default_directory
from seechain.mined import place_of
from seechain.reverts import ReplacedError
from seechain.steps import State
from seechain.tasks import current

DECIMALS = 36  # more than tokens have
_FORGET = re.compile(r"Journal\(.*\)\.forget\(([0-9]+).*\)")

key_option = click.option(
    "--key",
    metavar="TEXT",
    help="Names the act, as an invoice's number: it is done once. If left out, the same command"
    " goes on where it was interrupted, and begins anew when it was done.",
)
journal_option = click.option(
    "--journal",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where acts are noted; by default in $XDG_STATE_HOME/seechain.",
)
forget_option = click.option(
    "--forget",
    metavar="STEP",
    type=click.IntRange(1),
    help="Send anew the step of an interrupted act whose nonce another transaction has used.",
)


def sending(function: Callable[..., Iterator[None]]) -> click.Command:
    """A command that sends. It sends before its `yield`, and shows what was done after it.

    What is shown is no part of the act: a closed pipe or Ctrl-C there does not make it undone, or
    the next run, which is meant to do it once more, would only finish this one.
    """

    @wraps(function)
    def journalled(
        key: str | None, journal: Path | None, forget: int | None, account: Any, **options: Any
    ) -> None:
        name = function.__module__.rpartition(".")[2]
        with _folder(journal) as directory:
            typed = key_of(name, account.address, options, place_of(w3()))
            kept = Journal(typed if key is None else key, directory=directory, once=key is not None)
            kept.waiting = partial(_waits, kept)
            try:
                with kept:
                    earlier = _tell_begun(kept, key)
                    if forget is not None:
                        kept.forget(forget, w3())
                    act = function(account=account, **options)
                    next(act)
                    is_new = {step.number for step in kept.steps} != earlier
                    begun = "" if key or is_new or not earlier else kept.begun
            except KeyboardInterrupt:
                if any(step.state is State.PENDING for step in kept.steps):
                    said = "What was sent may be mined all the same: type it again to go on with it"
                    click.echo(said, err=True)
                raise
            except (JournalError, ReplacedError) as error:
                raise click.ClickException(_typed(str(error), typed)) from None
            _finish(act, begun)

    return command(key_option(journal_option(forget_option(journalled))))


def resumed() -> bool:
    """Whether the command that runs goes on with what an earlier run has sent."""
    journal = current.get()
    return isinstance(journal, Journal) and bool(journal.steps)


def key_of(name: str, account: str, options: Mapping[str, Any], place: tuple[object, ...]) -> str:
    """The key of what is typed: the same command, options, account and chain are the same act."""
    asked = [f"{each}={_plain(each, options[each])}" for each in sorted(options)]
    intent = json.dumps([name, account, *place, *asked])
    return f"{name} {hashlib.sha256(intent.encode()).hexdigest()[:32]}"


def _plain(option: str, value: Any) -> str:
    """What an option says, however it is spelled."""
    if isinstance(value, str) and Web3.is_address(value):
        return Web3.to_checksum_address(value)
    if isinstance(value, Path) or (option == "target" and value):
        return str(Path(value).resolve())
    with suppress(SeechainError, ValueError, ZeroDivisionError):
        if option == "amount":
            return _amount(value)
        if option == "part":
            return str(Fraction(value))
    return str(value)


def _amount(text: str) -> str:
    """An amount in units of its own name; a token's decimals are not asked for."""
    unit = text.strip().partition(" ")[2].strip()
    amount = read_amount(text, {unit: DECIMALS} if unit else {})
    return f"{amount.units} wei" if amount.native or not unit else f"{amount.units} {amount.unit}"


@contextmanager
def _folder(chosen: Path | None) -> Iterator[Path]:
    """Where the Journal is. A fork knows the chain's transactions, and the chain those of a fork:
    they have no journals in common. What was noted of a chain that ends with the command ends too.
    """
    provider = networks.active_provider
    if chosen is not None:
        yield chosen
    elif provider.name == "test" or getattr(provider, "process", None) is not None:
        with tempfile.TemporaryDirectory(prefix="seechain-") as folder:
            yield Path(folder)
    elif provider.network.is_dev:
        yield default_directory() / provider.network.name
    else:
        yield default_directory()


def _waits(kept: Journal, account: str | None) -> None:
    if account is not None:
        click.echo(f"Waiting for another process that sends from {account}", err=True)
        return
    click.echo("Another run of this is at it: waiting for it\n", err=True)
    kept.once = True  # who types the same while it runs wants no second one


def _tell_begun(kept: Journal, key: str | None) -> set[int]:
    """Says what an earlier run has done; the numbers of its steps."""
    earlier = {step.number for step in kept.steps}
    if kept.is_done and key:
        click.echo(f"{key!r} is done: nothing is sent again\n")
    elif earlier and not kept.is_done:
        click.echo(f"It was begun on {kept.begun}, and is gone on with\n")
    return earlier


def _typed(sentence: str, typed: str) -> str:
    """A sentence of the package's for who types a command. typed: the key that nobody gave."""
    sentence = _FORGET.sub(r"add --forget \1", sentence)
    if repr(typed) not in sentence:
        return sentence
    sentence = sentence.replace(f"the act {typed!r}", "this command")
    sentence = sentence.replace(repr(typed), "this command")
    return sentence.replace("use another key", "name it with --key")


def _finish(act: Iterator[None], begun: str) -> None:
    """Shows what was done. begun: when, if an earlier run did all of it."""
    try:
        next(act, None)
        if begun:
            click.echo(
                f"\nAn earlier run, begun on {begun}, has sent all of this; nothing new was sent"
                " now: to do it once more, type it again"
            )
    except (SeechainError, ApeException, ConnectionError, RequestException, KeyboardInterrupt) as e:
        # Not an error's exit code: whatever repeats a command that failed would do it once more.
        if isinstance(e, BrokenPipeError):
            sys.stdout = PacifyFlushWrapper(sys.stdout)
        with suppress(OSError):
            click.echo(f"It is done, but can't be shown: {str(e) or 'interrupted'}", err=True)
