"""Writes an agreement file, by questions or options."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from seechain.agreement.file import MAX_FILE, read_seats, seats_path
from seechain.agreement.text import NATIVE, ROLES
from seechain.agreement.writer import Draft, file_name, read_member_line, whole, write_agreement
from seechain.cli.desk import Desk
from seechain.cli.frame import offline
from seechain.errors import AgreementError, FileError
from seechain.files import read_text
from seechain.visible import visible

DEFAULT_QUORUM = "2/3"


@offline
@click.option("--name", help="The name, on one line.")
@click.option("--terms", help="What is agreed on, in words.")
@click.option("--terms-file", metavar="FILE", type=click.Path(), help="A text file with the terms.")
@click.option(
    "--currency", "currencies", multiple=True, metavar="TOKEN",
    help="'native' or a token's address; several times for several.",
)  # fmt: skip
@click.option("--quorum", help="Which part of the voices must agree to changes, as 2/3.")
@click.option("--expires", metavar="DAY", help="The last day, as 2027-12-31.")
@click.option(
    "--member", "members", multiple=True, metavar="LINE",
    help="'Ada,core,0x...,40,1': name, role, account, shares, voices; once for each. A seat of a"
    " claim code has no voice, and ends with pull_only: 'Cleo,contributor,0x...,20,0,pull_only'.",
)  # fmt: skip
@click.option(
    "--seats",
    metavar="CSV",
    type=click.Path(),
    help="A file of further seats, beside the one written.",
)
@click.option("--nonce", help="Tells apart agreements that are otherwise the same; else random.")
@click.option(
    "--out", metavar="FILE", type=click.Path(), help="The file to write; '-' or left out: shown."
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def cli(
    desk: Desk,
    name: str | None,
    terms: str | None,
    terms_file: str | None,
    currencies: tuple[str, ...],
    quorum: str | None,
    expires: str | None,
    members: tuple[str, ...],
    seats: str | None,
    nonce: str | None,
    out: str | None,
    force: bool,
) -> None:
    """Write an agreement file, with notes that explain each field.

    On a terminal it asks for what no option gives. Nothing is written before all is answered.
    """
    if terms is not None and terms_file is not None:
        raise click.UsageError("give --terms or --terms-file, not both")
    if terms_file is not None:
        terms = read_text(terms_file, 4 * MAX_FILE).removeprefix("\ufeff")  # of some editors
        if not terms.strip():
            raise AgreementError("there are no terms in it", terms_file)
    _refuse_to_overwrite(out, force)
    draft = Draft(time.time())
    if nonce is not None:
        draft.set("nonce", whole(nonce))
    if seats is not None:
        folder = Path(".") if out in (None, "-") else Path(str(out)).parent
        draft.set("seats", read_seats(seats_path(seats, folder)))
    asks = sys.stdin.isatty() and not desk.as_json
    for field, value in (("name", name), ("terms", terms), ("currencies", list(currencies)),
                         ("quorum", quorum), ("expires", expires)):  # fmt: skip
        _take(draft, field, value, asks)
    _take_members(draft, members, asks)
    if asks and out is None:
        out = _asked_out(draft, force)
    agreement = draft.agreement()
    text = write_agreement(agreement, seats=seats)
    if not desk.as_json or out not in (None, "-"):
        desk.write("-" if out is None else out, text, over="any" if force else "same")
    _tell(desk, out, agreement, text)


def _take(draft: Draft, field: str, value: Any, asks: bool) -> None:
    """Takes what an option gives, or asks for it, until it has no fault."""
    option = {"currencies": "--currency"}.get(field, f"--{field}")
    if value:
        try:
            draft.set(field, value)
        except AgreementError as error:
            raise AgreementError(error.faults, option) from None
    elif asks:
        draft.set(field, _QUESTIONS[field](draft))
    elif field == "quorum":
        draft.set(field, DEFAULT_QUORUM)
    elif field == "currencies":
        draft.set(field, [NATIVE])
    else:
        raise click.UsageError(f"give {option}: on a terminal it is asked for")


def _take_members(draft: Draft, lines: tuple[str, ...], asks: bool) -> None:
    for number, line in enumerate(lines, 1):
        try:
            draft.add_member(read_member_line(line))
        except AgreementError as error:
            raise AgreementError(error.faults, f"--member {number}") from None
    if lines:
        if missing := draft.missing():
            raise AgreementError(missing, "--member")
    elif not asks:
        raise click.UsageError("give --member for each member: on a terminal they are asked for")
    else:
        _ask_members(draft)


def _ask(question: str, fault: Callable[[Any], str | None], read: Any = str, **more: Any) -> Any:
    """Asks until the answer has no fault."""

    def judged(typed: str) -> Any:
        value = read(typed)
        if said := fault(value):
            raise click.UsageError(visible(said, lines=False))
        return value

    return click.prompt(question, value_proc=judged, **more)


def _ask_field(draft: Draft, field: str, question: str, **more: Any) -> Any:
    return _ask(question, lambda value: draft.fault(field, value), **more)


def _ask_terms(draft: Draft) -> str:
    """Several lines, up to one that holds a single full stop."""
    click.echo("What you agree on, in your own words. End with a line that holds only a full stop.")
    while True:
        lines: list[str] = []
        while (line := click.prompt(
            "|", prompt_suffix=" ", default="", show_default=False)) != ".":  # fmt: skip
            lines.append(line)
        fault = draft.fault("terms", "\n".join(lines))
        if fault is None:
            return "\n".join(lines)
        click.echo(f"Error: {visible(fault, lines=False)}")


_QUESTIONS: dict[str, Callable[[Draft], Any]] = {
    "name": lambda draft: _ask_field(draft, "name", "Name"),
    "terms": _ask_terms,
    "currencies": lambda draft: _ask_field(
        draft, "currencies", "Currencies: native, or addresses of tokens, with commas",
        default=NATIVE, read=lambda typed: [each.strip() for each in typed.split(",")],
    ),
    "quorum": lambda draft: _ask_field(
        draft, "quorum", "Which part of the voices must agree to changes", default=DEFAULT_QUORUM
    ),
    "expires": lambda draft: _ask_field(draft, "expires", "The last day, as 2027-12-31"),
}  # fmt: skip


def _ask_members(draft: Draft) -> None:
    while True:
        if name := _ask_name(draft, len(draft.values["members"]) + 1):
            _ask_member(draft, name)
        elif missing := draft.missing():
            click.echo(f"Error: {missing}")
        else:
            return


def _ask_name(draft: Draft, number: int) -> str:
    """The next member's name; of the first there must be one."""
    if number == 1:
        click.echo("Member 1")
        return str(_ask("  name", lambda value: draft.member_fault("name", value)))
    click.echo(f"Member {number} (no name: that was all)")

    def fault(name: str) -> str | None:
        return draft.member_fault("name", name) if name else None

    return str(_ask("  name", fault, default="", show_default=False))


def _ask_member(draft: Draft, name: str) -> None:
    member: dict[str, object] = {"name": name}

    def ask(field: str, question: str, **more: Any) -> None:
        member[field] = _ask(question, lambda value: draft.member_fault(field, value), **more)

    ask("role", f"  role ({', '.join(ROLES)})", default=ROLES[0])
    ask("account", "  account")
    ask("shares", "  shares (0: is not paid)", default="0", read=whole)
    ask("voices", "  voices (0: does not decide)", default="0", read=whole)
    if member["shares"]:
        ask("pull_only", "  pull-only, as the account of a claim code is (yes or no)",
            default="no", read=_yes)  # fmt: skip
    try:
        draft.add_member(member)
    except AgreementError as error:
        click.echo(f"Error: {visible(error.faults[0], lines=False)}")


def _yes(typed: str) -> object:
    """What is neither yes nor no stays text, for the rules to refuse."""
    return {"yes": True, "y": True, "no": False, "n": False}.get(typed.strip().lower(), typed)


def _asked_out(draft: Draft, force: bool) -> str:
    def fault(path: str) -> str | None:
        if "seats" in draft.values and Path(path).parent != Path("."):
            return "the file stands beside that of its further seats: name no other folder"
        there = path != "-" and Path(path).exists() and not force
        return f"{path} is there already: name another" if there else None

    return str(_ask("File", fault, default=file_name(draft.values["name"])))


def _refuse_to_overwrite(out: str | None, force: bool) -> None:
    if out not in (None, "-") and not force and Path(str(out)).exists():
        raise FileError(f"{out} is there already: name another file, or --force")


def _tell(desk: Desk, out: str | None, agreement: Any, text: str) -> None:
    for warning in agreement.warnings:
        desk.say(f"Warning: {warning}", err=True)
    if out not in (None, "-"):
        desk.say(f"Who would get what: {desk.program} preview {out} --amount '1 ether'")
        desk.say(f"Each voice signs: {desk.program} sign {out}")
    desk.result({
        "file": None if out in (None, "-") else out,
        "text": text,
        "commitment": "0x" + agreement.commitment.hex(),
        "warnings": list(agreement.warnings),
    })  # fmt: skip
