"""What mutants of the contracts survived: own counts across currencies and fallen balances."""

from __future__ import annotations

import pytest

from tests.contracts.evm import Contract, Kernel, Tree, kept, refused

REVERTS = bytes.fromhex("5f5ffd")


@pytest.mark.parametrize("per_page", [32, 1])
def test_a_count_of_one_currency_is_none_of_another(
    kernel: Kernel, token: Contract, per_page: int
) -> None:
    """A seat to which coin was kept, and a token pushed, is not paid the token again."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 1), (b, 3)], per_page)
    split = kernel.split(tree)
    page, index = (0, 1) if per_page == 32 else (1, 32)
    kernel.chain.set_code(b, REVERTS)
    kernel.pay(split, 400)
    assert kept(kernel.payout(split, tree, page)) == [index]
    kernel.pay(split, 400, token)
    assert kept(kernel.payout(split, tree, page, token.address)) == []
    with refused("nothing due"):
        split.claim_token(token.address, index, b)
    kernel.pay(split, 400, token)
    split.claim_token(token.address, index, b)
    kernel.payout(split, tree, page, token.address)
    assert token.balanceOf(b) == 600
    kernel.chain.set_code(b, b"")
    split.claim(index, b)
    assert kernel.chain.balance(b) == 300


@pytest.mark.parametrize("per_page", [32, 1])
def test_a_payout_of_a_fallen_balance_touches_no_seat_that_was_pushed(
    kernel: Kernel, token: Contract, per_page: int
) -> None:
    """Where C is below the base nothing is due to who was pushed: no push to it is tried."""
    accounts = [kernel.chain.account() for _ in range(3)]
    tree = Tree.of([(account, 1) for account in accounts], per_page)
    split = kernel.split(tree)
    pages = range(len(tree.pages))
    token.refuse(accounts[2], True)
    kernel.pay(split, 300, token)
    for page in pages:
        kernel.payout(split, tree, page, token.address)
    token.rebase(split.address, 0)
    for page in pages:
        assert set(kept(kernel.payout(split, tree, page, token.address))) <= {2, tree.index(2)}
    for place in (0, 1):
        index = place if per_page == 32 else tree.index(place)
        assert split.seat(token.address, index, accounts[place]) == (0, 0, 0, False)


@pytest.mark.parametrize("per_page", [32, 1])
def test_a_push_below_the_base_is_all_that_a_seat_is_told_to_have(
    kernel: Kernel, token: Contract, per_page: int
) -> None:
    """A kept seat that is pushed while C is below the base is paid the rest afterwards."""
    accounts = [kernel.chain.account() for _ in range(4)]
    tree = Tree.of([(account, 1) for account in accounts], per_page)
    split = kernel.split(tree)

    def payout() -> None:
        for page in range(len(tree.pages)):
            kernel.payout(split, tree, page, token.address)

    for account in accounts[2:]:
        token.refuse(account, True)
    kernel.pay(split, 400, token)
    payout()
    token.rebase(split.address, 100)  # C is 300, below the base of 400
    token.refuse(accounts[3], False)
    payout()
    assert token.balanceOf(accounts[3]) == 75
    kernel.pay(split, 100, token)  # C is 400 again
    token.refuse(accounts[2], False)
    for _ in range(2):
        payout()
        assert [token.balanceOf(account) for account in accounts] == [100] * 4


def test_a_balance_beside_what_was_paid_does_not_wrap(kernel: Kernel, token: Contract) -> None:
    """A balance that would wrap with what was paid still pays every part of the bound."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 1), (b, 3)])
    split = kernel.split(tree)
    for index in (0, 1):
        kernel.join(split, tree, index)
    kernel.pay(split, 400, token)
    split.claim_token(token.address, 0, a)
    token.rebase(split.address, 2**256 - 1)
    split.claim_token(token.address, 1, b)
    assert token.balanceOf(b) == (2**111 - 1) * 3 // 4
