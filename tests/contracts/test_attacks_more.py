"""What mutants of the contracts survived: own counts across currencies and fallen balances."""

from __future__ import annotations

import pytest

from tests.contracts.consent import Office
from tests.contracts.evm import ZERO, Contract, Kernel, Tree, kept, key, refused

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
        assert split.seat(token.address, key(index, accounts[place])) == (0,) * 4


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


@pytest.mark.parametrize(("length", "good"), [(1024, True), (1025, False), (2**32 - 1, False)])
def test_a_signature_is_no_longer_than_its_block(kernel: Kernel, length: int, good: bool) -> None:
    """Also where the contract says yes to anything: what is asked is well formed."""
    office, voice = Office.open(kernel), kernel.chain.account()
    says_yes = bytes.fromhex("631626ba7e60e01b5f5260205ff3")  # the magic word
    kernel.chain.set_code(voice, says_yes)
    office.agreement = office.agreement.changed(voices=((voice, 1),))
    pointer = (64 << 32 | length).to_bytes(32, "big")
    signatures = bytes(32) + pointer + bytes(1024)
    if good:
        office.register(signatures=signatures)
        return
    with refused("execution reverted 0x"):  # by the slice that is out of its bounds
        office.register(signatures=signatures)


@pytest.mark.parametrize("coin", ["native", "token"])
def test_a_payout_sees_what_many_claimed(kernel: Kernel, token: Contract, coin: str) -> None:
    """Claims of several seats at once are not paid again by the next payout."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 1), (b, 3)])
    split = kernel.split(tree)
    paid, currency = (None, ZERO) if coin == "native" else (token, token.address)
    for index in (0, 1):
        kernel.join(split, tree, index)
    kernel.pay(split, 400, paid)
    split.claim_many([key(0, a), key(1, b)], [currency])
    kernel.pay(split, 400, paid)
    kernel.payout(split, tree, 0, currency)
    had = [token.balanceOf(x) if paid else kernel.chain.balance(x) for x in (a, b)]
    assert had == [200, 600]


def test_a_token_that_says_no_to_a_kept_seat_keeps_it_again(
    kernel: Kernel, token: Contract
) -> None:
    """False is no payment, also where the seat's own count is read."""
    a = kernel.chain.account()
    tree = Tree.of([(a, 1)])
    split = kernel.split(tree)
    kernel.pay(split, 400, token)
    for mode in (2, 5):  # answers false, and moves nothing; moves, and answers two
        token.set(2, 0, False)
        assert kept(kernel.payout(split, tree, 0, token.address)) == [0]
        with kernel.chain.undone():
            token.set(mode, 0, False)
            assert kept(kernel.payout(split, tree, 0, token.address)) == [0]
    token.set(0, 0, False)
    assert kept(kernel.payout(split, tree, 0, token.address)) == []
    assert token.balanceOf(a) == 400


def test_data_without_coin_is_no_payment(kernel: Kernel) -> None:
    """A call of a function that is not there is refused where it brings nothing."""
    split = kernel.split(Tree.of([(kernel.chain.account(), 1)]))
    with refused("not payable"):
        kernel.chain.send(split.address, b"\1\2\3\4")
    kernel.chain.send(split.address, b"\1\2\3\4", value=1)
    assert split.received(ZERO) == 1


def test_a_claim_that_is_refused_changes_no_book(kernel: Kernel) -> None:
    """join and claim_many revert where the member refuses coin: it is owed as before."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 1), (b, 3)])
    split = kernel.split(tree)
    kernel.pay(split, 400)
    kernel.chain.set_code(b, REVERTS)
    with refused("payment failed"):
        kernel.join(split, tree, 1)
    kernel.join(split, tree, 1, claims=False)
    with refused("payment failed"):
        split.claim_many([key(1, b)], [ZERO])
    kernel.chain.set_code(b, b"")
    split.claim_many([key(1, b)], [ZERO])
    assert kernel.chain.balance(b) == 300


def test_the_plain_paths_are_bounded_too(kernel: Kernel, token: Contract) -> None:
    """Before any payout, a first claim and later ones of an absurd balance stop at the bound."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 1), (b, 3)])
    split = kernel.split(tree)
    kernel.join(split, tree, 0)
    kernel.chain.set_balance(split.address, 2**120)
    token.rebase(split.address, 2**120)
    kernel.join(split, tree, 1)
    split.claim(0, a)
    split.claim_token(token.address, 0, a)
    split.claim_token(token.address, 1, b)
    cap = 2**111 - 1
    had = [(kernel.chain.balance(x), token.balanceOf(x)) for x in (a, b)]
    assert had == [(cap // 4, cap // 4), (cap * 3 // 4, cap * 3 // 4)]
