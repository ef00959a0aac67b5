"""Whom a cascade follows, what happened before it, and what goes wrong."""

from __future__ import annotations

import random
from typing import Any

import pytest
from eth_account import Account

from seechain import SEE, Registry, SignatureError
from seechain.accounts import checksum
from seechain.chain.events import Kept
from seechain.chain.reverts import NoFunds, TokenError, WrongMessage
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
    three_levels,
)
from tests.sdk.chain import deployed, key, rpc
from tests.sdk.conftest import make_agreement, register


@pytest.fixture
def three(registry: Registry, usdc: Any) -> tuple[SEE, SEE, SEE]:
    return three_levels(registry, usdc)


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
    low.pay(
        7, currency=usdc.address, sender=key(0)
    )  # is of the first version, which does not name it
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


@pytest.mark.parametrize("seed", range(3))
def test_any_shape_and_any_past_is_exact(registry: Registry, usdc: Any, seed: int) -> None:
    chance = random.Random(seed)
    people = [BEN, CLEO, DESK, EVE, FAY]
    sees: list[SEE] = []
    for level in range(5):
        below = chance.sample(sees, min(len(sees), 2))
        chosen = [*chance.sample(people, 3), *(each.address for each in below)]
        named = ["native", usdc.address] if chance.random() < 0.5 else ["native"]
        seats = {each: chance.randint(1, 10**6) for each in chosen}
        sees.append(see_of(registry, f"Random {level}", seats, currencies=named))
    top, most = sees[-1], 0
    for round_ in range(2):
        for see in chance.sample(sees, 3):
            see.pay(chance.randint(1, 10**9), sender=key(3))
            see.pay(chance.randint(1, 10**9), currency=usdc.address, sender=key(0))
        for see in chance.sample(sees, 3):
            account = chance.choice(people)
            number = {BEN: 2, CLEO: 4, DESK: 5, EVE: 6, FAY: 7}[account]
            if account in see.table and account not in see.leavers:
                act = chance.choice(["claim", "leave", "redirect"])
                if act == "claim" and see.due(account)["native"]:
                    see.claim(account, "native", sender=key(8))
                elif act == "leave":
                    see.leave(key(number))
                elif act == "redirect":
                    places = {sees[0].address, top.address, ADA} - {see.address}
                    see.redirect(key(number), chance.choice(sorted(places)))
        changed = chance.choice(sees)
        seats = {each.account: chance.randint(1, 99) for each in changed.table}
        amend(changed, f"Random {round_}", seats)
        top.pay(chance.randint(1, 10**9), sender=key(3))
        for currency in ("native", usdc.address):
            plan = top.cascade(currency)
            if plan.levels:
                run_exactly(plan)
                most = max(most, len(plan.levels))
    assert most > 2


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


def test_a_step_that_is_refused_stops_no_other(three: tuple[SEE, SEE, SEE], usdc: Any) -> None:
    top = three[0]
    top.pay("1 ether", sender=key(3))
    top.pay(1000, currency=usdc.address, sender=key(0))
    plan = top.cascade()
    code = bytes(top.w3.eth.get_code(usdc.address))
    before = {each: held(top.w3, each, "native") for each in plan.people}
    rpc(top.w3, "anvil_setCode", usdc.address, "0x")
    with pytest.raises(TokenError, match="is no contract"):
        plan.run(sender=key(8))
    for account, amounts in plan.people.items():
        assert held(top.w3, account, "native") - before[account] == amounts["native"]
    rpc(top.w3, "anvil_setCode", usdc.address, "0x" + code.hex())
    plan.run(sender=key(8))
    assert held(top.w3, BEN, usdc.address) == plan.people[BEN][usdc.address]


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
