"""The desk of a command: its chain, its account, and what it says, to people or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import click
from web3 import Web3

from seechain.chain.deployer import is_local
from seechain.chain.node import asking, chain_id_of, url_of
from seechain.chain.reverts import ChainError
from seechain.errors import AccountError
from seechain.files import Over, check_target, write_whole
from seechain.visible import visible


@dataclass
class Desk:
    """What a command works with.

    as_json: one JSON object is printed, and nothing else. chain: None where no node was named.
    account: a sender (see `seechain.sending.senders`), where the command takes one. program: how
    the command is typed, for advice. test_accounts: which a local network signs for at once.
    journals: where acts are noted; None: in the usual folder. network: its name, where it has one.
    dry_run: nothing is to be signed or written. names: of accounts, as an agreement has them.
    files: those that were written. notes: what is to be known beside the output.
    """

    as_json: bool = False
    chain: Web3 | None = None
    account: Any = None
    program: str = "seechain"
    test_accounts: Mapping[str, Any] = field(default_factory=dict)
    journals: Path | None = None
    network: str = ""
    dry_run: bool = False
    names: dict[str, str] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def w3(self) -> Web3:
        """The chain, in a command that needs one."""
        assert self.chain is not None
        return self.chain

    @property
    def online(self) -> bool:
        """Whether a node was named."""
        return self.chain is not None

    @property
    def address(self) -> str:
        """Of the account."""
        from seechain.sending.senders import address_of

        return address_of(self.account)

    @cached_property
    def is_local(self) -> bool:
        """Whether the chain is one of one's own, for tests."""
        return is_local(self.w3)

    @cached_property
    def chain_id(self) -> int:
        """The id of the chain."""
        return chain_id_of(self.w3)

    def who(self, account: str) -> str:
        """An account for people: by its name too, where an agreement that is at hand has one."""
        name = self.names.get(account)
        return f"{name} ({account})" if name else account

    def say(self, text: object = "", *, err: bool = False, lines: bool = False) -> None:
        """Says something to people; under --json nothing is said.

        Line ends about it set it apart. Within it they are shown as what hides, since who gives a
        name or a URI could write lines of their own; lines: it has several, each of them ours.
        """
        if self.as_json:
            return
        said = str(text)
        inside = said.strip("\n")
        before, _, after = said.partition(inside) if inside else (said, "", "")
        click.echo(f"{before}{visible(inside, lines=lines)}{after}", err=err)

    def note(self, text: str) -> None:
        """Says what is to be known of what was made, beside the output: in JSON, `notes`."""
        self.notes.append(text)
        self.say(f"Note: {text}", err=True)

    def tell_place(self) -> None:
        """Shows chain and account before anything is signed."""
        where = self.network or url_of(self.w3)
        self.say(f"Chain {self.chain_id} ({where}), account {self.address}\n")
        self.result({"chain_id": self.chain_id, "account": self.address})

    def check_sender(self) -> None:
        """Refuses an account of the node that the node does not sign for, before it is asked to:
        what it refuses then may look as if it were on its way.

        Raises:
            AccountError: it does not.
        """
        if not isinstance(self.account, str):
            return
        try:
            with asking(self.w3, "asking for the accounts of the node"):
                known = {each.lower() for each in self.w3.eth.accounts}
        except ChainError:
            return  # a node that does not say so is asked all the same
        if self.address.lower() not in known:
            raise AccountError(
                f"the node at {url_of(self.w3)} does not sign for {self.address}: sign with its"
                " own key, --keystore FILE, or name a node that holds it"
            )

    def confirm(self, question: str, yes: bool) -> None:
        """Asks a person on a terminal before what can't be undone. yes: it was said already."""
        if yes or self.dry_run or self.as_json or not sys.stdin.isatty():
            return
        click.confirm(visible(question, lines=False), abort=True)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Shows a table to people. A column whose name ends with ">" is set to the right."""
        if not self.as_json:
            from seechain.cli.tables import print_table

            print_table(title, columns, rows)

    def result(self, values: Mapping[str, Any]) -> None:
        """Adds to the JSON object that is printed in the end."""
        self.results |= values

    def finish(self) -> None:
        """Prints the JSON object."""
        if self.notes:
            self.result({"notes": [*self.results.get("notes", []), *self.notes]})
        if self.as_json:
            click.echo(json.dumps(self.results, indent=2, ensure_ascii=True, default=_plain))

    def fail(self, code: int) -> None:
        """Ends the command with an exit code, after what it has said."""
        self.finish()
        raise click.exceptions.Exit(code)

    def write(
        self, path: str | Path, data: bytes | str, *, private: bool = False, over: Over = "alike"
    ) -> None:
        """Writes a file whole or not at all; "-" is the standard output.

        private: nobody else may read it, and one that is there is not written over. over: which
        file that is there is, see `seechain.files.check_target`.

        Raises:
            FileError: it can't be written. UsageError: it is "-", under --json.
        """
        self._check_place(path, data)
        if str(path) == "-":
            click.echo(data, nl=False)
        elif self.dry_run:
            self.say(f"Would be written: {path}")
        else:
            write_whole(path, data, private=private, over="same" if private else over)
            self.files.append(str(path))
            self.say(f"Written: {path}")

    def write_all(
        self, files: Sequence[tuple[str | Path, bytes | str]], *, over: Over = "alike"
    ) -> None:
        """Writes several files, or none where one of them can't be written.

        Raises:
            FileError, UsageError: as `write`.
        """
        for path, data in files:
            self._check_place(path, data)
        for path, data in files:
            check_target(path, data, over=over)
        for path, data in files:
            self.write(path, data, over=over)

    def _check_place(self, path: str | Path, data: bytes | str) -> None:
        if self.as_json and data and str(path) == "-":
            raise click.UsageError("--json prints one object: name a file in place of -")

    @contextmanager
    def progress(self, what: str, total: int | None) -> Iterator[Callable[..., None]]:
        """Shows how far long work is, on a terminal; gives what is called after each part.

        total: how many parts there are, None where that is not known.
        """
        if self.as_json or not sys.stderr.isatty():
            yield lambda count=1: None
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(file=sys.stderr), transient=True) as bar:
            task = bar.add_task(visible(what, lines=False), total=total)
            yield lambda count=1: bar.advance(task, count)


def _plain(value: object) -> object:
    """What JSON does not know."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(value)
