"""SEEs that are members of SEEs, and what a run of a cascade must have done, to the unit."""

from __future__ import annotations

from typing import Any

from web3 import Web3

from seechain import SEE, Receipts, Registry, Token
from seechain.see.cascade import Cascade, Goes
from tests.sdk.chain import key
from tests.sdk.conftest import make_agreement, register

ADA, BEN, CLEO, DESK, EVE, FAY = (key(number).address for number in (1, 2, 4, 5, 6, 7))
NAMES = {ADA: "Ada", BEN: "Ben", CLEO: "Cleo", DESK: "Desk", EVE: "Eve", FAY: "Fay"}


def members(seats: dict[str, int], names: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Ada has the voice; she has a seat where she is named with shares."""
    called = {**NAMES, **(names or {})}
    listed: list[dict[str, Any]] = [
        {
            "name": called.get(account, f"SEE {account[2:8]}"),
            "role": "co-creator",
            "account": account,
            "shares": shares,
        }
        for account, shares in seats.items()
        if account != ADA
    ]
    ada = {"name": "Ada", "role": "core", "account": ADA, "voices": 1}
    return [{**ada, "shares": seats[ADA]} if ADA in seats else ada, *listed]


def see_of(
    registry: Registry,
    name: str,
    seats: dict[str, int],
    called: dict[str, str] | None = None,
    **more: Any,
) -> SEE:
    """A SEE in which Ada has the only voice."""
    agreement = make_agreement(name=name, members=members(seats, called), quorum="1", **more)
    return register(registry, agreement, 1)


def three_levels(registry: Registry, usdc: Any) -> tuple[SEE, SEE, SEE]:
    """Top, mid and low; only the top names the token."""
    low = see_of(registry, "Low", {CLEO: 2, ADA: 1})
    mid = see_of(registry, "Mid", {BEN: 3, low.address: 4}, {low.address: "Low"})
    both = ["native", usdc.address]
    seats = {ADA: 50, mid.address: 30, DESK: 20}
    return see_of(registry, "Top", seats, {mid.address: "Mid"}, currencies=both), mid, low


def amend(see: SEE, name: str, seats: dict[str, int], **more: Any) -> None:
    """Puts another table in force."""
    agreement = make_agreement(name=name, members=members(seats), quorum="1", **more)
    see.amend(agreement, [see.sign(see.amendment(agreement), key(1))], sender=key(9))


def held(w3: Web3, account: str, currency: str) -> int:
    """What an account has of a currency."""
    if currency == "native":
        return int(w3.eth.get_balance(account))  # type: ignore[arg-type]
    return Token(w3, currency).balance(account)


def check_sums(plan: Cascade) -> None:
    """Nothing appears and nothing vanishes: of each step, and of all together."""
    arrived: dict[tuple[str, str], int] = {}
    for step in plan.levels:
        assert step.incoming == arrived.pop((step.address, step.currency), 0)
        portions = sum(each.units for each in step.portions)
        assert (
            portions + step.undivided
            == held(plan.see.w3, step.address, step.currency) + step.incoming
        )
        assert step.undivided >= 0
        for each in step.portions:
            assert each.units > 0
            if each.goes == Goes.PASSED:
                to = (each.to, step.currency)
                arrived[to] = arrived.get(to, 0) + each.units
    assert not arrived


def run_exactly(plan: Cascade, sender: Any = None) -> Receipts:
    """Runs a plan and checks all balances with what it said, to the unit."""
    check_sums(plan)
    w3 = plan.see.w3
    ends = {
        (account, currency): units
        for each in (plan.people, plan.elsewhere)
        for account, amounts in each.items()
        for currency, units in amounts.items()
    }
    before = {each: held(w3, *each) for each in ends}
    receipts = plan.run(sender=sender or key(8))
    assert {each: held(w3, *each) - before[each] for each in ends} == ends
    check_rest(plan)
    assert len(receipts) == plan.transactions
    return receipts


def check_rest(plan: Cascade) -> None:
    """What each contract holds afterwards is what is undivided, and what waits."""
    came_back: dict[tuple[str, str], int] = {}
    for step in plan.levels:
        for each in step.portions:
            if each.goes == Goes.BACK:
                to = (each.to, step.currency)
                came_back[to] = came_back.get(to, 0) + each.units
    for step in plan.levels:
        waits = sum(each.units for each in step.portions if each.goes == Goes.WAITS)
        waits += came_back.get((step.address, step.currency), 0)
        assert held(plan.see.w3, step.address, step.currency) == step.undivided + waits
