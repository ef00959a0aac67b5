"""Makes a key of one's own: a keystore file under a password."""

from __future__ import annotations

from pathlib import Path

import click

from seechain.cli.desk import Desk
from seechain.cli.frame import offline
from seechain.cli.keys import new_password
from seechain.consent.claim_code import ClaimCode
from seechain.errors import FileError


@offline
@click.option(
    "--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="A new file."
)
@click.option(
    "--password-file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Holds the new password; else SEECHAIN_PASSWORD, or it is asked for.",
)
def cli(desk: Desk, out: Path, password_file: Path | None) -> None:
    """Make a key of your own: a keystore file under a password.

    Whoever has both signs for you; nobody can restore either. To sign and send with it, name it:
    --keystore FILE. It needs a little of the chain's coin for gas.
    """
    if out.exists() or out.is_symlink():
        raise FileError(f"{out} is there already, and may hold another key: name a new file")
    made = ClaimCode.new()
    stored = made.to_keystore(new_password(out, password_file))
    desk.say(f"Your account is {made.address}")
    desk.write(out, stored, private=True)
    desk.say("Keep the file and its password: nobody can restore them")
    desk.result({"address": made.address, "file": str(out)})
