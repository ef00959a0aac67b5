"""A push can't be stopped, and a recipient can't be starved of it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.contracts.evm import ZERO, Contract, Kernel, Reverted, Tree, kept, refused

REVERTS = bytes.fromhex("5f5ffd")
INVALID = bytes.fromhex("fe")
LOOPS = bytes.fromhex("5b5f56")
BOMB = bytes.fromhex("620180005ffd")  # reverts with 96 KiB
LONG = bytes.fromhex("620180005ff3")  # takes it, and answers 96 KiB
WRITES = bytes.fromhex("5b5a80555f56")  # fills storage
ODD = [REVERTS, INVALID, LOOPS, BOMB, LONG, WRITES]
TX_GAS = 2**24  # EIP-7825


def hungry(gas: int) -> bytes:
    """Fails at once where it has not more than this gas."""
    return bytes.fromhex("62") + gas.to_bytes(3, "big") + bytes.fromhex("5a11600c575f5ffd5b00")


EATER = bytes.fromhex("6202ddc05ff3")  # needs about 85,000 gas, and burns all of less


def test_no_recipient_stops_a_payout(kernel: Kernel, token: Contract) -> None:
    """Reverting, burning, bombing recipients are kept their amounts; the others are paid."""
    accounts = [kernel.chain.account() for _ in range(len(ODD) + 2)]
    for account, code in zip(accounts[1:], ODD, strict=False):
        kernel.chain.set_code(account, code)
    tree = Tree.of([(account, 1) for account in accounts])
    split = kernel.split(tree)
    kernel.pay(split, 80)
    receipt = kernel.payout(split, tree)
    assert kept(receipt) == [1, 2, 3, 4, 6]
    assert [kernel.chain.balance(a) for a in (accounts[0], accounts[5], accounts[7])] == [10] * 3
    token.set(0, 0, True)
    kernel.pay(split, 80, token)
    kernel.payout(split, tree, 0, token.address)
    assert token.balanceOf(accounts[0]) == token.balanceOf(accounts[7]) == 10


@pytest.mark.parametrize("code", [INVALID, WRITES, BOMB], ids=["invalid", "writes", "bomb"])
@pytest.mark.parametrize("coin", ["native", "token"])
@pytest.mark.parametrize("seats", [32, 33])
def test_a_full_page_of_burners_fits_a_transaction(
    kernel: Kernel, token: Contract, coin: str, code: bytes, seats: int
) -> None:
    """32 recipients that burn all they get, within the gas that a transaction may have."""
    accounts = [kernel.chain.account() for _ in range(seats)]
    for account in accounts[:32]:
        kernel.chain.set_code(account, code)
    tree = Tree.of([(account, 1) for account in accounts])
    split = kernel.split(tree)
    token.set(0, 0, True)
    paid, currency = (token, token.address) if coin == "token" else (None, ZERO)
    kernel.pay(split, 32_000, paid)
    receipt = kernel.payout(split, tree, 0, currency, gas=TX_GAS)
    assert kept(receipt) == list(range(32))


@pytest.mark.parametrize("code", [hungry(95_000), EATER], ids=["hungry", "eater"])
@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize("per_page", [32, 3])
def test_no_choice_of_gas_makes_a_push_fail(
    kernel: Kernel, code: bytes, place: int, per_page: int
) -> None:
    """At every gas a payout either reverts, or pays a recipient that needs its whole bound."""
    accounts = [kernel.chain.account() for _ in range(3 if per_page == 32 else 6)]
    kernel.chain.set_code(accounts[place], code)
    tree = Tree.of([(account, 1) for account in accounts], per_page)
    split = kernel.split(tree)
    kernel.pay(split, 6000)
    kernel.payout(split, tree)
    results = []
    for gas in range(80_000, 420_000, 3_000):
        kernel.pay(split, 6000)
        try:
            receipt = kernel.payout(split, tree, gas=gas)
        except Reverted:
            results.append(False)
        else:
            assert kept(receipt) == [], gas
            results.append(True)
    assert results == sorted(results)
    assert {True, False} <= set(results)


def test_no_choice_of_gas_makes_a_marked_push_fail(kernel: Kernel) -> None:
    """The same for a seat whose own count a payout must read."""
    account = kernel.chain.account()
    tree = Tree.of([(account, 1)])
    split = kernel.split(tree)
    kernel.chain.set_code(account, hungry(95_000))
    kernel.join(split, tree, 0, claims=False)
    for gas in range(80_000, 300_000, 4_000):
        kernel.pay(split, 6000)
        split.claim(0, account)
        kernel.pay(split, 6000)
        try:
            receipt = kernel.payout(split, tree, gas=gas)
        except Reverted:
            continue
        assert kept(receipt) == [], gas


@pytest.mark.parametrize("need", [200_000, 280_000])
def test_no_choice_of_gas_makes_a_token_refuse(kernel: Kernel, token: Contract, need: int) -> None:
    """At every gas a payout of a token reverts, or pays a recipient with a greedy hook."""
    accounts = [kernel.chain.account() for _ in range(2)]
    kernel.chain.set_code(accounts[1], hungry(need - 30_000))
    token.set(0, 0, True)
    tree = Tree.of([(account, 1) for account in accounts])
    split = kernel.split(tree)
    outcomes = set()
    for gas in range(150_000, 800_000, 8_000):
        kernel.pay(split, 6000, token)
        try:
            receipt = kernel.payout(split, tree, 0, token.address, gas=gas)
        except Reverted:
            outcomes.add(False)
        else:
            assert kept(receipt) == [], gas
            outcomes.add(True)
    assert outcomes == {True, False}


@pytest.mark.parametrize("code", [hungry(95_000), EATER], ids=["hungry", "eater"])
def test_the_gas_that_a_node_estimates_pays_everyone(kernel: Kernel, code: bytes) -> None:
    """eth_estimateGas finds no gas at which a payout passes by failing a recipient."""
    accounts = [kernel.chain.account() for _ in range(3)]
    kernel.chain.set_code(accounts[1], code)
    tree = Tree.of([(account, 1) for account in accounts])
    split = kernel.split(tree)
    kernel.pay(split, 6000)
    data = split.data("payout", tree.table, tree.pages[0], ZERO)
    fields = {"from": kernel.chain.me, "to": split.address, "data": "0x" + data.hex()}
    gas = int(kernel.chain.rpc("eth_estimateGas", fields), 16)
    assert kept(kernel.chain.send(split.address, data, gas=gas)) == []
    assert kernel.chain.balance(accounts[1]) == 2000


def test_a_failure_with_too_little_gas_says_so(kernel: Kernel) -> None:
    """The reason names what to do: more gas."""
    account = kernel.chain.account()
    kernel.chain.set_code(account, REVERTS)
    tree = Tree.of([(account, 1)])
    split = kernel.split(tree)
    kernel.pay(split, 6000)
    with refused("more gas"):
        kernel.payout(split, tree, gas=150_000)


def test_a_failed_push_harms_only_its_seat(kernel: Kernel) -> None:
    """What a recipient gains by failing now and then is nothing: each has its part."""
    accounts = [kernel.chain.account() for _ in range(3)]
    tree = Tree.of([(account, 1) for account in accounts])
    split = kernel.split(tree)
    for code in (REVERTS, b"", INVALID, BOMB, b"", b""):
        kernel.chain.set_code(accounts[1], code)
        kernel.pay(split, 100)
        kernel.payout(split, tree)
    assert [kernel.chain.balance(account) for account in accounts] == [200] * 3


def test_pull_only_seats_need_no_spare_gas(kernel: Kernel) -> None:
    """A page of pull-only seats is kept at little gas: nobody can have starved them."""
    tree = Tree.of([(kernel.chain.account(), 1, 1) for _ in range(2)])
    split = kernel.split(tree)
    kernel.pay(split, 6000)
    assert kept(kernel.payout(split, tree, gas=140_000)) == [0, 1]


def test_claims_fail_whole_where_gas_is_short(kernel: Kernel) -> None:
    """A claim for another, at any gas, pays it or changes nothing."""
    account = kernel.chain.account()
    kernel.chain.set_code(account, EATER)
    tree = Tree.of([(account, 1)])
    split = kernel.split(tree)
    kernel.join(split, tree, 0, claims=False)
    kernel.pay(split, 600)
    outcomes = []
    for gas in range(40_000, 180_000, 5_000):
        try:
            split.claim(0, account, gas=gas)
        except Reverted:
            outcomes.append(False)
        else:
            outcomes.append(True)
            kernel.pay(split, 600)
        assert kernel.chain.balance(account) == 600 * sum(outcomes)
    assert all(a <= b for a, b in pairwise(outcomes))
    assert outcomes[-1]
