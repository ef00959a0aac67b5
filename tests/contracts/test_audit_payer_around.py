"""An audit of the Payer: SEEs, wallets and tokens around it that are not what they should be."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.contracts.audited_payer import (
    ANY_SIGNATURE,
    DELEGATED,
    RESTS,
    WAYS,
    full,
    taking,
    teach,
    unharmed,
)
from tests.contracts.evm import Contract, Kernel, Tree, raw, refused
from tests.contracts.payer_stage import (
    ANY,
    CALLS,
    CLIENT,
    LATE,
    MEMO,
    PAID,
    PAID_FOR,
    PAID_LATE,
    PHANTOM,
    THIEF,
    Stage,
    logged,
    paid_for,
)


@pytest.fixture
def stage(kernel: Kernel) -> Stage:
    return Stage(kernel)


@pytest.fixture
def puppet(stage: Stage) -> Contract:
    return stage.chain.deploy("audit_puppet")


# ---------------------------------------------------------------- hostile SEEs


@pytest.mark.parametrize("way", WAYS)
def test_a_see_that_pays_on_within_its_payment_gains_nothing(
    stage: Stage, puppet: Contract, way: str
) -> None:
    """It tries all at once: the client's other signatures, the Payer again, the client's money
    and what rests at the Payer."""
    stage.token.give(stage.payer.address, RESTS)
    other = stage.authorization(puppet.address, 500, salt=b"\2" * 32)
    again = stage.payer.data(
        "pay_with_authorization",
        puppet.address,
        stage.token.address,
        stage.client,
        500,
        MEMO,
        ANY,
        *other,
    )
    token = stage.token.address
    args = puppet.address, token, 500, MEMO, ANY, *stage.permit(500)
    second = stage.payer.data("pay_with_permit", *args)
    teach(
        puppet,
        taking(stage, puppet.address, 1000),
        (stage.payer.address, again),
        taking(stage, stage.thief, 1),
        (token, stage.token.data("transferFrom", stage.client, stage.thief, 1)),
        (stage.payer.address, second),
        (token, stage.token.data("transfer", stage.thief, 1000)),
    )
    receipt = getattr(stage, way)(puppet)
    assert [puppet.passed(n) for n in range(6)] == [True, False, False, False, False, True]
    # Who names a SEE that is none has paid it, and no more than that.
    assert paid_for(receipt)[0] == puppet.address.lower()
    assert stage.has(stage.thief) == 1_001_000
    unharmed(stage, puppet, paid=1000, kept=RESTS)


@pytest.mark.parametrize("way", WAYS)
def test_a_see_may_take_it_in_parts_and_not_a_unit_more_or_less(
    stage: Stage, puppet: Contract, way: str
) -> None:
    stage.token.give(stage.payer.address, RESTS)
    for parts, good in (((400, 600), True), ((400, 599), False), ((400, 601), False)):
        teach(puppet, *(taking(stage, puppet.address, n) for n in parts))
        with stage.chain.undone():
            if good:
                getattr(stage, way)(puppet)
                unharmed(stage, puppet, paid=1000, kept=RESTS)
            else:
                with refused("payment failed"):
                    getattr(stage, way)(puppet)


@pytest.mark.parametrize("way", WAYS)
def test_what_comes_from_elsewhere_meanwhile_stops_only_its_own_payment(
    stage: Stage, puppet: Contract, way: str
) -> None:
    """A SEE that gives to the Payer harms who pays it; others pay on, whatever was given."""
    stage.token.give(puppet.address, RESTS)
    gift = stage.token.data("transfer", stage.payer.address, 3)
    teach(puppet, taking(stage, puppet.address, 1000), (stage.token.address, gift))
    with refused("payment failed"):
        getattr(stage, way)(puppet)
    stage.token.transfer(stage.payer.address, 3, sender=stage.thief)
    getattr(stage, way)()
    unharmed(stage, puppet, paid=1000, kept=3)


# ---------------------------------------------------------------- events


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("late", [False, True])
def test_who_has_paid_stands_right_behind_what_a_see_has_logged(
    stage: Stage, way: str, late: bool
) -> None:
    """Also where the token logs and pays in between: nobody gets between the two."""
    life = stage.living()
    if late:
        life.amend(life.next(Tree.of([(stage.chain.account(), 1)])))
    noise = stage.chain.deploy("audit_puppet")
    forged = noise.data(
        "forge", PAID_FOR, *(raw(a).rjust(32, b"\0") for a in (life.see.address, THIEF.address))
        , MEMO, encode(["address", "uint256"], [stage.token.address, 1000]),
    )  # fmt: skip
    version = LATE if late else 0
    given = (
        {"permit": stage.permit(1000)}
        if way == "pay"
        else {"made": stage.authorization(life.see.address, 1000, MEMO, version)}
    )
    stage.set(CALLS, noise.address, forged)
    receipt = getattr(stage, way)(life.see, version=version, **given)
    (theirs,) = logged(receipt, PAID_LATE if late else PAID)
    ours = [log for log in logged(receipt, PAID_FOR) if log["address"] != noise.address.lower()]
    assert [log["address"] for log in ours] == [stage.payer.address.lower()]
    assert len(logged(receipt, PAID_FOR)) == 3
    assert int(ours[0]["logIndex"], 16) == int(theirs["logIndex"], 16) + 1
    assert theirs["address"] == life.see.address.lower()
    assert theirs["topics"][1:] == [
        "0x" + raw(stage.payer.address).rjust(32, b"\0").hex(),
        ours[0]["topics"][3],
    ]
    unharmed(stage, life.see, paid=1000)


def test_a_see_that_pays_a_genuine_one_does_not_make_it_the_clients_payment(
    stage: Stage, puppet: Contract
) -> None:
    """The genuine one logs who paid it, which is not the Payer; the Payer names the other."""
    token, split = stage.token, stage.split
    teach(
        puppet,
        taking(stage, puppet.address, 1000),
        (token.address, token.data("approve", split.address, 1000)),
        (split.address, split.data("pay", token.address, 1000, MEMO)),
    )
    receipt = stage.pay(puppet)
    (paid,) = logged(receipt, PAID)
    assert paid["address"] == split.address.lower()
    assert paid["topics"][1] == "0x" + raw(puppet.address).rjust(32, b"\0").hex()
    assert paid_for(receipt)[0] == puppet.address.lower()


def test_who_a_false_token_says_has_paid_is_as_false_as_the_token(stage: Stage) -> None:
    """A payer is proven by its token alone: of a token that forges signatures anybody seems to
    have paid, in that token. A reader counts only currencies that the agreement names."""
    real = stage.token
    full(stage)
    stage.token.set(1, 1, False, ANY_SIGNATURE)
    forged: tuple[Any, ...] = (MEMO, 0, stage.until, 27, MEMO, MEMO)
    receipt = stage.relay(made=forged, sender=stage.thief)
    see, payer, _, currency, amount = paid_for(receipt)
    assert (see, payer, amount) == (stage.split.address.lower(), stage.client.lower(), 1000)
    assert currency == stage.token.address.lower()
    (paid,) = logged(receipt, PAID)
    assert raw(paid["data"])[12:32] == raw(stage.token.address)
    stage.token = real
    unharmed(stage)


@pytest.mark.parametrize("way", WAYS)
def test_a_payment_of_nothing_logs_nothing(stage: Stage, way: str) -> None:
    """Of a token that takes any call, the client's name is not set beside any amount."""
    stage.token.give(stage.payer.address, RESTS)
    stage.set(PHANTOM)
    for amount in (0, 1, RESTS):
        with refused():
            if way == "pay":
                stage.pay(amount=amount, permit=(stage.until, 27, MEMO, MEMO), sender=stage.thief)
            else:
                stage.relay(amount=amount, made=(MEMO, 0, stage.until, 27, MEMO, MEMO))
    unharmed(stage, kept=RESTS)


# ---------------------------------------------------------------- accounts with code


def test_a_wallet_that_says_yes_to_all_spends_its_own_money_only(
    stage: Stage, puppet: Contract
) -> None:
    full(stage)
    stage.token.give(puppet.address, 1000)
    any_signature: tuple[Any, ...] = (MEMO, 0, stage.until, 27, MEMO, MEMO)
    stage.relay(made=any_signature, payer=puppet.address, sender=stage.thief)
    assert stage.has(puppet) == 0
    with refused("bad signature"):
        stage.relay(made=any_signature, sender=stage.thief)
    assert stage.has(stage.split) == 1000
    unharmed(stage)


@pytest.mark.parametrize("way", WAYS)
def test_a_payer_that_acts_while_its_token_moves_pays_what_it_signed(
    stage: Stage, puppet: Contract, way: str
) -> None:
    """An account with EIP-7702 code: asked before its token moves, it tries to pay twice."""
    full(stage)
    data = stage.payer.data(
        "pay_with_authorization",
        stage.split.address,
        stage.token.address,
        stage.thief,
        1000,
        MEMO,
        ANY,
        *stage.authorization(stage.split.address, 1000, key=THIEF),
    )
    given: Any = {"permit": stage.permit(1000)}
    if way == "relay":
        given = {"made": stage.authorization(stage.split.address, 1000)}
    stage.chain.set_code(stage.client, DELEGATED + raw(puppet.address))
    client = stage.chain.at("audit_puppet", stage.client)
    teach(client, (stage.payer.address, data))
    with stage.chain.undone():
        receipt = getattr(stage, way)(sender=stage.client, **given)
        assert not client.passed(0)
        assert paid_for(receipt)[-1] == 1000
        assert stage.has(stage.thief) == 1_000_000
        unharmed(stage, paid=1000)
    # Its own gift on the way is not counted as paid: the whole is refused.
    teach(client, (stage.token.address, stage.token.data("transfer", stage.payer.address, 3)))
    with refused("payment failed"):
        getattr(stage, way)(sender=stage.client, **given)


@pytest.mark.parametrize("way", WAYS)
def test_an_account_that_took_the_payers_code_loses_nothing_by_it(
    stage: Stage, puppet: Contract, way: str
) -> None:
    """Whoever delegates its account to the Payer (EIP-7702) is a Payer with money of its own."""
    rich = stage.chain.account()
    stage.token.give(rich, RESTS)
    stage.chain.set_code(rich, DELEGATED + raw(stage.payer.address))
    stage.payer = stage.chain.at("Payer", rich)
    teach(puppet, taking(stage, stage.thief, 1001))
    how: Any = {"made": stage.authorization(puppet.address, 1000, key=THIEF)}
    how = {"payer": stage.thief, **how} if way == "relay" else {}
    if way == "pay":
        how = {"permit": stage.permit(1000, key=THIEF), "sender": stage.thief}
    with refused("payment failed"):
        getattr(stage, way)(puppet, **how)
    teach(puppet, taking(stage, stage.thief, 1000))
    getattr(stage, way)(puppet, **how)
    unharmed(stage, puppet, kept=RESTS)
    assert stage.has(stage.thief) == 1_000_000


# ---------------------------------------------------------------- units that are shares


@pytest.mark.parametrize("up", [False, True], ids=["rounds down", "rounds up"])
@pytest.mark.parametrize(("price", "per"), [(1, 1), (3, 2), (2, 3), (1_000_003, 1_000_000), (7, 1)])
def test_dust_at_the_payer_stops_no_payment_and_is_never_paid_out(
    stage: Stage, price: int, per: int, up: bool
) -> None:
    """A rebasing token counts in shares: whatever a stranger leaves at the Payer before."""
    full(stage)
    stage.token.set(price, per, up, 0)
    for dust in (0, 1, 2, 5):
        stage.token.give(stage.payer.address, dust)
        held = stage.token.shares(stage.payer.address)
        for amount in (999, 1000, 1001):
            with stage.chain.undone():
                salt = keccak(amount.to_bytes(2, "big"))
                made = stage.authorization(stage.split.address, amount, salt=salt)
                stage.relay(amount=amount, made=made)
                assert stage.has(stage.split) >= amount - price // per - 1
                assert stage.token.shares(stage.payer.address) >= held
                assert stage.token.allowance(stage.payer.address, stage.split.address) == 0


# ---------------------------------------------------------------- signed for later


def test_an_authorisation_for_any_version_goes_by_the_table_of_the_day(stage: Stage) -> None:
    """Who signs for any version leaves it to the relayer when it is paid; who names one does not:
    so a name is the default that a client should be given."""
    life = stage.living()
    any_ = stage.authorization(life.see.address, 1000, MEMO, ANY)
    named = stage.authorization(life.see.address, 1000, MEMO, 0)
    life.amend(life.next(Tree.of([(stage.chain.account(), 1)])))
    with refused("wrong version"):
        stage.relay(life.see, version=0, made=named)
    with refused("bad authorization"):
        stage.relay(life.see, version=ANY, made=named)
    stage.relay(life.see, version=ANY, made=any_)
    unharmed(stage, life.see, paid=1000)


def test_the_nonce_is_of_words_so_that_no_two_payments_share_one(stage: Stage) -> None:
    """Fields of fixed width: nothing of one can be pushed into the next."""
    base = [stage.split.address, stage.token.address, MEMO, 3, bytes(32)]
    seen = {stage.payer.authorization_nonce(*base)}
    other: list[Any] = [stage.token.address, stage.split.address, MEMO[::-1], 4, b"\1" * 32]
    for at, value in enumerate(other):
        seen.add(stage.payer.authorization_nonce(*base[:at], value, *base[at + 1 :]))
    seen.add(stage.payer.authorization_nonce(base[1], base[0], *base[2:]))
    seen.add(stage.payer.authorization_nonce(*base[:2], (3).to_bytes(32, "big"), 3, MEMO))
    assert len(seen) == 8
    assert CLIENT.address == stage.client
