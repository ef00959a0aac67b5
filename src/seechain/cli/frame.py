"""What commands are made of: their common options, their desk, and how they end.

@offline    needs no chain
@reading    looks at a chain: --rpc
@signing    and signs: --keystore, --account or --ape-account
@sending    and sends, in a Journal: --key, --journal, --forget

All of them take --json and --dry-run. A command gets its `Desk` first, then its own options.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any, TypeAlias, overload

import click
from requests import RequestException

from seechain.chain.reverts import ChainError, NodeError, NotMined
from seechain.cli.desk import Desk
from seechain.cli.keys import account_from, account_options
from seechain.errors import FileError, SeechainError
from seechain.visible import in_bounds, visible

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

REFUSED, TYPED_WRONGLY, NOT_RIGHT, NODE, FILE, INTERRUPTED = 1, 2, 3, 4, 5, 130
# The options by which a command of its own finds chain and account; Ape has others for them.
CONNECTION = ("rpc", "keystore", "account", "ape_account", "code", "password_file")
TIMEOUT = 30  # seconds for an answer of a node

_DEPLOY = re.compile(r"(?<!\w)\w{1,40}\.deploy\(w3, sender=\.\.\.\)")  # the package's own advice

Body: TypeAlias = Callable[..., Any]

currency_option = click.option(
    "--currency", metavar="TOKEN", help="'native' or a token's address; all, if left out."
)
agreement_argument = click.argument("agreement", metavar="FILE", type=click.Path())

_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_signs_nothing = click.option(
    "--dry-run", is_flag=True, help="Show what would be signed; sign and write nothing."
)
_writes_nothing = click.option("--dry-run", is_flag=True, help="Write no file.")
_rpc_option = click.option(
    "--rpc", metavar="URL", envvar="SEECHAIN_RPC", help="The node, as http://127.0.0.1:8545."
)


class Failure(click.ClickException):
    """How a command ends that could not do what was asked: one sentence and an exit code."""

    def __init__(self, message: str, exit_code: int, kind: str, as_json: bool) -> None:
        super().__init__(visible(in_bounds(message)))
        self.exit_code, self.kind, self.as_json = exit_code, kind, as_json

    def show(self, file: Any = None) -> None:
        if self.as_json:
            said = {"kind": self.kind, "message": self.message, "exit_code": self.exit_code}
            click.echo(json.dumps({"error": said}, indent=2))
        elif self.exit_code == INTERRUPTED:
            click.echo(self.message, err=True)
        else:
            super().show(file)


class Command(click.Command):
    """A command. body: what it does with its desk. kind: which of the four it is."""

    body: Body
    kind: str


@contextmanager
def clear(as_json: bool, node: str = "the node") -> Iterator[None]:
    """Turns what may go wrong inside into one sentence and its exit code."""
    try:
        yield
    except BrokenPipeError:
        raise  # of the output, not of the node: click knows what to do
    except click.UsageError as error:
        raise Failure(error.format_message(), TYPED_WRONGLY, "UsageError", as_json) from None
    except (SeechainError, RequestException, ConnectionError) as error:
        raise _failure(error, as_json, node) from None
    except UnicodeEncodeError:
        said = "what was typed holds bytes that are no text in UTF-8: type it again"
        raise Failure(said, TYPED_WRONGLY, "UsageError", as_json) from None
    except OSError as error:  # of a path that can't even be looked at, as one that is too long
        said = f"{error.filename} can't be read or written: {error.strerror or error}"
        raise Failure(said, FILE, "FileError", as_json) from None
    except KeyboardInterrupt:
        raise Failure("Interrupted", INTERRUPTED, "Interrupted", as_json) from None


def _failure(error: Exception, as_json: bool, node: str) -> Failure:
    kind, sentence, code = type(error).__name__, _DEPLOY.sub("`deploy`", str(error)), REFUSED
    if isinstance(error, NodeError | NotMined):
        code = NODE
    elif isinstance(error, FileError):
        code = FILE
    elif not isinstance(error, SeechainError):
        why = sentence.partition("\n")[0]
        kind, sentence, code = "NodeError", f"{node} can't be reached: {why}", NODE
    elif not isinstance(error, ChainError) and isinstance(error.__context__, OSError):
        code = FILE
    return Failure(sentence, code, kind, as_json)


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
        if rpc is None and needed:
            raise click.UsageError("name the node: --rpc URL, or SEECHAIN_RPC in the environment")
        with clear(as_json):
            desk = Desk(as_json, None if rpc is None else connected(rpc))
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


def connected(url: str) -> Any:
    """web3 for the node at a URL, or for the path of its socket.

    Raises:
        NodeError: it is neither.
    """
    from web3 import HTTPProvider, IPCProvider, Web3

    if url.startswith(("http://", "https://")):
        _check_url(url)
        return Web3(HTTPProvider(url, {"timeout": TIMEOUT}, session=_session(url)))
    if "://" in url:
        raise NodeError(f"a node's URL begins with http:// or https://, got {url.split('?')[0]!r}")
    if not Path(url).is_socket():
        raise NodeError(f"there is no node at {url}: name its URL, as http://127.0.0.1:8545")
    return Web3(IPCProvider(url))


def _session(url: str) -> Any:
    """What connects to a URL: proxies, certificates and passwords are looked up in the environment
    once, as requests does it at each request."""
    from requests import Session
    from requests.utils import get_netrc_auth

    session = Session()
    settings = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify = settings["proxies"], settings["verify"]
    session.auth = get_netrc_auth(url)
    session.trust_env = False
    return session


def _check_url(url: str) -> None:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        is_one = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:  # it may hold a password, and is not shown
        raise NodeError("that is no URL of a node: name one as http://127.0.0.1:8545")


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
        if rpc is None:
            raise click.UsageError("name the node: --rpc URL, or SEECHAIN_RPC in the environment")
        with clear(as_json):
            signer = account_from(keystore, account, ape_account, password_file, code)
            carry_out(function, Desk(as_json, connected(rpc), signer), options)

    with_account: Body = _rpc_option(account_options(_json_option(run)))
    return with_account


def carry_out(command: Command, desk: Desk, options: dict[str, Any]) -> None:
    """Carries out a command with a desk that was set up elsewhere."""
    from seechain.cli.journalled import carry_out_sending

    if command.kind == "sending":
        carry_out_sending(command.body, desk, options)
    elif command.kind == "signing":
        _carry_out_signing(command.body, desk, options)
    else:
        _carry_out_reading(command.body, desk, options)


def _carry_out_reading(function: Body, desk: Desk, options: dict[str, Any]) -> None:
    desk.dry_run = options.pop("dry_run")
    _carry_out(function, desk, options)


def _carry_out_signing(function: Body, desk: Desk, options: dict[str, Any]) -> None:
    desk.dry_run = options.pop("dry_run")
    tell_place(desk)
    _carry_out(function, desk, options)
    if desk.dry_run:
        desk.say("Nothing was signed")


def _carry_out(function: Body, desk: Desk, options: dict[str, Any]) -> None:
    function(desk, **options)
    desk.finish()


def tell_place(desk: Desk) -> None:
    """Shows chain and account before anything is signed."""
    from seechain.chain.node import url_of

    where = desk.network or url_of(desk.w3)
    desk.say(f"Chain {desk.chain_id} ({where}), account {desk.address}\n")
    desk.result({"chain_id": desk.chain_id, "account": desk.address})


def _made(kind: str, body: Body, run: Body) -> Command:
    command: Command = click.command(cls=Command)(run)
    command.body, command.kind = body, kind
    return command
