"""What an amendment does to currencies: named, unnamed, rebasing, and absurdly large."""

from __future__ import annotations

import pytest

from tests.contracts.closing import dues, keys_of, living, named, seats
from tests.contracts.evm import Contract, Kernel, Tree, key, refused
from tests.contracts.life import LATE

CAP = 2**111 - 1


def test_a_balance_that_moves_across_a_close(kernel: Kernel, token: Contract) -> None:
    """Rule: a token that rebases: what a closed version owes comes first, and what grows beside
    it is the version's in force; nobody takes twice, and all is paid once it is back."""
    life = living(kernel, token)
    old = life.agreement
    (_, a), (_, b) = seats(old)
    heir = kernel.chain.account()
    kernel.pay(life.see, 400, token)
    life.join(0)
    life.see.claim_token(token.address, 0, a)
    life.amend(life.next(Tree.of([(heir, 1)])))
    life.join(0)
    assert dues(life, old, 0, token.address) == [0, 300]
    token.rebase(life.see.address, 310)  # up: the ten are the heir's
    life.see.claim_token(token.address, 0, heir)
    assert token.balanceOf(heir) == 10
    token.rebase(life.see.address, 200)  # down
    with refused("nothing due"):
        life.see.claim_token(token.address, 0, heir)
    life.see.claim_versions([life.seat(1, old, 0)], [key(1, b)], [token.address])
    assert token.balanceOf(b) == 200
    kernel.pay(life.see, 60, token)
    with refused("nothing due"):
        life.see.claim_token(token.address, 0, heir)
    life.see.claim_versions([], [key(1, b), key(0, a)], [token.address])
    assert token.balanceOf(b) == 260
    kernel.pay(life.see, 100, token)
    keys = [key(1, b), key(0, a), key(0, heir, 1)]
    life.see.claim_versions([], keys, [token.address])
    assert [token.balanceOf(x) for x in (a, b, heir)] == [100, 300, 70]
    assert token.balanceOf(life.see.address) == 0
    # Closed while the balance is below what is owed: the debt stays, and is never made up twice.
    kernel.pay(life.see, 500, token)
    token.rebase(life.see.address, 0)
    life.amend(life.next(Tree.of([(a, 1)])))
    kernel.pay(life.see, 50, token)
    assert dues(life, life.agreement, 2, token.address) == [50]


@pytest.mark.parametrize("balance", [CAP - 1, CAP, CAP + 1, 2**112, 2**144, 2**255, 2**256 - 1])
@pytest.mark.parametrize("per_page", [32, 1])
def test_amounts_at_their_widest_across_a_close(
    kernel: Kernel, token: Contract, balance: int, per_page: int
) -> None:
    """Rule: at 2**111 and beyond no field spills, no call bricks, and nobody has more than its
    part of what is divided, nor all together more than is there."""
    life = living(kernel, token, shares=(1, 2**48 - 2), per_page=per_page)
    old, total = life.agreement, 2**48 - 1
    (_, a), (i, b) = seats(old)
    token.rebase(life.see.address, balance)
    capped = min(balance, CAP)
    before = dues(life, old, 0, token.address)
    assert before == [capped // total, capped * (total - 1) // total]
    life.amend(old)
    assert life.see.version() == 1
    assert life.see.received(token.address) == 0
    assert dues(life, old, 0, token.address) == before
    assert life.see.closed(token.address, 0) == (capped, 0, 0)
    life.join(0)
    life.join(i)
    life.see.claim_versions([life.seat(0, old, 0)], [key(0, a)], [token.address])
    life.amend(old)
    life.see.claim_versions([life.seat(i, old, 0)], [key(i, b)], [token.address])
    assert [token.balanceOf(x) for x in (a, b)] == before
    for version in (1, 2):
        rest = dues(life, old, version, token.address)
        assert sum(rest) <= balance - sum(before)
    with refused("nothing due"):
        life.see.claim_versions([], keys_of(old, 0), [token.address])
    token.rebase(life.see.address, 0)
    life.amend(old)
    kernel.pay(life.see, 10 * total, token)
    assert dues(life, old, 3, token.address) == [10, 10 * (total - 1)]


def test_tokens_that_both_name_and_neither(kernel: Kernel, token: Contract) -> None:
    """Rule: one named by the next agreement only, by the old one only, by both: all are closed
    by the amendment. One that neither names stays with the old table until anybody touches it."""
    new, loose = kernel.chain.deploy("Token"), kernel.chain.deploy("Token")
    life = living(kernel, token)
    old, heir = life.agreement, kernel.chain.account()
    (_, a), _ = seats(old)
    for each in (token, new, loose):
        kernel.pay(life.see, 400, each)
    life.amend(life.next(Tree.of([(heir, 1)]), currencies=named(new)))
    assert [life.see.book(each.address) for each in (token, new, loose)] == [(1, 0), (1, 0), (0, 0)]
    for each in (token, new, loose):
        kernel.pay(life.see, 400, each)
    current = life.agreement
    for each in (token, new):
        assert dues(life, old, 0, each.address) == [100, 300]
        assert dues(life, current, 1, each.address) == [400]
    assert dues(life, old, 0, loose.address) == [200, 600]
    assert dues(life, current, 1, loose.address) == [0]
    life.join(0)
    with refused("not joined"):  # its book still asks for the seat of the old version
        life.see.claim_token(loose.address, 0, heir)
    with refused("wrong table"):
        life.payout(0, loose.address)
    life.see.claim_versions([life.seat(0, old, 0)], [key(0, a)], [loose.address])
    life.see.touch(loose.address, [])
    assert life.see.book(loose.address) == (1, 0)
    with kernel.chain.undone():
        life.see.touch(loose.address, [])
        assert dues(life, old, 0, loose.address) == [0, 600]
    kernel.pay(life.see, 400, loose)
    assert dues(life, old, 0, loose.address) == [0, 600]
    assert dues(life, current, 1, loose.address) == [400]
    late = kernel.chain.deploy("Token")
    kernel.pay(life.see, 400, late)
    late.approve(life.see.address, 80)
    life.see.pay(late.address, 80, bytes(32))  # touches by itself
    assert dues(life, old, 0, late.address) == [100, 300]
    assert dues(life, current, 1, late.address) == [80]


def test_a_closing_tells_a_book_who_was_redirected(kernel: Kernel, token: Contract) -> None:
    """Rule: a token's book that did not know of a redirect knows of it once it is closed: what
    the closed version owes, what is paid it late and what comes next goes where it should."""
    life = living(kernel, token)
    token.approve(life.see.address, 2**255)
    old, to = life.agreement, kernel.chain.account()
    (_, a), _ = seats(old)
    kernel.pay(life.see, 400, token)
    life.join(0)
    life.see.claim_token(token.address, 0, a)
    life.redirect(a, to, key(0, a))  # the token is not named, though its book was used
    kernel.pay(life.see, 400, token)
    life.amend(old)
    kernel.pay(life.see, 400, token)
    life.see.pay_late(token.address, 400, bytes(32), 0)
    life.see.claim_versions([life.seat(0)], keys_of(old, 0)[:1], [token.address])
    assert token.balanceOf(to) == 100
    life.see.claim_versions([], [key(0, a, LATE)], [token.address])
    life.payout(0, token.address)
    assert (token.balanceOf(a), token.balanceOf(to)) == (100, 300)
