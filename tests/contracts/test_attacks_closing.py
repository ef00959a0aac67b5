"""Closing books at the edges: after leaves, at the last version, at full size, paid to itself."""

from __future__ import annotations

import pytest
from eth_account import Account
from eth_utils import keccak

from tests.contracts.closing import CLOSED, accounts, dues, keys_of, living, seats, topics, word
from tests.contracts.consent import AMENDMENT, KEYS
from tests.contracts.evm import ZERO, Contract, Kernel, Tree, key, refused
from tests.contracts.life import LATE, Life

REVERTS = bytes.fromhex("5f5ffd")
SHARES = (1, 3, 7, 11, 13)
AMENDED = (
    "Amended(address,bytes32,uint256,uint256,address,bytes32,uint256,uint256,bytes32,"
    "uint256,uint256,uint256,bytes32,bytes,bytes)"
)


# In this order: claimed, paid out (f: the first page only), left by the third, by the fourth.
@pytest.mark.parametrize("per_page", [32, 2, 1])
@pytest.mark.parametrize(
    "story", ["3", "o3", "3o", "c3", "3c", "co3o4", "o3f4c", "3c4o", "34", "f3o"]
)
def test_closing_after_leaves_changes_nobodys_due(
    kernel: Kernel, token: Contract, per_page: int, story: str
) -> None:
    """Rule: where seats have left, what each is due is the same before and after the closing, all
    of it is paid, once, and the next version starts whole."""
    life = living(kernel, token, shares=SHARES, per_page=per_page)
    old, kept = life.agreement, accounts(life.agreement)[4]
    places = seats(old)
    kernel.chain.set_code(kept, REVERTS)
    token.refuse(kept, True)
    for n in (0, 2, 3):
        life.join(places[n][0], False)
    for step in story + ".":
        kernel.pay(life.see, 10_007)
        kernel.pay(life.see, 10_007, token)
        if step == "c":
            life.see.claim(*places[0])
            life.see.claim_token(token.address, *places[0])
        elif step in "of":
            for page in range(len(old.tree.pages) if step == "o" else 1):
                life.payout(page)
                life.payout(page, token.address)
        elif step in "34":
            index, account = places[int(step) - 1]
            life.leave_seat(account, index, [token.address])
    before = [dues(life, old, 0, currency) for currency in (ZERO, token.address)]
    assert before[0] == before[1]
    held = kernel.chain.balance(life.see.address)
    assert held - 7 <= sum(before[0]) <= held  # dust: one for each seat and leave at most
    life.amend(old)
    for currency in (ZERO, token.address):
        assert dues(life, old, 0, currency) == before[0]
        assert dues(life, old, 1, currency) == [0] * 5
        assert life.see.book(currency) == (1, 0)
    kernel.pay(life.see, 3500)
    kernel.pay(life.see, 3500, token)
    assert dues(life, old, 0) == before[0]
    assert dues(life, old, 1) == [100 * part for part in SHARES]
    kernel.chain.set_code(kept, b"")
    token.refuse(kept, False)
    had = [(kernel.chain.balance(x), token.balanceOf(x)) for _, x in places]
    for n in (1, 4):  # who has not joined
        index, account = places[n]
        life.see.claim_versions([life.seat(index, old, 0)], [key(index, account)], [ZERO])
    life.see.claim_versions([], keys_of(old, 0) * 2, [ZERO, token.address])
    with refused("nothing due"):
        life.see.claim_versions([], keys_of(old, 0), [token.address, ZERO])
    for page in range(len(old.tree.pages)):
        life.payout(page)
        life.payout(page, token.address)
    for (_, x), due, part, (coin, tokens) in zip(places, before[0], SHARES, had, strict=True):
        assert kernel.chain.balance(x) == coin + due + 100 * part
        assert token.balanceOf(x) == tokens + due + 100 * part


def native_slot(life: Life) -> int:
    """Where the SEE keeps the book of the native coin, found by its version."""
    for slot in range(32):
        value = life.chain.rpc("eth_getStorageAt", life.see.address, hex(slot), "latest")
        if int(value, 16) >> 8 & 8191 == 1:
            return slot
    raise AssertionError("no book")


def test_the_last_version_is_the_last(kernel: Kernel, token: Contract) -> None:
    """Rule: version 8191 works as any other, and cannot be amended: a version never comes again."""
    life = living(kernel)
    old, rpc = life.agreement, kernel.chain.rpc
    life.amend(old)
    slot = native_slot(life)
    book = int(rpc("eth_getStorageAt", life.see.address, hex(slot), "latest"), 16)
    moved = book & ~(8191 << 8) | 8190 << 8
    rpc("anvil_setStorageAt", life.see.address, hex(slot), "0x" + moved.to_bytes(32, "big").hex())
    assert life.see.version() == 8190
    assert life.see.commitment() == bytes(32)
    rpc("anvil_impersonateAccount", life.registry.address)
    life.see.succeed(bytes(32), old.hash, b"", sender=life.registry.address)
    assert life.see.version() == 8191
    assert life.see.commitment() == old.hash
    kernel.pay(life.see, 400)
    life.version = 8191
    life.join(0)
    life.payout()
    (_, a), (_, b) = seats(old)
    assert (kernel.chain.balance(a), kernel.chain.balance(b)) == (100, 300)
    for version in (8191, LATE | 8191):
        with refused("wrong version"):
            life.see.pay_late(ZERO, 5, bytes(32), version, value=5)
    data = life.see.data("succeed", old.hash, old.hash, b"")
    with refused("last version"):
        kernel.chain.call(life.see.address, data, sender=life.registry.address)


def test_the_largest_amendment_fits_a_transaction(kernel: Kernel) -> None:
    """Rule: 64 voices on both rolls, 8 other currencies on each side, 128 seats published."""
    keys = sorted(
        (Account.from_key(keccak(b"voice" + bytes([n]))) for n in range(64)),
        key=lambda each: int(each.address, 16),
    )
    tokens = sorted(
        (kernel.chain.deploy("Token") for _ in range(16)), key=lambda t: t.address.lower()
    )
    life = living(
        kernel, shares=(1,) * 128, nonce=b"\5" * 32, voices=tuple((k.address, 1) for k in KEYS[:3])
    )
    life.office.keys = list(KEYS[:3])
    sides = [tuple(word(t.address) for t in tokens[at::2]) for at in (0, 1)]
    voices = tuple((k.address, 2**32 - 1) for k in keys)
    life.amend(life.next(life.agreement.tree, voices=voices, currencies=sides[0]))
    for each in tokens:
        kernel.pay(life.see, 128, each)
    life.office.keys = keys
    tree = Tree.of([(kernel.chain.account(), n + 1) for n in range(128)])
    sums = sum(total << 48 * at for at, total in enumerate(tree.sums))
    receipt = life.amend(
        life.next(tree, currencies=sides[1]), None, b"".join(tree.pages), sums, gas=2**24
    )
    assert int(receipt["gasUsed"], 16) < 4_000_000
    assert {life.see.book(each.address) for each in tokens} == {(2, 0)}


def test_amendments_of_one_block_are_told_apart(kernel: Kernel) -> None:
    """Rule: two amendments in one block: each event names its version, and the second the block
    of the first, its own: who walks back must go by the version."""
    life, chain = living(kernel), kernel.chain
    calls = []
    for n in range(2):
        next_ = life.next(life.agreement.tree, nonce=bytes([n + 1]) * 32)
        calls.append(
            life.registry.data(
                "amend",
                life.see.address,
                *life.agreement.preimage,
                *next_.preimage,
                life.office.deadline,
                life.sign(AMENDMENT, life.succession(next_)),
                b"",
                0,
            )
        )
        life.agreement, life.version = next_, life.version + 1
    chain.rpc("evm_setAutomine", False)
    try:
        sent = [
            chain.rpc(
                "eth_sendTransaction",
                {
                    "from": chain.me,
                    "to": life.registry.address,
                    "data": "0x" + data.hex(),
                    "gas": hex(4_000_000),
                    "gasPrice": "0x0",
                },
            )
            for data in calls
        ]
        chain.rpc("evm_mine")
    finally:
        chain.rpc("evm_setAutomine", True)
    receipts = [chain.rpc("eth_getTransactionReceipt", each) for each in sent]
    blocks = [int(each["blockNumber"], 16) for each in receipts]
    assert blocks[0] == blocks[1]
    registered, _, _, version, amended, _ = life.registry.record(life.see.address)
    assert (version, amended) == (2, blocks[0])
    logs = [topics(each, AMENDED)[0]["data"] for each in receipts]
    told = [(int(data[2:66], 16), int(data[66:130], 16)) for data in logs]
    assert told == [(1, registered), (2, blocks[0])]


@pytest.mark.parametrize("coin", ["native", "token"])
def test_a_see_that_is_its_own_member_stays_solvent(
    kernel: Kernel, token: Contract, coin: str
) -> None:
    """Rule: an amended table can name the SEE itself: what it pays itself is received by the
    version in force, is split again, and is never made up, across closings too."""
    life = living(kernel, token)
    token.approve(life.see.address, 2**255)
    paid, currency = (token, token.address) if coin == "token" else (None, ZERO)
    a = kernel.chain.account()
    tree = Tree.of(sorted([(a, 1), (life.see.address, 1)], key=lambda seat: int(seat[0], 16)))
    life.amend(life.next(tree))
    own = life.agreement
    kernel.pay(life.see, 1000, paid)
    life.amend(own)
    kernel.pay(life.see, 1000, paid)
    life.see.pay_late(currency, 400, bytes(32), 1, value=0 if paid else 400)
    joins = [life.seat(n, own, version) for version in (1, 2) for n in (0, 1)]
    keys = [*keys_of(own, 1), *keys_of(own, 1 | LATE), *keys_of(own, 2)]
    life.see.claim_versions(joins, keys, [currency])
    for _ in range(30):
        life.payout(0, currency)
    had = int(token.balanceOf(a)) if paid else kernel.chain.balance(a)
    left = (
        int(token.balanceOf(life.see.address)) if paid else kernel.chain.balance(life.see.address)
    )
    assert had + left == 2400
    assert left <= 4
    assert dues(life, own, 1, currency) == dues(life, own, 1 | LATE, currency) == [0, 0]
    kernel.pay(life.see, 100, paid)
    receipt = life.amend(own)
    assert len(topics(receipt, CLOSED)) >= 1
    assert sum(dues(life, own, 2, currency)) <= 100 + left


@pytest.mark.parametrize("per_page", [32, 1])
def test_little_money_of_a_table_with_leavers_is_owed_too(
    kernel: Kernel, token: Contract, per_page: int
) -> None:
    """Rule: a book of which shares have left is kept, however little it holds: its base is no
    amount then. The leaver's part is owed as the others' are."""
    life = living(kernel, token, shares=(1, 3, 60), per_page=per_page)
    old = life.agreement
    (_, a), (_, b), (index, leaver) = seats(old)
    kernel.pay(life.see, 64, token)
    life.join(index, False)
    life.leave_seat(leaver, index, [token.address])
    life.amend(life.next(Tree.of([(kernel.chain.account(), 1)])))
    assert dues(life, old, 0, token.address) == [1, 3, 60]
    assert life.see.closed(token.address, 0) == (4, 0, 60)
    joins = [life.seat(n, old, 0) for n, _ in seats(old)]
    life.see.claim_versions(joins, keys_of(old, 0), [token.address])
    assert [token.balanceOf(x) for x in (a, b, leaver)] == [1, 3, 60]
