"""A payout of the whole table writes no page's slot: nobody is paid twice, or not at all, by it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.closing import dues
from tests.contracts.evm import ZERO, Contract, Kernel, Tree, key, parts, refused, table_hash
from tests.contracts.life import Life

REVERTS = bytes.fromhex("5f5ffd")
SENDS_HALF_BACK = bytes.fromhex("5f5f5f5f3460011c335af100")
COINS = pytest.mark.parametrize("coin", ["native", "token"])


class Desk:
    """A SEE of a few seats to a page, one currency, and what everybody was paid of it."""

    def __init__(
        self,
        kernel: Kernel,
        token: Contract | None,
        shares: tuple[int, ...],
        per_page: int = 2,
        pull_only: frozenset[int] = frozenset(),
    ) -> None:
        self.kernel, self.chain, self.token, self.per_page = kernel, kernel.chain, token, per_page
        self.accounts = [kernel.chain.account() for _ in shares]
        seats = [
            (account, part, at in pull_only)
            for at, (account, part) in enumerate(zip(self.accounts, shares, strict=True))
        ]
        self.life = Life.found(kernel, seats, *([token] if token else []), per_page=per_page)
        self.see, self.tree = self.life.see, self.life.agreement.tree
        self.currency = token.address if token else ZERO
        self.received = 0

    @property
    def table(self) -> tuple[Any, ...]:
        return self.life.agreement.table

    def index(self, seat: int) -> int:
        return seat // self.per_page * 32 + seat % self.per_page

    def pay(self, amount: int) -> None:
        self.kernel.pay(self.see, amount, self.token)
        self.received += amount

    def refuses(self, seat: int, refuses: bool = True) -> None:
        if self.token:
            self.token.refuse(self.accounts[seat], refuses)
        else:
            self.chain.set_code(self.accounts[seat], REVERTS if refuses else b"")

    def whole(self, pages: list[bytes] | None = None, table: Any = None) -> Any:
        return self.see.payout_whole(table or self.table, pages or self.tree.pages, self.currency)

    def page(self, page: int) -> None:
        words, proof = self.tree.pages[page], self.tree.proof(page)
        self.see.payout_page(self.table, page, words, proof, self.currency)

    def join(self, *seats: int) -> None:
        for seat in seats:
            self.life.join(self.index(seat), False)

    def claim(self, seat: int) -> None:
        where = self.index(seat), self.accounts[seat]
        if self.token:
            self.see.claim_token(self.currency, *where)
        else:
            self.see.claim(*where)

    def leave(self, seat: int) -> None:
        tokens = [self.currency] if self.token else []
        self.life.leave_seat(self.accounts[seat], self.index(seat), tokens)

    def had(self) -> list[int]:
        if self.token:
            return [int(self.token.balanceOf(account)) for account in self.accounts]
        return [self.chain.balance(account) for account in self.accounts]

    def due(self) -> list[int]:
        return dues(self.life, self.life.agreement, self.life.version, self.currency)

    def assert_paid(self) -> None:
        """Each has its part of all that came: not more, and not less."""
        assert self.had() == parts(self.tree, self.received)
        assert self.due() == [0] * len(self.accounts)


@pytest.fixture
def desk(kernel: Kernel, token: Contract, coin: str) -> Desk:
    return Desk(kernel, token if coin == "token" else None, (3, 5, 7, 11, 13))


# ---------------------------------------------------------------- the base of the whole


@COINS
def test_a_claim_knows_the_whole_where_another_page_has_a_slot(desk: Desk) -> None:
    desk.join(0, 4)
    desk.pay(3900)
    desk.whole()
    desk.assert_paid()
    desk.page(1)
    desk.pay(3900)
    for seat in (0, 4):
        desk.claim(seat)
        with refused("nothing due"):
            desk.claim(seat)
    desk.whole()
    desk.assert_paid()


@COINS
def test_a_page_is_paid_from_where_the_whole_was_paid(desk: Desk) -> None:
    for amount in (3900, 77):
        desk.pay(amount)
        desk.whole()
        desk.pay(amount)
        for page in (2, 0, 1, 0):
            desk.page(page)
        desk.assert_paid()


@COINS
def test_the_whole_is_paid_from_where_a_page_was_paid(desk: Desk) -> None:
    desk.pay(3900)
    desk.page(0)
    desk.page(0)
    desk.whole()
    desk.assert_paid()
    desk.pay(391)
    desk.page(1)
    desk.whole()
    desk.whole()
    desk.assert_paid()


@COINS
def test_the_last_page_by_itself_is_not_the_whole(desk: Desk) -> None:
    desk.pay(3900)
    desk.page(2)
    assert desk.due() == [*parts(desk.tree, 3900)[:4], 0]
    desk.whole()
    desk.assert_paid()


@pytest.mark.parametrize("count", [1, 2, 3, 5, 16])
def test_a_table_of_any_number_of_pages_is_paid_whole(kernel: Kernel, count: int) -> None:
    desk = Desk(kernel, None, tuple(range(1, count + 1)), 1)
    for _ in range(2):
        desk.pay(10**6 + 1)
        desk.whole()
        desk.assert_paid()


def test_seventeen_pages_are_not_paid_whole(kernel: Kernel) -> None:
    desk = Desk(kernel, None, (1,) * 17, 1)
    desk.pay(17)
    for pages in (desk.tree.pages, desk.tree.pages[:16]):
        with refused():
            desk.whole(pages)
    for page in range(17):
        desk.page(page)
    desk.assert_paid()


@COINS
@pytest.mark.parametrize("order", [(1, 0, 2), (0, 0, 1, 2), (0, 1), (0, 1, 2, 2), (2,), (0, 1, 1)])
def test_only_all_pages_in_their_order_are_the_whole(desk: Desk, order: tuple[int, ...]) -> None:
    desk.pay(3900)
    with refused("wrong page"):
        desk.whole([desk.tree.pages[page] for page in order])
    assert sum(desk.had()) == 0
    desk.whole()
    desk.assert_paid()


def test_a_table_that_says_more_pages_than_its_tree_has_is_not_paid_again(kernel: Kernel) -> None:
    """Its last page never comes, so that nothing would say that the whole was paid out."""
    tree = Tree.of([(kernel.chain.account(), part) for part in (1, 2)], 1)
    root, shares, _, terms = tree.table
    kernel.registry.create(root, shares, 3, bytes(32))
    where = kernel.registry.splitter_address(table_hash(root, shares, 3), bytes(32))
    split = kernel.chain.at("Splitter", where)
    kernel.pay(split, 300)
    for pages in (tree.pages, [*tree.pages, b""]):
        with refused("wrong page"):
            split.payout_whole((root, shares, 3, terms), pages, ZERO)


# ---------------------------------------------------------------- marks


@COINS
def test_a_claim_before_the_first_whole_is_not_paid_again(desk: Desk) -> None:
    desk.join(1, 4)
    desk.pay(3900)
    for seat in (1, 4):
        desk.claim(seat)
    desk.whole()
    desk.assert_paid()


@COINS
@pytest.mark.parametrize("early", [False, True])
def test_a_claim_between_two_wholes_is_not_paid_again(desk: Desk, early: bool) -> None:
    if early:
        desk.join(1, 4)
    desk.pay(3900)
    desk.whole()
    if not early:
        desk.join(1, 4)
    for _ in range(2):
        desk.pay(3900)
        for seat in (1, 4):
            desk.claim(seat)
        desk.whole()
        desk.assert_paid()


@COINS
def test_a_push_that_failed_is_paid_once_and_by_its_own_page_alone(desk: Desk) -> None:
    desk.pay(3900)
    for seat in (1, 3):
        desk.refuses(seat)
    for _ in range(2):  # a second time the marks stay as they are
        desk.whole()
    due = parts(desk.tree, 3900)
    assert desk.due() == [0, due[1], 0, due[3], 0]
    for seat in (1, 3):
        desk.refuses(seat, False)
    desk.claim(3)
    desk.whole()
    desk.assert_paid()
    desk.pay(391)
    desk.whole()
    desk.assert_paid()


def test_a_seat_that_is_pull_only_is_never_pushed_to(kernel: Kernel) -> None:
    desk = Desk(kernel, None, (1, 2, 3), 1, frozenset({1}))
    desk.pay(600)
    desk.whole()
    assert desk.had() == [100, 0, 300]
    desk.pay(600)
    desk.whole()
    assert desk.had() == [200, 0, 600]
    desk.claim(1)  # what was kept for it needs no proof
    desk.assert_paid()


@COINS
def test_coin_that_comes_amid_the_pages_waits_for_all(
    kernel: Kernel, token: Contract, coin: str
) -> None:
    """Else the last page would be paid of it, and the first ones never."""
    desk = Desk(kernel, token if coin == "token" else None, (1, 1, 1), 1)
    desk.chain.set_code(desk.accounts[0], SENDS_HALF_BACK)
    desk.pay(600)
    desk.whole()
    back = 0 if coin == "token" else 100
    assert desk.had() == [200 - back, 200, 200]
    assert desk.due() == [back // 3] * 3
    desk.chain.set_code(desk.accounts[0], b"")
    desk.pay(3 - back % 3)
    desk.whole()
    share = (back + 3 - back % 3) // 3
    assert desk.had() == [200 - back + share, 200 + share, 200 + share]


# ---------------------------------------------------------------- leaving, falling, closing


@COINS
@pytest.mark.parametrize("page", [None, 0, 2])
def test_a_leave_does_not_forget_what_was_paid_whole(desk: Desk, page: int | None) -> None:
    desk.join(0, 2, 4)
    desk.pay(3900)
    desk.whole()
    if page is not None:
        desk.page(page)
    before = desk.had()
    desk.leave(2)
    for _ in range(2):
        desk.whole()
        assert desk.had() == before
    desk.pay(3200)
    desk.claim(0)
    desk.whole()
    more = [100 * part for part in (3, 5, 0, 11, 13)]
    assert desk.had() == [a + b for a, b in zip(before, more, strict=True)]
    desk.leave(4)
    desk.pay(1900)
    desk.page(0)
    desk.whole()
    more = [
        200 * part if at < 2 or at == 3 else 100 * part for at, part in enumerate((3, 5, 0, 11, 13))
    ]
    assert desk.had() == [a + b for a, b in zip(before, more, strict=True)]
    assert desk.due() == [0] * 5


@COINS
def test_one_page_whose_seat_left_is_handed_over_whole(
    kernel: Kernel, token: Contract, coin: str
) -> None:
    desk = Desk(kernel, token if coin == "token" else None, (1, 2, 3), 32)
    desk.join(0)
    desk.pay(600)
    desk.whole()
    desk.leave(0)
    for more in (1, 2, 3):
        desk.pay(500)
        desk.whole()
        desk.whole()
        assert desk.had() == [100, 200 + 200 * more, 300 + 300 * more]
        assert desk.due() == [0, 0, 0]


def test_v_of_many_bits_reaches_the_last_page(kernel: Kernel) -> None:
    """C of 111 bits, and all but two of 2**48 - 1 shares have left: V has 158."""
    desk = Desk(kernel, None, (2**48 - 3, 1, 1), 1)
    desk.join(0)
    desk.pay(2**48 - 1)
    desk.whole()
    desk.leave(0)
    desk.chain.set_balance(desk.see.address, 2**110)
    for _ in range(2):
        desk.whole()
        assert desk.had() == [2**48 - 3, 1 + 2**109, 1 + 2**109]


def test_a_balance_that_fell_does_not_take_the_base_of_the_whole_back(
    kernel: Kernel, token: Contract
) -> None:
    desk = Desk(kernel, token, (3, 5, 7, 11, 13))
    desk.pay(3900)
    desk.refuses(1)
    desk.whole()
    before = desk.had()
    for held in (0, 200, 500):  # of the 500 that are kept for the seat
        token.rebase(desk.see.address, held)
        desk.whole()
        assert desk.had() == before
    desk.refuses(1, False)
    desk.whole()
    desk.assert_paid()


@COINS
def test_what_the_whole_left_unpaid_stays_owed_after_an_amendment(desk: Desk) -> None:
    """Of a page without a slot too, and of nobody twice."""
    old = desk.life.agreement
    desk.pay(3900)
    desk.refuses(1)
    desk.whole()
    desk.pay(390)  # nobody had anything of it
    heir = desk.chain.account()
    desk.life.amend(desk.life.next(Tree.of([(heir, 1), (desk.chain.account(), 1)], 1)))
    desk.refuses(1, False)
    desk.pay(10)
    desk.received -= 10
    for at in range(5):
        seat = desk.life.seat(desk.index(at), old, 0)
        desk.see.claim_versions([seat], [key(desk.index(at), desk.accounts[at])], [desk.currency])
    assert desk.had() == parts(old.tree, desk.received)
    table = desk.life.agreement
    desk.see.payout_whole(table.table, table.tree.pages, desk.currency)
    assert desk.due() == [0, 0]


def test_the_whole_of_one_currency_is_not_that_of_another(kernel: Kernel, token: Contract) -> None:
    desk = Desk(kernel, token, (3, 5, 7))
    desk.pay(1500)
    desk.kernel.pay(desk.see, 150)
    desk.whole()
    desk.see.payout_whole(desk.table, desk.tree.pages, ZERO)
    assert [desk.chain.balance(account) for account in desk.accounts] == [30, 50, 70]
    desk.assert_paid()


def test_no_page_is_no_table(kernel: Kernel) -> None:
    desk = Desk(kernel, None, (3, 5, 7))
    nothing = (bytes(32), 0, 0, bytes(32))
    with refused("wrong page"):
        desk.see.payout_whole(nothing, [], ZERO)
