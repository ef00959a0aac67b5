"""Writes a SEE's portable file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from seechain.cli.books import agreements_option, all_at_hand, see_option
from seechain.cli.desk import Desk
from seechain.cli.frame import reading
from seechain.cli.papers import read_consent
from seechain.consent import Consent
from seechain.consent.consents import MOST, Consents
from seechain.errors import FileError
from seechain.files import read_text
from seechain.portable import Portable
from seechain.portable.exporting import export
from seechain.see import SEE


@reading
@see_option
@agreements_option("The agreement file of a version, for its text.")
@click.option(
    "--consents",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file of consents, or a folder of them, beside those that were submitted.",
)
@click.option("--out", type=click.Path(), default="-", metavar="FILE", help="Where to write it.")
def cli(
    desk: Desk, see: str, agreements: tuple[Path, ...], consents: tuple[Path, ...], out: str
) -> None:
    """Write all of a SEE into one file: enough to check everything without a chain.

    The file holds all versions with their share tables and signatures. The readable text is
    on no chain: give the agreement files.
    """
    given = all_at_hand(agreements)
    signed = [each for path in consents for each in _signed_at(path)]
    of = SEE(desk.w3, see)
    with desk.progress("Reading its versions", len(of.versions)) as advance:
        file = export(of, given, signed, advance=advance)
    if not (desk.as_json and out == "-"):
        desk.write(out, file.to_bytes())
    if out != "-":
        for line in _told(file):
            desk.say(line)
    desk.result(_result(file, out))


def _signed_at(path: Path) -> Iterator[Consent]:
    """The consents of a file, of several accounts or of one, or of all files of a folder."""
    if path.is_dir():
        paths = sorted(path.glob("*.json"))
        if not paths:
            raise FileError(f"there is no file of consents in {path}: name another folder")
        for each in paths:
            yield from _signed_at(each)
        return
    text = read_text(path, MOST)
    if Consents.is_marked(text):
        yield from Consents.from_json(text).signed
    else:
        yield read_consent(path)


def _told(file: Portable) -> Iterator[str]:
    yield f"SEE {file.see} on chain {file.chain_id}, hash {file.hash}"
    for each in file.versions:
        has = [
            f"{len(each.signatures)} signatures",
            "its share table" if each.table.words else "no share table: it was not published",
            "its text" if each.text else "no text: give it by --agreement",
        ]
        yield f"Version {each.number}: {', '.join(has)}"


def _result(file: Portable, out: str) -> dict[str, object]:
    return {
        "see": file.see,
        "chain_id": file.chain_id,
        "hash": file.hash,
        "out": out,
        "versions": [
            {
                "number": each.number,
                "commitment": each.commitment,
                "signatures": len(each.signatures),
                "has_table": each.table.words is not None,
                "has_text": each.text is not None,
            }
            for each in file.versions
        ],
    }
