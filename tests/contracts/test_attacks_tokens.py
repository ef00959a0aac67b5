"""Mad tokens harm themselves only, and what is due of them is carried."""

from __future__ import annotations

import pytest

from tests.contracts.evm import ZERO, Contract, Kernel, Tree, kept, key, raw, refused

NO_ANSWER, FALSE, BALANCE_REVERTS, BURNS, TWO, THIEF, NO_ZERO, LONG, DECLINES = range(1, 10)
CAP = 2**111 - 1

Pair = tuple[Tree, Contract, str, str]


@pytest.fixture
def pair(kernel: Kernel, token: Contract) -> Pair:
    """Two seats, one share and three, joined; 400 of the coin and of the token."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 1), (b, 3)])
    split = kernel.split(tree)
    kernel.join(split, tree, 0)
    kernel.join(split, tree, 1)
    kernel.pay(split, 400)
    kernel.pay(split, 400, token)
    return tree, split, a, b


@pytest.mark.parametrize("mode", [NO_ANSWER, LONG])
def test_a_token_that_answers_oddly_and_moves_is_paid(
    kernel: Kernel, token: Contract, pair: Pair, mode: int
) -> None:
    """No answer, or a long one that starts with true, is a payment."""
    tree, split, a, b = pair
    token.set(mode, 0, False)
    split.claim_token(token.address, 0, a)
    assert kept(kernel.payout(split, tree, 0, token.address)) == []
    assert (token.balanceOf(a), token.balanceOf(b)) == (100, 300)


@pytest.mark.parametrize("mode", [FALSE, BURNS, TWO, THIEF, DECLINES])
def test_a_token_that_refuses_is_owed_and_stops_no_coin(
    kernel: Kernel, token: Contract, pair: Pair, mode: int
) -> None:
    """False, rubbish, burnt gas, a revert: claims revert, pushes keep, the coin flows."""
    tree, split, a, b = pair
    token.set(mode, 0, False)
    with refused():
        split.claim_token(token.address, 0, a)
    assert kept(kernel.payout(split, tree, 0, token.address)) == [0, 1]
    kernel.payout(split, tree)
    assert (kernel.chain.balance(a), kernel.chain.balance(b)) == (100, 300)
    if mode in (FALSE, BURNS, DECLINES):
        token.set(0, 0, False)
        split.claim_token(token.address, 0, a)
        kernel.payout(split, tree, 0, token.address)
        assert (token.balanceOf(a), token.balanceOf(b)) == (100, 300)


@pytest.mark.parametrize("mode", [FALSE, TWO, DECLINES])
def test_a_refusal_is_seen_of_a_seat_that_has_claimed(
    kernel: Kernel, token: Contract, pair: Pair, mode: int
) -> None:
    """The same for a seat whose own slot the payout reads: refused is kept, and paid later."""
    tree, split, a, b = pair
    split.claim_token(token.address, 0, a)
    split.claim_token(token.address, 1, b)
    kernel.pay(split, 400, token)
    token.set(mode, 0, False)
    assert kept(kernel.payout(split, tree, 0, token.address)) == [0, 1]
    token.set(0, 0, False)
    kernel.payout(split, tree, 0, token.address)
    assert (token.balanceOf(a), token.balanceOf(b)) == (200, 600)


def test_a_token_that_tells_no_balance_reverts_and_harms_nothing_else(
    kernel: Kernel, token: Contract, pair: Pair
) -> None:
    """A balanceOf that reverts stops this currency, until it answers again."""
    tree, split, a, _ = pair
    token.set(BALANCE_REVERTS, 0, False)
    for call in (
        lambda: split.claim_token(token.address, 0, a),
        lambda: kernel.payout(split, tree, 0, token.address),
        lambda: split.received(token.address),
    ):
        with refused():
            call()
    split.claim(0, a)
    token.set(0, 0, False)
    split.claim_token(token.address, 0, a)
    assert token.balanceOf(a) == 100


def test_a_token_with_a_fee_splits_what_arrives(
    kernel: Kernel, token: Contract, pair: Pair
) -> None:
    """The books hold what arrived; each bears the fee of its own payment; pay tells the rest."""
    tree, split, a, b = pair
    token.set(0, 10, False)
    kernel.pay(split, 1000, token)
    assert split.received(token.address) == 1300
    split.claim_token(token.address, 0, a)
    kernel.payout(split, tree, 0, token.address)
    assert (token.balanceOf(a), token.balanceOf(b)) == (325 - 32, 975 - 97)
    token.approve(split.address, 100)
    receipt = split.pay(token.address, 100, bytes(32))
    assert int(receipt["logs"][-1]["data"][66:], 16) == 90


def test_a_balance_that_falls_pays_what_is_there_and_owes_the_rest(
    kernel: Kernel, token: Contract, pair: Pair
) -> None:
    """A rebase down, then up: nobody takes back, nobody takes twice, the rest stays owed."""
    tree, split, a, b = pair
    split.claim_token(token.address, 0, a)  # 100 of 400
    token.rebase(split.address, 20)  # C is 120 now
    with refused("nothing due"):
        split.claim_token(token.address, 0, a)
    split.claim_token(token.address, 1, b)  # is due 90, and 20 are there
    assert token.balanceOf(b) == 20
    with refused("nothing due"):
        split.claim_token(token.address, 1, b)
    kernel.payout(split, tree, 0, token.address)
    token.rebase(split.address, 280)  # all is back
    kernel.payout(split, tree, 0, token.address)
    assert (token.balanceOf(a), token.balanceOf(b)) == (100, 300)


@pytest.mark.parametrize("per_page", [32, 1])
def test_a_payout_is_not_undone_by_a_balance_that_falls(
    kernel: Kernel, token: Contract, per_page: int
) -> None:
    """The base never falls: after a rebase down and up again the pushed are not pushed twice."""
    chain = kernel.chain
    accounts = [chain.account() for _ in range(4)]
    tree = Tree.of([(account, 1) for account in accounts], per_page)
    split = kernel.split(tree)
    pages = range(len(tree.pages))
    token.refuse(accounts[3], True)
    kernel.pay(split, 400, token)
    for page in pages:
        kernel.payout(split, tree, page, token.address)
    token.rebase(split.address, 0)  # what was kept for the fourth is gone; C is 300
    for page in pages[:3]:
        expected = [3] if per_page == 32 else []  # nothing is due to the others, nor kept for them
        assert kept(kernel.payout(split, tree, page, token.address)) == expected
    token.refuse(accounts[3], False)
    kernel.pay(split, 40, token)  # C is 340, below the base of 400
    for page in pages:
        kernel.payout(split, tree, page, token.address)
    assert [token.balanceOf(account) for account in accounts[:3]] == [100, 100, 100]
    split.claim_many([key(tree.index(3, 0) if per_page == 1 else 3, accounts[3])], [token.address])
    assert token.balanceOf(accounts[3]) == 40
    kernel.pay(split, 400, token)
    for _ in range(2):
        for page in pages:
            kernel.payout(split, tree, page, token.address)
    had = [token.balanceOf(account) for account in accounts]
    assert had == [185, 185, 185, 185]


def test_a_balance_beyond_all_bounds_stops_nothing(
    kernel: Kernel, token: Contract, pair: Pair
) -> None:
    """Above 2**111 - 1 the rest is undivided: no call reverts, nobody gets more than its part."""
    tree, split, a, b = pair
    for told in (CAP, CAP + 1, 2**112, 2**255, 2**256 - 1):
        with kernel.chain.undone():
            token.rebase(split.address, told)
            assert split.received(token.address) == CAP
            split.claim_token(token.address, 0, a)
            kernel.payout(split, tree, 0, token.address)
            for _ in range(2):
                with refused("nothing due"):
                    split.claim_many([key(0, a), key(1, b)], [token.address])
                kernel.payout(split, tree, 0, token.address)
            assert (token.balanceOf(a), token.balanceOf(b)) == (CAP // 4, CAP * 3 // 4)
            token.rebase(split.address, 0)
            kernel.pay(split, 400, token)
            with refused("nothing due"):
                split.claim_token(token.address, 0, a)


@pytest.mark.parametrize("balance", [CAP, CAP + 1, 2**112 - 1, 2**112, 2**144, 2**256 - 1])
def test_coin_beyond_all_bounds_stops_nothing(kernel: Kernel, balance: int) -> None:
    """The same for the native coin, whose claims have a path of their own."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 1), (b, 2**48 - 2)])
    split = kernel.split(tree)
    kernel.pay(split, 7)
    kernel.payout(split, tree)
    kernel.join(split, tree, 0, claims=False)
    kernel.chain.set_balance(split.address, balance)
    split.claim(0, a)
    kernel.payout(split, tree)
    kernel.join(split, tree, 1)
    total = 2**48 - 1
    assert kernel.chain.balance(a) == CAP // total
    assert kernel.chain.balance(b) == CAP * (total - 1) // total
    with refused("nothing due"):
        split.claim(1, b)


@pytest.mark.parametrize("balance", [CAP, CAP + 1, 2**112, 2**144, 2**255])
@pytest.mark.parametrize("way", ["join", "claim", "claim_many"])
def test_coin_beyond_all_bounds_is_capped_before_any_payout(
    kernel: Kernel, way: str, balance: int
) -> None:
    """The same on the plain path, where no payout has made the book odd."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 2**48 - 2), (b, 1)])
    split = kernel.split(tree)
    if way != "join":
        kernel.join(split, tree, 0, claims=False)
    kernel.chain.set_balance(split.address, balance)
    ways = {
        "join": lambda: kernel.join(split, tree, 0),
        "claim": lambda: split.claim(0, a),
        "claim_many": lambda: split.claim_many([key(0, a)], [ZERO]),
    }
    ways[way]()
    assert kernel.chain.balance(a) == CAP * (2**48 - 2) // (2**48 - 1)


@pytest.mark.parametrize("per_page", [32, 1])
def test_fields_at_their_widest_spill_into_no_other(
    kernel: Kernel, token: Contract, per_page: int
) -> None:
    """Shares of 2**48 - 1 and amounts of 2**111 - 1: base, paid, taken and marks stay apart."""
    a, b = kernel.chain.account(), kernel.chain.account()
    tree = Tree.of([(a, 2**48 - 1), (b, 0)], per_page)
    split = kernel.split(tree)
    kernel.join(split, tree, 0, claims=False)
    token.rebase(split.address, CAP)
    split.claim_token(token.address, 0, a)
    flags = 0 if per_page == 32 else 2
    assert split.seat(token.address, key(0, a)) == (CAP, 2**48 - 1, 2**48 - 1, flags)
    assert split.received(token.address) == CAP
    token.rebase(split.address, 2**200)
    with refused("nothing due"):
        split.claim_token(token.address, 0, a)
    token.refuse(a, True)
    for page in range(len(tree.pages)):
        assert kept(kernel.payout(split, tree, page, token.address)) == []
    assert split.received(token.address) == CAP
    assert split.version() == 0
    with refused("nothing due"):
        split.claim_token(token.address, 0, a)
    assert token.balanceOf(a) == CAP


def test_what_is_no_token_is_refused(kernel: Kernel, token: Contract, pair: Pair) -> None:
    """An account, the zero address, a precompile, the Splitter itself, the Registry."""
    tree, split, a, _ = pair
    nobody = kernel.chain.account()
    precompiles = [f"0x{n:040x}" for n in range(1, 11)]
    for currency in (nobody, *precompiles, split.address, kernel.registry.address, ZERO):
        with refused():
            split.claim_token(currency, 0, a)
        if currency != ZERO:
            with refused():
                split.pay(currency, 5, bytes(32))
    for currency in (nobody, split.address, kernel.registry.address):
        with refused():
            kernel.payout(split, tree, 0, currency)
        with refused():
            split.claim_many([key(0, a)], [currency])


def test_a_seat_with_nothing_due_is_passed_over(
    kernel: Kernel, token: Contract, pair: Pair
) -> None:
    """One currency with nothing due, or with nothing there, does not stop the others."""
    _, split, a, b = pair
    other = kernel.chain.deploy("Token")
    split.claim_many([key(0, a), key(1, b)], [other.address, ZERO, token.address])
    assert token.balanceOf(b) == kernel.chain.balance(b) == 300


def test_a_currency_with_nothing_there_is_passed_over(
    kernel: Kernel, token: Contract, pair: Pair
) -> None:
    """Owed, and nothing there: no transfer of nothing, which some tokens refuse."""
    _, split, a, b = pair
    split.claim_token(token.address, 0, a)
    token.rebase(split.address, 0)  # C is 100, and 75 are due to the other
    token.set(NO_ZERO, 0, False)
    receipt = split.claim_many([key(1, b)], [token.address, ZERO])
    assert len(receipt["logs"]) == 1
    assert kernel.chain.balance(b) == 300


def test_the_coin_under_a_second_address_is_refused(
    kernel: Kernel, token: Contract, pair: Pair
) -> None:
    """A token whose transfer moves the native coin can't be drawn beside the native books."""
    tree, split, a, b = pair
    second = kernel.chain.deploy("SecondName")
    kernel.chain.set_code(
        split.address, sends_when_asked(second, kernel.splitter, split.commitment())
    )
    assert split.received(second.address) == 400
    for call in (
        lambda: split.claim_token(second.address, 0, a),
        lambda: split.claim_many([key(1, b)], [ZERO, second.address]),
        lambda: kernel.payout(split, tree, 0, second.address),
        lambda: split.payout_whole(tree.table, tree.pages, second.address),
    ):
        with refused("one ledger"):
            call()
    kernel.payout(split, tree)
    assert (kernel.chain.balance(a), kernel.chain.balance(b)) == (100, 300)


def sends_when_asked(asker: Contract, implementation: Contract, commitment: bytes) -> bytes:
    """A clone that sends coin to one caller, who says how much, as a chain's own token can."""
    code = b"\x33\x73" + raw(asker.address) + bytes.fromhex("14 6046 57")  # CALLER EQ JUMPI 71
    code += bytes.fromhex("365f5f37 5f5f365f73") + raw(implementation.address)
    code += bytes.fromhex("5af4 3d5f5f3e 5f3d91 6044 57 fd 5bf3")
    code += bytes.fromhex("5b 5f5f5f5f 5f35 33 5a f1 00")
    assert code[0x44] == code[0x46] == 0x5B
    return code.ljust(99, b"\0") + commitment


def test_two_books_of_one_currency_never_mix(kernel: Kernel, token: Contract, pair: Pair) -> None:
    """What is taken of one token changes nothing that is due of another, or of the coin."""
    tree, split, a, b = pair
    other = kernel.chain.deploy("Token")
    kernel.pay(split, 800, other)
    split.claim_token(token.address, 0, a)
    kernel.payout(split, tree, 0, token.address)
    kernel.payout(split, tree, 0, other.address)
    split.claim_many([key(0, a), key(1, b)], [ZERO])
    assert (other.balanceOf(a), other.balanceOf(b)) == (200, 600)
    assert (kernel.chain.balance(a), kernel.chain.balance(b)) == (100, 300)


def test_pay_counts_what_arrives_and_takes_no_coin_with_a_token(
    kernel: Kernel, token: Contract, pair: Pair
) -> None:
    """Coin sent along with a token, or another amount of coin than said, is refused."""
    _, split, _, _ = pair
    token.approve(split.address, 100)
    with refused("wrong amount"):
        split.pay(token.address, 100, bytes(32), value=1)
    for said, sent in ((5, 4), (0, 1), (2**256 - 1, 5)):
        with refused("wrong amount"):
            split.pay(ZERO, said, bytes(32), value=sent)
    token.set(FALSE, 0, False)
    with refused("payment failed"):
        split.pay(token.address, 100, bytes(32))
