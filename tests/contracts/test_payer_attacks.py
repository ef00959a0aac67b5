"""What is tried at the Payer: nothing of anybody else's is ever at risk."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.evm import Contract, Kernel, refused
from tests.contracts.payer_stage import (
    ANSWERS_FALSE,
    ANY,
    BURNS_PERMIT,
    CALLS,
    FALSE_APPROVAL,
    FEE,
    KEEPS,
    MEMO,
    NO_ANSWER,
    NO_PERMIT,
    PAID,
    PHANTOM,
    ROUNDS,
    STICKY,
    TAKES_MORE,
    THIEF,
    ZERO_FIRST,
    Stage,
    logged,
    paid_for,
)

WAYS = ["pay", "relay"]
NOTHING, TAKES, CALLS_BACK, GIVES = range(4)  # hostile/FalseSee.vy


@pytest.fixture
def stage(kernel: Kernel) -> Stage:
    return Stage(kernel)


@pytest.fixture
def false_see(stage: Stage) -> Contract:
    return stage.chain.deploy("FalseSee")


# ---------------------------------------------------------------- permits


def test_a_permit_that_was_used_by_another_still_pays(stage: Stage) -> None:
    """EIP-2612: whoever sees a permit may use it first. The payment is not stopped."""
    permit = stage.permit(1000)
    stage.token.permit(stage.client, stage.payer.address, 1000, *permit, sender=stage.thief)
    stage.pay(permit=permit)
    assert stage.has(stage.split) == 1000
    stage.clean()


def test_a_permit_is_nobody_elses_money(stage: Stage) -> None:
    """A permit does not say where the money goes: who takes another's pays from its own."""
    permit = stage.permit(1000)
    with refused("allowance"):
        stage.pay(permit=permit, sender=stage.thief)
    stage.token.permit(stage.client, stage.payer.address, 1000, *permit)
    with refused("allowance"):
        stage.pay(permit=permit, sender=stage.thief)
    assert stage.has(stage.client) == 1_000_000


def test_an_allowance_to_the_payer_is_its_owners(stage: Stage) -> None:
    """Somebody has allowed the Payer all it has: nobody else can use that."""
    stage.token.approve(stage.payer.address, 2**255, sender=stage.client)
    false_see = stage.chain.deploy("FalseSee")
    false_see.set(TAKES, 1000, stage.thief, b"")
    with refused("allowance"):
        stage.pay(
            false_see,
            permit=(stage.until, 27, MEMO, MEMO),
            sender=stage.thief,
        )
    with refused("bad authorization"):
        stage.relay(false_see, made=stage.authorization(false_see.address, 1000, key=THIEF))
    assert stage.has(stage.client) == 1_000_000


def test_a_permit_for_another_amount_is_none(stage: Stage) -> None:
    with refused("allowance"):
        stage.pay(amount=1001, permit=stage.permit(1000))


def test_a_permit_for_another_spender_is_none(stage: Stage) -> None:
    with refused("allowance"):
        stage.pay(permit=stage.permit(1000, spender=stage.thief))


def test_a_permit_is_used_once(stage: Stage) -> None:
    permit = stage.permit(1000)
    stage.pay(permit=permit)
    with refused("allowance"):
        stage.pay(permit=permit)


@pytest.mark.parametrize("mode", [NO_PERMIT, PHANTOM, BURNS_PERMIT])
def test_a_token_without_permits_needs_an_allowance(stage: Stage, mode: int) -> None:
    """One that takes any signature, as a wrapped coin's fallback does, gives nobody's money."""
    permit = stage.permit(1000)
    stage.set(mode)
    with refused("allowance"):
        stage.pay(permit=permit)
    stage.token.approve(stage.payer.address, 1000, sender=stage.client)
    stage.pay(permit=permit)
    assert stage.has(stage.split) == 1000
    stage.clean()


# ---------------------------------------------------------------- authorisations


@pytest.mark.parametrize("field", ["see", "memo", "version", "salt", "amount", "payer", "until"])
def test_who_relays_changes_nothing(stage: Stage, field: str) -> None:
    """Where the money goes, as what, how much and until when: all of it is signed."""
    life = stage.living()
    other = stage.chain.deploy("FalseSee")
    other.set(TAKES, 1000, stage.thief, b"")
    made = stage.authorization(life.see.address, 1000, MEMO, 0)
    changed: dict[str, Any] = {
        "see": {"see": other},
        "memo": {"memo": b"INV-8".ljust(32, b"\0")},
        "version": {"version": ANY},
        "salt": {"made": (b"\1" * 32, *made[1:])},
        "amount": {"amount": 999},
        "payer": {"payer": stage.thief},
        "until": {"made": (*made[:2], stage.until + 1, *made[3:])},
    }[field]
    with refused("bad authorization"):
        stage.relay(**{"see": life.see, "version": 0, "made": made, **changed})
    stage.relay(life.see, version=0, made=made)
    assert stage.has(life.see) == 1000
    stage.clean(life.see)


def test_a_wrong_version_uses_no_authorisation_up(stage: Stage) -> None:
    """It reverts whole: the client's signature is good once the version is in force."""
    life = stage.living()
    made = stage.authorization(life.see.address, 1000, MEMO, 1)
    with refused("wrong version"):
        stage.relay(life.see, version=1, made=made)
    life.amend(life.next(life.agreement.tree, nonce=b"\7" * 32))
    stage.relay(life.see, version=1, made=made)
    assert stage.has(life.see) == 1000


def test_an_authorisation_is_used_once(stage: Stage) -> None:
    made = stage.authorization(stage.split.address, 1000)
    stage.relay(made=made)
    with refused("used"):
        stage.relay(made=made)
    stage.relay(made=stage.authorization(stage.split.address, 1000, salt=b"\1" * 32))
    assert stage.has(stage.split) == 2000


def test_only_the_payer_takes_an_authorisation(stage: Stage) -> None:
    """receiveWithAuthorization asks who calls: it can't be used up beside the Payer."""
    salt, after, before, v, r, s = stage.authorization(stage.split.address, 1000)
    nonce = stage.payer.authorization_nonce(
        stage.split.address, stage.token.address, MEMO, ANY, salt
    )
    with refused("not the payee"):
        stage.token.receiveWithAuthorization(
            stage.client, stage.payer.address, 1000, after, before, nonce, v, r, s
        )


def test_a_phantom_authorisation_pays_nothing(stage: Stage) -> None:
    """A token that takes any call and does nothing: what lies at the Payer is not paid out."""
    stage.token.give(stage.payer.address, 5000)
    stage.set(PHANTOM)
    with refused("wrong amount"):
        stage.relay()
    assert stage.has(stage.payer) == 5000


def test_two_tokens_signatures_are_two(stage: Stage) -> None:
    """The currency is in the nonce too, beside the token's own domain."""
    made = stage.authorization(stage.split.address, 1000)
    stage.token = stage.chain.deploy("SignedToken")
    stage.token.give(stage.client, 1000)
    with refused("bad authorization"):
        stage.relay(made=made)


# ---------------------------------------------------------------- hostile SEEs


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("mode", "amount"), [(NOTHING, 0), (TAKES, 999), (GIVES, 3)])
def test_a_see_takes_all_or_nothing_is_paid(
    stage: Stage, false_see: Contract, way: str, mode: int, amount: int
) -> None:
    """Else an allowance, or money, would stay at the Payer for whoever comes next."""
    false_see.set(mode, amount, stage.thief, b"")
    with refused("payment failed"):
        getattr(stage, way)(false_see)
    assert stage.has(stage.client) == 1_000_000
    stage.clean(false_see)


@pytest.mark.parametrize("way", WAYS)
def test_a_see_takes_no_more_than_was_handed_on(
    stage: Stage, false_see: Contract, way: str
) -> None:
    stage.token.give(stage.payer.address, 5000)
    false_see.set(TAKES, 1001, stage.thief, b"")
    with refused("allowance"):
        getattr(stage, way)(false_see)
    assert stage.has(stage.payer) == 5000


@pytest.mark.parametrize("way", WAYS)
def test_a_see_takes_nothing_afterwards(stage: Stage, false_see: Contract, way: str) -> None:
    stage.token.give(stage.payer.address, 5000)
    false_see.set(TAKES, 1000, stage.thief, b"")
    getattr(stage, way)(false_see)
    with refused("allowance"):
        false_see.take(stage.token.address, stage.payer.address, 1)
    with refused("allowance"):
        false_see.take(stage.token.address, stage.client, 1)
    stage.clean(false_see, kept=5000)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("inner", WAYS)
@pytest.mark.parametrize("from_", ["see", "token"])
def test_nobody_pays_within_a_payment(
    stage: Stage, false_see: Contract, way: str, inner: str, from_: str
) -> None:
    """What arrives is counted by balances: a payment within another would be counted twice."""
    second = {
        "pay": ("pay_with_permit", (1000, MEMO, ANY, *stage.permit(1000, key=THIEF))),
        "relay": (
            "pay_with_authorization",
            (
                stage.thief,
                1000,
                MEMO,
                ANY,
                *stage.authorization(stage.split.address, 1000, key=THIEF),
            ),
        ),
    }[inner]
    data = stage.payer.data(second[0], stage.split.address, stage.token.address, *second[1])
    if from_ == "see":
        false_see.set(CALLS_BACK, 0, stage.payer.address, data)
        getattr(stage, way)(false_see)
        assert false_see.failed()
        assert stage.has(false_see) == 1000
    else:
        made = getattr(stage, {"pay": "permit", "relay": "authorization"}[way])
        given = made(1000) if way == "pay" else made(stage.split.address, 1000)
        stage.set(CALLS, stage.payer.address, data)
        getattr(stage, way)(**{"permit" if way == "pay" else "made": given})
        assert stage.token.failed()
        assert stage.has(stage.split) == 1000
    stage.clean(false_see)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("to", ["nobody", "the token", "the Payer"])
def test_what_is_no_see_is_not_paid(stage: Stage, way: str, to: str) -> None:
    address = {
        "nobody": stage.chain.account(),
        "the token": stage.token.address,
        "the Payer": stage.payer.address,
    }[to]
    with refused():
        getattr(stage, way)(stage.chain.at("SEE", address))
    assert stage.has(stage.client) == 1_000_000
    stage.clean()


def test_anybody_may_log_a_payment_to_what_is_no_see(stage: Stage, false_see: Contract) -> None:
    """So the event counts only behind the Paid of the SEE itself."""
    false_see.set(TAKES, 1000, stage.thief, b"")
    receipt = stage.pay(false_see)
    assert paid_for(receipt)[0] == false_see.address.lower()
    assert logged(receipt, PAID) == []


# ---------------------------------------------------------------- odd tokens


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("mode", [NO_ANSWER, ZERO_FIRST])
def test_old_tokens_pay(stage: Stage, way: str, mode: int) -> None:
    stage.set(mode)
    for n in (1, 2):
        getattr(stage, way)(memo=bytes([n]) * 32)
    assert stage.has(stage.split) == 2000
    stage.clean()


@pytest.mark.parametrize("way", WAYS)
def test_of_a_token_with_a_fee_what_arrives_is_paid(stage: Stage, way: str) -> None:
    """Twice on the way: 990 arrive at the Payer, and 981 of them at the Splitter."""
    stage.set(FEE)
    receipt = getattr(stage, way)()
    assert paid_for(receipt)[-1] == 990
    (paid,) = logged(receipt, PAID)
    assert int(paid["data"][66:], 16) == 981 == stage.has(stage.split)
    stage.clean()


@pytest.mark.parametrize("way", WAYS)
def test_of_a_token_that_rounds_a_unit_may_stay(stage: Stage, way: str) -> None:
    """Shares that rebase are rounded down at each step. What stays is nobody's to take."""
    stage.set(ROUNDS)
    getattr(stage, way)()
    assert (stage.has(stage.split), stage.has(stage.payer)) == (998, 1)
    stage.clean(kept=1)
    getattr(stage, way)(memo=b"\1" * 32)
    stage.clean(kept=2)


@pytest.mark.parametrize("mode", [ANSWERS_FALSE, FALSE_APPROVAL, STICKY, KEEPS, TAKES_MORE])
def test_odd_tokens_are_refused_whole(stage: Stage, mode: int) -> None:
    """Answers false; keeps an allowance; leaves half; takes more than it was told."""
    stage.token.give(stage.payer.address, 5000)
    stage.set(mode)
    for way in WAYS:
        if (mode, way) == (ANSWERS_FALSE, "relay"):
            continue  # it is not asked for a transfer there
        with refused("payment failed"):
            getattr(stage, way)()
    assert stage.has(stage.client) == 1_000_000
    stage.clean(kept=5000)


def test_more_than_was_asked_for_is_nobodys_payment(stage: Stage) -> None:
    """What comes to the Payer while the token calls: the whole payment is refused."""
    gift = stage.token.data("give", stage.payer.address, 7)
    permit = stage.permit(1000)
    stage.set(CALLS, stage.token.address, gift)
    with refused("payment failed"):
        stage.pay(permit=permit)
    assert stage.has(stage.client) == 1_000_000


def test_gas_of_a_payment(stage: Stage) -> None:
    """Of the second payment: the permit's and the authorisation's own part is the token's."""
    used = {way: [getattr(stage, way)(memo=bytes([n]) * 32) for n in (1, 2)][1] for way in WAYS}
    gas = {way: int(receipt["gasUsed"], 16) for way, receipt in used.items()}
    assert gas["pay"] < 121_000
    assert gas["relay"] < 116_000
