"""Who joins and who leaves, case by case, with what is said of it and what is noted."""

from __future__ import annotations

import pytest

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import NATIVE, Seat
from tests.properties.chain import START, pyrevm
from tests.properties.life_world import Clone, key_of
from tests.properties.loud import Loud, LoudStand, event
from tests.properties.stage import CLAIM_VERSIONS, JOIN, PAYOUT, join
from tests.properties.test_life_cases import PEOPLE, TOKEN
from tests.properties.test_logs import CLAIMED, CLAIMED_TOKEN, JOINED
from tests.properties.world import ANYONE, ZERO, calldata, numbers

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")

MOST = 2**48 - 1  # shares of a table


@pytest.mark.parametrize("balance", [900, 2**111 + 8])
def test_a_first_claim_says_what_it_took_or_else_who_joined(balance: int) -> None:
    """Of a book that is plain, and beyond the cap; after a payout nothing is due."""
    at = LoudStand(1, 1, 1)
    first, second, third = (at.see.key(0, seat) for seat in range(3))
    at.chain.set_balance(at.see.address, balance)
    part = min(balance, 2**111 - 1) // 3
    assert at.see.join(0, True)
    assert at.said == [at.event(*CLAIMED, first, part)]
    assert at.see.join(1, False)
    assert at.said == [at.event(*JOINED, second, 1)]
    assert at.see.payout(ZERO, 0, None)
    assert at.see.join(2, True)
    assert at.said == [at.event(*JOINED, third, 1)]
    assert at.see.view("seat(address,uint256)", ZERO, third) == [0, 1, 3, 0]


def test_so_does_one_of_several_pages() -> None:
    chain = Loud()
    world = w.World(chain)
    seats = [Seat("0x" + (2**100 + at).to_bytes(20, "big").hex(), 1) for at in range(40)]
    split = world.create(seats, see=False)
    for at, claims in ((0, True), (33, False)):
        key = key_of(0, at, seats[at].account)
        assert world.do(ANYONE, split.address, *join(split, at, claims))
        assert chain.logs == [event(split.address, *JOINED, key, 1)]
    chain.set_balance(split.address, 400)
    for at, claims in ((1, True), (39, False)):
        key = key_of(0, at, seats[at].account)
        said = [event(split.address, *JOINED, key, 1)]
        said += [event(split.address, *CLAIMED, key, 10)] if claims else []
        assert world.do(ANYONE, split.address, *join(split, at, claims))
        assert chain.logs == said


def test_a_voice_leaves_alone_or_with_its_seat() -> None:
    at = LoudStand(1)
    accounts = [a.account_of(key) for key in a.KEYS[:2]]
    seats = tuple(Seat(account, 2) for account in (*accounts, PEOPLE[0]))
    voices = ((0, 1), (1, 1), (2, 1))
    new = a.Agreement(a.Table(seats), voices, (ZERO, at.token), 9)
    assert at.see.amend(new, {0})
    at.join()
    assert at.see.leave(0, None, signs=True)
    for currency in (ZERO, at.token):
        assert at.see.view("book(address)", currency) == [1, 0]
    assert at.see.leave(1, 1, signs=True)
    for currency in (ZERO, at.token):
        assert at.see.view("book(address)", currency) == [1, 2]
    assert at.see.record()[5] == 0b011
    at.receive(NATIVE, 100)
    at.receive(TOKEN, 100)
    for currency in (ZERO, at.token):
        assert at.see.dues(currency, 1) == [50, 0, 50]
    assert at.see.leave_seat(accounts[0], 0, [], None)
    assert at.see.view("book(address)", ZERO) == [1, 4]
    assert at.see.record()[5] == 0b011


def test_times_are_noted_to_the_second() -> None:
    """Odd ones and even ones."""
    for early in (0, 1):
        chain = Loud()
        world = w.World(chain)
        chain.set_time(START + early)
        table = a.Table((Seat(PEOPLE[0], 1),))
        see = Clone(world, a.Agreement(table, ((0, 1),), (ZERO,)))
        chain.set_time(START + early + 3)
        assert see.deregister({0})
        assert see.record()[1:4] == [START + early, START + early + 3, 0]
        assert see.endorse(a.LEAVING, PEOPLE[0], bytes(32))  # as of version 0


def test_of_a_version_that_received_nothing_nothing_is_due_to_anybody() -> None:
    """Also to who never joined: the claim goes on to what is owed."""
    at = LoudStand(1, 3)
    at.receive(TOKEN, 40)
    at.amend(1, 1)
    at.receive(NATIVE, 40)
    at.join()
    unjoined, owed = at.see.key(0, 0), at.see.key(1, 0)
    assert at.see.do(ANYONE, CLAIM_VERSIONS, [], [unjoined, owed], [ZERO])
    assert at.said == [at.event(*CLAIMED, owed, 20)]
    for key in (unjoined, at.see.key(0, 1, 1 << 15)):
        assert not at.see.do(ANYONE, CLAIM_VERSIONS, [], [key], [ZERO])


@pytest.mark.parametrize(
    "shares", [[MOST], [MOST - 1, 1], [1, MOST - 1], [2**47, 2**47 - 1], [2**47 - 1, 2**47]]
)
def test_all_the_shares_that_there_may_be(shares: list[int]) -> None:
    """Joined, claimed, paid out, left and closed: 48 bits of each share count."""
    at = LoudStand(*shares)
    at.join()
    units = 3 * MOST
    at.receive(NATIVE, units)
    at.receive(TOKEN, units)
    for currency in (ZERO, at.token):
        assert at.see.dues(currency, 0) == [3 * each for each in shares]
        assert at.claim(0, 0, currency=currency)
        assert at.see.payout(currency, 0, None)
        assert at.see.view("received(address)", currency) == [units]
    asked = calldata("holdings(address[])", PEOPLE[: len(shares)])
    assert numbers(at.chain.view(at.token, asked)) == [3 * each for each in shares]
    assert [at.chain.balance(each) for each in PEOPLE[: len(shares)]] == [3 * s for s in shares]
    keys = [at.see.key(0, seat) for seat in range(len(shares))]
    seats = [at.see.view("seat(address,uint256)", ZERO, key)[1:3] for key in keys]
    assert seats == [[each, MOST] for each in shares]
    if len(shares) == 1:
        return
    at.leave(0, at.token)
    for name, currency in ((NATIVE, ZERO), (TOKEN, at.token)):
        at.receive(name, shares[1])
        assert at.see.dues(currency, 0) == [0, shares[1]]
    at.amend(1)
    assert at.claim(0, 1, currency=at.token)
    assert at.said == [at.event(*CLAIMED_TOKEN, keys[1], at.token, shares[1])]


def test_a_seat_of_the_same_account_joins_by_its_place() -> None:
    chain = Loud()
    world = w.World(chain)
    seats = [Seat(PEOPLE[0], 1), Seat(PEOPLE[0], 2), Seat(PEOPLE[1], 4)]
    split = world.create(seats, see=False)
    chain.set_balance(split.address, 70)
    page = split.pages[0]
    for at, due in ((1, 20), (0, 10), (2, 40)):
        assert world.do(ANYONE, split.address, JOIN, split.table, at, page, True)
        assert chain.logs == [event(split.address, *CLAIMED, key_of(0, at, seats[at].account), due)]
    chain.set_balance(split.address, 70)
    assert world.do(ANYONE, split.address, PAYOUT, split.table, page, ZERO)
    assert [chain.balance(each) for each in PEOPLE[:2]] == [60, 80]


@pytest.mark.parametrize("pays", [False, True])
def test_a_token_without_a_book_knows_all_redirects(pays: bool) -> None:
    """Also one that was named in a redirect, or paid: it has no book of its own by that."""
    at = LoudStand(1, 1)
    at.join()
    elsewhere = ["0x" + f"{number:02x}" * 20 for number in (0xE1, 0xE2)]
    for seat, tokens in ((0, [at.token]), (1, [])):
        key = at.see.key(0, seat)
        assert at.see.redirect(PEOPLE[seat], elsewhere[seat], key, tokens)
        if pays and tokens:
            assert at.see.pay(at.token, 10, None)
    at.receive(TOKEN, 10 if pays else 20)
    assert at.see.payout(at.token, 0, None)
    asked = calldata("holdings(address[])", [*elsewhere, *PEOPLE[:2]])
    assert numbers(at.chain.view(at.token, asked)) == [10, 10, 0, 0]


def test_a_leaver_is_touched_by_its_index_and_account() -> None:
    """What else stands in the key is not read: the version is that in force."""
    for beyond in (0, 1 << 192, 2 << 192, 1 << 255):
        at = LoudStand(1, 1)
        at.join()
        at.leave(0)
        at.receive(TOKEN, 10)
        touch = ("touch(address,uint256[])", at.token, [at.see.key(0, 0) | beyond])
        assert at.see.do(ANYONE, *touch)
        at.receive(TOKEN, 10)
        assert at.see.dues(at.token, 0) == [5, 15]


def test_what_a_splitter_says_is_due() -> None:
    world = w.World(Loud())
    seats = [Seat("0x" + (2**100 + at).to_bytes(20, "big").hex(), 1 + at) for at in range(40)]
    split = world.create(seats, see=False)
    world.chain.set_balance(split.address, 820)
    words = [int.from_bytes(word, "big") for word in split.words]
    assert world.do(ANYONE, split.address, *join(split, 35, True))
    for first, count in ((0, 40), (30, 10), (39, 1)):
        view = "dues(address,uint256,uint256,uint256,uint256[])"
        part = (ZERO, *split.table[1:3], first, words[first : first + count])
        answer = numbers(world.chain.view(split.address, calldata(view, *part)))
        assert answer == [0 if at == 35 else 1 + at for at in range(first, first + count)]
