"""A payout through several levels: the plan, to the unit, and its run."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account

from seechain import SEE, NothingDue, Registry, SignatureError
from seechain.accounts import checksum
from seechain.events import Kept
from seechain.reverts import NoFunds, TokenError, WrongMessage
from tests.sdk.cascades import (
    ADA,
    BEN,
    CLEO,
    DESK,
    EVE,
    FAY,
    amend,
    check_sums,
    held,
    run_exactly,
    see_of,
)
from tests.sdk.chain import deployed, key, rpc
from tests.sdk.conftest import make_agreement, register


@pytest.fixture
def three(registry: Registry, usdc: Any) -> tuple[SEE, SEE, SEE]:
    """Top, mid and low; only the top names the token."""
    low = see_of(registry, "Low", {CLEO: 2, ADA: 1})
    mid = see_of(registry, "Mid", {BEN: 3, low.address: 4}, {low.address: "Low"})
    top = see_of(
        registry,
        "Top",
        {ADA: 50, mid.address: 30, DESK: 20},
        {mid.address: "Mid"},
        currencies=["native", usdc.address],
    )
    return top, mid, low


# ---------------------------------------------------------------- levels


def test_three_levels_end_in_wallets(three: tuple[SEE, SEE, SEE], usdc: Any) -> None:
    top, mid, low = three
    top.pay("1 ether", sender=key(3))
    top.pay("10.000001 USDC", sender=key(0))
    plan = top.cascade()
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
            assert abs(step.gas - gas) < (0.05 if step.is_estimated else 0.25) * gas, (step, gas)


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


# ---------------------------------------------------------------- who is followed


def test_states_that_still_split_are_followed(registry: Registry) -> None:
    agreement = make_agreement(
        name="New",
        members=[{"name": "Eve", "account": EVE, "role": "core", "shares": 1, "voices": 1}],
    )
    new = registry.deploy_clone(agreement, sender=key(8))
    ended = see_of(registry, "Ended", {BEN: 1, CLEO: 2})
    end = ended.deregistration()
    ended.deregister([ended.sign(end, key(1))], sender=key(8))
    salted = registry.create_splitter([(FAY, 1), (DESK, 2)], salt=5, sender=key(8))
    top = see_of(registry, "Top", {new.address: 1, ended.address: 3, salted.address: 3})
    top.pay(7000, sender=key(3))
    plan = top.cascade()
    # Neither the table of the one nor the salt of the other can be known from the chain.
    assert plan.elsewhere == {new.address: {"native": 1000}, salted.address: {"native": 3000}}
    assert "a contract, not followed" in str(plan)
    assert "(ended)" in str(plan)
    plan = top.cascade(known=[new, salted])
    assert plan.elsewhere == {}
    assert plan.people[EVE] == {"native": 1000}
    assert "(unregistered)" in str(plan)
    run_exactly(plan)


def test_foreign_contracts_and_delegated_accounts(registry: Registry, usdc: Any) -> None:
    w3 = registry.w3
    hidden = register(registry, make_agreement(name="Hidden", quorum="1"), 1, 2, 3)
    low = registry.register(
        agreement := make_agreement(name="Unpublished"),
        [registry.sign(agreement, key(number)) for number in (1, 2, 3)],
        sender=key(0),
        publish=False,
    )
    top = see_of(registry, "Top", {usdc.address: 1, low.address: 1, hidden.address: 1, EVE: 1})
    rpc(w3, "anvil_setCode", EVE, "0xef0100" + "11" * 20)
    top.pay(400, currency=None, sender=key(3))
    plan = top.cascade()
    assert set(plan.elsewhere) == {usdc.address, low.address}
    assert plan.people[EVE] == {"native": 100}
    assert plan.people[ADA] == {"native": 40}


def test_a_copy_of_another_registry_is_not_followed(registry: Registry) -> None:
    w3 = registry.w3
    low = see_of(registry, "Low", {CLEO: 1})
    fake = checksum(b"\x77" * 20)
    rpc(w3, "anvil_setCode", fake, "0x" + bytes(w3.eth.get_code(low.address)).hex())  # type: ignore[arg-type]
    top = see_of(registry, "Top", {fake: 1, BEN: 1})
    top.pay(400, sender=key(3))
    plan = top.cascade()
    assert plan.elsewhere == {fake: {"native": 200}}
    run_exactly(plan)


def test_pull_only_members_wait(registry: Registry) -> None:
    low = see_of(registry, "Low", {CLEO: 1})
    listed = [
        {"name": "Ada", "role": "core", "account": ADA, "voices": 1, "shares": 1},
        {"name": "Low", "role": "core", "account": low.address, "shares": 2, "pull_only": True},
    ]
    top = register(registry, make_agreement(name="Top", members=listed), 1)
    top.pay(300, sender=key(3))
    plan = top.cascade()
    assert plan.waiting == {low.address: {"native": 200}}
    assert CLEO not in plan.people
    run_exactly(plan)


# ---------------------------------------------------------------- what happened before


def test_debts_of_closed_versions_and_of_leavers(registry: Registry, usdc: Any) -> None:
    both = {"currencies": ["native", usdc.address]}
    low = see_of(registry, "Low", {CLEO: 2, FAY: 3}, **both)
    mid = see_of(registry, "Mid", {BEN: 3, low.address: 4, EVE: 5}, **both)
    top = see_of(registry, "Top", {DESK: 1, mid.address: 2}, **both)
    top.pay(1009, sender=key(3))
    mid.pay(1013, sender=key(3))
    mid.pay("0.001013 USDC", sender=key(0))
    amend(mid, "Mid 2", {BEN: 1, low.address: 1, EVE: 1, CLEO: 4}, **both)
    mid.pay(101, sender=key(3))
    mid.pay(77, version=0, sender=key(3))
    mid.leave(key(6))
    mid.pay(102, sender=key(3))
    top.pay("0.001001 USDC", sender=key(0))
    plan = top.cascade()
    assert EVE in plan.people
    assert plan.levels[2].transactions >= 2
    run_exactly(plan)
    top.pay(1009, sender=key(3))
    top.pay("0.001 USDC", sender=key(0))
    plan = top.cascade()
    assert EVE not in plan.people
    run_exactly(plan)


def test_a_token_whose_book_is_behind_is_for_those_who_are_members_now(
    three: tuple[SEE, SEE, SEE], usdc: Any
) -> None:
    top, mid, low = three
    low.pay("0.000007 USDC", sender=key(0))  # is of the first version, which does not name it
    amend(low, "Low 2", {FAY: 2, DESK: 1})
    amend(mid, "Mid 2", {BEN: 1, low.address: 1, EVE: 1})
    mid.leave(key(6))  # of a token that is not named it is not told
    top.pay("0.000907 USDC", sender=key(0))
    plan = top.cascade(usdc.address)
    to_low = (907 * 30 // 100) // 2
    assert plan.people[CLEO] == {usdc.address: 7 * 2 // 3}
    assert plan.people[FAY] == {usdc.address: to_low * 2 // 3}
    assert EVE not in plan.people
    run_exactly(plan)
    top.pay("0.000907 USDC", sender=key(0))
    plan = top.cascade(usdc.address)
    assert not {CLEO, EVE} & set(plan.people)
    run_exactly(plan)


# ---------------------------------------------------------------- what goes wrong


def test_who_refuses_keeps_its_due_and_stops_nobody(registry: Registry) -> None:
    wallet = deployed(registry.w3, "Wallet", DESK)
    low = see_of(registry, "Low", {CLEO: 2, wallet.address: 1})
    top = see_of(registry, "Top", {BEN: 1, low.address: 2})
    top.pay(3001, sender=key(3))
    plan = top.cascade()
    said = plan.elsewhere[wallet.address]["native"]
    kept = [each for each in plan.run(sender=key(8)).events if isinstance(each, Kept)]
    assert [(each.account, each.amount) for each in kept] == [(wallet.address, said)]
    top.pay(3001, sender=key(3))
    plan = top.cascade()
    wallet.functions.set_open(True).transact({"from": ADA})
    assert plan.elsewhere[wallet.address]["native"] >= 2 * said
    run_exactly(plan)


def test_an_interruption_between_levels_is_gone_on_with(three: tuple[SEE, SEE, SEE]) -> None:
    top = three[0]
    w3 = top.w3
    top.pay("1 ether", sender=key(3))
    plan = top.cascade()
    check_sums(plan)
    before = {each: held(w3, each, "native") for each in plan.people}
    poor = Account.create()
    price = int(w3.eth.get_block("latest")["baseFeePerGas"]) + int(w3.eth.max_priority_fee)  # type: ignore[typeddict-item]
    rpc(w3, "anvil_setBalance", poor.address, hex(price * plan.levels[0].gas * 13 // 10))
    with pytest.raises(NoFunds):
        plan.run(sender=poor)
    assert top.due()["native"] == 0
    assert held(w3, three[1].address, "native") == 3 * 10**17
    # A new plan says the rest; the old one goes on.
    assert {step.address for step in top.cascade().levels} == {three[1].address, three[2].address}
    plan.run(sender=key(8))
    after = {each: {"native": held(w3, each, "native") - before[each]} for each in plan.people}
    assert after == plan.people


def test_a_broken_token_stops_no_other_currency(registry: Registry, usdc: Any) -> None:
    gone = checksum(b"\xee" * 20)
    low = see_of(registry, "Low", {CLEO: 1})
    top = see_of(
        registry, "Top", {BEN: 1, low.address: 1}, currencies=["native", usdc.address, gone]
    )
    top.pay(1000, sender=key(3))
    top.pay(1000, currency=usdc.address, sender=key(0))
    plan = top.cascade()
    assert plan.people[CLEO] == {"native": 500, usdc.address: 500}
    run_exactly(plan)


# ---------------------------------------------------------------- a SEE that signs


def test_a_see_is_a_voice_through_three_levels(registry: Registry) -> None:
    low = see_of(registry, "Low", {CLEO: 1})
    voice = {"role": "core", "voices": 1, "shares": 1}
    of_mid = make_agreement(name="Mid", members=[{"name": "Low", "account": low.address, **voice}])
    act = low.endorsement(registry.registration(of_mid))
    low.endorse(act, [low.sign(act, key(1))], sender=key(8))
    mid = registry.register(of_mid, [registry.sign(of_mid, low)], sender=key(8))

    of_top = make_agreement(name="Top", members=[{"name": "Mid", "account": mid.address, **voice}])
    wanted = registry.registration(of_top)
    with pytest.raises(SignatureError, match="has not endorsed this registration"):
        registry.sign(of_top, mid)
    for_mid = mid.endorsement(wanted)
    for_low = low.endorsement(for_mid)
    with pytest.raises(SignatureError, match="has not endorsed this"):
        mid.sign(for_mid, low)
    low.endorse(for_low, [low.sign(for_low, key(1))], sender=key(8))
    mid.endorse(for_mid, [mid.sign(for_mid, low)], sender=key(8))
    top = registry.register(of_top, [registry.sign(of_top, mid)], sender=key(8))
    with pytest.raises(WrongMessage):
        mid.endorsement(top.redirection(mid.address, ADA))

    top.pay(1000, sender=key(3))
    plan = top.cascade()
    assert plan.people == {CLEO: {"native": 1000}}
    run_exactly(plan)
