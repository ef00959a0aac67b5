"""seechain show: a SEE, a Splitter or a Registry at a glance."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seechain.cli.books import agreement_option, at_hand
from seechain.cli.desk import Desk
from seechain.cli.frame import reading
from seechain.visible import word

if TYPE_CHECKING:
    from seechain.explain.glance import BooksSeen, MemberSeen, RegistrySeen
    from seechain.money import Money

MOST_ROWS = 40  # members, or SEEs, that are listed to people
MOST_URIS = 3  # where the agreement can be read


@reading
@click.argument("address", required=False)
@click.option("--see", metavar="ADDRESS", help="The same as ADDRESS.")
@agreement_option
def cli(desk: Desk, address: str | None, see: str | None, names: Path | None) -> None:
    """Show a SEE, a Splitter or a Registry at a glance: members, money, and what is odd."""
    from seechain.explain.glance import RegistrySeen, look

    named = {each for each in (address, see) if each}
    if len(named) != 1:
        raise click.UsageError("name one address: seechain show ADDRESS")
    read = at_hand(names)
    seen = look(desk.w3, named.pop(), read)
    if isinstance(seen, RegistrySeen):
        _registry(desk, seen)
    else:
        if read is not None and read.commitment != seen.commitment:
            desk.say(f"{names} is not the agreement in force, so it names nobody here\n")
        _books(desk, seen)


def _registry(desk: Desk, seen: RegistrySeen) -> None:
    live = sum(not each.is_ended for each in seen.sees)
    desk.say(f"The Registry {seen.address} on chain {seen.chain_id}")
    desk.say(f"SEEs that were registered: {len(seen.sees)}; that have not ended: {live}\n")
    rows = [
        (each.address, _day(each.registered), f"{each.version}", "ended" if each.is_ended else "")
        for each in seen.sees[:MOST_ROWS]
    ]
    if len(seen.sees) > MOST_ROWS:
        rows.append((f"{len(seen.sees) - MOST_ROWS} more, registered before", "", "", ""))
    if rows:
        desk.table("", ("SEE", "registered", "version>", ""), rows)
    sees = [
        {
            "see": each.address,
            "registered": _time(each.registered),
            "version": each.version,
            "ended": each.is_ended,
        }
        for each in seen.sees
    ]
    desk.result(
        {"kind": "Registry", "address": seen.address, "chain_id": seen.chain_id, "sees": sees}
    )


def _books(desk: Desk, seen: BooksSeen) -> None:
    from seechain.money import Money

    money = Money(desk.w3)
    _say_state(desk, seen)
    _say_members(desk, seen, money)
    _say_money(desk, seen, money)
    _say_located(desk, seen)
    for warning in seen.warnings:
        desk.say(f"Look: {warning}")
    desk.result(_result(seen, money))


def _say_state(desk: Desk, seen: BooksSeen) -> None:
    name = f" {seen.name!r}" if seen.name else ""
    what = "fixed Splitter" if seen.kind == "Splitter" else "SEE"
    desk.say(f"The {what}{name} {seen.address} on chain {seen.chain_id}")
    if seen.ended:
        desk.say(f"It ended on {_day(seen.ended)}: it takes no payments, claims go on for ever")
    elif seen.registered:
        desk.say(f"Registered on {_day(seen.registered)}, version {seen.version} is in force")
    if seen.expires and seen.quorum is not None:
        desk.say(
            f"Quorum {seen.quorum} of {seen.voices} voices; last day {seen.expires:%Y-%m-%d} UTC"
        )
    left = f", {seen.left} of them have left" if seen.left else ""
    desk.say(f"{seen.shares} shares{left}; agreement 0x{seen.commitment.hex()}\n")


def _say_members(desk: Desk, seen: BooksSeen, money: Money) -> None:
    from seechain.parts import percent

    members = sorted(seen.members, key=lambda each: (-each.part, -each.voices))
    rows = [
        (
            f"{each.name} {each.account}".strip(),
            percent(each.part),
            f"{each.shares}/{seen.shares}" if each.shares else "-",
            each.voices or "-",
            _notes(each),
        )
        for each in members[:MOST_ROWS]
    ]
    rows += [
        (
            f"{each.name} {each.account}".strip(),
            *("-", "-", "-"),
            ", ".join(["of an older version", *filter(None, [_notes(each)])]),
        )
        for each in seen.former[:MOST_ROWS]
    ]
    if len(members) > MOST_ROWS:
        rest = sum((each.part for each in members[MOST_ROWS:]), Fraction())
        rows.append((f"{len(members) - MOST_ROWS} more members", percent(rest), "", "", ""))
    desk.table("", ("member", "part>", "shares>", "voices>", ""), rows)
    desk.say()
    for currency in seen.money:
        owed = [
            (
                f"{each.name} {each.account}".strip(),
                _bare(money, currency.currency, each.had[currency.currency]),
                _bare(money, currency.currency, each.due[currency.currency]),
            )
            for each in [*members[:MOST_ROWS], *seen.former[:MOST_ROWS]]
            if each.had.get(currency.currency) or each.due.get(currency.currency)
        ]
        if owed:
            desk.say(
                f"What members had, and what is due to them, in {money.name(currency.currency)}:"
            )
            desk.table("", ("member", "had>", "due>"), owed)
            desk.say()


def _say_money(desk: Desk, seen: BooksSeen, money: Money) -> None:
    rows = [
        (
            money.name(each.currency),
            *(
                "?" if units is None else _bare(money, each.currency, units)
                for units in (each.received, each.paid, each.due, each.undivided)
            ),
        )
        for each in seen.money
    ]
    columns = ("currency", "received>", "paid>", "due>", "undivided>")
    desk.table("", columns, rows)
    desk.say()
    for each in seen.money:
        shown = money.text(each.currency, abs(each.unlogged))
        if each.unlogged > 0:
            desk.say(f"{shown} of what was received came without a log")
        elif each.unlogged:
            desk.say(
                f"{shown} that logs say was received is not there: the token took a fee, changed a"
                " balance by itself or logged what never moved"
            )


def _say_located(desk: Desk, seen: BooksSeen) -> None:
    for each in seen.located[:MOST_URIS]:
        who = f"{each.name} ({each.publisher})" if each.name else each.publisher
        if each.standing == "none":
            who = f"somebody who is no member, {each.publisher}"
        desk.say(f"The agreement can be read at {word(each.uri)}, says {who}")


def _bare(money: Money, currency: str, units: int) -> str:
    """An amount where its currency stands beside."""
    from seechain.amounts import format_units

    decimals = money.decimals(currency)
    return f"{units} units" if decimals is None else format_units(units, decimals)


def _notes(member: MemberSeen) -> str:
    said = [
        "has left" if member.has_left else "",
        "pull only" if member.pull_only else "",
        "" if member.to == member.account else f"paid at {member.to}",
    ]
    return ", ".join(each for each in said if each)


def _result(seen: BooksSeen, money: Money) -> dict[str, Any]:
    return {
        "kind": seen.kind,
        "address": seen.address,
        "chain_id": seen.chain_id,
        "registry": seen.registry,
        "state": seen.state,
        "name": seen.name or None,
        "version": seen.version,
        "agreement": "0x" + seen.commitment.hex(),
        "shares": str(seen.shares),
        "shares_left": str(seen.left),
        "quorum": None if seen.quorum is None else str(seen.quorum),
        "voices": seen.voices,
        "registered": _time(seen.registered),
        "expires": None if seen.expires is None else f"{seen.expires:%Y-%m-%d}",
        "ended": _time(seen.ended),
        "currencies": list(seen.currencies),
        "members": [_member(each, money) for each in seen.members],
        "former_members": [_member(each, money) for each in seen.former],
        "money": [
            {
                "currency": each.currency,
                "received": money.json(each.currency, each.received),
                "paid": money.json(each.currency, each.paid),
                "due": money.json(each.currency, each.due),
                "held": None if each.held is None else money.json(each.currency, each.held),
                "unlogged": money.json(each.currency, each.unlogged),
            }
            for each in seen.money
        ],
        "located": [
            {"uri": each.uri, "publisher": each.publisher, "standing": each.standing}
            for each in seen.located
        ],
        "warnings": list(seen.warnings),
    }


def _member(member: MemberSeen, money: Money) -> dict[str, Any]:
    return {
        "account": member.account,
        "name": member.name or None,
        "shares": str(member.shares),
        "part": str(member.part),
        "voices": member.voices,
        "voice": str(member.voice),
        "pull_only": member.pull_only,
        "has_left": member.has_left,
        "to": member.to,
        "had": [money.json(*each) for each in member.had.items()],
        "due": [money.json(*each) for each in member.due.items()],
    }


def _day(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _time(time: datetime | None) -> str | None:
    return None if time is None else f"{time:%Y-%m-%dT%H:%M:%SZ}"
