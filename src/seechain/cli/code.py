"""Makes a claim code, for a member who has no account yet, or says whose a code is."""

from __future__ import annotations

from pathlib import Path

import click

from seechain.cli.desk import Desk
from seechain.cli.ending import NOT_RIGHT
from seechain.cli.frame import reading
from seechain.cli.keys import Code, new_password
from seechain.consent.claim_code import ClaimCode
from seechain.errors import FileError, ShareTableError
from seechain.money import Money
from seechain.see import SEE

STAKES = """\
Whoever has the words, or the file, has the money that is due to the seat: hand them over so that
nobody else reads them. Nobody can restore them: lost words are lost money.
Who made the code, or saw it, may keep a copy, and a copy can redirect the money again at any time.
So let the member redirect and claim soon, and let the next version of the agreement name the
member's own account in place of the code. The seat should have no voice."""


@reading(rpc="optional")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Keep it in a new file: cleo.json is a keystore under a password, cleo.txt the words.",
)
@click.option("--words", "shown", is_flag=True, help="Show the words, also where --out keeps it.")
@click.option(
    "--password-file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Holds the keystore's new password; else SEECHAIN_PASSWORD, or it is asked for.",
)
@click.option(
    "--check", metavar="FILE", type=Code, help="Show whose words are in FILE ('-': standard input)."
)
@click.option("--see", metavar="ADDRESS", help="With --check: what the SEE owes to it.")
def cli(
    desk: Desk,
    out: Path | None,
    shown: bool,
    password_file: Path | None,
    check: Code | None,
    see: str | None,
) -> None:
    """Make a claim code: a seat's key for a member who has no account yet.

    Its address stands in the agreement, with pull_only: true. Its words are handed over to the
    member, who redirects the money to a real account, without gas of its own:

    \b
    seechain redirect --see SEE --to ACCOUNT --code FILE --keystore RELAYER
    """
    if check is None:
        if see is not None:
            raise click.UsageError("--see goes with --check FILE, which names the words")
        _make(desk, out, shown or out is None, password_file)
        return
    if out is not None or shown or password_file is not None:
        raise click.UsageError("--check makes nothing: leave --out, --words, --password-file out")
    if see is not None and not desk.online:
        raise click.UsageError("name the node: --rpc URL, or SEECHAIN_RPC in the environment")
    desk.say(f"The claim code of {check.address}")
    desk.result({"address": check.address})
    if see is not None:
        _tell_due(desk, SEE(desk.w3, see), check.address)


def _make(desk: Desk, out: Path | None, shown: bool, password_file: Path | None) -> None:
    code = ClaimCode.new()
    if out is not None:
        if out.exists() or out.is_symlink():
            raise FileError(f"{out} is there already, and may hold another code: name a new file")
        text = f"{code.words}\n"
        if out.suffix == ".json":
            text = code.to_keystore(new_password(out, password_file))
        desk.write(out, text, private=True)
        desk.result({"file": str(out)})
    elif password_file is not None:
        raise click.UsageError("--password-file goes with --out FILE.json")
    line = f'- {{name: NAME, role: contributor, account: "{code.address}", shares: SHARES, '
    line += "pull_only: true}"
    desk.say(f"The claim code of {code.address}. Into the agreement's file, among the members:\n")
    desk.say(f"  {line}\n")
    if shown:
        desk.say(f"Its words, which are never shown again:\n\n  {code.words}\n", lines=True)
        desk.result({"words": code.words})
    desk.say(STAKES, lines=True)
    desk.result({"address": code.address, "line": line})


def _tell_due(desk: Desk, see: SEE, address: str) -> None:
    desk.result({"see": see.address, "seat": address in see.table})
    try:
        due = see.due(address)
    except ShareTableError:
        desk.say(f"It has no seat in {see.address}: it is the code of another, or of a later one")
        desk.fail(NOT_RIGHT)
    if address not in see.table:
        desk.say(f"It has no seat any more in the agreement of {see.address} that is in force")
    money, to = Money(desk.w3), see.redirected(address)
    owed = [money.text(*each) for each in due.items() if each[1]]
    desk.say(f"Due to it: {', '.join(owed) or 'nothing now'}")
    if to == address:
        desk.say("It is not redirected: redirect it to an account of yours before it is claimed")
    else:
        desk.say(f"It is redirected: the money goes to {to}")
    desk.result({
        "redirected": None if to == address else to,
        "due": [money.json(*each) for each in due.items()],
    })  # fmt: skip
