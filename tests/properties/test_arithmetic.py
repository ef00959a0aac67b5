"""Shares and amounts at their extremes, on the real code.

DESIGN.md §3 'Books': amounts are capped at 2**111 - 1, shares at 2**48 - 1; what is beyond the
cap is undivided, and no call bricks.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.books_model import CAP, NATIVE, Model, Refused, Seat
from tests.properties.chain import fast
from tests.properties.conftest import profile
from tests.properties.stage import PAYOUT_WHOLE, dues_of, join
from tests.properties.world import ANYONE, TABLE_ARGUMENT, World, calldata, numbers

MAX_SHARES = 2**48 - 1
TOKEN = "plain"
CURRENCIES = (NATIVE, TOKEN)

EDGES = [1, 2, CAP - 1, CAP, CAP + 1, 2**112 - 1, 2**112, 2**160, 2**208]
AMOUNT = st.one_of(st.sampled_from(EDGES), st.integers(1, 2**113), st.integers(1, 10**6))
BALANCE = st.one_of(AMOUNT, st.sampled_from([0, 2**255, 2**256 - 1]))
CURRENCY = st.sampled_from(CURRENCIES)


@st.composite
def shares(draw: st.DrawFn, most: int = 34) -> list[int]:
    """Shares that often add up to all that fit, or nearly; a seat may have none at all."""
    count = draw(st.sampled_from([1, 2, 3, 31, 32, 33, most]))
    small = draw(st.lists(st.integers(0, 3), min_size=count - 1, max_size=count - 1))
    rest = MAX_SHARES - sum(small)
    large = draw(st.one_of(st.just(rest), st.just(1), st.integers(1, rest)))
    place = draw(st.integers(0, count - 1))
    return [*small[:place], large, *small[place:]]


class Bench:
    """A fixed split of native coin and a token, with the model beside it."""

    def __init__(self, parts: list[int]) -> None:
        self.world = World(fast())
        self.seats = [
            Seat("0x" + (2**100 + at).to_bytes(20, "big").hex(), part)
            for at, part in enumerate(parts)
        ]
        self.split = self.world.create(self.seats, see=False)
        self.model = Model(self.seats, CURRENCIES)
        self.all = range(len(parts))

    def receive(self, name: str, amount: int) -> None:
        self.set_balance(name, self.model.books[name].balance + amount)

    def set_balance(self, name: str, amount: int) -> None:
        if name == NATIVE:
            self.world.chain.set_balance(self.split.address, amount)
        else:
            mint = "set_balance(address,uint256)"
            assert self.world.do(ANYONE, self.world.tokens[name], mint, self.split.address, amount)
        self.model.books[name].rebase(amount)

    def do(self, signature: str, *arguments: object) -> bool:
        return self.world.do(ANYONE, self.split.address, signature, *arguments)

    def join(self, at: int, claims: bool) -> None:
        assert self.do(*join(self.split, at, claims))
        self.model.join(at, claims)

    def claim(self, name: str, at: int) -> None:
        account = self.seats[at].account
        if name == NATIVE:
            done = self.do("claim(uint256,address)", at, account)
        else:
            token = self.world.tokens[name]
            done = self.do("claim_token(address,uint256,address)", token, at, account)
        refused = None
        try:
            self.model.claim(name, at)
        except Refused as why:
            refused = why
        assert done == (refused is None), f"done: {done}, in the model refused: {refused}"

    def payout(self, name: str) -> None:
        pages, currency = self.split.pages, self.world.currency(name)
        assert self.do(PAYOUT_WHOLE, self.split.table, pages, currency)
        self.model.payout(name, range(len(pages)))

    def check(self) -> None:
        """Every figure of the split is the model's, and every holder has what it was paid."""
        words = [int.from_bytes(word, "big") for word in self.split.words]
        holdings = calldata("holdings(address[])", [seat.account for seat in self.seats])
        for name, books in self.model.books.items():
            currency = self.world.currency(name)
            view = dues_of(False, currency, self.split.table, words)
            dues = numbers(self.world.chain.view(self.split.address, view))
            assert dues == [books.due(at) for at in self.all]
            received = calldata("received(address)", currency)
            answer = self.world.chain.view(self.split.address, received)
            assert int.from_bytes(answer, "big") == books.divisible
            if name == NATIVE:
                held = [self.world.chain.balance(seat.account) for seat in self.seats]
            else:
                held = numbers(self.world.chain.view(self.world.tokens[name], holdings))
            assert held == books.had


@profile(60)
@given(shares(), st.lists(st.tuples(CURRENCY, AMOUNT, st.booleans()), min_size=1, max_size=5))
def test_claims_divide_exactly(parts, payments) -> None:
    bench = Bench(parts)
    for at in bench.all:
        bench.join(at, claims=False)
    for name, amount, everybody in payments:
        bench.receive(name, amount)
        for at in bench.all if everybody else bench.all[::2]:
            bench.claim(name, at)
        bench.check()


@profile(60)
@given(shares(), st.lists(st.tuples(CURRENCY, AMOUNT, st.booleans()), min_size=1, max_size=5))
def test_payouts_divide_exactly(parts, payments) -> None:
    bench = Bench(parts)
    joined: set[int] = set()
    for number, (name, amount, joins) in enumerate(payments):
        bench.receive(name, amount)
        at = number % len(parts)
        if joins and at not in joined:
            bench.join(at, claims=True)
            joined.add(at)
        bench.payout(name)
        bench.check()


@profile(60)
@given(shares(most=40), st.lists(st.tuples(BALANCE, st.integers(0, 3)), min_size=1, max_size=6))
def test_a_token_that_says_anything_bricks_nothing(parts, balances) -> None:
    """It may say any balance at any time, from nothing to all that 256 bits hold."""
    bench = Bench(parts)
    bench.join(0, claims=True)
    for balance, act in balances:
        bench.set_balance(TOKEN, balance)
        bench.check()
        if act & 1:
            bench.claim(TOKEN, 0)
        if act & 2:
            bench.payout(TOKEN)
        bench.check()
    # The native coin knows nothing of it.
    bench.receive(NATIVE, 10**18)
    bench.claim(NATIVE, 0)
    bench.payout(NATIVE)
    bench.check()


@profile(60)
@given(shares(), CURRENCY, st.sampled_from(EDGES), st.booleans())
def test_at_the_cap_all_goes_on(parts, name, more, pushed) -> None:
    """Once as much came as the books can hold, nothing more is due, and nothing breaks."""
    bench = Bench(parts)
    bench.receive(name, CAP + more)
    if pushed:
        bench.payout(name)
    for at in bench.all:
        bench.join(at, claims=at % 2 == 0)
        bench.claim(name, at)  # refused, in the model too, where nothing is left to it
    assert sum(bench.model.books[name].had) > CAP - len(parts)
    bench.receive(name, more)
    for at in bench.all:
        bench.claim(name, at)
    bench.payout(name)
    bench.check()
    assert not any(bench.model.books[name].due(at) for at in bench.all)


@profile(80)
@given(
    total=st.integers(2, MAX_SHARES),
    share=st.integers(1, MAX_SHARES),
    units=st.integers(1, 2**62),
    step=st.sampled_from([-1, 0, 1]),
    pushed=st.booleans(),
)
def test_a_part_is_rounded_down_at_its_very_edge(total, share, units, step, pushed) -> None:
    """One unit less than what makes a whole part is one unit less for the seat."""
    share = 1 + share % (total - 1)
    least = -(-units * total // share)  # the least C of which the seat's part is `units`
    amount = min(max(least + step, 1), CAP)
    bench = Bench([share, total - share])
    bench.receive(NATIVE, amount)
    if pushed:
        bench.payout(NATIVE)
    else:
        bench.join(0, claims=True)
    bench.check()
    if least + step <= CAP and step < 1:
        assert bench.model.books[NATIVE].had[0] == units + step


@pytest.mark.parametrize("total", [0, 2**48, 2**256 - 1])
def test_no_clone_is_committed_to_a_total_out_of_bounds(total) -> None:
    world = World(fast())
    create, deploy = "create(bytes32,uint256,uint256,bytes32)", f"deploy({TABLE_ARGUMENT})"
    table = (b"root".ljust(32), total, 1)
    assert not world.do(ANYONE, world.registry, create, *table, bytes(32))
    assert not world.do(ANYONE, world.registry, deploy, (*table, bytes(32)))
    assert world.do(ANYONE, world.registry, create, table[0], MAX_SHARES, 1, bytes(32))


def test_a_payout_keeps_what_a_fallen_balance_cannot_pay_whole() -> None:
    """A claim takes what is there; a push is all or nothing, and then stays due."""
    bench = Bench([1, 1])
    for at in bench.all:
        bench.join(at, claims=False)
    bench.receive(TOKEN, 100)
    bench.claim(TOKEN, 0)
    bench.set_balance(TOKEN, 10)  # of 50: C = 60, and 30 is due to the second seat
    bench.payout(TOKEN)
    bench.check()
    assert bench.model.books[TOKEN].had == [50, 0]
    bench.claim(TOKEN, 1)
    bench.check()
    assert bench.model.books[TOKEN].had == [50, 10]
    bench.receive(TOKEN, 41)  # C = 101
    bench.payout(TOKEN)
    bench.check()
    assert bench.model.books[TOKEN].had == [50, 50]
