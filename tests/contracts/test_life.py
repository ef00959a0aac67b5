"""The life of a SEE as it is meant: amend, leave, redirect, late invoices, the end."""

from __future__ import annotations

import pytest

from tests.contracts.consent import KEYS, Agreement, Office
from tests.contracts.evm import ZERO, Contract, Kernel, Tree, key
from tests.contracts.life import LATE, Life

DAY = 86400


@pytest.fixture
def life(kernel: Kernel, token: Contract) -> Life:
    """A SEE of three voices, who have seats, and a fourth seat. Native coin and a token."""
    office = Office.open(kernel)
    office.keys = list(KEYS[:3])
    seats = sorted(
        [(k.address, shares) for k, shares in zip(KEYS[:3], (40, 35, 5), strict=True)]
        + [(kernel.chain.account(), 20)],
        key=lambda seat: int(seat[0], 16),
    )
    office.agreement = Agreement(
        Tree.of(seats),
        tuple((k.address, 1) for k in KEYS[:3]),
        kernel.chain.now() + 100 * DAY,
        currencies=(bytes(32), bytes.fromhex(token.address[2:]).rjust(32, b"\0")),
    )
    return Life(office)


def test_amend(life: Life, token: Contract) -> None:
    """What was earned before is owed under the old table, and what comes under the next."""
    a, b = life.chain.account(), life.chain.account()
    tree = life.agreement.tree
    life.kernel.pay(life.see, 1000)
    life.kernel.pay(life.see, 2000, token)
    life.join(0)
    account = "0x" + tree.pages[0][:20].hex()
    share = int.from_bytes(tree.pages[0][26:32], "big")
    print("amend first", int(life.amend(life.next(Tree.of([(a, 1), (b, 3)])))["gasUsed"], 16))
    assert life.see.version() == 1
    assert life.see.received(ZERO) == 0 and life.see.received(token.address) == 0
    life.kernel.pay(life.see, 400)
    r = life.see.claim_versions([life.seat(1)], [key(1, b, 1), key(0, account)], [ZERO, token.address])
    print("claim_versions", int(r["gasUsed"], 16))
    assert life.chain.balance(b) == 300
    assert token.balanceOf(account) == 2000 * share // 100
    print("amend", int(life.amend(life.next(Tree.of([(a, 1), (b, 3)])))["gasUsed"], 16))
    life.see.claim_versions([life.seat(0, version=1)], [key(0, a, 1)], [ZERO])
    assert life.chain.balance(a) == 100
    life.see.pay_late(ZERO, 40, bytes(32), 1, value=40)
    life.see.claim_versions([], [key(0, a, 1 | LATE), key(1, b, 1 | LATE)], [ZERO])
    assert life.chain.balance(a) == 110 and life.chain.balance(b) == 330
    assert life.see.received(ZERO) == 0


def test_leave(life: Life, token: Contract) -> None:
    tree = life.agreement.tree
    accounts = ["0x" + tree.pages[0][at : at + 20].hex() for at in range(0, 128, 32)]
    shares = [int.from_bytes(tree.pages[0][at + 26 : at + 32], "big") for at in range(0, 128, 32)]
    life.kernel.pay(life.see, 1000)
    life.kernel.pay(life.see, 2000, token)
    for n in range(4):
        life.join(n)
        life.see.claim_token(token.address, n, accounts[n])
    before = [life.chain.balance(x) for x in accounts]
    life.kernel.pay(life.see, 1000)
    place = [k.address.lower() for k in KEYS[:3]]
    n = next(i for i in range(4) if accounts[i] in place)
    r = life.leave(accounts[n], place.index(accounts[n]), n)
    print("leave.2", int(r["gasUsed"], 16))
    life.kernel.pay(life.see, 600)
    life.payout()
    live = 100 - shares[n]
    for i in range(4):
        got = life.chain.balance(accounts[i]) - before[i]
        if i != n:
            assert abs(got - (10 * shares[i] + 600 * shares[i] / live)) < 1
    life.see.claim(n, accounts[n])
    assert life.chain.balance(accounts[n]) - before[n] == 10 * shares[n]


def test_redirect(life: Life, token: Contract) -> None:
    tree = life.agreement.tree
    account, other = "0x" + tree.pages[0][:20].hex(), life.chain.account()
    share = int.from_bytes(tree.pages[0][26:32], "big")
    life.kernel.pay(life.see, 1000)
    life.join(0, False)
    print("redirect", int(life.redirect(account, other, key(0, account))["gasUsed"], 16))
    life.payout()
    assert life.chain.balance(other) == share * 10
