"""Nobody puts an agreement in force but the quorum of those who are in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from eth_utils import keccak

from tests.contracts.closing import accounts, dues, living
from tests.contracts.consent import (
    AMENDMENT,
    DAY,
    DEREGISTRATION,
    ENDORSEMENT,
    KEYS,
    REGISTRATION,
    Agreement,
    Office,
    domain,
)
from tests.contracts.evm import ZERO, Contract, Kernel, Tree, key, refused, seat_word
from tests.contracts.life import Life, struct


@pytest.fixture
def life(kernel: Kernel, token: Contract) -> Life:
    return living(kernel, token)


@dataclass
class Bare:
    """A table that no tree has."""

    table: tuple[bytes, int, int, bytes]


def amend(life: Life, old: Agreement, next_: Agreement, signatures: bytes, **how: Any) -> Any:
    """With nothing taken for granted; the harness's book-keeping is left alone."""
    see, deadline = how.pop("see", life.see.address), how.pop("deadline", life.office.deadline)
    return life.registry.amend(
        see, *old.preimage, *next_.preimage, deadline, signatures, b"", 0, **how
    )


def bare(tree: Any, at: int, value: Any) -> Any:
    table = list(tree.table)
    table[at] = value
    return Bare(tuple(table))


# Each changes one signed field of an agreement.
CHANGES: dict[str, Any] = {
    "root": lambda a: {"tree": bare(a.tree, 0, b"\1" * 32)},
    "shares": lambda a: {"tree": bare(a.tree, 1, a.tree.shares + 1)},
    "pages": lambda a: {"tree": bare(a.tree, 2, 2)},
    "text": lambda a: {"text": keccak(text="we share otherwise")},
    "voices": lambda a: {"voices": tuple((v, 2) for v, _ in a.voices)},
    "one voice more": lambda a: {"voices": (*a.voices, (KEYS[3].address, 1))},
    "one voice less": lambda a: {"voices": a.voices[:2]},
    "quorum numerator": lambda a: {"quorum": (1, 3)},
    "quorum denominator": lambda a: {"quorum": (2, 4)},
    "expiry": lambda a: {"expiry": a.expiry + 1},
    "currencies": lambda a: {"currencies": a.currencies[:1]},
    "nonce": lambda a: {"nonce": b"\1" * 32},
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_field_of_the_next_agreement_is_signed(life: Life, change: str) -> None:
    """Rule: the voices sign the whole next agreement. Flip one field, and no signature counts."""
    next_ = life.next(Tree.of([(life.chain.account(), 1)]))
    signatures = life.sign(AMENDMENT, life.succession(next_))
    other = next_.changed(**CHANGES[change](next_))
    assert other.hash != next_.hash
    with refused("bad signature"):
        amend(life, life.agreement, other, signatures)
    amend(life, life.agreement, next_, signatures)


@pytest.mark.parametrize("change", CHANGES)
def test_the_old_agreement_is_the_one_in_force(life: Life, change: str) -> None:
    """Rule: roll and quorum are those in force, and no others, whoever signs under them."""
    old, next_ = life.agreement, life.next(Tree.of([(life.chain.account(), 1)]))
    forged = old.changed(**CHANGES[change](old))
    keys = [k for k in KEYS if any(k.address == v for v, _ in forged.voices)]
    signatures = life.sign(AMENDMENT, life.succession(next_), keys)
    with refused("wrong agreement"):
        amend(life, forged, next_, signatures)
    assert life.see.version() == life.registry.record(life.see.address)[3] == 0


def test_a_roll_of_the_enemy_decides_nothing(life: Life) -> None:
    """Rule: an enemy's own agreement, roll and signature put nothing in force."""
    forged = life.agreement.changed(voices=((KEYS[3].address, 1),), quorum=(1, 1))
    next_ = forged.changed(tree=Tree.of([(KEYS[3].address, 1)]))
    signatures = life.sign(AMENDMENT, life.succession(next_), [KEYS[3]])
    with refused("wrong agreement"):
        amend(life, forged, next_, signatures)
    with refused("bad signature"):
        amend(life, life.agreement, next_, signatures + bytes(128))


def test_see_version_deadline_and_account_are_signed(life: Life) -> None:
    """Rule: a signature is good for one SEE, version, deadline and account."""
    old, next_ = life.agreement, life.next(Tree.of([(life.chain.account(), 1)]))
    right = life.succession(next_)
    for subject in (
        life.succession(next_, see=life.registry.address),
        life.succession(next_, version=1),
        life.succession(next_, version=2**16),
        next_.hash,
        old.hash,
    ):
        with refused("bad signature"):
            amend(life, old, next_, life.sign(AMENDMENT, subject))
    signed = life.sign(AMENDMENT, right)
    for deadline in (life.office.deadline + 1, life.office.deadline - 1, 2**256 - 1):
        with refused("bad signature"):
            amend(life, old, next_, signed, deadline=deadline)
    first, second, third = signed[:64], signed[64:128], signed[128:]
    stranger = life.sign(AMENDMENT, right, [KEYS[3]])
    for bad in (second + first + third, first * 3, first + stranger + third, second + bytes(128)):
        with refused("bad signature"):
            amend(life, old, next_, bad)
    for short in (b"", signed[:191], first + second):
        with refused("bad signature"):
            amend(life, old, next_, short)
    high = life.office.sign(AMENDMENT, right, high=True)
    with refused("bad signature"):
        amend(life, old, next_, high)
    amend(life, old, next_, signed)


def test_chain_registry_and_kind_are_signed(life: Life) -> None:
    """Rule: no signature of another domain, and none given for anything else, amends."""
    old, next_ = life.agreement, life.next(Tree.of([(life.chain.account(), 1)]))
    right, good = life.succession(next_), life.office.domain
    for kind in (REGISTRATION, DEREGISTRATION, ENDORSEMENT, AMENDMENT.replace("Amend", "amend")):
        with refused("bad signature"):
            amend(life, old, next_, life.sign(kind, right))
    unnested = struct("Succession(address see,uint256 version,Agreement agreement)",
                      "address uint256 bytes32", life.see.address, 0, next_.hash)  # fmt: skip
    with refused("bad signature"):
        amend(life, old, next_, life.sign(AMENDMENT, unnested))
    registry, chain_id = life.registry.address, int(life.chain.rpc("eth_chainId"), 16)
    for other in (
        domain(life.see.address, chain_id),
        domain(registry, chain_id + 1),
        domain(registry, chain_id, name="seechaim"),
        domain(registry, chain_id, version="2"),
    ):
        life.office.domain = other
        with refused("bad signature"):
            amend(life, old, next_, life.sign(AMENDMENT, right))
    life.office.domain = good
    amend(life, old, next_, life.sign(AMENDMENT, right))


def test_a_signature_is_good_once(life: Life) -> None:
    """Rule: where the same agreement is in force again, the old signatures are still spent."""
    first, second = life.agreement, life.next(Tree.of([(life.chain.account(), 1)]))
    signatures = life.sign(AMENDMENT, life.succession(second))
    life.amend(second, signatures)
    with refused("bad signature"):
        amend(life, second, second, signatures)
    with refused("bad signature"):
        amend(life, first, second, signatures)
    life.amend(first)
    with refused("bad signature"):
        amend(life, first, second, signatures)
    again = life.sign(AMENDMENT, life.succession(first))
    life.amend(first, again)  # to what is in force: a version of its own
    with refused("bad signature"):
        amend(life, first, first, again)
    assert life.see.version() == 3
    assert life.see.commitment() == first.hash


def test_an_amendment_of_another_see_is_none_of_this(life: Life, token: Contract) -> None:
    """Rule: the same voices, the same next agreement, another SEE: nothing."""
    kernel = life.kernel
    other = Life(Office(kernel, life.agreement.changed(nonce=b"\2" * 32), life.office.deadline,
                        life.office.domain, life.office.keys))  # fmt: skip
    next_ = life.next(Tree.of([(life.chain.account(), 1)]))
    signatures = life.sign(AMENDMENT, life.succession(next_))
    with refused("bad signature"):
        amend(other, other.agreement, next_, signatures)
    with refused("wrong agreement"):
        amend(life, other.agreement, next_, signatures)
    amend(life, life.agreement, next_, signatures)
    assert other.see.version() == 0


def test_an_amendment_has_its_time(life: Life) -> None:
    """Rule: up to the deadline, and not a second longer."""
    next_ = life.next(Tree.of([(life.chain.account(), 1)]))
    signatures = life.sign(AMENDMENT, life.succession(next_))
    with life.chain.undone():
        life.chain.next_at(life.office.deadline)
        amend(life, life.agreement, next_, signatures)
    life.chain.next_at(life.office.deadline + 1)
    with refused("too late"):
        amend(life, life.agreement, next_, signatures)


@pytest.mark.parametrize("yes", [(), (0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)])
def test_a_quorum_of_live_voices_amends(life: Life, yes: tuple[int, ...]) -> None:
    """Rule: two thirds of three voices are two."""
    next_ = life.next(Tree.of([(life.chain.account(), 1)]))
    all_ = life.sign(AMENDMENT, life.succession(next_))
    some = b"".join(all_[n * 64 : n * 64 + 64] if n in yes else bytes(64) for n in range(3))
    if len(yes) < 2:
        with refused("no quorum"):
            amend(life, life.agreement, next_, some)
    else:
        amend(life, life.agreement, next_, some)


def test_a_voice_that_left_is_not_counted(life: Life) -> None:
    """Rule: who left has no yes and no weight, until an amendment gives it a voice again."""
    life.leave(KEYS[1].address, 1)
    next_ = life.next(Tree.of([(life.chain.account(), 1)]))
    subject = life.succession(next_)
    one, two, three = (life.sign(AMENDMENT, subject, [k]) for k in KEYS[:3])
    for few in (one + two + bytes(64), bytes(64) + two + three, bytes(64) + two + bytes(64)):
        with refused("no quorum"):
            amend(life, life.agreement, next_, few)
    life.amend(next_, one + b"\xff" * 64 + three)
    assert life.registry.record(life.see.address)[5] == 0
    again = life.next(Tree.of([(life.chain.account(), 2)]))
    one, two, _ = (life.sign(AMENDMENT, life.succession(again), [k]) for k in KEYS[:3])
    life.amend(again, one + two + bytes(64))


BAD: dict[str, tuple[str, Any]] = {
    "no shares": ("wrong total", lambda a: {"tree": bare(a.tree, 1, 0)}),
    "too many shares": ("wrong total", lambda a: {"tree": bare(a.tree, 1, 2**48)}),
    "no pages": ("wrong page", lambda a: {"tree": bare(a.tree, 2, 0)}),
    "too many pages": ("wrong page", lambda a: {"tree": bare(a.tree, 2, 2**17 + 1)}),
    "a byte more": ("wrong roll", lambda a: {"roll": a.roll_words + b"\0"}),
    "no voices": ("wrong roll", lambda a: {"roll": seat_word(KEYS[0].address, 0)}),
    "a voice twice": ("wrong roll", lambda a: {"roll": a.roll_words[:32] * 2}),
    "a roll in disorder": ("wrong roll", lambda a: {"roll": a.roll_words[32:] + a.roll_words[:32]}),
    "an empty roll": ("wrong roll", lambda a: {"voices": ()}),
    "a quorum of nothing": ("wrong quorum", lambda a: {"quorum": (0, 1)}),
    "a quorum of nothing of nothing": ("wrong quorum", lambda a: {"quorum": (0, 0)}),
    "a quorum above one": ("wrong quorum", lambda a: {"quorum": (4, 3)}),
    "a quorum too wide": ("wrong quorum", lambda a: {"quorum": (1, 2**32)}),
    "expired": ("wrong expiry", lambda a: {"expiry": a.expiry - 100 * DAY}),
    "no end": ("wrong expiry", lambda a: {"expiry": 2**64}),
    "no currencies": ("wrong currencies", lambda a: {"currencies": ()}),
    "a currency twice": ("wrong currencies", lambda a: {"currencies": (bytes(32),) * 2}),
    "a wide currency": ("wrong currencies", lambda a: {"currencies": (b"\1" + bytes(31),)}),
    "half a currency": ("wrong currencies", lambda a: {"currencies": (bytes(16),)}),
}


@pytest.mark.parametrize("bad", BAD)
def test_the_next_agreement_is_checked_as_the_first(life: Life, bad: str) -> None:
    """Rule: nothing comes in force by amending that could not be registered, even if signed."""
    reason, change = BAD[bad]
    next_ = life.agreement.changed(nonce=b"\3" * 32)
    next_ = next_.changed(**change(next_))
    with refused(reason):
        life.office.register(next_, bytes(64 * 64))
    with refused(reason):
        life.amend(next_)
    assert life.see.version() == 0


def test_what_is_no_living_see_is_not_amended(life: Life, kernel: Kernel) -> None:
    """Rule: a clone before registration, an ended SEE, a forger, no SEE at all: refused."""
    next_ = life.next(Tree.of([(life.chain.account(), 1)]))
    forger = kernel.chain.deploy("Forger", life.agreement.hash)
    fresh = life.agreement.changed(nonce=b"\4" * 32)
    kernel.registry.deploy(fresh.table)
    clone = life.office.see(fresh).address
    implementation = kernel.registry.see_implementation()
    for see in (
        forger.address,
        clone,
        implementation,
        kernel.registry.address,
        ZERO,
        forger.chain.me,
    ):
        for old in (life.agreement, fresh):
            signatures = life.sign(AMENDMENT, life.succession(next_, see=see))
            with refused("not registered"):
                amend(life, old, next_, signatures, see=see)
    life.office.deregister(life.office.end())
    with refused("already ended"):
        life.amend(next_)
    assert life.see.version() == 0


def test_a_clone_is_amended_once_it_is_registered(life: Life, kernel: Kernel) -> None:
    """Rule: signatures given before registration are good after it, and money before it stays."""
    fresh = life.agreement.changed(nonce=b"\4" * 32)
    kernel.registry.deploy(fresh.table)
    see = life.office.see(fresh)
    kernel.pay(see, 400)
    life.office.register(fresh)
    life.office.agreement = fresh
    young = Life(life.office, register=False)
    young.amend(young.next(Tree.of([(life.chain.account(), 1)])))
    assert dues(young, fresh, 0) == [100, 300]


def test_only_the_registry_calls_what_is_the_registry_s(life: Life, kernel: Kernel) -> None:
    """Rule: not a voice, a seat, a SEE, the implementation or a stranger succeeds, leaves, ends."""
    implementation = kernel.chain.at("SEE", kernel.registry.see_implementation())
    member = accounts(life.agreement)[0]
    life.join(0)
    for see in (life.see, implementation):
        for sender in (kernel.chain.me, KEYS[0].address, member, see.address, ZERO):
            for data in (
                see.data("succeed", life.agreement.hash, b"\1" * 32, bytes(32)),
                see.data("succeed", bytes(32), b"\1" * 32, b""),
                see.data("leave", member, 0, b""),
                see.data("end"),
            ):
                with refused("not registry"):
                    kernel.chain.call(see.address, data, sender=sender)
    split = kernel.split(life.agreement.tree)
    with refused("not payable"):
        kernel.chain.send(split.address, data)


@pytest.mark.parametrize("per_page", [32, 1])
def test_a_majority_can_not_touch_what_is_earned(
    kernel: Kernel, token: Contract, per_page: int
) -> None:
    """Rule: whatever the quorum signs next, a member has what it earned: all, and at once."""
    for root in (None, b"\1" * 32):
        life = living(kernel, token, per_page=per_page, nonce=keccak(root or b""))
        old, thief = life.agreement, kernel.chain.account()
        kernel.pay(life.see, 1000)
        kernel.pay(life.see, 2000, token)
        tree: Any = Tree.of([(thief, 1)])
        next_ = life.next(tree if root is None else bare(tree, 0, root), currencies=(bytes(32),))
        signatures = life.sign(AMENDMENT, life.succession(next_))
        life.amend(next_, signatures[:128] + bytes(64))
        if root is None:
            life.join(0)
        second = (1, accounts(old)[1]) if per_page == 32 else (32, accounts(old)[1])
        life.see.claim_versions(
            [life.seat(second[0], old, 0)], [key(*second)], [ZERO, token.address]
        )
        assert kernel.chain.balance(second[1]) == 750
        assert token.balanceOf(second[1]) == 1500
        assert kernel.chain.balance(thief) == 0
        assert dues(life, old, 0) == [250, 0]
        assert dues(life, old, 0, token.address) == [500, 0]
