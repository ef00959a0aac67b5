"""Acts say what they did: each log of the money, word by word.

Nothing on the chain hangs on a log, so that these are the tests that notice a wrong one.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.properties import world as w
from tests.properties.books_model import NATIVE, Seat
from tests.properties.chain import pyrevm
from tests.properties.life_world import MEMO, key_of
from tests.properties.loud import Loud, LoudStand, event
from tests.properties.stage import PAYOUT, join
from tests.properties.test_life_cases import PEOPLE, TOKEN
from tests.properties.world import ANYONE, PAYER, ZERO

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")

JOINED = ("Joined(uint256,uint256)", 1)
CLAIMED = ("Claimed(uint256,uint256)", 1)
CLAIMED_TOKEN = ("ClaimedToken(uint256,address,uint256)", 2)
PAID = ("Paid(address,bytes32,address,uint256)", 2)
PAID_LATE = ("PaidLate(address,bytes32,address,uint256,uint256)", 2)
PAID_OUT = ("PaidOut(address,uint256,uint256)", 0)
KEPT = ("Kept(uint256,address,uint256)", 1)
LEFT = ("Left(uint256,address,uint256,uint256)", 1)
CLOSED = ("Closed(address,uint256,uint256)", 2)
REDIRECTED = ("Redirected(address,address)", 2)
CLAIM_MANY = "claim_many(uint256[],address[])"
MAX = 2**111 - 1


def test_a_payment_names_payer_memo_currency_and_amount() -> None:
    at = LoudStand(1, 3)
    assert at.see.pay(ZERO, 400, None)
    assert at.said == [at.event(*PAID, PAYER, MEMO, ZERO, 400)]
    assert at.see.pay(at.token, 40, None)
    assert at.said == [at.event(*PAID, PAYER, MEMO, at.token, 40)]
    assert at.chain.send(PAYER, at.see.address, b"a memo of a wallet", 7)
    assert at.said == [at.event(*PAID, PAYER, bytes(32), ZERO, 7)]
    assert at.chain.send(PAYER, at.see.address, b"", 9)
    assert at.said == [at.event("Received(uint256)", 0, int(PAYER, 16) << 96 | 9)]
    assert not at.chain.send(PAYER, at.see.address, b"a memo without money", 0)


def test_who_joins_and_claims_is_named_with_shares_and_amount() -> None:
    at = LoudStand(1, 3, 5)
    first, second, third = (at.see.key(0, seat) for seat in range(3))
    assert at.see.join(0, True)
    assert at.said == [at.event(*JOINED, first, 1)]
    at.receive(NATIVE, 900)
    at.receive(TOKEN, 90)
    assert at.see.join(1, False)
    assert at.said == [at.event(*JOINED, second, 3)]
    assert at.see.join(2, True)
    assert at.said == [at.event(*CLAIMED, third, 500)]
    assert at.see.do(ANYONE, "claim(uint256,address)", 1, PEOPLE[1])
    assert at.said == [at.event(*CLAIMED, second, 300)]
    assert at.see.do(ANYONE, "claim_token(address,uint256,address)", at.token, 2, PEOPLE[2])
    assert at.said == [at.event(*CLAIMED_TOKEN, third, at.token, 50)]
    assert at.see.claim_versions([], [first, second, third], [ZERO, at.token])
    assert at.said == [
        at.event(*CLAIMED, first, 100),
        at.event(*CLAIMED_TOKEN, first, at.token, 10),
        at.event(*CLAIMED_TOKEN, second, at.token, 30),
    ]


def test_a_payout_says_how_far_it_went_and_what_it_kept() -> None:
    at = LoudStand(1, 3)
    refuses = at.world.recipients[0]
    accounts = sorted([PEOPLE[0], refuses])
    table = at.agreement(1, 3, accounts=accounts)
    assert at.see.amend(table, {0})
    assert at.world.do(ANYONE, refuses, "set_mode(uint256,address,bytes)", w.REFUSE, ZERO, b"")
    place = accounts.index(refuses)
    kept = 100 * (1, 3)[place]
    at.receive(NATIVE, 400)
    assert at.see.payout(ZERO, 1, None)
    assert at.said == [
        at.event(*KEPT, at.see.key(1, place), ZERO, kept),
        at.event(*PAID_OUT, ZERO, 0, 400),
    ]
    at.receive(NATIVE, 40)
    assert at.see.payout(ZERO, 1, None)
    assert at.said == [
        at.event(*KEPT, at.see.key(1, place), ZERO, kept + kept // 10),
        at.event(*PAID_OUT, ZERO, 0, 440),
    ]


def test_a_leave_says_what_is_owed_and_how_many_shares_have_left() -> None:
    at = LoudStand(1, 3, 6)
    at.join()
    at.receive(NATIVE, 1000)
    at.receive(TOKEN, 100)
    at.leave(1, at.token)
    key = at.see.key(0, 1)
    assert at.said == [
        at.event(*LEFT, key, ZERO, 300, 3),
        at.event(*LEFT, key, at.token, 30, 3),
    ]
    assert at.claim(0, 0)
    assert at.said == [at.event(*CLAIMED, at.see.key(0, 0), 100)]
    at.receive(NATIVE, 70)
    at.leave(0)
    assert at.said == [at.event(*LEFT, at.see.key(0, 0), ZERO, 10, 4)]
    assert at.see.payout(ZERO, 0, None)
    assert at.said == [at.event(*PAID_OUT, ZERO, 0, 660 * 10 // 6)]


def test_what_is_closed_says_what_it_received() -> None:
    at = LoudStand(1, 3)
    at.join()
    at.receive(NATIVE, 400)
    at.receive(TOKEN, 40)
    at.amend(1, 1)
    assert at.said == [
        at.event(*CLOSED, ZERO, 0, 400),
        at.event(*CLOSED, at.token, 0, 40),
    ]
    assert at.claim(0, 0, 1, currency=at.token)
    assert at.said == [
        at.event(*CLAIMED_TOKEN, at.see.key(0, seat), at.token, 10 + 20 * seat) for seat in (0, 1)
    ]
    assert at.see.pay_late(at.token, 8, 0)
    assert at.said == [at.event(*PAID_LATE, PAYER, MEMO, at.token, 8, 0)]
    assert at.see.pay_late(ZERO, 80, 0)
    assert at.said == [at.event(*PAID_LATE, PAYER, MEMO, ZERO, 80, 0)]
    at.amend(3, 1)
    assert at.said == []  # nothing came to that version: nothing is owed
    assert at.claim(0, 1, late=1 << 15)
    assert at.said == [at.event(*CLAIMED, at.see.key(0, 1, 1 << 15), 60)]


def test_a_redirect_and_an_end_are_said() -> None:
    at = LoudStand(1, 3)
    at.join()
    elsewhere = "0x" + "e1" * 20
    assert at.see.redirect(PEOPLE[0], elsewhere, at.see.key(0, 0), [at.token])
    assert at.said == [at.event(*REDIRECTED, PEOPLE[0], elsewhere)]
    assert at.see.deregister({0})
    assert at.said == [at.event("Ended()", 0)]


@pytest.mark.parametrize("count", [2, 40])
def test_a_splitter_says_the_same(count: int) -> None:
    """Of one page and of several, many claims at once, an odd book or a plain one."""
    chain = Loud()
    world = w.World(chain)
    seats = [Seat("0x" + (2**100 + at).to_bytes(20, "big").hex(), 1) for at in range(count)]
    split, token = world.create(seats, see=False), world.tokens[TOKEN]

    def said() -> list[Any]:
        return [each for each in chain.logs if each[0] == split.address]

    for at in (0, 1):
        assert world.do(ANYONE, split.address, *join(split, at, False))
        assert said() == [event(split.address, *JOINED, key_of(0, at, seats[at].account), 1)]
    chain.set_balance(split.address, 10 * count)
    keys = [key_of(0, at, seats[at].account) for at in (0, 1)]
    assert world.do(PAYER, token, "transfer(address,uint256)", split.address, 20 * count)
    assert world.do(ANYONE, split.address, CLAIM_MANY, keys, [ZERO, token])
    assert said() == [
        *(event(split.address, *CLAIMED, key, 10) for key in keys),
        *(event(split.address, *CLAIMED_TOKEN, key, token, 20) for key in keys),
    ]
    assert not world.do(ANYONE, split.address, CLAIM_MANY, keys, [ZERO, token])
    assert world.do(PAYER, split.address, "pay(address,uint256,bytes32)", ZERO, 8, MEMO, value=8)
    assert said() == [event(split.address, *PAID, PAYER, MEMO, ZERO, 8)]


def test_each_page_of_a_payout_is_named() -> None:
    chain = Loud()
    world = w.World(chain)
    seats = [Seat("0x" + (2**100 + at).to_bytes(20, "big").hex(), 1) for at in range(70)]
    split = world.create(seats, see=False)
    chain.set_balance(split.address, 700)
    whole = "payout_whole((bytes32,uint256,uint256,bytes32),bytes[],address)"
    assert world.do(ANYONE, split.address, whole, split.table, split.pages, ZERO)
    assert chain.logs == [event(split.address, *PAID_OUT, ZERO, page, 700) for page in range(3)]


def test_a_pull_only_seat_is_kept_for_and_named() -> None:
    chain = Loud()
    world = w.World(chain)
    seats = [Seat("0x" + "11" * 20, 1, True), Seat("0x" + "22" * 20, 1)]
    split = world.create(seats, see=False)
    chain.set_balance(split.address, 100)
    assert world.do(ANYONE, split.address, PAYOUT, split.table, split.pages[0], ZERO)
    assert chain.logs == [
        event(split.address, *KEPT, key_of(0, 0, seats[0].account), ZERO, 50),
        event(split.address, *PAID_OUT, ZERO, 0, 100),
    ]
