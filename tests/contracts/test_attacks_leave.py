"""Leaving costs nobody a unit, the leaver none of its own, and nobody can stop it."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest

from tests.contracts.consent import KEYS, LEAVING
from tests.contracts.evm import ZERO, Contract, Kernel, Tree, refused
from tests.contracts.life import Life

REVERTS = bytes.fromhex("5f5ffd")
BALANCE_REVERTS = 3
MAX = 2**111 - 1
SHARES = (40, 35, 5, 20, 0, 17)


class Paper:
    """A SEE and the same on paper: with L shares left, V = C T / (T - L) stands for C.

    Each act is done on the chain and on paper; then every balance and every due must agree.
    """

    def __init__(self, life: Life, token: Contract | None = None) -> None:
        self.life, self.token = life, token
        self.currency = token.address if token else ZERO
        self.seats = seats_of(life.agreement.tree)
        self.total = sum(shares for _, _, shares in self.seats)
        self.received = self.divided = self.gone = 0  # ever; C; L
        self.had = [0] * len(self.seats)
        self.owed: dict[int, int] = {}
        self.refuses: set[int] = set()
        for n in range(len(self.seats)):
            life.join(self.seats[n][0], False)

    def worth(self, n: int) -> int:
        v = self.divided * self.total // (self.total - self.gone)
        return v * self.seats[n][2] // self.total

    def due(self, n: int) -> int:
        return self.owed[n] if n in self.owed else self.worth(n) - self.had[n]

    def dues(self) -> list[int]:
        return [self.due(n) for n in range(len(self.seats))]

    def pay(self, amount: int) -> None:
        self.life.kernel.pay(self.life.see, amount, self.token)
        self.received += amount
        self.divided += amount

    def claim(self, n: int) -> None:
        index, account, _ = self.seats[n]
        reason = "" if self.due(n) else "nothing due"
        if n in self.refuses and self.due(n):
            reason = "blocked" if self.token else "payment failed"
        if reason:
            with refused(reason):
                self._claim(index, account)
            return
        self._claim(index, account)
        self.had[n] += self.due(n)
        if n in self.owed:
            self.owed[n] = 0

    def _claim(self, index: int, account: str) -> None:
        if self.token:
            self.life.see.claim_token(self.currency, index, account)
        else:
            self.life.see.claim(index, account)

    def payout(self, page: int = 0) -> None:
        self.life.payout(page, self.currency)
        for n, (index, _, _) in enumerate(self.seats):
            if index >> 5 == page and n not in self.owed and n not in self.refuses:
                self.had[n] = self.worth(n)

    def whole(self) -> None:
        tree = self.life.agreement.tree
        self.life.see.payout_whole(self.life.agreement.table, tree.pages, self.currency)
        for n in range(len(self.seats)):
            if n not in self.owed and n not in self.refuses:
                self.had[n] = self.worth(n)

    def leave(self, n: int) -> None:
        index, account, shares = self.seats[n]
        if self.gone + shares >= self.total:
            with refused("last share"):
                self.life.leave_seat(account, index, [self.currency])
            return
        before, worth = self.dues(), self.worth(n)
        self.life.leave_seat(account, index, [self.currency])
        self.owed[n] = before[n]
        self.divided -= worth
        self.gone += shares
        for m, due in enumerate(self.dues()):
            # V is a floor after the first leave: what it left undivided is divided now too.
            assert 0 <= due - before[m] <= (m != n) * (1 if len(self.owed) == 1 else 2)

    def refuse(self, n: int, refuses: bool) -> None:
        account = self.seats[n][1]
        (self.refuses.add if refuses else self.refuses.discard)(n)
        if self.token:
            self.token.refuse(account, refuses)
        else:
            self.life.chain.set_code(account, REVERTS if refuses else b"")

    def balance(self, account: str) -> int:
        return (
            int(self.token.balanceOf(account)) if self.token else self.life.chain.balance(account)
        )

    def check(self) -> None:
        assert [self.balance(account) for _, account, _ in self.seats] == self.had
        dues, tree = self.dues(), self.life.agreement.tree
        seen: list[int] = []
        for page, words in enumerate(tree.pages):
            some = [int.from_bytes(words[at : at + 32], "big") for at in range(0, len(words), 32)]
            seen += self.life.see.dues(
                self.currency, self.life.version, tree.shares, len(tree.pages), page << 5, some
            )
        assert seen == dues
        assert min(dues) >= 0
        assert sum(self.had) + sum(dues) <= self.received
        assert self.received - sum(self.had) - sum(dues) <= len(self.seats) + len(self.owed)
        assert self.life.see.book(self.currency)[1] == self.gone

    def settle(self) -> None:
        """All get what they are due, the leavers by a claim."""
        for n in list(self.refuses):
            self.refuse(n, False)
        for page in range(len(self.life.agreement.tree.pages)):
            self.payout(page)
        for n in self.owed:
            self.claim(n)
        self.check()
        assert max(self.dues()) == 0


def seats_of(tree: Tree) -> list[tuple[int, str, int]]:
    """Index, account and shares of each seat."""
    return [
        (
            page * 32 + at // 32,
            "0x" + words[at : at + 20].hex(),
            int.from_bytes(words[at + 26 : at + 32], "big"),
        )
        for page, words in enumerate(tree.pages)
        for at in range(0, len(words), 32)
    ]


def paper(
    kernel: Kernel, shares: Any = SHARES, token: Contract | None = None, per_page: int = 32
) -> Paper:
    kernel.chain.set_balance(kernel.chain.me, 2**200)
    seats = [(kernel.chain.account(), each) for each in shares]
    return Paper(Life.found(kernel, seats, *([token] if token else []), per_page=per_page), token)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("per_page", [32, 2], ids=["one page", "pages"])
@pytest.mark.parametrize("coin", ["native", "token"])
def test_any_acts_in_any_order(
    kernel: Kernel, token: Contract, coin: str, per_page: int, seed: int
) -> None:
    """Whatever goes before and after a leave, every seat has and is due what DESIGN.md says."""
    it = paper(kernel, SHARES, token if coin == "token" else None, per_page)
    chance = random.Random(f"{coin} {per_page} {seed}")
    acts = ["pay", "pay", "claim", "claim", "payout", "whole", "leave", "refuse", "accept"]
    for _ in range(28):
        act, n = chance.choice(acts), chance.randrange(len(SHARES))
        if act == "pay":
            it.pay(chance.choice([1, 7, 100, 10**6 + 3, chance.randrange(1, 10**28)]))
        elif act == "claim":
            it.claim(n)
        elif act == "payout":
            it.payout(chance.randrange(len(it.life.agreement.tree.pages)))
        elif act == "whole":
            it.whole()
        elif act == "leave" and n not in it.owed:
            it.leave(n)
        elif act in ("refuse", "accept"):
            it.refuse(n, act == "refuse")
        it.check()
    it.settle()


@pytest.mark.parametrize("order", permutations(range(3)))
def test_all_leave_but_the_last(kernel: Kernel, order: tuple[int, ...]) -> None:
    """In any order the shares can leave down to the last, which can't; and it gets it all."""
    it = paper(kernel, (1, 10, 7))
    for n in order:
        it.pay(1001)
        it.leave(n)
        it.check()
    last = order[-1]
    assert last not in it.owed
    had = it.due(last)
    it.pay(12345)
    assert 12345 <= it.due(last) - had <= 12346
    it.settle()
    assert it.received - sum(it.had) <= 2


def test_how_much_more_the_others_are_due(kernel: Kernel) -> None:
    """By the first leave less than one unit more, by each later one less than two: what was
    undivided till then. Of 3 units the seat of 3 was due 1, with 4 of 5 shares live; now 3."""
    it = paper(kernel, (1, 1, 3))
    it.pay(3)
    it.leave(0)
    assert it.due(2) == 1
    it.leave(1)
    it.check()
    assert it.due(2) == 3
    it.settle()


def test_money_after_a_leave_is_divided_among_those_who_are_left(kernel: Kernel) -> None:
    """One of 60 : 30 : 10 leaves with its 60; the next 400 are 300 and 100."""
    it = paper(kernel, (60, 30, 10))
    it.pay(100)
    it.payout()
    it.leave(0)
    it.pay(400)
    it.payout()
    assert [it.balance(account) for _, account, _ in it.seats] == [60, 330, 110]


@pytest.mark.parametrize("coin", ["native", "token"])
def test_a_leaver_is_paid_once(kernel: Kernel, token: Contract, coin: str) -> None:
    """What it is owed waits, whatever comes after; a payout passes it over, each time; and
    what it has claimed it can't claim again."""
    it = paper(kernel, (40, 35, 25), token if coin == "token" else None)
    it.pay(1000)
    it.leave(0)
    for amount in (600, 17):
        it.pay(amount)
        it.payout()
        it.check()
    it.leave(1)
    it.pay(99)
    it.payout()
    it.claim(0)
    assert it.balance(it.seats[0][1]) == 400
    for _ in range(2):
        it.claim(0)  # refused: nothing due
        it.pay(1000)
        it.payout()
        it.check()
    it.settle()


def test_a_seat_leaves_with_what_was_kept_for_it(kernel: Kernel) -> None:
    """A push to it failed: that amount, and what came since, is still there after it left."""
    it = paper(kernel, (40, 35, 25))
    it.refuse(0, True)
    it.pay(1000)
    it.payout()
    it.pay(100)
    it.leave(0)
    it.pay(600)
    it.payout()
    it.claim(0)  # refused: it still refuses coin
    it.refuse(0, False)
    it.claim(0)
    assert it.balance(it.seats[0][1]) == 440
    it.settle()


def test_another_seat_keeps_its_own_count_when_one_leaves(kernel: Kernel) -> None:
    """Marks of one page move to the page's slot with its base: nine seats share eight marks."""
    it = paper(kernel, tuple(range(1, 34))[:32])
    it.refuse(8, True)
    it.pay(10**6)
    it.claim(3)
    it.payout()
    it.claim(17)  # refused
    it.pay(10**6)
    it.claim(24)
    it.leave(0)
    it.check()
    it.claim(16)
    it.payout()
    it.check()
    it.refuse(8, False)
    it.payout()
    it.check()
    it.settle()


@pytest.mark.parametrize("coin", ["native", "token"])
def test_a_tiny_share_of_a_huge_table(kernel: Kernel, token: Contract, coin: str) -> None:
    """2**48 - 1 shares and one of them left: V has 159 bits, and a payout, a failed push, a
    claim and the closed books still are exact."""
    it = paper(kernel, (2**48 - 4, 1, 1, 1), token if coin == "token" else None)
    it.pay(2**109)
    it.leave(0)
    it.check()
    it.leave(1)
    it.pay(2**109)
    it.check()
    it.payout()
    it.check()
    it.leave(2)
    it.check()
    it.refuse(3, True)
    it.pay(MAX - 2**110)
    it.payout()
    it.check()
    it.refuse(3, False)
    it.claim(3)
    it.check()
    it.settle()
    assert it.received - sum(it.had) <= 6


def test_beyond_the_greatest_amount_nothing_breaks(kernel: Kernel, token: Contract) -> None:
    """What is beyond 2**111 - 1 is undivided before and after leaves; all that is due is paid."""
    it = paper(kernel, (3, 2, 1), token)
    token.rebase(it.life.see.address, 2**255)
    it.life.payout(0, token.address)
    it.life.leave_seat(it.seats[0][1], 0, [token.address])
    it.life.payout(0, token.address)
    with refused("nothing due"):
        it.life.see.claim_token(token.address, 0, it.seats[0][1])
    it.life.leave_seat(it.seats[1][1], 1, [token.address])
    it.life.payout(0, token.address)
    had = [it.balance(account) for _, account, _ in it.seats]
    assert had[0] == MAX // 2
    assert all(each <= MAX for each in had)
    assert had[2] >= MAX // 6


def test_a_balance_that_fell_before_a_leave(kernel: Kernel, token: Contract) -> None:
    """The leaver had more than it would have now: it is owed nothing, and pays nothing back."""
    it = paper(kernel, (50, 50), token)
    it.pay(1000)
    it.claim(0)
    token.rebase(it.life.see.address, 100)
    it.life.leave_seat(it.seats[0][1], 0, [token.address])
    with refused("nothing due"):
        it.life.see.claim_token(token.address, 0, it.seats[0][1])
    it.life.payout(0, token.address)
    it.life.see.claim_token(token.address, 1, it.seats[1][1])
    assert [it.balance(account) for _, account, _ in it.seats] == [500, 100]


@pytest.mark.parametrize("first", ["payment", "leave"])
def test_in_the_same_block_as_a_payment(kernel: Kernel, first: str) -> None:
    """The order within the block decides whether the leaver has part in the payment."""
    seats = [(KEYS[0].address, 60), (kernel.chain.account(), 40)]
    life = Life.found(kernel, sorted(seats, key=lambda seat: int(seat[0], 16)))
    n = next(i for i, seat in enumerate(seats_of(life.agreement.tree)) if seat[2] == 60)
    life.join(n, False)
    signature = life.alone(LEAVING, life.leave_hash(False, True, n), KEYS[0])
    data = life.registry.data(
        "leave_seat",
        life.see.address,
        KEYS[0].address,
        0,
        n,
        b"",
        life.office.deadline,
        signature,
    )
    acts = [(life.see.address, b"", 100), (life.registry.address, data, 0)]
    before = kernel.chain.balance(KEYS[0].address)
    kernel.chain.rpc("evm_setAutomine", False)
    sent = []
    for to, what, value in acts if first == "payment" else reversed(acts):
        sent.append(
            kernel.chain.rpc(
                "eth_sendTransaction",
                {
                    "from": kernel.chain.me,
                    "to": to,
                    "data": "0x" + what.hex(),
                    "value": hex(value),
                    "gas": hex(10**6),
                    "gasPrice": "0x0",
                },
            )
        )
    kernel.chain.rpc("evm_mine")
    kernel.chain.rpc("evm_setAutomine", True)
    receipts = [kernel.chain.rpc("eth_getTransactionReceipt", each) for each in sent]
    assert [int(r["transactionIndex"], 16) for r in receipts] == [0, 1]
    assert receipts[0]["blockNumber"] == receipts[1]["blockNumber"]
    life.payout()
    if first == "payment":
        life.see.claim(n, KEYS[0].address)
        assert kernel.chain.balance(KEYS[0].address) - before == 60
    else:
        with refused("nothing due"):
            life.see.claim(n, KEYS[0].address)
        assert kernel.chain.balance(seats_of(life.agreement.tree)[1 - n][1]) == 100
