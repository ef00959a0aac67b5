"""An audit of the Payer: each attack against the contracts as they stand, none of which succeeds.

Where a token, and not the Payer, is at fault, the test says how far the harm goes.
"""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.contracts.evm import Contract, Kernel, Reverted, Tree, raw, refused
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
    nonce_of,
    paid_for,
)

WAYS = ["pay", "relay"]
DELEGATED = bytes.fromhex("ef0100")  # EIP-7702
ANY_CALLER, ANY_SIGNATURE = 1, 2  # hostile/audit_token.vy
RESTS = 5000  # somebody's mistake, which lies at the Payer


@pytest.fixture
def stage(kernel: Kernel) -> Stage:
    return Stage(kernel)


@pytest.fixture
def puppet(stage: Stage) -> Contract:
    return stage.chain.deploy("audit_puppet")


def teach(puppet: Contract, *steps: tuple[str, bytes]) -> None:
    puppet.teach(list(steps))


def full(stage: Stage) -> None:
    """Another token: all of ERC-3009, ERC-1271 signers, hooks, units that are shares."""
    stage.token = stage.chain.deploy("audit_token")
    for each in (stage.client, stage.thief):
        stage.token.give(each, 1_000_000)


def unharmed(stage: Stage, *sees: Contract, paid: int = 0, kept: int = 0) -> None:
    assert stage.has(stage.client) == 1_000_000 - paid
    stage.clean(*sees, kept=kept)


def taking(stage: Stage, to: str, amount: int) -> tuple[str, bytes]:
    """What an honest SEE does, for whoever does it."""
    call = stage.token.data("transferFrom", stage.payer.address, to, amount)
    return stage.token.address, call


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
