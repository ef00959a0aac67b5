"""Who got what at the end, checked to the last unit against the ledger and shown as a table."""

from __future__ import annotations

from fractions import Fraction

from demo.cast import GUEST, PORT
from demo.ledger import Period
from demo.money import ETHER, NOTHING, USDC, Money, add, exactly, less
from demo.picture import percent
from demo.story import Shared, Story


def settle(story: Story, shared: Shared) -> dict[str, Money]:
    """Checks and shows what everyone got; by name, with what the client paid below zero.

    Raises:
        Wrong: a unit is not where it must be.
    """
    report, ledger = story.report, story.ledger
    must = {name: ledger.owed(name) for name in ledger.names}
    must["SEE"] = ledger.left()
    must[PORT] = less(NOTHING, ledger.received)
    must |= divided(shared, must)
    got = story.purses.check(must)
    names = sorted(ledger.names, key=lambda name: -got[name][0])
    names.insert(names.index(shared.member) + 1, GUEST)
    with report.step("Who got what, to the last unit, as the chain's balances say"):
        rows = [
            [
                name,
                *(percent(part(each, name, shared, story)) for each in ledger.periods),
                *exactly(got[name]),
            ]
            for name in names
        ]
        blank = [""] * len(ledger.periods)
        rows += [
            [f"undivided in the {each}", *blank, *exactly(got[each])]
            for each in ("SEE", "Splitter")
        ]
        whole = [percent(Fraction(1))] * len(ledger.periods)
        rows.append([f"paid in by {PORT}", *whole, *exactly(ledger.received)])
        heads = [period.title for period in ledger.periods]
        report.table("part of each payment", *heads, ETHER, USDC, rows=rows, last=1)
    return got


def part(period: Period, name: str, shared: Shared, story: Story) -> Fraction:
    """An account's part of each payment of a period, through a shared seat too."""
    if period is not story.ledger.periods[-1]:
        return period.part(name)
    if name == shared.member:
        return period.part(name) * (1 - shared.part)
    return period.part(shared.member) * shared.part if name == shared.guest else period.part(name)


def divided(shared: Shared, must: dict[str, Money]) -> dict[str, Money]:
    """What a shared seat's money becomes: the member's, the guest's, and what is left over."""
    through = less(must[shared.member], shared.had)
    guest = _floor(through, shared.part)
    member = _floor(through, 1 - shared.part)
    return {
        shared.member: add(shared.had, member),
        shared.guest: guest,
        "Splitter": less(through, add(member, guest)),
    }


def _floor(money: Money, part: Fraction) -> Money:
    ether, usdc = (each * part.numerator // part.denominator for each in money)
    return ether, usdc
