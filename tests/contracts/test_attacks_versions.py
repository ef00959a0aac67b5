"""Closing books gives nobody more or less than it had earned, and pays nobody twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.closing import CLOSED, accounts, dues, keys_of, living, seats, topics
from tests.contracts.consent import AMENDMENT, Agreement
from tests.contracts.evm import PULL_ONLY, ZERO, Contract, Kernel, Tree, key, parts, refused
from tests.contracts.life import LATE, Life

REVERTS = bytes.fromhex("5f5ffd")
CAP = 2**111 - 1
SHARES = (1, 3, 7, 11, 13)


def had(life: Life, agreement: Agreement, currency: str) -> list[int]:
    if currency == ZERO:
        return [life.chain.balance(account) for account in accounts(agreement)]
    token = life.chain.at("Token", currency)
    return [token.balanceOf(account) for account in accounts(agreement)]


def claim_all(life: Life, *old: tuple[Agreement, int], currencies: list[str]) -> None:
    """Joins all seats of these versions, then pays them all, in one call."""
    joins = [life.seat(index, a, version) for a, version in old for index, _ in seats(a)]
    while len(joins) > 4:
        for join in joins[:4]:
            joined(life, join)
        joins = joins[4:]
    keys = [each for a, version in old for each in keys_of(a, version)]
    life.see.claim_versions(joins, keys, currencies)


def joined(life: Life, join: Any) -> None:
    """Joins a seat by claiming what is due to it: a claim of nothing would be refused."""
    version, _, index, words, _ = join
    at = (index & 31) * 32
    place = key(index, "0x" + words[at : at + 20].hex(), version)
    life.see.claim_versions([join], [place], [ZERO])


# What happened before the books are closed: paid in, claimed, paid out, in this order.
STORIES = ["", "c", "o", "co", "oc", "oco", "ocof", "of", "cof"]


@pytest.mark.parametrize("per_page", [32, 2, 1])
@pytest.mark.parametrize("story", STORIES)
def test_closing_changes_nobodys_due(
    kernel: Kernel, token: Contract, per_page: int, story: str
) -> None:
    """Rule: joined, unjoined, claimed, pushed, kept, pull only: due is the same before and after,
    the next version starts at nothing, and all have exactly their part in the end."""
    members = [(kernel.chain.account(), part) for part in SHARES]
    flagged = [*members[:4], (*members[4], PULL_ONLY)]
    life = living(kernel, token, tree=Tree.of(flagged, per_page))
    old, odd = life.agreement, members[3][0]
    index = dict(zip(accounts(old), seats(old), strict=True))
    first, second = (index[account] for account in accounts(old)[:2])
    kernel.chain.set_code(odd, REVERTS)
    token.refuse(odd, True)
    paid = 0
    life.join(first[0], False)
    for step in story + ".":
        kernel.pay(life.see, 1003)
        kernel.pay(life.see, 1003, token)
        paid += 1003
        if step == "c":
            life.see.claim(*first)
            life.see.claim_token(token.address, *first)
        elif step in "of":
            for page in range(len(old.tree.pages) if step == "o" else 1):
                life.payout(page)
                life.payout(page, token.address)
    before = [dues(life, old, 0, currency) for currency in (ZERO, token.address)]
    assert before[0] == before[1]
    heir = kernel.chain.account()
    life.amend(life.next(Tree.of([(heir, 1)])))
    for currency in (ZERO, token.address):
        assert life.see.received(currency) == 0
        assert dues(life, old, 0, currency) == before[0]
        assert dues(life, life.agreement, 1, currency) == [0]
        assert life.see.closed(currency, 0) == (paid, 0, 0)
    kernel.pay(life.see, 70)
    kernel.pay(life.see, 70, token)
    assert dues(life, old, 0) == before[0]
    kernel.chain.set_code(odd, b"")
    token.refuse(odd, False)
    claim_all(life, (old, 0), (life.agreement, 1), currencies=[ZERO, token.address])
    for currency in (ZERO, token.address):
        assert had(life, old, currency) == parts(old.tree, paid)
        assert had(life, life.agreement, currency) == [70]
    again = keys_of(old, 0) + keys_of(life.agreement, 1)
    for keys in (again, again[::-1]):
        with refused("nothing due"):
            life.see.claim_versions([], keys, [ZERO, token.address])
    # Joining again pays nothing either.
    life.see.claim_versions([life.seat(second[0], old, 0)], again, [ZERO, token.address])
    assert kernel.chain.balance(life.see.address) == paid - sum(parts(old.tree, paid))


def test_where_nothing_is_owed_nothing_is_written(kernel: Kernel, token: Contract) -> None:
    """Rule: books that were paid out leave no record, and nobody is owed of them."""
    life = living(kernel, token)
    old = life.agreement
    kernel.pay(life.see, 400)
    life.payout()
    receipt = life.amend(life.next(Tree.of([(kernel.chain.account(), 1)])))
    assert topics(receipt, CLOSED) == []
    assert life.see.closed(ZERO, 0) == life.see.closed(token.address, 0) == (0, 0, 0)
    kernel.pay(life.see, 400)
    claim_all(life, (old, 0), currencies=[ZERO, token.address])  # it joins, and that is all
    with refused("nothing due"):
        life.see.claim_versions([], keys_of(old, 0), [ZERO, token.address])
    assert kernel.chain.balance(life.see.address) == 400


@pytest.mark.parametrize("per_page", [32, 1])
@pytest.mark.parametrize("pushed", [False, True])
def test_the_same_table_again_is_another_table(
    kernel: Kernel, token: Contract, per_page: int, pushed: bool
) -> None:
    """Rule: equal tables in two versions share no seat: each pays once, in any order and way."""
    life = living(kernel, token, per_page=per_page)
    old = life.agreement
    pages = range(len(old.tree.pages))
    for version in range(2):
        kernel.pay(life.see, 400)
        kernel.pay(life.see, 800, token)
        if pushed:
            for page in pages:
                life.payout(page)
                life.payout(page, token.address)
            kernel.pay(life.see, 400)
            kernel.pay(life.see, 800, token)
        if version == 0:
            life.amend(old)
    total = 800 if pushed else 400
    (i, a), (j, b) = seats(old)
    life.join(j)  # version 1, by itself
    with refused("not joined"):
        life.see.claim(i, a)
    with refused("not joined"):
        life.see.claim_versions([], [key(i, a)], [ZERO])
    life.see.claim_versions([life.seat(i, old, 0)] * 2, [key(i, a)] * 3, [ZERO, ZERO])
    assert life.chain.balance(a) == total // 4 + (total // 2 // 4 if pushed else 0)
    with refused("not joined"):
        life.see.claim(i, a)
    with refused("not joined"):
        life.see.claim_token(token.address, i, a)
    life.join(i)
    with refused("already joined"):
        life.join(i)
    for act in (lambda: life.see.claim(i, a), lambda: life.see.claim(j, b)):
        with refused("nothing due"):
            act()
    life.see.claim_token(token.address, i, a)
    both = keys_of(old, 1) + keys_of(old, 0)
    life.see.claim_versions([life.seat(j, old, 0)], both * 2, [token.address, ZERO, token.address])
    with refused("nothing due"):
        life.see.claim_versions([], both[::-1], [ZERO, token.address])
    for page in pages:
        life.payout(page)
        life.payout(page, token.address)
    assert had(life, old, ZERO) == [total // 2, total * 3 // 2]
    assert had(life, old, token.address) == [total, total * 3]
    assert life.chain.balance(life.see.address) == token.balanceOf(life.see.address) == 0


def test_an_account_with_other_shares_has_each_by_its_table(
    kernel: Kernel, token: Contract
) -> None:
    """Rule: the same account and index with other shares: each version by its own table, whichever
    joins first, and the proof of one is none of the other."""
    for order in ((0, 1), (1, 0)):
        life = living(kernel, token, nonce=bytes(31) + bytes([order[0]]))
        old = life.agreement
        (_, a), (_, b) = seats(old)
        kernel.pay(life.see, 400)
        life.amend(life.next(Tree.of([(a, 9), (b, 1)])))
        new = life.agreement
        kernel.pay(life.see, 1000)
        for wrong in (life.seat(0, old, 1), life.seat(0, new, 0)):
            with refused("wrong table"):
                life.see.claim_versions([wrong], [key(0, a)], [ZERO])
        for wrong in (life.seat(0, new, 2), life.seat(0, old, LATE), life.seat(0, old, 1 << 16)):
            with refused("wrong version"):
                life.see.claim_versions([wrong], [key(0, a)], [ZERO])
        for version in order:
            life.see.claim_versions(
                [life.seat(0, (old, new)[version], version)], [key(0, a, version)], [ZERO]
            )
        assert kernel.chain.balance(a) == 100 + 900


def test_three_versions_are_claimed_at_once(kernel: Kernel, token: Contract) -> None:
    """Rule: a claim takes all versions in one transaction, each by its own table, once."""
    life = living(kernel, token)
    (_, a), (_, b) = seats(life.agreement)
    agreements = [life.agreement]
    for shares in ((1, 1), (9, 1), (0, 5)):
        kernel.pay(life.see, 1000)
        kernel.pay(life.see, 100, token)
        life.amend(life.next(Tree.of([(a, shares[0]), (b, shares[1])])))
        agreements.append(life.agreement)
    kernel.pay(life.see, 1000)
    keys = [key(0, a, version) for version in (2, 0, 3, 1)]
    joins = [life.seat(0, agreements[version], version) for version in (1, 3, 0, 2)]
    life.see.claim_versions(joins, keys, [token.address, ZERO])
    assert kernel.chain.balance(a) == 250 + 500 + 900
    assert token.balanceOf(a) == 25 + 50 + 90
    assert [dues(life, each, n) for n, each in enumerate(agreements)] == [
        [0, 750],
        [0, 500],
        [0, 100],
        [0, 1000],
    ]
    with refused("nothing due"):
        life.see.claim_versions([], keys, [ZERO, token.address])


@pytest.mark.parametrize("high", [1 << 208, 1 << 255, 1 << 206, 1 << 205, LATE << 192])
def test_a_key_has_no_second_name(kernel: Kernel, token: Contract, high: int) -> None:
    """Rule: garbage in a key's version opens no book, of an old version or the one in force."""
    life = living(kernel, token)
    old = life.agreement
    (_, a), _ = seats(old)
    life.join(0)
    kernel.pay(life.see, 400)
    life.amend(old)
    life.join(0)
    kernel.pay(life.see, 400)
    for version in (0, 1):
        with refused("nothing due"):
            life.see.claim_versions([], [key(0, a, version) | high], [ZERO, token.address])
    keys = [key(0, a) | high, key(0, a), key(0, a, 1) | high, key(0, a, 1)]
    life.see.claim_versions([], keys * 2, [ZERO])
    assert kernel.chain.balance(a) == 200
    for wrong in (key(1, a), key(0, kernel.chain.me), key(1 << 31, a)):
        with refused("not joined"):
            life.see.claim_versions([], [wrong], [ZERO])


def test_a_fixed_claim_many_is_no_function_of_a_see(kernel: Kernel, token: Contract) -> None:
    """Rule: a fixed Splitter's claim_many knows no key but those of its only version."""
    life = living(kernel, token)
    split = kernel.split(life.agreement.tree)
    data = split.data("claim_many", [key(0, accounts(life.agreement)[0])], [ZERO])
    with refused("not payable"):
        kernel.chain.send(life.see.address, data)
    kernel.join(split, life.agreement.tree, 0)
    kernel.pay(split, 400)
    for version in (1, LATE, 2**16, 2**63):
        for currency in (ZERO, token.address):
            with refused("wrong version"):
                split.claim_many([key(0, accounts(life.agreement)[0], version)], [currency])


def test_amending_in_the_block_of_a_payment(kernel: Kernel, token: Contract) -> None:
    """Rule: in one block, what comes before the amendment is the old table's and what comes after
    the next one's; a payment that names the old version is refused, and keeps its money."""
    life, chain = living(kernel, token), kernel.chain
    old, heir = life.agreement, kernel.chain.account()
    next_ = life.next(Tree.of([(heir, 1)]))
    signatures = life.sign(AMENDMENT, life.succession(next_))
    amend = life.registry.data(
        "amend", life.see.address, *old.preimage, *next_.preimage, life.office.deadline,
        signatures, b"", 0,
    )  # fmt: skip
    pay = life.see.data("pay", ZERO, 400, bytes(32), 0)
    calls: list[tuple[str, bytes, int]] = [
        (life.see.address, pay, 400),
        (life.see.address, b"", 100),
        (life.registry.address, amend, 0),
        (life.see.address, pay, 400),
        (life.see.address, b"", 30),
    ]
    chain.rpc("evm_setAutomine", False)
    try:
        hashes = [
            chain.rpc(
                "eth_sendTransaction",
                {
                    "from": chain.me,
                    "to": to,
                    "data": "0x" + data.hex(),
                    "value": hex(value),
                    "gas": hex(4_000_000),
                    "gasPrice": "0x0",
                },
            )
            for to, data, value in calls
        ]
        chain.rpc("evm_mine")
    finally:
        chain.rpc("evm_setAutomine", True)
    receipts = [chain.rpc("eth_getTransactionReceipt", each) for each in hashes]
    assert len({receipt["blockNumber"] for receipt in receipts}) == 1
    assert [receipt["status"] for receipt in receipts] == ["0x1", "0x1", "0x1", "0x0", "0x1"]
    assert life.see.closed(ZERO, 0) == (500, 0, 0)
    assert dues(life, old, 0) == [125, 375]
    assert dues(life, next_, 1) == [30]


def test_what_is_owed_stays_through_many_versions(kernel: Kernel, token: Contract) -> None:
    """Rule: what a version owes is the same after any number of closings, and is never received
    again by the one that is in force."""
    life = living(kernel, token, shares=(1, 3), per_page=1)
    first = life.agreement
    kernel.pay(life.see, 400)
    kernel.pay(life.see, 40, token)
    for _ in range(5):
        life.amend(first)
        assert life.see.received(ZERO) == life.see.received(token.address) == 0
        assert dues(life, first, 0) == [100, 300]
        assert dues(life, first, 0, token.address) == [10, 30]
    assert [life.see.closed(ZERO, n) for n in range(1, 5)] == [(0, 0, 0)] * 4
    for page in (0, 1):
        life.payout(page)  # moves nothing
    assert kernel.chain.balance(life.see.address) == 400
    claim_all(life, (first, 0), currencies=[ZERO, token.address])
    assert had(life, first, ZERO) == [100, 300]
