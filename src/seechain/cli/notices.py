"""Lists the appeals and records of a SEE, and tells whether a file is what one of them says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from seechain.beside.noticeboard import Noticeboard
from seechain.beside.notices import Listed
from seechain.cli.books import agreement_option, see_at, see_option
from seechain.cli.desk import Desk
from seechain.cli.ending import NOT_RIGHT
from seechain.cli.frame import reading
from seechain.cli.notice import MOST_CONTENT, listed_at, say_text
from seechain.cli.telling import when
from seechain.files import read_whole
from seechain.visible import word


@reading
@see_option
@click.option("--open", "only_open", is_flag=True, help="Only appeals that are open.")
@click.option("--notice", metavar="KEY", help="Only this one.")
@click.option(
    "--file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="With --notice: tell whether FILE is what it says.",
)
@agreement_option
def cli(
    desk: Desk,
    see: str,
    only_open: bool,
    notice: str | None,
    file: Path | None,
    names: Path | None,
) -> None:
    """List the appeals and records of a SEE.

    With --notice and --file it ends with exit code 3 where the file is not what the notice says.
    """
    of = see_at(desk, see, names)
    if notice is None:
        if file is not None:
            raise click.UsageError("name the --notice whose file it is")
        found = Noticeboard(desk.w3, of.registry).notices(of)
    else:
        found = (listed_at(desk, of, notice)[1],)
    shown = [each for each in found if each.is_open or not only_open]
    for each in shown:
        _show(desk, each)
    if not shown:
        desk.say(f"{of.address} has no {'open appeal' if only_open else 'notice'}")
    desk.result({"see": of.address, "notices": [_plain(each) for each in shown]})
    if file is not None:
        _compare(desk, found[0], file)


def _compare(desk: Desk, listed: Listed, file: Path) -> None:
    same = listed.notice.says(read_whole(file, MOST_CONTENT))
    desk.result({"file": str(file), "is_said": same})
    if same:
        desk.say(f"{file} is what it says, byte for byte")
        return
    desk.say(f"{file} is not what it says: its hash is another")
    desk.fail(NOT_RIGHT)


def _show(desk: Desk, listed: Listed) -> None:
    notice = listed.notice
    state = ""
    if notice.what == "appeal":
        state = f", open until {when(notice.until)}" if listed.is_open else ", over"
    desk.say(f"{notice.what.capitalize()} 0x{listed.key.hex()}{state}")
    voice = "" if listed.has_voice else ", who has no voice any more"
    desk.say(f"  by {desk.who(listed.author)}{voice}, in block {listed.block_number}")
    if notice.shares:
        desk.say(f"  offers {notice.shares} shares")
    if notice.text is not None:
        say_text(desk, notice.text)
    else:
        where = f"at {word(notice.uri)}, " if notice.uri else ""
        desk.say(f"  {where}hash 0x{notice.content.hex()}")
    desk.say()


def _plain(listed: Listed) -> dict[str, Any]:
    notice = listed.notice
    return {
        "notice": "0x" + listed.key.hex(),
        "what": notice.what,
        "author": listed.author,
        "has_voice": listed.has_voice,
        "is_open": listed.is_open,
        "content": "0x" + notice.content.hex(),
        "text": notice.text,
        "uri": notice.uri,
        "shares": notice.shares,
        "until": notice.until,
        "block_number": listed.block_number,
        "transaction": listed.transaction_hash,
    }
