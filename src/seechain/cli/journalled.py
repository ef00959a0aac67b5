"""Commands that send: in a Journal, so that what was interrupted is gone on with, and done once."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import click
from click.utils import PacifyFlushWrapper
from web3 import Web3

from seechain.amounts import format_units, read_amount
from seechain.chain.node import asking, block_of, now_of
from seechain.chain.reverts import ChainError, NotMined, ReplacedError
from seechain.cli.desk import Desk
from seechain.cli.ending import FILE, NODE, REFUSED, Failure
from seechain.cli.streams import ctrl_c
from seechain.errors import FileError, JournalError, SeechainError
from seechain.files import read_whole
from seechain.journal import Journal
from seechain.journal.file import default_directory
from seechain.journal.steps import State, Step
from seechain.money import Money
from seechain.sending.mined import place_of
from seechain.sending.rehearsal import Rehearsal, rehearsing
from seechain.sending.tasks import current
from seechain.visible import visible

DECIMALS = 36  # more than tokens have
AWAY = 20.0  # seconds that a node is waited for that does not take what is sent
SHOWN = {"yes", "names"}  # options that change what is said, not what is sent
_FORGET = re.compile(r"Journal\(.*\)\.forget\(([0-9]+).*\)")
_AGAIN = re.compile(
    r"look for (.*) before you send again; inside a Journal, running it again goes on with it"
)

_OPTIONS = (
    click.option(
        "--dry-run", is_flag=True, help="Show who would get what, and the gas; send nothing."
    ),
    click.option(
        "--key",
        metavar="TEXT",
        help="Names the act, as an invoice's number: it is done once. If left out, the same"
        " command goes on where it was interrupted, and begins anew when it was done.",
    ),
    click.option(
        "--journal",
        metavar="FOLDER",
        type=click.Path(file_okay=False, path_type=Path),
        help="Where acts are noted; by default in $XDG_STATE_HOME/seechain.",
    ),
    click.option(
        "--forget",
        metavar="STEP",
        type=click.IntRange(1),
        help="Send anew the step of an interrupted act whose nonce another transaction has used.",
    ),
)


def sending_options(function: Any) -> Any:
    """The options of what sends."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def carry_out_sending(function: Callable[..., Iterator[None]], desk: Desk, options: Any) -> None:
    """Carries out a command that sends. It sends before its `yield`, and shows what was done after.

    What is shown is no part of the act: a closed pipe or Ctrl-C there does not make it undone, or
    the next run, which is meant to do it once more, would only finish this one. Nor does anything
    else once it is noted as done: by the exit code it would be typed again, and done twice.
    """
    dry_run, key = options.pop("dry_run"), options.pop("key")
    folder, forget = options.pop("journal"), options.pop("forget")
    desk.tell_place()
    desk.dry_run = dry_run
    if dry_run:
        _rehearse(function, desk, options)
        return
    desk.check_sender()
    typed = key_of(function.__module__.rpartition(".")[2], desk.address, options, place_of(desk.w3))
    directory = folder or desk.journals or default_directory()
    kept = Journal(typed if key is None else key, directory=directory, once=key is not None)
    kept.waiting = partial(_waits, desk, kept)
    kept.slow, kept.away = partial(_waits_for, desk), AWAY
    begun, is_over = "", False
    try:
        with kept:
            earlier = _tell_begun(desk, kept, key)
            if forget is not None:
                kept.forget(forget, desk.w3)
            act = function(desk, **options)
            next(act)
            is_new = {step.number for step in kept.steps} != earlier
            begun = "" if key or is_new or not earlier else kept.begun
            ctrl_c.hold()
            is_over = True
    except (KeyboardInterrupt, OSError, JournalError, ReplacedError, NotMined) as error:
        if not (is_over and kept.is_done):
            ctrl_c.free()
            raise _undone(error, desk, kept, typed) from None
    _finish(desk, act, begun, kept)


def _undone(error: BaseException, desk: Desk, kept: Journal, typed: str) -> BaseException:
    """What an act ends with that is not noted as done. typed: the key that nobody gave."""
    if isinstance(error, JournalError | ReplacedError | NotMined):
        code = FILE if isinstance(error.__context__, OSError) else REFUSED
        code = NODE if isinstance(error, NotMined) else code
        return Failure(_typed(str(error), typed), code, type(error).__name__, desk.as_json)
    on_chain = any(step.state in (State.PENDING, State.MINED) for step in kept.steps)
    if isinstance(error, KeyboardInterrupt) and on_chain and not kept.is_done:
        said = "What was sent may be mined all the same: type it again to go on with it"
        click.echo(said, err=True)
    return error


def _rehearse(function: Callable[..., Iterator[None]], desk: Desk, options: Any) -> None:
    """Shows what would be sent, and who would get what."""
    refused: SeechainError | None = None
    with rehearsing() as rehearsal:
        act = function(desk, **options)
        try:
            next(act)
        except SeechainError as error:
            # What was simulated may not be there for all that comes after it.
            if not rehearsal.steps:
                raise
            refused = error
        act.close()  # type: ignore[attr-defined]
    _tell_rehearsed(desk, rehearsal, rehearsal.is_whole and refused is None)
    desk.finish()


def _tell_rehearsed(desk: Desk, rehearsal: Rehearsal, is_whole: bool) -> None:
    money = Money(desk.w3)
    with asking(desk.w3, "reading the price of gas"):
        price = int(desk.w3.eth.gas_price)
    rows, moves = [], []
    for currency, accounts in rehearsal.moved.items():
        for account, units in sorted(accounts.items(), key=lambda each: -each[1]):
            if units:
                sign = "+" if units > 0 else ""
                rows.append((desk.who(account), f"{sign}{money.text(currency, units)}"))
                moves.append({"account": account, **money.json(currency, units)})
    if rows:
        desk.say()
        desk.table("Who would get what, but for the gas", ("account", "amount>"), rows)
    desk.say()
    for step in rehearsal.steps:
        desk.say(f"Would be sent: {step.what}, {step.gas:,} gas")
    if not rehearsal.steps:
        desk.say("Nothing would be sent")
    elif not is_whole:
        desk.say("What comes after that, if anything does, can't be told before it is done")
    cost = format_units(_rounded(rehearsal.gas * price), 18, "ether")
    sum_ = "In all" if is_whole else "So far"
    desk.say(f"Nothing was sent. {sum_} {rehearsal.gas:,} gas, about {cost} now")
    desk.result({
        "dry_run": True,
        "steps": [step._asdict() for step in rehearsal.steps],
        "complete": is_whole,
        "moves": moves,
        "gas": rehearsal.gas,
        "gas_price": str(price),
    })  # fmt: skip


def _rounded(wei: int) -> int:
    """To three digits, up."""
    unit: int = 10 ** max(len(str(wei)) - 3, 0)
    return -(-wei // unit) * unit


def resumed() -> bool:
    """Whether the command that runs goes on with what an earlier run has sent."""
    journal = current.get()
    return isinstance(journal, Journal) and bool(journal.steps)


def last_sent() -> bool:
    """Whether an earlier run has sent what completes the act: then it is not too late for it."""
    journal = current.get()
    return isinstance(journal, Journal) and any(step.is_last for step in journal.steps)


def begun_at(w3: Web3) -> int:
    """The time on chain when the act that runs began, maybe in an earlier run: unix seconds."""
    journal = current.get()
    if not isinstance(journal, Journal) or not journal.steps:
        return now_of(w3)
    first = journal.steps[0].since
    with asking(w3, f"reading the time of block {first}"):
        block = block_of(w3, first)
        return now_of(w3) if block is None else int(block["timestamp"], 16)


@contextmanager
def passed_over(*refusals: type[SeechainError]) -> Iterator[None]:
    """What is told before an act is no more to be had, where an earlier run has done the act.

    refusals: of what is done already. The act itself refuses where that was somebody else.
    """
    try:
        yield
    except refusals:
        if not resumed():
            raise


def key_of(name: str, account: str, options: Mapping[str, Any], place: tuple[object, ...]) -> str:
    """The key of what is typed: the same command, options, account and chain are the same act."""
    meant = sorted(set(options) - SHOWN)
    asked = [f"{each}={_plain(each, options[each])}" for each in meant]
    intent = json.dumps([name, account, *place, *asked])
    return f"{name} {hashlib.sha256(intent.encode()).hexdigest()[:32]}"


def _plain(option: str, value: Any) -> str:
    """What an option says, however it is spelled."""
    if value is None:
        return "None"
    if isinstance(value, str) and Web3.is_address(value):
        return Web3.to_checksum_address(value)
    if option == "request" and isinstance(value, Path):
        with suppress(FileError):  # which is said when it is read
            return hashlib.sha256(read_whole(value)).hexdigest()  # copies are one request
    if isinstance(value, Path) or (option == "target" and value):
        return str(Path(value).resolve())
    with suppress(SeechainError, ValueError, ZeroDivisionError):
        if option == "amount":
            return _amount(value)
        if option == "part":
            return str(Fraction(value))
    return str(value)


def _amount(text: str) -> str:
    """An amount in units of its own name; a token's decimals are not asked for."""
    unit = text.strip().partition(" ")[2].strip()
    amount = read_amount(text, {unit: DECIMALS} if unit else {})
    return f"{amount.units} wei" if amount.native or not unit else f"{amount.units} {amount.unit}"


def _waits(desk: Desk, kept: Journal, account: str | None) -> None:
    if account is not None:
        desk.say(f"Waiting for another process that sends from {account}", err=True)
        return
    desk.say("Another run of this is at it: waiting for it\n", err=True)
    kept.once = True  # who types the same while it runs wants no second one


def _waits_for(desk: Desk, step: Step, fault: ChainError | None) -> None:
    desk.say(f"Waiting for {step.what}: {fault or 'it is in no block yet'}", err=True)


def _tell_begun(desk: Desk, kept: Journal, key: str | None) -> set[int]:
    """Says what an earlier run has done; the numbers of its steps."""
    earlier = {step.number for step in kept.steps}
    if kept.is_done and key:
        desk.say(f"{key!r} is done: nothing is sent again\n")
    elif earlier and not kept.is_done:
        desk.say(f"It was begun on {kept.begun}, and is gone on with\n")
    return earlier


def _typed(sentence: str, typed: str) -> str:
    """A sentence of the package's for who types a command. typed: the key that nobody gave."""
    sentence = _FORGET.sub(r"add --forget \1", sentence)
    sentence = _AGAIN.sub(r"type it again, and it goes on where it was; it is \1", sentence)
    if repr(typed) not in sentence:
        return sentence
    sentence = sentence.replace(f"the act {typed!r}", "this command")
    sentence = sentence.replace(repr(typed), "this command")
    return sentence.replace("use another key", "name it with --key")


def _finish(desk: Desk, act: Iterator[None], begun: str, kept: Journal) -> None:
    """Shows what was done. begun: when, if an earlier run did all of it."""
    failed: BaseException | None = None
    try:
        try:
            ctrl_c.raise_once()
            if ctrl_c.is_pressed:
                desk.say("\nIt is done: what would interrupt it came too late", err=True)
            _show(desk, act, begun)
        except Exception as error:  # whatever it is: it is done
            failed = error
        ctrl_c.remember()
    except KeyboardInterrupt as error:
        failed = error
    if failed is None:
        return
    # Not an error's exit code: whatever repeats a command that failed would do it once more.
    if isinstance(failed, BrokenPipeError):
        sys.stdout = PacifyFlushWrapper(sys.stdout)
    with suppress(OSError, JournalError):
        said = str(failed) or "interrupted"
        click.echo(f"It is done, but can't be shown: {visible(said, lines=False)}", err=True)
        for step in kept.steps:
            if step.is_done:
                click.echo(f"Mined: {step.hash}", err=True)


def _show(desk: Desk, act: Iterator[None], begun: str) -> None:
    next(act, None)
    if begun:
        desk.say(
            f"\nAn earlier run, begun on {begun}, has sent all of this; nothing new was sent"
            " now: to do it once more, type it again"
        )
    desk.result({"sent_before": begun} if begun else {})
    desk.finish()
