"""What acts do, and have done, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from functools import partial
from typing import Any

from seechain.agreement.text import NATIVE
from seechain.amounts import format_units
from seechain.chain.events import Claimed, Kept, PaidOut
from seechain.chain.receipts import Receipt, Receipts
from seechain.cli.desk import Desk
from seechain.consent import Kind
from seechain.money import Money
from seechain.parts import percent
from seechain.payment_requests.payment_receipt import divided
from seechain.payment_requests.receipt_making import leavers_of
from seechain.see import SEE
from seechain.share_table.seat_words import Seat
from seechain.splitter import Splitter
from seechain.splitter.payments import read_payment
from seechain.visible import word

LAST = 253402300799  # the end of the year 9999, in unix seconds
MOST_ROWS = 40  # members that are listed
MOST_TOLD = 1000  # to programs


def show(desk: Desk, receipts: Receipt | Receipts, paid_by: Splitter | None = None) -> None:
    """Who got what, and what it cost. paid_by: knows where redirected money went."""
    if receipts == ():
        desk.say("Nothing was sent: all of it is done already")
        desk.result({"transactions": [], "gas_used": 0})
        return
    lines, paid = _told(desk, receipts, paid_by)
    for line in dict.fromkeys(lines):  # each page that is paid out logs the same
        desk.say(line)
    each = receipts if isinstance(receipts, Receipts) else (receipts,)
    for one in each:
        desk.say(f"Transaction {one.transaction_hash}, {one.gas_used:,} gas")
    before = desk.results.get("transactions", [])
    desk.result({
        "transactions": [*before, *(one.transaction_hash for one in each)],
        "gas_used": desk.results.get("gas_used", 0) + receipts.gas_used,
        **({"paid": paid} if paid else {}),
    })  # fmt: skip


def _told(
    desk: Desk, receipts: Receipt | Receipts, paid_by: Splitter | None
) -> tuple[list[str], list[dict[str, Any]]]:
    """Who got what: as lines for people, and for programs."""
    money, lines, paid = Money(desk.w3), list[str](), list[dict[str, Any]]()
    payers = {event.address for event in receipts.events if isinstance(event, Claimed | PaidOut)}
    kept = {event.address for event in receipts.events if isinstance(event, Kept)}
    for event in receipts.events:
        by = f" from {event.address}" if len(payers) > 1 else ""
        is_own = paid_by is not None and event.address == paid_by.address
        if isinstance(event, Claimed | Kept):
            to = event.account
            if is_own and isinstance(paid_by, SEE):
                to = paid_by.redirected(event.account)
            got = isinstance(event, Claimed)
            done = "got" if got else "did not take it, or is pull only; kept for it:"
            where = "" if to == event.account else f", at {to}"
            amount = money.text(event.currency, event.amount)
            lines.append(f"{desk.who(event.account)} {done} {amount}{by}{where}")
            units = money.json(event.currency, event.amount)
            paid.append({"account": event.account, "to": to, "kept": not got, **units})
        elif isinstance(event, PaidOut):
            what = "native coin" if event.currency == NATIVE else money.name(event.currency)
            everyone = "Everyone else" if event.address in kept else "Everyone"
            lines.append(f"{everyone} has what was due of {what}{by}")
    return lines, paid


def when(seconds: int) -> str:
    """A time for people, in UTC."""
    if seconds > LAST:
        return "the year 10000 or later"
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def tell(desk: Desk, see: SEE, act: Any) -> None:
    """What a member does alone, in words. act: a subject, or the consent to it."""
    who = see.named_text(act.account)
    match act.kind:
        case Kind.LEAVING:
            _tell_leaving(desk, see, act, who)
        case Kind.REDIRECTION:
            to = "itself" if act.to == act.account else act.to
            desk.say(f"The money of {who} goes to {to}, of all versions and currencies")
            tell_redirected(desk, see, act.account, act.to)
            if any(each.account == act.account and each.pull_only for each in see.members):
                desk.say("If it is a claim code, whoever has or saw its words can redirect it")
                desk.say("again: claim soon, and ask for an amendment with your own account\n")
            else:
                desk.say("It can redirect it again at any time, and nobody else can\n")
        case Kind.PUBLICATION:
            desk.say(f"{who} says that the agreement can be read at {word(act.uri)}\n")


def tell_redirected(desk: Desk, see: SEE, account: str, to: str = "") -> None:
    """Where a member's money went until now, if it is redirected already."""
    before = see.redirected(account)
    if before not in (account, to):
        desk.say(f"Until now it went to {before}")


def _tell_leaving(desk: Desk, see: SEE, act: Any, who: str) -> None:
    lines = {line.account: line for line in see.members}
    mine = lines.get(act.account)
    leavers = see.leavers
    live = sum(line.shares for line in lines.values() if line.account not in leavers)
    voices = sum(line.voices for line in lines.values())
    gone = []
    if act.seat and mine:
        gone.append(f"its seat ({percent(Fraction(mine.shares, live or 1))} of what comes)")
    if act.voice and mine:
        gone.append(f"its voice ({mine.voices} of {voices})")
    what = " and ".join(gone) or "what it has"
    desk.say(f"{who} gives up {what}. Only an amendment can bring it back")
    if act.seat and mine:
        money = Money(see.w3)
        due = [money.text(*each) for each in see.due(act.account).items() if each[1]]
        desk.say(f"What was earned stays owed to it: {', '.join(due) or 'nothing now'}")
        desk.say("The parts of the others rise in proportion")
    if act.voice and mine and mine.voices == voices:
        desk.say("It is the last voice: the SEE ends with it")
    desk.say()


def tell_parts(
    desk: Desk,
    paid: Splitter,
    amount: int | str,
    currency: str | None,
    version: int | None = None,
) -> None:
    """What each member will get of a payment, before it is made. version: that is paid late."""
    meant = read_payment(paid, amount, currency)
    money, parts = Money(desk.w3), _parts(paid, meant.units, meant.currency, version)
    of = sum(seat.shares for seat, _ in parts)
    title, shown = "What each member will get of it", partial(money.text, meant.currency)
    if (decimals := money.decimals(meant.currency)) is not None and meant.currency != NATIVE:
        title += f", in {money.name(meant.currency)}"
        shown = partial(format_units, decimals=decimals)
    rows = [
        (desk.who(seat.account), f"{seat.shares}/{of}", shown(units))
        for seat, units in parts[:MOST_ROWS]
    ]
    if further := parts[MOST_ROWS:]:
        rest = sum(units for _, units in further)
        rows.append((f"{len(further)} further seats", "", shown(rest)))
    desk.say()
    desk.table(title, ("member", "shares>", "amount>"), rows)
    said = [
        {"account": seat.account, "shares": seat.shares, "of": of, "units": str(units)}
        for seat, units in parts[:MOST_TOLD]
    ]
    desk.result({"amount": money.json(meant.currency, meant.units), "parts": said})


def _parts(
    paid: Splitter, units: int, currency: str, version: int | None
) -> list[tuple[Seat, int]]:
    """The seats that share a payment, and what each gets, the largest part first."""
    table = paid.table
    left = paid.leavers if isinstance(paid, SEE) else frozenset()
    if isinstance(paid, SEE) and version is not None and version < paid.version:
        table = paid.table_of(paid.versions[version])
        left = leavers_of(paid, version, currency)
    seats = [*table]
    if all(each.account in left for each in seats):
        return []
    parts = divided(
        units, [(each.account, each.shares, False, each.account in left) for each in seats]
    )
    found = [
        (seat, part.units) for seat, part in zip(seats, parts, strict=True) if not part.has_left
    ]
    return sorted(found, key=lambda each: -each[0].shares)
