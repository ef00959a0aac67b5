"""An audit of the Payer: each attack against the contracts as they stand, none of which succeeds.

Where a token, and not the Payer, is at fault, the test says how far the harm goes.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.audited_payer import (
    ANY_CALLER,
    WAYS,
    full,
    taking,
    teach,
    unharmed,
)
from tests.contracts.evm import Contract, Kernel, Reverted, Tree, refused
from tests.contracts.payer_stage import (
    ANY,
    LATE,
    MEMO,
    THIEF,
    Stage,
    nonce_of,
    paid_for,
)


@pytest.fixture
def stage(kernel: Kernel) -> Stage:
    return Stage(kernel)


@pytest.fixture
def puppet(stage: Stage) -> Contract:
    return stage.chain.deploy("audit_puppet")


# ---------------------------------------------------------------- who submits it


@pytest.mark.parametrize("kind", ["receive", "transfer"])
def test_an_authorisation_is_not_used_up_beside_the_payer(stage: Stage, kind: str) -> None:
    """Else the money would come to the Payer and go no further. Nobody is the payee but it."""
    full(stage)
    salt, after, before, v, r, s = stage.authorization(stage.split.address, 1000)
    nonce = nonce_of(stage.split.address, stage.token.address, MEMO, ANY, salt)
    act = getattr(stage.token, f"{kind}WithAuthorization")
    reason = {"receive": "not the payee", "transfer": "bad signature"}[kind]
    for sender in (stage.thief, stage.client):
        with refused(reason):
            args = stage.client, stage.payer.address, 1000, after, before, nonce, v, r, s
            act(*args, sender=sender)
    assert not stage.token.authorizationState(stage.client, nonce)
    stage.relay(made=(salt, after, before, v, r, s), sender=stage.thief)
    assert stage.has(stage.split) == 1000
    unharmed(stage, paid=1000)


def test_who_relays_first_has_done_what_was_signed_and_nothing_else(stage: Stage) -> None:
    made = stage.authorization(stage.split.address, 1000)
    receipt = stage.relay(made=made, sender=stage.thief)
    assert paid_for(receipt)[1] == stage.client.lower()
    with refused("used"):
        stage.relay(made=made)
    assert stage.has(stage.split) == 1000
    assert stage.has(stage.thief) == 1_000_000
    unharmed(stage, paid=1000)


def test_a_second_payer_takes_nothing_that_was_signed_for_the_first(stage: Stage) -> None:
    made, permit = stage.authorization(stage.split.address, 1000), stage.permit(1000)
    stage.token.permit(stage.client, stage.payer.address, 1000, *permit)
    first, stage.payer = stage.payer, stage.chain.deploy("Payer")
    assert stage.payer.address != first.address
    with refused("bad authorization"):
        stage.relay(made=made)
    with refused("allowance"):
        stage.pay(permit=permit)
    stage.payer = first
    stage.relay(made=made)
    stage.pay(permit=permit)
    unharmed(stage, paid=2000)


def test_a_token_that_lets_anybody_fetch_strands_its_payers_money_for_nobody(stage: Stage) -> None:
    """ERC-3009 demands that the payee calls. Of a token that does not ask, a stranger can put the
    money beside its way: it stays at the Payer, and no function hands it to anybody."""
    full(stage)
    stage.token.set(1, 1, False, ANY_CALLER)
    made = stage.authorization(stage.split.address, 1000)
    nonce = nonce_of(stage.split.address, stage.token.address, MEMO, ANY, made[0])
    args = stage.client, stage.payer.address, 1000, *made[1:3], nonce, *made[3:]
    stage.token.receiveWithAuthorization(*args, sender=stage.thief)
    assert stage.has(stage.payer) == 1000
    with refused("used"):
        stage.relay(made=made)
    evil = stage.chain.deploy("audit_puppet")
    teach(evil, taking(stage, stage.thief, 1001))
    for amount in (1, 1000):
        with refused("payment failed"):
            how: Any = {"permit": stage.permit(amount, key=THIEF), "sender": stage.thief}
            stage.pay(evil, amount=amount, **how)
    with refused("payment failed"):
        own = stage.authorization(evil.address, 1000, key=THIEF)
        stage.relay(evil, made=own, payer=stage.thief)
    assert stage.has(stage.payer) == 1000
    assert stage.has(stage.thief) == 1_000_000


# ---------------------------------------------------------------- permits that others use


def test_a_permit_of_a_payment_that_failed_gives_nobody_anything(stage: Stage) -> None:
    """It lies in the open. Whoever uses it leaves an allowance, which its owner alone can use."""
    life = stage.living()
    permit = stage.permit(1000)
    with refused("wrong version"):
        stage.pay(life.see, version=1, permit=permit)
    stage.token.permit(stage.client, stage.payer.address, 1000, *permit, sender=stage.thief)
    evil = stage.chain.deploy("audit_puppet")
    teach(
        evil,
        taking(stage, stage.thief, 1000),
        (stage.token.address, stage.token.data("transferFrom", stage.client, stage.thief, 1000)),
    )
    with refused("allowance"):
        stage.pay(evil, permit=permit, sender=stage.thief)
    with refused("bad authorization"):
        own = stage.authorization(evil.address, 1000, key=THIEF)
        stage.relay(evil, made=own)
    stage.relay(evil, made=own, payer=stage.thief)
    assert evil.passed(0)
    assert not evil.passed(1)
    stage.pay(life.see, version=0, permit=permit)
    assert stage.token.allowance(stage.client, stage.payer.address) == 0
    unharmed(stage, life.see, paid=1000)


def test_two_permits_in_flight_that_a_stranger_uses_cost_a_signature_and_no_money(
    stage: Stage,
) -> None:
    """An allowance has one place: the second permit writes over the first. Both used before the
    payments, one of these is refused, until the client signs again."""
    first = stage.permit(1000)
    with stage.chain.undone():
        stage.token.permit(stage.client, stage.payer.address, 1000, *first)
        second = stage.permit(2000)
    for amount, permit in ((1000, first), (2000, second)):
        args = stage.client, stage.payer.address, amount, *permit
        stage.token.permit(*args, sender=stage.thief)
    stage.pay(amount=1000, permit=first)
    with refused("allowance"):
        stage.pay(amount=2000, permit=second)
    unharmed(stage, paid=1000)
    stage.pay(amount=2000)
    assert stage.token.allowance(stage.client, stage.payer.address) == 0
    unharmed(stage, paid=3000)


def test_a_contract_that_a_payer_calls_spends_nothing_of_the_payers(
    stage: Stage, puppet: Contract
) -> None:
    """Who calls the Payer pays, and not who has begun the transaction."""
    permit = stage.permit(1000)
    args = stage.split.address, stage.token.address, 1000, MEMO, ANY, *permit
    teach(puppet, (stage.payer.address, stage.payer.data("pay_with_permit", *args)))
    stage.token.permit(stage.client, stage.payer.address, 1000, *permit)
    stage.chain.send(puppet.address, b"come", sender=stage.client)
    assert not puppet.passed(0)
    unharmed(stage)


# ---------------------------------------------------------------- calldata


def _words(data: bytes) -> list[bytes]:
    return [data[at : at + 32] for at in range(4, len(data), 32)]


@pytest.mark.parametrize("way", WAYS)
def test_no_bit_of_the_calldata_is_a_relayers(stage: Stage, way: str) -> None:
    """Each word with its lowest, its highest and its 160th bit turned, and cut short."""
    life = stage.living()
    if way == "relay":
        made = stage.authorization(life.see.address, 1000, MEMO, 0)
        args = life.see.address, stage.token.address, stage.client, 1000, MEMO, 0, *made
        data, sender = stage.payer.data("pay_with_authorization", *args), stage.thief
    else:
        args = life.see.address, stage.token.address, 1000, MEMO, 0, *stage.permit(1000)
        # What a permit does not sign is the sender's own: here a thief sends the client's call.
        data, sender = stage.payer.data("pay_with_permit", *args), stage.thief
    words = _words(data)
    for at in range(len(words)):
        for bit in (0, 160, 255):
            flipped = (int.from_bytes(words[at], "big") ^ 1 << bit).to_bytes(32, "big")
            changed = b"".join([*words[:at], flipped, *words[at + 1 :]])
            with refused():
                stage.chain.call(stage.payer.address, data[:4] + changed, sender)
    with refused():
        stage.chain.call(stage.payer.address, data[:-1], sender)
    if way == "relay":
        stage.chain.send(stage.payer.address, data + b"more", sender=sender)
    else:
        with refused("allowance"):
            stage.chain.call(stage.payer.address, data, sender)
        stage.chain.send(stage.payer.address, data, sender=stage.client)
    assert stage.has(life.see) == 1000
    unharmed(stage, life.see, paid=1000)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "version",
    [1, 8192, LATE, LATE | 1, LATE << 1, LATE << 1 | LATE, ANY - 1, ANY ^ LATE, 1 << 255],
)
def test_a_version_that_never_was_is_never_paid(stage: Stage, way: str, version: int) -> None:
    """No bits of it are cut off: what is not a closed version with bit 15, or the one in force,
    is refused by the SEE."""
    life = stage.living()
    with refused("wrong version"):
        getattr(stage, way)(life.see, version=version)
    unharmed(stage, life.see)


@pytest.mark.parametrize("way", WAYS)
def test_each_closed_version_is_paid_late_by_its_own_number(stage: Stage, way: str) -> None:
    life = stage.living()
    for _ in range(2):
        life.amend(life.next(Tree.of([(stage.chain.account(), 1)])))
    getattr(stage, way)(life.see, version=LATE | 1)
    assert life.see.closed(stage.token.address, 1)[1] == 1000
    assert life.see.closed(stage.token.address, 0)[1] == 0
    unharmed(stage, life.see, paid=1000)


@pytest.mark.parametrize("way", WAYS)
def test_what_has_no_pay_is_not_paid(stage: Stage, way: str) -> None:
    """Contracts of ours, a wallet, the deployer, precompiles, the zero address, the client."""
    implementation = stage.kernel.splitter.address
    others = [stage.kernel.registry.address, implementation, stage.chain.me, stage.client]
    others += ["0x" + n.to_bytes(20, "big").hex() for n in (0, 1, 2, 4, 9)]
    for address in others:
        with refused():
            getattr(stage, way)(stage.chain.at("SEE", address))
    unharmed(stage)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_no_token_pays_nothing(stage: Stage, way: str) -> None:
    """The SEE, the Registry, the Payer itself, a precompile, an account."""
    token = stage.token
    no_tokens = [stage.split.address, stage.kernel.registry.address, stage.payer.address]
    no_tokens += ["0x" + (4).to_bytes(20, "big").hex(), stage.client]
    for address in no_tokens:
        made: tuple[Any, ...] = (stage.until, 27, MEMO, MEMO)
        name, args = "pay_with_permit", (1000, MEMO, ANY, *made)
        if way == "relay":
            name, args = (
                "pay_with_authorization",
                (stage.client, 1000, MEMO, ANY, MEMO, 0, *made),
            )
        with refused():
            getattr(stage.payer, name)(stage.split.address, address, *args, sender=stage.client)
    assert token.balanceOf(stage.client) == 1_000_000


@pytest.mark.parametrize("way", WAYS)
def test_a_relayer_who_gives_little_gas_pays_all_or_nothing(stage: Stage, way: str) -> None:
    life = stage.living()
    made = stage.authorization(life.see.address, 1000, MEMO, 0)
    permit = stage.permit(1000)
    given: Any = {"permit": permit} if way == "pay" else {"made": made}
    done = 0
    for gas in range(40_000, 200_000, 4_000):
        with stage.chain.undone():
            try:
                getattr(stage, way)(life.see, version=0, gas=gas, **given)
            except Reverted:
                unharmed(stage, life.see)
                assert stage.token.allowance(stage.client, stage.payer.address) == 0
                continue
            done += 1
            assert stage.has(life.see) == 1000
            unharmed(stage, life.see, paid=1000)
    assert 0 < done < 30
