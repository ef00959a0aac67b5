"""The Payer: one signature pays, and every event and balance is as if the client had paid."""

from __future__ import annotations

import pytest

from tests.contracts.evm import DEPLOYER, ZERO, Kernel, Tree, keccak, raw, refused
from tests.contracts.payer_stage import (
    ANY,
    LATE,
    MEMO,
    PAID,
    PAID_FOR,
    PAID_LATE,
    Stage,
    logged,
    nonce_of,
    paid_for,
)


@pytest.fixture
def stage(kernel: Kernel) -> Stage:
    return Stage(kernel)


WAYS = ["pay", "relay"]


@pytest.mark.parametrize("way", WAYS)
def test_one_signature_pays_a_splitter(stage: Stage, way: str) -> None:
    receipt = getattr(stage, way)()
    assert stage.has(stage.split) == 1000
    assert stage.has(stage.client) == 999_000
    stage.clean()
    (paid,) = logged(receipt, PAID)
    assert paid["address"] == stage.split.address.lower()
    assert paid["topics"][1:] == [
        "0x" + raw(stage.payer.address).rjust(32, b"\0").hex(),
        "0x" + MEMO.hex(),
    ]
    assert paid_for(receipt) == (
        stage.split.address.lower(),
        stage.client.lower(),
        MEMO,
        stage.token.address.lower(),
        1000,
    )
    (mine,) = logged(receipt, PAID_FOR)
    assert int(mine["logIndex"], 16) == int(paid["logIndex"], 16) + 1


@pytest.mark.parametrize("way", WAYS)
def test_what_is_paid_is_split_as_any_payment(stage: Stage, way: str) -> None:
    getattr(stage, way)()
    stage.kernel.payout(stage.split, stage.tree, currency=stage.token.address)
    words = stage.tree.pages[0]
    seats = ["0x" + words[at : at + 20].hex() for at in range(0, len(words), 32)]
    assert [stage.has(each) for each in seats] == [250, 750]


@pytest.mark.parametrize("way", WAYS)
def test_the_version_that_the_payer_saw_is_paid(stage: Stage, way: str) -> None:
    life = stage.living()
    getattr(stage, way)(life.see, version=0)
    getattr(stage, way)(life.see, memo=b"\1" * 32)
    assert stage.has(life.see) == 2000
    stage.clean(life.see)


@pytest.mark.parametrize("way", WAYS)
def test_another_version_is_refused(stage: Stage, way: str) -> None:
    life = stage.living()
    with refused("wrong version"):
        getattr(stage, way)(life.see, version=1)
    life.amend(life.next(Tree.of([(stage.chain.account(), 1)])))
    with refused("wrong version"):
        getattr(stage, way)(life.see, version=0)
    assert stage.has(stage.client) == 1_000_000
    stage.clean(life.see)


@pytest.mark.parametrize("way", WAYS)
def test_a_closed_version_is_paid_late(stage: Stage, way: str) -> None:
    life = stage.living()
    life.amend(life.next(Tree.of([(stage.chain.account(), 1)])))
    receipt = getattr(stage, way)(life.see, version=LATE | 0)
    assert len(logged(receipt, PAID_LATE)) == 1
    assert life.see.closed(stage.token.address, 0)[1] == 1000
    stage.clean(life.see)
    with refused("wrong version"):
        getattr(stage, way)(life.see, version=LATE | 1)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("version", [0, LATE])
def test_a_splitter_has_no_versions(stage: Stage, way: str, version: int) -> None:
    with refused("not payable"):
        getattr(stage, way)(version=version)
    stage.clean()


@pytest.mark.parametrize("way", WAYS)
def test_a_see_that_has_ended_is_not_paid(stage: Stage, way: str) -> None:
    life = stage.living()
    life.office.deregister(life.office.end())
    with refused("see ended"):
        getattr(stage, way)(life.see)
    stage.clean(life.see)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_no_payment(stage: Stage, way: str) -> None:
    with refused("wrong amount"):
        getattr(stage, way)(amount=0)


def test_a_permit_is_over_after_its_deadline(stage: Stage) -> None:
    """Also where an allowance would do: the payer did not mean it any more."""
    permit = stage.permit(1000)
    stage.token.permit(stage.client, stage.payer.address, 1000, *permit)
    stage.chain.next_at(stage.until)
    stage.pay(permit=permit)
    stage.chain.next_at(stage.until + 1)
    with refused("too late"):
        stage.pay(permit=permit)


def test_an_authorisation_is_over_before_its_end(stage: Stage) -> None:
    made = stage.authorization(stage.split.address, 1000)
    stage.chain.next_at(stage.until)
    with refused("expired"):
        stage.relay(made=made)


@pytest.mark.parametrize("way", WAYS)
def test_the_native_coin_is_no_token(stage: Stage, way: str) -> None:
    name = {"pay": "pay_with_permit", "relay": "pay_with_authorization"}[way]
    stage.set(0)
    token, stage.token.address = stage.token.address, ZERO
    data = {
        "pay": lambda: (1000, MEMO, ANY, stage.until, 27, MEMO, MEMO),
        "relay": lambda: (stage.client, 1000, MEMO, ANY, MEMO, 0, stage.until, 27, MEMO, MEMO),
    }[way]()
    with refused():
        getattr(stage.payer, name)(stage.split.address, ZERO, *data)
    stage.token.address = token


def test_it_takes_no_coin(stage: Stage) -> None:
    with refused():
        stage.chain.send(stage.payer.address, value=1)
    with refused():
        stage.pay(value=1)


def test_the_nonce_is_said_by_the_contract(stage: Stage) -> None:
    fields = (stage.split.address, stage.token.address, MEMO, 3, b"\7" * 32)
    assert stage.payer.authorization_nonce(*fields) == nonce_of(*fields)


def test_its_address_says_its_code(stage: Stage) -> None:
    """No argument, no salt: the same address on every chain."""
    init = bytes.fromhex(stage.chain.contracts["Payer"][1][2:])
    hashed = keccak(b"\xff" + raw(DEPLOYER) + bytes(32) + keccak(init))
    assert raw(stage.payer.address) == hashed[12:]
