"""Currencies that no amendment can trust: mad, absurd, unnamed; they harm themselves only."""

from __future__ import annotations

import pytest

from tests.contracts.closing import dues, living, seats, word
from tests.contracts.consent import AMENDMENT
from tests.contracts.evm import ZERO, Contract, Kernel, Reverted, Tree, key, raw, refused
from tests.contracts.test_attacks_reentry import tried
from tests.contracts.test_attacks_tokens import sends_when_asked

CAP = 2**111 - 1
REVERTS = bytes.fromhex("5f5ffd")
INVALID = bytes.fromhex("fe")
LOOPS = bytes.fromhex("5b5f56")
BOMB = bytes.fromhex("620180005ffd")  # reverts with 96 KiB
SHORT = bytes.fromhex("601f5ff3")  # answers 31 bytes
NOTHING = bytes.fromhex("00")
NO_CODE = b""
BAD = {
    "reverts": REVERTS,
    "burns": INVALID,
    "loops": LOOPS,
    "bombs": BOMB,
    "answers short": SHORT,
    "answers nothing": NOTHING,
    "has no code": NO_CODE,
}


@pytest.mark.parametrize("code", BAD.values(), ids=BAD)
def test_a_bad_currency_blocks_nothing_but_itself(
    kernel: Kernel, token: Contract, code: bytes
) -> None:
    """Rule: a currency whose balance can't be read is skipped: amending, touching others and
    paying others go on. When it can be read again anybody closes it, and what came until then
    is the old table's."""
    bad = kernel.chain.deploy("Token")
    life = living(kernel, token, bad)
    old, heir = life.agreement, kernel.chain.account()
    good_code = kernel.chain.code(bad.address)
    for each in (token, bad):
        kernel.pay(life.see, 400, each)
    kernel.chain.set_code(bad.address, code)
    life.amend(life.next(Tree.of([(heir, 1)])))
    assert life.see.book(token.address) == (1, 0)
    assert life.see.book(bad.address) == (0, 0)
    with refused("currency failed"):
        life.see.touch(bad.address, [])
    for act in (
        lambda: life.see.pay(bad.address, 5, bytes(32)),
        lambda: life.see.pay_late(bad.address, 5, bytes(32), 0),
    ):
        with refused():
            act()
    life.see.touch(token.address, [])
    token.approve(life.see.address, 50)
    life.see.pay(token.address, 50, bytes(32))
    assert dues(life, old, 0, token.address) == [100, 300]
    kernel.chain.set_code(bad.address, good_code)
    kernel.pay(life.see, 400, bad)
    (_, a), (_, b) = seats(old)
    keys = [key(0, a), key(1, b)]
    life.see.claim_versions([life.seat(0, old, 0)], keys[:1], [bad.address])
    assert bad.balanceOf(a) == 200
    life.amend(life.next(Tree.of([(heir, 1)])))  # skips version 1 altogether
    assert life.see.book(bad.address) == (2, 0)
    kernel.pay(life.see, 70, bad)
    assert dues(life, old, 0, bad.address) == [0, 600]
    assert dues(life, life.agreement, 1, bad.address) == [0]
    assert dues(life, life.agreement, 2, bad.address) == [70]
    joins = [life.seat(1, old, 0), life.seat(0)]
    life.see.claim_versions(joins, [*keys, key(0, heir, 2), key(0, heir, 1)], [bad.address])
    assert (bad.balanceOf(b), bad.balanceOf(heir)) == (600, 70)


@pytest.mark.parametrize("code", [INVALID, BOMB], ids=["burns", "bombs"])
def test_the_worst_currencies_fit_a_transaction(kernel: Kernel, code: bytes) -> None:
    """Rule: fifteen currencies that burn all they get don't block the next amendment."""
    tokens = [kernel.chain.account() for _ in range(15)]
    life = living(kernel, currencies=(bytes(32), *(word(each) for each in tokens[:7])))
    old = life.agreement
    for each in tokens:
        kernel.chain.set_code(each, code)
    kernel.pay(life.see, 400)
    heir = Tree.of([(kernel.chain.account(), 1)])
    receipt = life.amend(
        life.next(heir, currencies=tuple(word(each) for each in tokens[7:])), gas=2**24
    )
    assert int(receipt["gasUsed"], 16) < 5_000_000
    assert dues(life, old, 0) == [100, 300]


def hungry(gas: int, balance: int) -> bytes:
    """Answers a balance where it has more than this gas, and fails else."""
    code = bytes.fromhex("62") + gas.to_bytes(3, "big") + bytes.fromhex("5a11600c575f5ffd5b")
    return code + bytes.fromhex("61") + balance.to_bytes(2, "big") + bytes.fromhex("5f5260205ff3")


@pytest.mark.parametrize("way", ["amend", "touch", "leave"])
def test_no_choice_of_gas_makes_a_good_currency_be_skipped(
    kernel: Kernel, token: Contract, way: str
) -> None:
    """Rule: at every gas the call reverts, or reads a currency that needs almost its bound."""
    life = living(kernel, token)
    old, heir = life.agreement, kernel.chain.account()
    kernel.pay(life.see, 400, token)
    life.join(0, False)
    if way == "touch":
        good = kernel.chain.code(token.address)
        kernel.chain.set_code(token.address, REVERTS)
        life.amend(life.next(Tree.of([(heir, 1)])))
        kernel.chain.set_code(token.address, good)
    kernel.chain.set_code(token.address, hungry(199_900, 400))
    next_ = life.next(Tree.of([(heir, 1)]))
    signatures = life.sign(AMENDMENT, life.succession(next_))
    member = seats(old)[0][1]

    def act(gas: int) -> None:
        if way == "touch":
            life.see.touch(token.address, [], gas=gas)
        elif way == "leave":
            life.leave_seat(member, 0, [token.address], gas=gas)
        else:
            life.registry.amend(
                life.see.address,
                *old.preimage,
                *next_.preimage,
                life.office.deadline,
                signatures,
                b"",
                0,
                gas=gas,
            )

    results, reasons = [], set()
    for gas in range(200_000, 800_000, 5_000):
        with kernel.chain.undone():
            try:
                act(gas)
            except Reverted as reverted:
                results.append(False)
                reasons.add(str(reverted))
            else:
                results.append(True)
                version, left = life.see.book(token.address)
                assert (left == 1) if way == "leave" else (version == 1), gas
    assert results == sorted(results)
    assert {True, False} <= set(results)
    assert "more gas" in reasons


@pytest.mark.parametrize("per_page", [32, 1])
@pytest.mark.parametrize("way", ["claim_versions", "claim_versions of coin", "pay_late", "pay"])
def test_who_calls_back_in_the_life_of_a_see_gains_nothing(
    kernel: Kernel, token: Contract, per_page: int, way: str
) -> None:
    """Rule: a recipient or a token that calls the SEE or its Registry in the middle finds the
    lock; nobody is paid twice, and no agreement comes in force half-way."""
    hostile = kernel.chain.deploy("Recipient")
    honest, member = kernel.chain.account(), hostile.address
    life = living(kernel, token, tree=Tree.of([(member, 1), (honest, 3)], per_page))
    old = life.agreement
    i, j = (index for index, _ in seats(old))
    kernel.pay(life.see, 400)
    kernel.pay(life.see, 400, token)
    life.amend(old)
    kernel.pay(life.see, 400)
    kernel.pay(life.see, 400, token)
    next_ = life.next(Tree.of([(honest, 1)]))
    signatures = life.sign(AMENDMENT, life.succession(next_))
    keys = [key(i, hostile.address, v) for v in (0, 1)] + [key(j, honest, v) for v in (0, 1)]
    joins = [life.seat(n, old, v) for v in (0, 1) for n in (i, j)]
    see, registry = life.see, life.registry
    see.claim_versions(joins, keys[2:3], [ZERO])
    arguments = (see.address, *old.preimage, *next_.preimage, life.office.deadline, signatures)
    acts: list[tuple[str, bytes]] = [
        (see.address, see.data("claim_versions", [], keys, [ZERO, token.address])),
        (see.address, see.data("pay_late", ZERO, 0, bytes(32), 0)),
        (see.address, see.data("pay", ZERO, 0, bytes(32))),
        (see.address, see.data("touch", token.address, [])),
        (see.address, see.data("claim", i, hostile.address)),
        (see.address, see.data("received", ZERO)),
        (see.address, see.data("closed", ZERO, 0)),
        (see.address, see.data("redirect", hostile.address, honest, keys[1], [], 0, b"")),
        (registry.address, registry.data("amend", *arguments, b"", 0)),
        (
            registry.address,
            registry.data("leave_seat", see.address, member, life.version, i, b"", 0, b""),
        ),
    ]
    kernel.chain.rpc("anvil_impersonateAccount", hostile.address)
    for target, data in acts:  # each would pass by itself
        kernel.chain.call(target, data, sender=hostile.address)
    for target, data in acts:
        with kernel.chain.undone():
            if way.startswith("claim_versions"):
                token.set(0, 0, way == "claim_versions")
                hostile.aim(target, data, 0)
                currency = ZERO if way.endswith("coin") else token.address
                receipt = see.claim_versions(joins, keys[:1], [currency])
                assert tried(receipt)[0][0] is False, data[:4].hex()
            else:
                trap = kernel.chain.deploy("CallingToken", target, data)
                extra = (1,) if way == "pay" else (0,)
                getattr(see, way)(trap.address, 5, bytes(32), *extra)
                assert trap.failed()
            assert see.version() == 1
            hostile.aim(ZERO, b"", 0)
            token.set(0, 0, False)
            see.claim_versions(joins, keys, [ZERO, token.address])
            assert kernel.chain.balance(hostile.address) == token.balanceOf(hostile.address) == 200
            assert kernel.chain.balance(honest) == token.balanceOf(honest) == 600


def test_an_amendment_within_a_plain_claim_keeps_the_books(kernel: Kernel, token: Contract) -> None:
    """Rule: claim holds no lock: a recipient that amends in the middle of it is paid once, and
    what is owed to the others is closed as it is."""
    hostile, honest = kernel.chain.deploy("Recipient"), kernel.chain.account()
    for odd in (False, True):
        life = living(
            kernel,
            token,
            tree=Tree.of([(hostile.address, 1), (honest, 3)]),
            nonce=bytes([odd] * 32),
        )
        old = life.agreement
        if odd:  # the way that is not plain
            life.amend(old)
        life.join(0, False)
        kernel.pay(life.see, 400)
        next_ = life.next(old.tree)
        signatures = life.sign(AMENDMENT, life.succession(next_))
        amend = life.registry.data(
            "amend",
            life.see.address,
            *old.preimage,
            *next_.preimage,
            life.office.deadline,
            signatures,
            b"",
            0,
        )
        hostile.aim(life.registry.address, amend, 0)
        before = kernel.chain.balance(hostile.address)
        ((success, _),) = tried(life.see.claim(0, hostile.address))
        assert success
        assert life.see.version() == 1 + odd
        assert kernel.chain.balance(hostile.address) - before == 100
        assert dues(life, old, int(odd)) == [0, 300]
        assert dues(life, next_, 1 + odd) == [0, 0]
        assert life.see.received(ZERO) == 0


def calling(target: str, data: bytes) -> bytes:
    """A token whose balanceOf calls a target first, and answers 400 if that failed, 0 else."""
    size = len(data)
    head = bytes.fromhex("61") + size.to_bytes(2, "big")
    code = head + bytes.fromhex("603a5f39") + bytes.fromhex("5f5f61") + size.to_bytes(2, "big")
    code += bytes.fromhex("5f5f73") + raw(target) + bytes.fromhex("5af1")
    code += bytes.fromhex("15610190025f5260205ff3")
    assert len(code) <= 0x3A
    return code.ljust(0x3A, b"\0") + data


def test_a_balance_that_is_asked_calls_nobody(kernel: Kernel, token: Contract) -> None:
    """Rule: amend and touch ask for balances by a static call: a currency that calls back into
    the SEE or the Registry from there changes nothing."""
    trap = kernel.chain.account()
    life = living(kernel, token, currencies=(bytes(32), word(trap)))
    old, heir = life.agreement, kernel.chain.account()
    kernel.pay(life.see, 400)
    life.join(0, False)
    member = seats(old)[0][1]
    next_ = life.next(Tree.of([(heir, 1)]))
    registry = life.registry
    for target, data in (
        (life.see.address, life.see.data("claim", 0, member)),
        (life.see.address, life.see.data("touch", token.address, [])),
        (registry.address, registry.data("locate", life.see.address, trap, "", 0, b"")),
    ):
        with kernel.chain.undone():
            kernel.chain.set_code(trap, calling(target, data))
            life.registry.amend(
                life.see.address,
                *old.preimage,
                *next_.preimage,
                life.office.deadline,
                life.sign(AMENDMENT, life.succession(next_)),
                b"",
                0,
            )
            assert life.see.closed(trap, 0) == (400, 0, 0)
            assert dues(life, old, 0) == [100, 300]
            life.see.touch(trap, [])
            assert kernel.chain.balance(member) == 0


def test_the_coin_by_another_name_has_no_closed_book_to_draw(
    kernel: Kernel, token: Contract
) -> None:
    """Rule: a token that is the native coin closes books of its own, and a claim of them that
    would move the coin is refused: what is owed of the coin is paid once."""
    second = kernel.chain.deploy("SecondName")
    life = living(kernel, second)
    old = life.agreement
    kernel.pay(life.see, 400)
    life.amend(life.next(Tree.of([(kernel.chain.account(), 1)])))
    commitment = old.hash
    (_, a), _ = seats(old)
    life.see.claim_versions([life.seat(0, old, 0)], [key(0, a)], [ZERO])
    implementation = kernel.chain.at("SEE", kernel.registry.see_implementation())
    kernel.chain.set_code(life.see.address, sends_when_asked(second, implementation, commitment))
    with refused("one ledger"):
        life.see.claim_versions([], [key(0, a)], [second.address])
    assert kernel.chain.balance(a) == 100
