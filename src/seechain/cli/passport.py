"""Writes a member's passport."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from seechain.chain.logs import latest_block
from seechain.cli.books import agreements_option, all_at_hand
from seechain.cli.desk import Desk
from seechain.cli.frame import reading
from seechain.cli.telling import when
from seechain.money import Money
from seechain.portable.passport import INDEPENDENCE, Earned, Entry, Passport
from seechain.portable.passport_reading import issue, sees_of
from seechain.registry import Registry


@reading
@click.argument("member", metavar="ADDRESS")
@click.option("--registry", metavar="ADDRESS", help="Of another than the usual one.")
@agreements_option("The agreement file of a SEE, for its name.")
@click.option("--out", type=click.Path(), metavar="FILE", help="Where to write the passport.")
def cli(
    desk: Desk, member: str, registry: str | None, agreements: tuple[Path, ...], out: str | None
) -> None:
    """Write a member's own record over all SEEs: what it was, did and earned there.

    All of it is read from the chain. What proves little is marked: seats of somebody who
    never acted there, money that one paid to oneself, SEEs in which one decides alone.
    """
    given = all_at_hand(agreements)
    of = Registry(desk.w3, registry)
    block = latest_block(desk.w3)
    sees = sees_of(of, block)
    with desk.progress("Reading all SEEs", len(sees)) as advance:
        made = issue(
            of,
            member,
            block=block,
            names=of.titles(given),
            tables=[each.table for each in given],
            sees=sees,
            advance=advance,
        )
    if out is not None:
        desk.write(out, made.to_bytes())
    money = Money(desk.w3)
    if out != "-":
        for line in _told(made, money):
            desk.say(line)
    desk.result(_result(made, money, out))


def _told(made: Passport, money: Money) -> Iterator[str]:
    yield f"Passport of {made.member}, chain {made.chain_id}, until block {made.block}"
    for entry in made.sees:
        yield ""
        yield f"{entry.name or 'SEE'} {entry.see}, registered {when(entry.registered)}"
        yield f"  {', '.join(_parts(entry)) or ', '.join(entry.roles)}"
        for event in entry.events:
            yield f"  {event.what} {when(event.time)}"
        if entry.acts:
            yield f"  it {', '.join(dict.fromkeys(each.what for each in entry.acts))}"
        for earned in entry.earned:
            yield f"  {_money(earned, money)}"
        for mark in entry.marks:
            yield f"  Mark: {_MARKS[mark]}"
    if not made.sees:
        yield "It is, and was, a member of no SEE that can be read"
    if made.totals:
        yield ""
        yield "Over all:"
        yield from (f"  {_money(each, money)}" for each in made.totals)
    if made.sees:
        yield ""
        yield f"No passport tells {INDEPENDENCE}"
    for see in made.unreadable:
        yield f"Not readable: {see}, whose share table or money can't be told"


_MARKS = {
    "never acted": "it never acted there; put there by others, this proves nothing",
    "paid by itself": "it was paid by itself, or by what is its own",
    "alone": "no voice but its own has agreed to any version",
}

_UNNAMED = "no agreement of the SEE names this currency: it may be worth nothing"


def _parts(entry: Entry) -> Iterator[str]:
    for term in entry.terms:
        said = f"version {term.version}: {term.shares} of {term.total} shares"
        if not term.shares:
            said = f"version {term.version}: no seat"
        plural = "voices" if term.all_voices != 1 else "voice"
        yield said + (f", {term.voices} of {term.all_voices} {plural}" if term.voices else "")


def _money(earned: Earned, money: Money) -> str:
    paid, due, own = int(earned.paid), int(earned.due), int(earned.own)
    said = f"paid {money.text(earned.currency, paid)}"
    if due:
        said += f", {money.text(earned.currency, due)} more are due"
    if own:
        whole = "; of both together" if due else ", of which"
        said += f"{whole} {money.text(earned.currency, own)} came from itself"
    return said if earned.is_named else f"{said} ({_UNNAMED})"


def _result(made: Passport, money: Money, out: str | None) -> dict[str, object]:
    content = made.model_dump(mode="json")
    for part in (content, *content["sees"]):
        for each in part.get("earned", part.get("totals", ())):
            for name in ("paid", "own", "due"):
                each[name] = money.json(each["currency"], int(each[name]))
    return {**content, **({"out": out} if out else {})}
