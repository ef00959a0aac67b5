"""A payout through several levels: the plan, to the unit, and its run."""

from __future__ import annotations

from typing import Any

import pytest

from seechain import SEE, NothingDue, Registry
from seechain.accounts import checksum
from seechain.chain.reverts import TokenError
from tests.sdk.cascades import (
    ADA,
    BEN,
    CLEO,
    DESK,
    EVE,
    FAY,
    amend,
    held,
    run_exactly,
    see_of,
    three_levels,
)
from tests.sdk.chain import key


@pytest.fixture
def three(registry: Registry, usdc: Any) -> tuple[SEE, SEE, SEE]:
    return three_levels(registry, usdc)


# ---------------------------------------------------------------- levels


def test_three_levels_end_in_wallets(three: tuple[SEE, SEE, SEE], usdc: Any) -> None:
    top, mid, low = three
    top.pay("1 ether", sender=key(3))
    top.pay("10.000001 USDC", sender=key(0))
    plan = top.cascade(known=[mid])  # which knows what its members are called
    ether, third = 10**18, 3 * 10**17
    to_low = third * 4 // 7
    assert plan.people[BEN]["native"] == third * 3 // 7
    assert plan.people[CLEO]["native"] == to_low * 2 // 3
    assert plan.people[ADA]["native"] == ether // 2 + to_low // 3
    assert plan.people[DESK] == {"native": 2 * 10**17, usdc.address: 2_000_000}
    assert [(step.depth, step.address, step.currency) for step in plan.levels] == [
        (depth, see.address, currency)
        for depth, see in enumerate((top, mid, low))
        for currency in ("native", usdc.address)
    ]
    said = str(plan)
    assert "Level 2, SEE Mid (" in said
    assert "this currency is not named by its agreement" in said
    assert "Low (" in said
    assert "passed on" in said
    run_exactly(plan)
    with pytest.raises(NothingDue, match="or below it can be paid out now"):
        plan.run(sender=key(8))
    assert top.cascade().levels == ()
    assert str(top.cascade()).startswith("Nothing is due from ")


def test_one_currency_alone(three: tuple[SEE, SEE, SEE], usdc: Any) -> None:
    top, _, low = three
    top.pay("1 ether", sender=key(3))
    top.pay("10 USDC", sender=key(0))
    run_exactly(top.cascade(usdc.address))
    assert top.due()["native"] == 10**18
    assert held(top.w3, low.address, "native") == 0
    with pytest.raises(TokenError, match="is no contract"):
        top.cascade(BEN)


def test_what_lower_levels_hold_already_goes_too(three: tuple[SEE, SEE, SEE]) -> None:
    top, mid, low = three
    for round_ in (1, 2):
        top.pay(1000 + round_, sender=key(3))
        mid.pay(1003, sender=key(3))
        low.pay(1001 * round_, sender=key(3))
        mid.claim(BEN, sender=key(8))
        plan = top.cascade()
        assert plan.levels[1].due > 0
        assert plan.levels[2].incoming > 0
        run_exactly(plan)


def test_the_gas_said_is_about_what_it_costs(three: tuple[SEE, SEE, SEE]) -> None:
    top = three[0]
    for _ in range(2):
        top.pay("1 ether", sender=key(3))
        top.pay("1 USDC", sender=key(0))
        plan = top.cascade()
        assert [step.is_estimated for step in plan.levels] == [True, True] + [False] * 4
        used = [receipt.gas_used for receipt in plan.run(sender=key(8))]
        for step, gas in zip(plan.levels, used, strict=True):
            assert abs(step.gas - gas) < (0.1 if step.is_estimated else 0.25) * gas, (step, gas)


def test_a_table_of_several_pages(registry: Registry) -> None:
    w3 = registry.w3
    many = {checksum(bytes([7] * 19 + [at])): at + 1 for at in range(70)}
    low = see_of(registry, "Low", many)
    top = see_of(registry, "Top", {BEN: 1, low.address: 2})
    top.pay(10**9 + 1, sender=key(3))
    plan = top.cascade()
    assert (plan.levels[1].pages, plan.levels[1].transactions) == (3, 1)
    (_, used) = run_exactly(plan)
    assert abs(plan.levels[1].gas - used.gas_used) < used.gas_used // 4
    assert all(w3.eth.get_balance(each) for each in many)  # type: ignore[arg-type]


# ---------------------------------------------------------------- shapes


def test_a_diamond_is_paid_once_after_both(registry: Registry) -> None:
    low = see_of(registry, "Low", {CLEO: 2, ADA: 5})
    left = see_of(registry, "Left", {BEN: 3, low.address: 4})
    deep = see_of(registry, "Deep", {EVE: 1, low.address: 1})
    right = see_of(registry, "Right", {deep.address: 3, DESK: 4})
    top = see_of(registry, "Top", {low.address: 1, left.address: 3, right.address: 7, FAY: 2})
    top.pay(10**6 + 7, sender=key(3))
    plan = top.cascade()
    steps = [step.address for step in plan.levels]
    assert steps.count(low.address) == 1
    assert steps[-1] == low.address
    assert plan.levels[-1].depth == 3
    assert plan.cycles == ()
    assert len(run_exactly(plan)) == 5


def test_a_circle_ends_and_says_so(registry: Registry) -> None:
    one = see_of(registry, "One", {BEN: 1})
    two = see_of(registry, "Two", {CLEO: 1, one.address: 1})
    top = see_of(registry, "Top", {DESK: 1, one.address: 3})
    amend(one, "One", {BEN: 1, two.address: 1})
    top.pay(8000, sender=key(3))
    plan = top.cascade()
    assert plan.cycles == ((one.address, two.address, one.address),)
    assert "is a circle: each of them is paid out once" in str(plan)
    assert plan.people == {
        DESK: {"native": 2000},
        BEN: {"native": 3000},
        CLEO: {"native": 1500},
    }
    assert plan.waiting == {one.address: {"native": 1500}}
    assert len(run_exactly(plan)) == 3
    again = top.cascade()
    assert again.people == {BEN: {"native": 750}, CLEO: {"native": 375}}
    assert len(run_exactly(again)) == 2
    # From inside the circle it is the same.
    plan = two.cascade()
    assert plan.cycles == ((two.address, one.address, two.address),)


def test_a_see_that_is_a_member_of_itself(registry: Registry) -> None:
    one = see_of(registry, "One", {BEN: 1})
    amend(one, "One", {BEN: 1, one.address: 1})
    one.pay(1000, sender=key(3))
    plan = one.cascade()
    assert plan.cycles == ((one.address, one.address),)
    assert plan.people == {BEN: {"native": 500}}
    run_exactly(plan)
    assert one.cascade().people == {BEN: {"native": 250}}


def test_a_shared_seat_at_the_bottom(three: tuple[SEE, SEE, SEE], usdc: Any) -> None:
    top, _, low = three
    shared = low.share_seat(key(4), FAY, "1/4")
    top.pay("1 ether", sender=key(3))
    top.pay("7.000003 USDC", sender=key(0))
    plan = top.cascade()
    assert [step.kind for step in plan.levels[-2:]] == ["Splitter", "Splitter"]
    assert plan.levels[-1].address == shared.address
    of_cleo = (3 * 10**17 * 4 // 7) * 2 // 3
    assert plan.people[FAY]["native"] == of_cleo // 4
    assert plan.people[CLEO]["native"] == of_cleo * 3 // 4
    assert f"redirected to {shared.address[:6]}" in str(plan)
    run_exactly(plan)


def test_a_redirect_to_another_see_is_followed(registry: Registry) -> None:
    low = see_of(registry, "Low", {CLEO: 2, ADA: 1})
    top = see_of(registry, "Top", {BEN: 3, DESK: 4})
    top.redirect(key(2), low.address)
    top.pay(7001, sender=key(3))
    plan = top.cascade()
    assert BEN not in plan.people
    assert plan.people[CLEO] == {"native": 3000 * 2 // 3}
    run_exactly(plan)


def test_a_token_that_no_agreement_names_goes_where_the_member_wants(
    three: tuple[SEE, SEE, SEE], usdc: Any
) -> None:
    top, _, low = three
    top.pay("3 USDC", sender=key(0))
    run_exactly(top.cascade(usdc.address))  # so that the books of the token exist
    low.redirect(key(4), FAY)
    top.pay("3 USDC", sender=key(0))
    plan = top.cascade(usdc.address)
    assert plan.people[FAY]
    assert CLEO not in plan.people
    run_exactly(plan)
