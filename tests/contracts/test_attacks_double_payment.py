"""No mix of joining, claiming and paying out pays a seat more than its part, or less."""

from __future__ import annotations

import pytest

from tests.contracts.evm import (
    PULL_ONLY,
    ZERO,
    Contract,
    Kernel,
    Tree,
    kept,
    key,
    parts,
    refused,
    table_hash,
)

REVERTS = bytes.fromhex("5f5ffd")


@pytest.fixture
def pair(kernel: Kernel) -> tuple[Tree, Contract, str, str]:
    """Two seats, one share and three."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 1), (b, 3)])
    return tree, kernel.split(tree), a, b


Pair = tuple[Tree, Contract, str, str]


def test_a_key_named_twice_is_paid_once(kernel: Kernel, token: Contract, pair: Pair) -> None:
    """claim_many with repeated keys and repeated currencies pays each seat once."""
    tree, split, a, _ = pair
    kernel.join(split, tree, 0)
    kernel.pay(split, 100)
    kernel.pay(split, 1000, token)
    split.claim_many([key(0, a)] * 64, [ZERO, token.address, ZERO, token.address])
    assert kernel.chain.balance(a) == 25
    assert token.balanceOf(a) == 250


@pytest.mark.parametrize("high", [1 << 32, 1 << 33, 1 << 95])
def test_an_index_has_no_second_name(
    kernel: Kernel, token: Contract, pair: Pair, high: int
) -> None:
    """Bits of an index above 2**32 open no second account of a seat."""
    tree, split, a, _ = pair
    kernel.join(split, tree, 0)
    kernel.pay(split, 100)
    kernel.pay(split, 100, token)
    split.claim(0, a)
    split.claim_token(token.address, 0, a)
    with refused("nothing due"):
        split.claim(high, a)
    with refused("nothing due"):
        split.claim_token(token.address, high, a)
    for currencies in ([ZERO], [token.address]):
        with refused("wrong version"):
            split.claim_many([key(high, a)], currencies)
    with refused("wrong page"):
        split.join(tree.table, high, tree.pages[0])
    with refused("wrong page"):
        split.join_page(tree.table, high, tree.pages[0], b"")


def test_an_index_above_32_bits_marks_its_seat_too(kernel: Kernel, pair: Pair) -> None:
    """A claim under an index that is too high is seen by the next payout."""
    tree, split, a, b = pair
    kernel.join(split, tree, 1)
    kernel.pay(split, 100)
    split.claim((1 << 32) + 1, b)
    kernel.payout(split, tree)
    assert (kernel.chain.balance(a), kernel.chain.balance(b)) == (25, 75)


def test_an_account_twice_in_a_page_has_both_its_seats(kernel: Kernel, token: Contract) -> None:
    """The same account on two seats of a page is paid for each, once, by any mix."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 1), (a, 2), (a, 2), (b, 5)])
    split = kernel.split(tree)
    kernel.pay(split, 100)
    kernel.join(split, tree, 1)
    kernel.payout(split, tree)
    kernel.pay(split, 100)
    split.claim(1, a)
    kernel.join(split, tree, 0)
    kernel.payout(split, tree)
    assert (kernel.chain.balance(a), kernel.chain.balance(b)) == (100, 100)


def test_an_account_is_nobody_at_a_wrong_index(kernel: Kernel, pair: Pair) -> None:
    """A joined account can't claim under its neighbour's index."""
    tree, split, a, b = pair
    kernel.join(split, tree, 0)
    kernel.join(split, tree, 1)
    kernel.pay(split, 100)
    for index, account in ((1, a), (0, b), (2, a)):
        with refused("not joined"):
            split.claim(index, account)


def test_a_page_is_not_paid_under_another_number(kernel: Kernel) -> None:
    """Neither payout nor join takes a page under a number that is not its own."""
    tree = Tree.of([(kernel.chain.account(), 1) for _ in range(5)], per_page=1)
    split = kernel.split(tree)
    kernel.pay(split, 1000)
    for page in (0, 4):
        for number in (*(n for n in range(6) if n != page), 2**27 + page, 2**91 + page, 2**256 - 1):
            with refused():
                split.payout_page(tree.table, number, tree.pages[page], tree.proof(page))
            if number < 2**250:
                with refused():
                    split.join_page(tree.table, number * 32, tree.pages[page], tree.proof(page))
    kernel.payout(split, tree, 4)


@pytest.mark.parametrize("page", [1, 2, 32, 2**27, 2**91, 2**256 - 1])
def test_the_only_page_has_no_second_number(kernel: Kernel, pair: Pair, page: int) -> None:
    """Under another number a payout would look for claims in slots where none are."""
    tree, split, a, b = pair
    kernel.pay(split, 100)
    kernel.join(split, tree, 1)
    with refused("wrong page"):
        split.payout_page(tree.table, page, tree.pages[0], b"", ZERO)
    split.payout_page(tree.table, 0, tree.pages[0], b"", ZERO)
    assert (kernel.chain.balance(a), kernel.chain.balance(b)) == (25, 75)


def test_equal_pages_are_two_pages(kernel: Kernel) -> None:
    """A table with the same page twice pays each of them once."""
    a = kernel.chain.account()
    tree = Tree.of([(a, 3), (a, 3)], per_page=1)
    split = kernel.split(tree)
    kernel.pay(split, 100)
    for _ in range(2):
        kernel.payout(split, tree, 0)
    assert kernel.chain.balance(a) == 50
    kernel.payout(split, tree, 1)
    kernel.join(split, tree, 32, claims=False)
    with refused("nothing due"):
        split.claim(32, a)
    assert kernel.chain.balance(a) == 100


@pytest.mark.parametrize("coin", ["native", "token"])
@pytest.mark.parametrize("pushed_first", [False, True])
def test_a_page_sees_the_claims_before_its_first_payout(
    kernel: Kernel, token: Contract, coin: str, pushed_first: bool
) -> None:
    """Claims on a page that no payout has reached yet are not paid again by it."""
    accounts = [kernel.chain.account() for _ in range(6)]
    tree = Tree.of([(account, 1) for account in accounts], per_page=2)
    split = kernel.split(tree)
    paid = token if coin == "token" else None
    currency = token.address if paid else ZERO

    def claim(place: int) -> None:
        index = tree.index(place // 2, place % 2)
        if paid:
            kernel.join(split, tree, index, claims=False)
            split.claim_token(currency, index, accounts[place])
        else:
            kernel.join(split, tree, index)

    kernel.pay(split, 600, paid)
    if pushed_first:
        kernel.payout(split, tree, 0, currency)
    claim(2)
    claim(5)
    if not pushed_first:
        kernel.payout(split, tree, 0, currency)
    for _ in range(2):
        kernel.payout(split, tree, 1, currency)
        split.payout_whole(tree.table, tree.pages, currency)
    for account in accounts:
        assert (token.balanceOf(account) if paid else kernel.chain.balance(account)) == 100


def test_join_is_no_way_to_be_paid_after_a_payout(kernel: Kernel, pair: Pair) -> None:
    """A seat that was pushed joins with nothing due, and joins only once."""
    tree, split, a, b = pair
    kernel.pay(split, 100)
    kernel.payout(split, tree)
    kernel.join(split, tree, 0)
    with refused("nothing due"):
        split.claim(0, a)
    for claims in (True, False):
        with refused("already joined"):
            kernel.join(split, tree, 0, claims)
    assert (kernel.chain.balance(a), kernel.chain.balance(b)) == (25, 75)


@pytest.mark.parametrize("per_page", [32, 1])
def test_what_was_kept_is_paid_once(kernel: Kernel, per_page: int) -> None:
    """A seat whose pushes failed, claims, is pushed again, claims: once each."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 1), (b, 3)], per_page)
    split = kernel.split(tree)
    page, index = (0, 1) if per_page == 32 else (1, 32)
    kernel.chain.set_code(b, REVERTS)
    for _ in range(2):
        kernel.pay(split, 100)
        assert kept(kernel.payout(split, tree, page)) == [index]
    assert split.dues(
        ZERO, 4, len(tree.pages), index, [int.from_bytes(tree.pages[page][-32:])]
    ) == (150,)
    with refused("already joined"):
        kernel.join(split, tree, index)
    with refused("payment failed"):
        split.claim(index, b)
    kernel.chain.set_code(b, b"")
    split.claim(index, b)
    assert kernel.chain.balance(b) == 150
    kernel.payout(split, tree, page)
    assert kernel.chain.balance(b) == 150
    kernel.pay(split, 100)
    kernel.payout(split, tree, page)
    with refused("nothing due"):
        split.claim(index, b)
    kernel.pay(split, 100)
    split.claim(index, b)
    kernel.payout(split, tree, page)
    assert kernel.chain.balance(b) == 300


def test_seats_that_share_a_mark_share_nothing_else(kernel: Kernel) -> None:
    """Seats whose indexes are equal modulo 8, one claimed, one kept, one plain."""
    accounts = [kernel.chain.account() for _ in range(24)]
    tree = Tree.of([(account, 1) for account in accounts])
    split = kernel.split(tree)
    kernel.chain.set_code(accounts[8], REVERTS)
    kernel.pay(split, 2400)
    kernel.join(split, tree, 0)
    kernel.payout(split, tree)
    kernel.pay(split, 2400)
    split.claim(0, accounts[0])
    kernel.payout(split, tree)
    kernel.chain.set_code(accounts[8], b"")
    kernel.payout(split, tree)
    assert [kernel.chain.balance(account) for account in accounts] == [200] * 24


def test_pull_only_is_never_pushed_and_loses_nothing(kernel: Kernel, token: Contract) -> None:
    """A pull-only seat is kept its part by each payout, takes it by itself, and once."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 1), (b, 3, PULL_ONLY)])
    split = kernel.split(tree)
    for coin, currency in ((None, ZERO), (token, token.address)):
        for _ in range(3):
            kernel.pay(split, 100, coin)
            assert kept(kernel.payout(split, tree, 0, currency)) == [1]
        split.claim_many([key(1, b)], [currency])
        kernel.payout(split, tree, 0, currency)
        with refused("nothing due"):
            split.claim_many([key(1, b)], [currency])
    assert kernel.chain.balance(b) == token.balanceOf(b) == 225


def test_a_seat_without_shares_gets_nothing(kernel: Kernel) -> None:
    """A seat of zero shares joins, is paid out nothing, and blocks nobody."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 0), (b, 3)])
    split = kernel.split(tree)
    kernel.pay(split, 100)
    kernel.join(split, tree, 0)
    kernel.payout(split, tree)
    kernel.pay(split, 100)
    with refused("nothing due"):
        split.claim(0, a)
    kernel.payout(split, tree)
    assert (kernel.chain.balance(a), kernel.chain.balance(b)) == (0, 200)


def test_odd_accounts_stop_nobody(kernel: Kernel, token: Contract) -> None:
    """Seats of the zero address, precompiles, the implementation and the Registry."""
    odd = [ZERO, *(f"0x{n:040x}" for n in range(1, 18))]
    odd += sorted([kernel.splitter.address, kernel.registry.address], key=str.lower)
    honest = kernel.chain.account()
    tree = Tree.of([(account, 1) for account in (*odd, honest)])
    split = kernel.split(tree)
    for _ in range(2):
        kernel.pay(split, 2100)
        receipt = kernel.payout(split, tree)
        kernel.pay(split, 2100, token)
        kernel.payout(split, tree, 0, token.address)
    assert {18, 19} <= set(kept(receipt))  # the two contracts take no plain coin
    assert kernel.chain.balance(honest) == 200
    assert token.balanceOf(honest) == 200
    owed = len(kept(receipt)) * 200
    assert kernel.chain.balance(split.address) == owed


def test_a_split_that_is_its_own_member_stays_solvent(kernel: Kernel) -> None:
    """What a Splitter pays to itself is a payment again, split again, and never made up."""
    a = kernel.chain.account()
    # The address follows from the table, so nobody can be on a table that names it: until
    # there are versions, code is put where the seat is.
    seat = kernel.chain.account()
    tree = Tree.of([(a, 1), (seat, 1)])
    split = kernel.split(tree)
    clone = kernel.chain.code(split.address)
    kernel.chain.set_code(seat, clone)
    at_seat = kernel.chain.at("Splitter", seat)
    assert at_seat.commitment() == table_hash(*tree.table[:3])
    kernel.pay(at_seat, 1000)
    for _ in range(30):
        kernel.payout(at_seat, tree)
        with refused():
            at_seat.claim(1, seat)
    kernel.join(at_seat, tree, 1)
    assert kernel.chain.balance(a) + kernel.chain.balance(seat) == 1000
    assert kernel.chain.balance(seat) <= 2


def test_dust_favours_nobody(kernel: Kernel) -> None:
    """A payout after each single smallest unit leaves everyone with the part of the whole."""
    accounts = [kernel.chain.account() for _ in range(3)]
    tree = Tree.of(list(zip(accounts, (1, 2, 4), strict=True)))
    split = kernel.split(tree)
    for _ in range(100):
        kernel.pay(split, 1)
        kernel.payout(split, tree)
    assert [kernel.chain.balance(account) for account in accounts] == parts(tree, 100)
