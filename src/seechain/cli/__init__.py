"""The `seechain` command: what members, clients and facilitators do without programming.

Nothing but click is loaded until a command runs: its module is found by its name in `COMMANDS`.
"""

from __future__ import annotations

import atexit
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from seechain.cli.streams import ctrl_c, ready

# Each command with what it does, in the order of a SEE's life; its module is seechain.cli.<name>.
COMMANDS: dict[str, dict[str, str]] = {
    "Agree": {
        "new": "Write an agreement file, by questions or options.",
        "check": "Name every fault of an agreement file, with its line.",
        "preview": "Show who would get what, and the agreement as it is signed.",
        "code": "Make a claim code, for a member who has no account yet.",
        "sign": "Sign, into a small file that travels.",
        "register": "Register an agreement that all voices have signed.",
    },
    "Pay and be paid": {
        "request": "Write a payment request: a file, a link and a QR code.",
        "pay": "Pay a SEE, with a reference.",
        "watch": "Tell when payment requests have been paid.",
        "receipt": "Write a receipt of a payment that anyone can check.",
        "claim": "Claim what is due to a member.",
        "payout": "Pay out every member.",
    },
    "Change": {
        "amend": "Put a SEE's next agreement in force.",
        "leave": "Give up a seat, a voice or both.",
        "redirect": "Send a member's money elsewhere.",
        "share": "Give a contributor a part of your own seat.",
        "endorse": "Let a SEE sign, as a member of another.",
        "deregister": "End a SEE.",
    },
    "Learn from each other": {
        "appeal": "Publish what knowledge or contact is sought.",
        "record": "Publish what was learned.",
        "notices": "List the appeals and records of a SEE.",
        "apply": "Answer an appeal by a signed application.",
        "admit": "Prepare the amendment that admits an applicant.",
    },
    "See": {
        "show": "Show a SEE at a glance.",
        "explain": "Say what a transaction did, and why each amount is what it is.",
        "statement": "List what was received, earned and paid in a period.",
        "mesh": "Draw the map of SEEs that are members of each other.",
        "export": "Write all of a SEE into one file.",
        "passport": "Write a member's own record over all SEEs.",
        "verify": "Check such a file, offline or against the chain.",
    },
    "Set up": {
        "keystore": "Make a key of your own, in a file under a password.",
        "deploy": "Put the contracts on a chain, once for everybody.",
        "locate": "Say on chain where an agreement can be read.",
        "recover": "Pay out what was sent to a SEE on the wrong chain.",
    },
}

EXIT_CODES = """\
Exit codes: 0 done; 1 refused; 2 typed wrongly; 3 looked at, and not as it should be;
4 the node failed; 5 a file can't be read or written; 130 interrupted."""


class _Program(click.Group):
    """Loads a command when it is asked for, and says in each way of ending what happened."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for part in COMMANDS.values() for name in part]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"seechain.cli.{name}").cli
        command.name = name
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            if near := get_close_matches(args[0][:20], self.list_commands(ctx), 1):
                error.message += f" Did you mean {near[0]}?"
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for part, commands in COMMANDS.items():
            with formatter.section(part):
                formatter.write_dl(list(commands.items()), col_max=12)

    def main(self, args: Any = None, prog_name: Any = None, **extra: Any) -> Any:  # type: ignore[override]
        if not extra.pop("standalone_mode", True):
            return super().main(args, prog_name, standalone_mode=False, **extra)
        with ready():
            code = self._ended(args, prog_name, extra)
        if code == 130:  # a second Ctrl-C, while Python takes itself down, would end it otherwise
            atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
        if args is None and ctrl_c.is_done:  # nor must one be the exit code of what is done
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        else:
            ctrl_c.free()
        sys.exit(code)

    def _ended(self, args: Any, prog_name: Any, extra: dict[str, Any]) -> int:
        """Runs a command, and says how it ended; the exit code."""
        try:
            code = super().main(args, prog_name, standalone_mode=False, **extra)
        except click.ClickException as error:
            if isinstance(error, click.UsageError) and _asks_for_json(args):
                from seechain.cli.ending import TYPED_WRONGLY, Failure

                said = error.format_message()
                error = Failure(said, TYPED_WRONGLY, "UsageError", as_json=True)
            from seechain.visible import in_bounds, visible

            error.message = visible(in_bounds(error.message))
            with suppress(OSError):
                error.show()
            return error.exit_code
        except (click.Abort, KeyboardInterrupt):
            with suppress(OSError):
                click.echo("Interrupted", err=True)
            return 130
        except OSError as error:  # of --help: commands have sentences of their own
            with suppress(OSError):
                click.echo(f"Error: the output can't be written: {error.strerror}", err=True)
            return 5
        return code if isinstance(code, int) else 0


def _asks_for_json(args: Any) -> bool:
    """Whether --json was typed, in what may be typed wrongly."""
    words = sys.argv[1:] if args is None else list(args)
    return "--json" in words[: words.index("--") if "--" in words else None]


def _version(ctx: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if asked:
        from seechain import __version__

        click.echo(f"seechain {__version__}")
        ctx.exit()


@click.group(cls=_Program, epilog=EXIT_CODES, context_settings={"max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
              help="Show the version.")  # fmt: skip
def main() -> None:
    """Pop-up organisations that split what they earn as agreed.

    Each command explains itself: seechain COMMAND --help.
    """
