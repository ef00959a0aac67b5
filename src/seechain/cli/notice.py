"""What `appeal` and `record` share: what a notice says, who posts it, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from seechain.beside.noticeboard import Noticeboard
from seechain.beside.notices import Listed, Notice
from seechain.cli.desk import Desk
from seechain.cli.papers import read_consent
from seechain.cli.telling import show, when
from seechain.consent import Consent
from seechain.errors import NoticeError
from seechain.files import read_whole, write_whole
from seechain.see import SEE
from seechain.visible import word

MOST_CONTENT = 16 * 2**20  # bytes of a file that is hashed

_OPTIONS = (
    click.option("--see", required=True, metavar="ADDRESS", help="The SEE."),
    click.option("--text", help="What it says; a short text stands on the board itself."),
    click.option(
        "--file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="What it says, in a file: its hash stands on the board.",
    ),
    click.option("--uri", help="Where that can be read, of up to 256 bytes."),
    click.option(
        "--sign",
        "consent_file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Sign it into FILE, for anyone to post with --relay.",
    ),
    click.option(
        "--relay",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Post what another has signed, typed with the same words.",
    ),
)


def notice_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a notice."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def content_of(text: str | None, file: Path | None) -> str | bytes:
    """What a notice says, from its options."""
    if (text is None) == (file is None):
        raise click.UsageError("say what it says: --text or --file, one of them")
    return str(text) if file is None else read_whole(file, MOST_CONTENT)


def post(
    desk: Desk, of: SEE, notice: Notice, consent_file: Path | None, relay: Path | None
) -> Iterator[None]:
    """Posts a notice, or signs it for somebody else to post."""
    board = Noticeboard(desk.w3, of.registry)
    author: Any = read_consent(relay) if relay else desk.account
    who = author.account if isinstance(author, Consent) else desk.address
    tell_notice(desk, notice, of.named_text(who))
    if consent_file is not None and desk.dry_run:
        desk.say(f"Would be signed: this {notice.what}, into {consent_file}")
        yield
        return
    if consent_file is not None:
        consent = of.sign(board.posting(of, notice, desk.address), desk.account)
        write_whole(consent_file, consent.to_json())
        yield
        desk.say(f"Written: {consent_file}; anyone posts it with the same words and --relay")
        desk.result({"file": str(consent_file), "deadline": consent.deadline})
        return
    receipt = board.post(of, notice, sender=desk.account, member=author if relay else None)
    yield
    show(desk, receipt)
    key = "0x" + notice.key(board.address, who).hex()
    desk.say(f"The {notice.what} stands on the board: {key}")
    if notice.what == "appeal":
        answer = f"apply --see {of.address} --notice {key} --name NAME --text TEXT --out FILE"
        desk.say(f"It is answered by: {desk.program} {answer}")
    desk.result({"notice": key, "what": notice.what, "author": who})


def tell_notice(desk: Desk, notice: Notice, who: str) -> None:
    """A notice in words, before it is signed."""
    article = "An" if notice.what == "appeal" else "A"
    desk.say(f"{article} {notice.what} of {who}, under the SEE {notice.see}")
    if notice.text is not None:
        say_text(desk, notice.text)
    else:
        desk.say(f"Its hash is 0x{notice.content.hex()}")
    if notice.uri and notice.text is None:
        desk.say(f"It can be read at {word(notice.uri)}")
    if notice.what == "appeal":
        desk.say(f"It offers {notice.shares} shares, and is open until {when(notice.until)}")
    desk.say()


def say_text(desk: Desk, text: str) -> None:
    """What a notice says, each line marked as said by it."""
    for line in text.splitlines():
        desk.say(f"  | {line}")


def end_of(day: str | None, now: int) -> int:
    """The end of a day, UTC, in unix seconds; by default of the thirtieth from now."""
    if day is None:
        chosen = datetime.fromtimestamp(now, UTC).date() + timedelta(days=30)
    else:
        try:
            chosen = date.fromisoformat(day)
        except ValueError:
            raise click.UsageError(f"a day is written as 2027-12-31, got {day!r}") from None
    start = datetime(chosen.year, chosen.month, chosen.day, tzinfo=UTC)
    return int(start.timestamp()) + 86400


def listed_at(desk: Desk, of: SEE, key: str) -> tuple[Noticeboard, Listed]:
    """A notice by its key, as people type it."""
    board = Noticeboard(desk.w3, of.registry)
    try:
        raw = bytes.fromhex(key.removeprefix("0x"))
    except ValueError:
        raise NoticeError(f"a notice is named by its key, 0x and 64 digits, got {key!r}") from None
    return board, board.notice(of, raw)
