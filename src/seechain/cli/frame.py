"""What commands are made of: their common options, their desk, and how they end.

@offline    needs no chain
@reading    looks at a chain: --rpc
@signing    and signs: --keystore, --account or --ape-account
@sending    and sends, in a Journal: --key, --journal, --forget

All of them take --json and --dry-run. A command gets its `Desk` first, then its own options.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeAlias, overload

import click

from seechain.cli.connecting import connected
from seechain.cli.desk import Desk
from seechain.cli.ending import FILE, Failure, clear, is_of_output
from seechain.cli.keys import account_from, account_options
from seechain.cli.streams import ctrl_c

__all__ = [
    "CONNECTION",
    "Desk",
    "agreement_argument",
    "carry_out",
    "clear",
    "currency_option",
    "offline",
    "reading",
    "sending",
    "signing",
]

# The options by which a command of its own finds chain and account; Ape has others for them.
CONNECTION = ("rpc", "keystore", "account", "ape_account", "code", "password_file")


Body: TypeAlias = Callable[..., Any]

currency_option = click.option(
    "--currency", metavar="TOKEN", help="'native' or a token's address; all, if left out."
)
agreement_argument = click.argument("agreement", metavar="FILE", type=click.Path())

_SURROGATE = re.compile("[\ud800-\udfff]")  # how Python keeps bytes that it can't read
_WRITTEN = ("--out", "--picture", "--qr", "--message", "--authorize", "--sign", "--state")
_NO_NODE = "name the node: --rpc URL, or SEECHAIN_RPC in the environment"
_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_signs_nothing = click.option(
    "--dry-run", is_flag=True, help="Show what would be signed; sign and write nothing."
)
_writes_nothing = click.option("--dry-run", is_flag=True, help="Write no file.")
_rpc_option = click.option(
    "--rpc", metavar="URL", envvar="SEECHAIN_RPC", help="The node, as http://127.0.0.1:8545."
)


class Command(click.Command):
    """A command. body: what it does with its desk. kind: which of the four it is."""

    body: Body
    kind: str

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A file's name that ends as a folder's is refused, which a path would pass over."""
        for before, typed in zip(["", *args], args, strict=False):
            option, given, value = typed.partition("=")
            name, value = (option, value) if given else (before, typed)
            if name in _WRITTEN and value.endswith("/"):
                raise click.UsageError(f"{name} names a file, and {value} is a folder", ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """What was typed is text in UTF-8, whatever the terminal's encoding; a path is bytes."""
        with clear(bool(ctx.params.get("as_json"))):
            for each in self.params:
                if each.name and not _is_path(each):
                    ctx.params[each.name] = _text(ctx.params.get(each.name))
        return super().invoke(ctx)


def offline(function: Body) -> Command:
    """A command that needs no chain."""

    @wraps(function)
    def run(as_json: bool, **options: Any) -> None:
        with clear(as_json):
            _carry_out_reading(function, Desk(as_json), options)

    return _made("offline", function, _writes_nothing(_json_option(run)))


@overload
def reading(function: Body) -> Command: ...
@overload
def reading(*, rpc: str) -> Callable[[Body], Command]: ...
def reading(function: Body | None = None, *, rpc: str = "required") -> Any:
    """A command that looks at a chain. rpc: "optional" where it does without one too."""
    if function is None:
        return partial(reading, rpc=rpc)
    body = function

    @wraps(body)
    def run(as_json: bool, rpc: str | None, **options: Any) -> None:
        with clear(as_json):
            if rpc is None and needed:
                raise click.UsageError(_NO_NODE)
            desk = Desk(as_json, None if rpc is None else connected(rpc, quiet=as_json))
            _carry_out_reading(body, desk, options)

    needed = rpc == "required"
    return _made("reading", body, _rpc_option(_writes_nothing(_json_option(run))))


def signing(function: Body) -> Command:
    """A command that signs with the key of an account."""
    run: Body = _signs_nothing(_with_account(function, carry_out=_carry_out_signing))
    return _made("signing", function, run)


def sending(function: Body) -> Command:
    """A command that sends; see `seechain.cli.journalled`."""
    from seechain.cli.journalled import carry_out_sending, sending_options

    run = sending_options(_with_account(function, carry_out=carry_out_sending))
    return _made("sending", function, run)


def _with_account(function: Body, carry_out: Callable[..., None]) -> Body:
    @wraps(function)
    def run(
        as_json: bool,
        rpc: str | None,
        keystore: Any,
        account: str | None,
        ape_account: str | None,
        password_file: Any,
        code: Any = None,
        **options: Any,
    ) -> None:
        with clear(as_json, acts=True):
            if rpc is None:
                raise click.UsageError(_NO_NODE)
            signer = account_from(keystore, account, ape_account, password_file, code)
            carry_out(function, Desk(as_json, connected(rpc, quiet=as_json), signer), options)

    with_account: Body = _rpc_option(account_options(_json_option(run)))
    return with_account


def carry_out(command: Command, desk: Desk, options: dict[str, Any]) -> None:
    """Carries out a command with a desk that was set up elsewhere."""
    from seechain.cli.journalled import carry_out_sending

    if command.kind == "sending":
        try:
            carry_out_sending(command.body, desk, options)
        finally:
            ctrl_c.free()
    elif command.kind == "signing":
        _carry_out_signing(command.body, desk, options)
    else:
        _carry_out_reading(command.body, desk, options)


def _carry_out_reading(function: Body, desk: Desk, options: dict[str, Any]) -> None:
    desk.dry_run = options.pop("dry_run")
    _carry_out(function, desk, options)


def _carry_out_signing(function: Body, desk: Desk, options: dict[str, Any]) -> None:
    desk.dry_run = options.pop("dry_run")
    desk.tell_place()
    _carry_out(function, desk, options)
    if desk.dry_run:
        desk.say("Nothing was signed")


def _carry_out(function: Body, desk: Desk, options: dict[str, Any]) -> None:
    try:
        function(desk, **options)
        desk.finish()
    except OSError as error:
        if desk.files and is_of_output(error):
            said = f"{', '.join(desk.files)} is written, but the output can't be: {error.strerror}"
            raise Failure(said, FILE, "FileError", desk.as_json) from None
        raise


def _is_path(parameter: click.Parameter) -> bool:
    return isinstance(parameter.type, click.Path) or parameter.name in ("rpc", "target")


def _text(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_text, value))
    if not isinstance(value, str) or not _SURROGATE.search(value):
        return value
    try:
        return os.fsencode(value).decode()
    except UnicodeError:
        said = "what was typed holds bytes that are no text in UTF-8: type it again"
        raise click.UsageError(said) from None


def _made(kind: str, body: Body, run: Body) -> Command:
    command: Command = click.command(cls=Command)(run)
    command.body, command.kind = body, kind
    return command
