"""The picture of the life: what it says, from the ledger and from what everyone got."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from demo import picture
from demo.cast import PORT
from demo.money import ETHER, USDC, Money, add, exactly, shortly
from demo.outcome import part
from demo.story import Shared, Story


def of(story: Story, shared: Shared, got: Mapping[str, Money]) -> picture.Split:
    """The picture of a life that has come out."""
    ledger, see = story.ledger, story.see
    names = sorted(ledger.names, key=lambda name: -got[name][0])
    names.insert(names.index(shared.member) + 1, shared.guest)
    members = {
        each.name: each for each in (*story.cast.agreement.members, *story.cast.next.members)
    }
    rows = [
        picture.Row(
            name,
            _about(members.get(name), name, shared, story),
            [part(period, name, shared, story) for period in ledger.periods],
            shortly(got[name]),
        )
        for name in (*names, PORT)
    ]
    left = add(got["SEE"], got["Splitter"])
    return picture.Split(
        title=story.cast.agreement.name,
        subtitle="How every payment divided itself, as was agreed before it came.",
        units=[ETHER, USDC],
        inflows=[
            picture.Inflow(period.title, period.payments, _weight(period.received, ledger.received))
            for period in ledger.periods
        ],
        rows=rows,
        sums=shortly(ledger.received),
        left=[f"{left[0]} wei", exactly(left)[1]],
        notes=[
            f"SEE {see.address}. {shared.member} shares by the Splitter {shared.contract.address}.",
            "A height is a part of all that came; each currency counts for half of it.",
            "Read from the balances on chain. Amounts are rounded down; the demo's table is exact.",
        ],
    )


def _weight(received: Money, all_: Money) -> Fraction:
    return sum((Fraction(*each) for each in zip(received, all_, strict=True)), Fraction()) / 2


def _about(member: Any, name: str, shared: Shared, story: Story) -> str:
    if member is None:
        return f"contributor · {shared.part} of {shared.member}'s seat"
    voices = "1 voice" if member.voices == 1 else f"{member.voices} voices"
    about = f"{member.role} · {voices}" if member.voices else member.role
    return about if member.shares else f"{about}, no share: it pays and decides"
