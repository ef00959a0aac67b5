"""Payouts that are worth a name: own counts, marks, fallen balances, answers of tokens."""

from __future__ import annotations

from typing import Any

import pytest

from tests.properties import world as w
from tests.properties.books_model import CAP, NATIVE, Seat
from tests.properties.chain import fast, pyrevm
from tests.properties.life_world import key_of
from tests.properties.loud import LoudStand
from tests.properties.stage import PAYOUT_WHOLE, join
from tests.properties.test_gas_limits import IS_TRANSFER, ODD, ONE, Push
from tests.properties.world import ANYONE, ZERO, World, calldata

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")

BLOCK = "set_blocked(address,uint256)"
PEOPLE = ["0x" + (2**100 + at).to_bytes(20, "big").hex() for at in range(64)]


class Table:
    """A Splitter, and a token that says what it holds."""

    def __init__(self, shares: list[int]) -> None:
        self.world = World(fast())
        self.token = self.world.tokens["plain"]
        seats = [Seat(account, part) for account, part in zip(PEOPLE, shares, strict=False)]
        self.split = self.world.create(seats, see=False)

    def do(self, signature: str, *arguments: Any) -> bool:
        return self.world.do(ANYONE, self.split.address, signature, *arguments)

    def holds(self, amount: int) -> None:
        set_balance = ("set_balance(address,uint256)", self.split.address, amount)
        assert self.world.do(ANYONE, self.token, *set_balance)

    def held(self, account: str) -> int:
        view = calldata("balanceOf(address)", account)
        return int.from_bytes(self.world.chain.view(self.token, view), "big")

    def block(self, account: str, how: int) -> None:
        assert self.world.do(ANYONE, self.token, BLOCK, account, how)

    def payout(self) -> None:
        assert self.do(PAYOUT_WHOLE, self.split.table, self.split.pages, self.token)

    def receive(self, name: str, amount: int) -> None:
        if name == NATIVE:
            balance = self.world.chain.balance(self.split.address)
            self.world.chain.set_balance(self.split.address, balance + amount)
        else:
            self.holds(self.held(self.split.address) + amount)

    def had(self, name: str) -> list[int]:
        if name != NATIVE:
            return self.paid()
        return [self.world.chain.balance(seat.account) for seat in self.split.seats]

    def paid(self) -> list[int]:
        return [self.held(seat.account) for seat in self.split.seats]


def test_an_own_count_lasts_until_what_was_received_is_there_again() -> None:
    """A balance fell after a push had failed: a seat that is paid by what is there keeps it."""
    at = Table([1, 1, 1])
    at.holds(90)
    at.block(PEOPLE[0], w.REVERT)
    at.block(PEOPLE[1], w.REVERT)
    at.payout()
    assert at.paid() == [0, 0, 30]
    at.holds(50)  # C = 80, and the page was paid out up to 90
    at.block(PEOPLE[0], 0)
    at.payout()
    assert at.paid() == [26, 0, 30]
    at.holds(64)  # C = 120
    at.block(PEOPLE[1], 0)
    at.payout()
    assert at.paid() == [40, 40, 40]
    at.holds(30)
    at.payout()
    assert at.paid() == [50, 50, 50]


@pytest.mark.parametrize("pages", [1, 2])
def test_a_seat_that_was_paid_again_is_paid_with_its_page(pages: int) -> None:
    """After its own count ended a claim of its own is seen by the next payout, and no other."""
    at = Table([1] * (32 * pages))
    count = 32 * pages
    at.holds(count)
    at.block(PEOPLE[5], w.ANSWER_FALSE)
    at.payout()
    assert at.paid() == [1] * 5 + [0] + [1] * (count - 6)
    at.block(PEOPLE[5], 0)
    at.holds(1 + 2 * count)
    at.payout()
    assert at.paid() == [3] * count
    assert at.do(*join(at.split, 5, False))
    for _ in range(2):
        at.holds(count)
        assert at.do("claim_token(address,uint256,address)", at.token, 5, PEOPLE[5])
        at.payout()
    assert at.paid() == [5] * count


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize(
    ("answer", "paid"),
    [
        ("60015f5260205ff3", True),
        ("5f5ff3", True),  # nothing at all
        ("60015f5260405ff3", True),  # true, and more
        ("60025f5260205ff3", False),
        ("60205ff3", False),
        ("60015f52601f5ff3", False),
        ("60015f5260205ffd", False),
        ("5f5ffd", False),
        ("fe", False),
    ],
)
def test_what_a_token_answers_to_a_push(answer: str, paid: bool, again: bool) -> None:
    """Only true, or nothing, is a yes: also where a push failed before."""
    push = Push(native=False)
    if again:
        push.behaves(2**23)
        assert push.pays() is False
    no_transfer = f"{IS_TRANSFER}60{len(IS_TRANSFER + ONE) // 2 + 3:02x}57{ONE}5b"
    push.chain.put(ODD, no_transfer + answer)
    assert push.pays() is paid


@pytest.mark.parametrize("name", [NATIVE, "plain"])
def test_of_what_was_paid_out_whole_no_record_is_kept(name: str) -> None:
    """Whatever was claimed on the way: nothing is owed when the next agreement comes."""
    at = LoudStand(1, 1)
    at.join()
    currency = at.world.currency(name)
    for whole in (False, True):
        for _ in range(2):
            at.receive(name, 100)
            assert at.see.payout(currency, at.see.version, None)
            at.receive(name, 100)
            assert at.claim(at.see.version, 0, currency=currency)
        if whole:
            assert at.see.payout(currency, at.see.version, None)
        version = at.see.version
        at.amend(1, 1)
        closed = at.event("Closed(address,uint256,uint256)", 2, currency, version, 400)
        assert at.said == ([] if whole else [closed])
        record = at.see.view("closed(address,uint256)", currency, version)
        assert record == ([0, 0, 0] if whole else [400, 0, 0])
        at.join()


@pytest.mark.parametrize("pages", [1, 2])
def test_a_seat_with_its_own_count_stays_marked_where_nothing_is_due(pages: int) -> None:
    """Else a push would pay it by its page, and then a claim once more by its own count."""
    at = Table([1] * (32 * pages))
    count = 32 * pages
    at.holds(2 * count)
    at.block(PEOPLE[5], w.REVERT)
    at.payout()
    at.block(PEOPLE[5], 0)
    claim = ("claim_token(address,uint256,address)", at.token, 5, PEOPLE[5])
    assert at.do(*join(at.split, 5, False))
    assert at.do(*claim)
    assert at.paid() == [2] * count
    at.payout()  # of nothing
    at.payout()
    at.holds(count)
    at.payout()
    assert at.paid() == [3] * count
    at.holds(count)
    assert at.do(*claim)
    assert not at.do(*claim)
    at.payout()
    assert not at.do(*claim)
    assert at.paid() == [4] * count


def test_what_was_taken_of_more_than_is_there_now_is_seen_later_too() -> None:
    """A seat claimed, and then a balance fell: its mark stays until its page has caught up."""
    at = Table([1, 1, 1])
    at.holds(90)
    assert at.do(*join(at.split, 0, False))
    assert at.do("claim_token(address,uint256,address)", at.token, 0, PEOPLE[0])
    at.holds(54)  # C = 84
    at.payout()
    assert at.paid() == [30, 28, 0]  # of 28 only 26 are there
    at.holds(62)  # C = 120
    at.payout()
    assert at.paid() == [40, 40, 40]
    at.holds(3)
    at.payout()
    assert at.paid() == [41, 41, 41]


@pytest.mark.parametrize("amount", [CAP, CAP + 1, 2**112 - 1, 2**112, 2**113 + 5, 2**255])
def test_a_claim_of_a_token_takes_no_more_than_the_cap(amount: int) -> None:
    for before in (0, 9):
        at = Table([1, 2])
        for seat in (0, 1):
            assert at.do(*join(at.split, seat, False))
        claim = "claim_token(address,uint256,address)"
        at.holds(before)
        if before:
            assert at.do(claim, at.token, 1, PEOPLE[1])
        at.holds(amount)
        for seat in (0, 1):
            assert at.do(claim, at.token, seat, PEOPLE[seat])
        assert at.paid() == [CAP // 3, 2 * CAP // 3]


@pytest.mark.parametrize("count", [2, 9, 32, 40])
@pytest.mark.parametrize("name", [NATIVE, "plain"])
def test_many_claims_at_once_are_seen_by_a_payout(name: str, count: int) -> None:
    """Of every second seat, and of each once more after the payout."""
    at = Table([1] * count)
    currency = at.world.currency(name)
    keys = [key_of(0, seat, PEOPLE[seat]) for seat in range(count)]
    for seat in range(count):
        assert at.do(*join(at.split, seat, False))
    for times in range(1, 4):
        at.receive(name, count)
        assert at.do("claim_many(uint256[],address[])", keys[times % 2 :: 2], [currency])
        assert at.do(PAYOUT_WHOLE, at.split.table, at.split.pages, currency)
        assert not at.do("claim_many(uint256[],address[])", keys, [currency])
        assert at.had(name) == [times] * count


def test_nothing_is_claimed_of_a_balance_that_fell_to_nothing() -> None:
    """Though it is due: of a token in force, of many at once, and of a closed version."""
    at = Table([1, 1, 1])
    for seat in range(3):
        assert at.do(*join(at.split, seat, False))
    at.holds(90)
    claim = "claim_token(address,uint256,address)"
    assert at.do(claim, at.token, 0, PEOPLE[0])
    at.holds(0)
    keys = [key_of(0, seat, PEOPLE[seat]) for seat in (1, 2)]
    assert not at.do(claim, at.token, 1, PEOPLE[1])
    assert not at.do("claim_many(uint256[],address[])", keys, [at.token])
    see = LoudStand(1, 1)
    see.join()
    see.say(100)
    see.amend(1, 1)
    see.say(0)
    assert see.see.dues(see.token, 0) == [50, 50]
    assert not see.claim(0, 0, 1, currency=see.token)
    see.say(60)
    assert see.claim(0, 0, 1, currency=see.token)
    assert see.see.dues(see.token, 0) == [0, 40]


def test_who_is_passed_over_is_not_named() -> None:
    """Where of a token nothing is there it is not claimed, beside a coin that is."""
    see = LoudStand(1, 1)
    see.join()
    see.say(100)
    assert see.claim(0, 1, currency=see.token)
    for version, name in ((0, "in force"), (0, "closed")):
        see.say(0)
        see.receive(NATIVE, 10)
        if name == "closed":
            see.say(40)
            see.amend(1, 1)
            see.say(0)
        key = see.see.key(version, 0)
        assert name == "closed" or see.see.dues(see.token, 0) == [25, 0]
        assert see.see.claim_versions([], [key], [ZERO, see.token])
        assert see.said == [see.event("Claimed(uint256,uint256)", 1, key, 5)]
