"""As much as a call takes, and one more: lists, tables, rolls and trees at their largest."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from eth_hash.auto import keccak

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import Seat
from tests.properties.chain import pyrevm, raw
from tests.properties.life_nonsense import CREATE, CREATE_PUBLISHED, LOCATE, PUBLISH
from tests.properties.life_world import LEAVE, REDIRECT, Clone, key_of
from tests.properties.stage import (
    CLAIM_VERSIONS,
    JOIN,
    JOIN_PAGE,
    PAYOUT,
    PAYOUT_PAGE,
    PAYOUT_WHOLE,
)
from tests.properties.test_gas_limits import MAGIC, Gauge
from tests.properties.test_life_cases import Stand
from tests.properties.test_registry_edges import Odd
from tests.properties.world import ANYONE, REGISTER, ZERO, calldata

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")

CLAIM_MANY = "claim_many(uint256[],address[])"
TOUCH = "touch(address,uint256[])"


def people(count: int) -> list[Seat]:
    return [Seat("0x" + (2**100 + at).to_bytes(20, "big").hex(), 1) for at in range(count)]


def address(number: int) -> str:
    return "0x" + number.to_bytes(20, "big").hex()


def contracts(chain: Gauge, count: int) -> list[str]:
    """That have signed whatever they are asked about."""
    made = [address(2**110 + at) for at in range(count)]
    for each in made:
        chain.put(each, MAGIC)
    return made


def of_contracts(accounts: list[str], voices: int = 2, **odd: Any) -> tuple[Odd, bytes]:
    """An agreement whose voices are contracts, with so many voices each, and their consent."""
    roll = b"".join(raw(each) + voices.to_bytes(12, "big") for each in accounts)
    pointer = bytes(32) + (64 * len(accounts) << 32).to_bytes(32, "big")
    currencies = odd.pop("own_currencies", bytes(32))
    seats = tuple(people(3))
    agreement = Odd(a.Table(seats), (), (), own_roll=roll, own_currencies=currencies, **odd)
    return agreement, pointer * len(accounts) + bytes(1024)


@pytest.mark.parametrize(("count", "done"), [(64, True), (65, False)])
def test_a_roll_of_sixty_four(count: int, done: bool) -> None:
    """All of them count, and the last of them can leave: it is the last of 64 bits."""
    chain = Gauge()
    world = w.World(chain)
    agreement, signed = of_contracts(contracts(chain, count))
    whole = world.registration(agreement)
    assert world.do(ANYONE, world.registry, REGISTER, *whole[:5], signed, *whole[6:]) == done
    if not done:
        return
    asked = chain.view(world.registry, calldata("see_address(bytes32)", agreement.hash))
    see = "0x" + asked[12:].hex()
    for left, place in enumerate((63, 0, 62), start=1):
        account = address(2**110 + place)
        leave = (see, *agreement.preimage, account, place, False, 0, a.DEADLINE, b"signed")
        assert world.do(ANYONE, world.registry, LEAVE, *leave)
        record = chain.view(world.registry, calldata("record(address)", see))
        assert int.from_bytes(record[-32:], "big").bit_count() == left
    assert int.from_bytes(record[-32:], "big") == 1 << 63 | 1 << 62 | 1


@pytest.mark.parametrize(("count", "done"), [(8, True), (9, False)])
def test_an_agreement_of_eight_currencies(count: int, done: bool) -> None:
    """An amendment closes the books of the old ones and of the new ones."""
    chain = Gauge()
    world = w.World(chain)
    voices = contracts(chain, 1)
    tokens = [2**90 + at for at in range(2 * count)]
    for each in tokens:
        chain.put(address(each), "6007" + "5f5260205ff3")  # of which seven units are there
    words = [
        b"".join(each.to_bytes(32, "big") for each in part)
        for part in (tokens[:count], tokens[count:])
    ]
    old, signed = of_contracts(voices, own_currencies=words[0])
    whole = world.registration(old)
    assert world.do(ANYONE, world.registry, REGISTER, *whole[:5], signed, *whole[6:]) == done
    if not done:
        return
    see = Clone.__new__(Clone)
    see.world, see.agreements = world, [old]
    asked = chain.view(world.registry, calldata("see_address(bytes32)", old.hash))
    see.address = "0x" + asked[12:].hex()
    see.signed = lambda *_: signed  # type: ignore[method-assign]
    new, _ = of_contracts(voices, own_currencies=words[1], nonce=1)
    assert see.amend(new, set())
    for each in (0, *tokens):
        assert see.view("book(address)", address(each)) == [1, 0]
        assert see.view("closed(address,uint256)", address(each), 0) == [7 if each else 0, 0, 0]


@cache
def deep(page: int) -> tuple[tuple[Any, ...], bytes, bytes]:
    """A table of as many pages as there may be, of which one is known: it, its words, the proof."""
    words = b"".join(a.pack(seat) for seat in people(32))
    node, total, proof = keccak(words), 32, b""
    for level in range(17):
        hash_, sum_ = keccak(bytes([level])), 3 * level
        proof += hash_ + sum_.to_bytes(32, "big")
        pair = [(node, total), (hash_, sum_)][:: -1 if page >> level & 1 else 1]
        packed = b"".join(each + number.to_bytes(32, "big") for each, number in pair)
        node, total = keccak(packed + b"\x01"), total + sum_
    return (node, total, 2**17, bytes(32)), words, proof


@pytest.mark.parametrize("page", [0, 1, 2**16, 2**17 - 2, 2**17 - 1])
def test_a_tree_of_seventeen_levels(page: int) -> None:
    world = w.World(Gauge())
    table, words, proof = deep(page)
    assert world.do(ANYONE, world.registry, CREATE, *table)
    hash_ = a.struct(a.TABLE, "bytes32 uint256 uint256", *table[:3])
    asked = calldata("splitter_address(bytes32,bytes32)", hash_, bytes(32))
    where = "0x" + world.chain.view(world.registry, asked)[12:].hex()
    total = table[1]
    world.chain.set_balance(where, 5 * total)
    for index in (32 * page, 32 * page + 31):
        join = (JOIN_PAGE, table, index, words, proof, True)
        assert not world.do(ANYONE, where, *join[:2], index ^ 32, *join[3:])
        assert world.do(ANYONE, where, *join)
        assert world.chain.balance(people(32)[index % 32].account) == 5
    assert not world.do(ANYONE, where, PAYOUT_PAGE, table, page, words, proof + bytes(64), ZERO)
    assert world.do(ANYONE, where, PAYOUT_PAGE, table, page, words, proof, ZERO)
    assert [world.chain.balance(seat.account) for seat in people(32)] == [5] * 32
    assert world.do(ANYONE, world.registry, PUBLISH, where, table, page, [words], [proof])


@pytest.mark.parametrize(("count", "done"), [(32, True), (33, False)])
def test_a_page_of_thirty_two(count: int, done: bool) -> None:
    """More words than that are no page, though a table may have been made of them."""
    world = w.World(Gauge())
    page = b"".join(a.pack(seat) for seat in people(count))
    table = (keccak(page), count, 1, bytes(32))
    assert world.do(ANYONE, world.registry, CREATE, *table)
    hash_ = a.struct(a.TABLE, "bytes32 uint256 uint256", *table[:3])
    asked = calldata("splitter_address(bytes32,bytes32)", hash_, bytes(32))
    where = "0x" + world.chain.view(world.registry, asked)[12:].hex()
    world.chain.set_balance(where, count)
    assert world.do(ANYONE, where, JOIN, table, 31, page, True) == done
    assert world.do(ANYONE, where, JOIN_PAGE, table, 30, page, b"", True) == done
    assert world.do(ANYONE, where, PAYOUT, table, page, ZERO) == done
    assert world.do(ANYONE, where, PAYOUT_WHOLE, table, [page], ZERO) == done
    assert [world.chain.balance(each.account) for each in people(32)] == [int(done)] * 32


def test_pages_in_one_call() -> None:
    """Sixteen are paid out, four are published later, and 128 seats as a Splitter is made."""
    world = w.World(Gauge())
    for pages in (16, 17):
        split = world.create(people(32 * pages), see=False)
        world.chain.set_balance(split.address, 32 * pages)
        payout = (PAYOUT_WHOLE, split.table, split.pages, ZERO)
        assert world.do(ANYONE, split.address, *payout) == (pages == 16)
        for few in (4, 5):
            pieces = (split.pages[:few], split.proofs[:few])
            publish = (PUBLISH, split.address, split.table, 0, *pieces)
            assert world.do(ANYONE, world.registry, *publish) == (few == 4)
    for seats in (128, 129):
        table = a.Table(tuple(people(seats)))
        words = b"".join(table.words)
        sums = sum(sum_ << 48 * at for at, sum_ in enumerate(table.sums))
        create = (CREATE_PUBLISHED, *table.fields, bytes(31) + b"\1", words, sums)
        assert world.do(ANYONE, world.registry, *create) == (seats == 128)


def test_seats_and_currencies_in_one_call() -> None:
    world = w.World(Gauge())
    split = world.create(people(2), see=False)
    for at in (0, 1):
        assert world.do(ANYONE, split.address, JOIN, split.table, at, split.pages[0], False)
    keys = [key_of(0, at, seat.account) for at, seat in enumerate(people(2))]
    for many, currencies, done in ((64, 8, True), (65, 1, False), (1, 9, False)):
        before = world.chain.evm.snapshot()
        world.chain.set_balance(split.address, 2)
        claim = (CLAIM_MANY, (keys * 33)[:many], [ZERO] * currencies)
        assert world.do(ANYONE, split.address, *claim) == done
        world.chain.evm.revert(before)
    assert world.do(ANYONE, world.registry, LOCATE, *_place(world, 256))
    assert not world.do(ANYONE, world.registry, LOCATE, *_place(world, 257))


def _place(world: w.World, size: int) -> tuple[Any, ...]:
    see = Clone(world, a.Agreement(a.Table(tuple(people(1))), ((0, 1),), (ZERO,), size))
    return see.address, ANYONE, "x" * size, a.DEADLINE, b""


def test_what_a_see_does_in_one_call() -> None:
    at = Stand(*[1] * 4)
    at.join()
    keys = [at.see.key(0, seat) for seat in range(4)]
    for many, currencies, done in ((64, 8, True), (65, 1, False), (1, 9, False)):
        at.receive("native", 4)
        claim = (CLAIM_VERSIONS, [], (keys * 17)[:many], [ZERO] * currencies)
        assert at.see.do(ANYONE, *claim) == done
    joins = [(0, seat) for seat in range(4)]
    assert at.see.claim_versions(joins, [], [])
    assert not at.see.claim_versions([*joins, (0, 0)], [], [])
    at.leave(0)
    short = keys[0]
    assert at.see.do(ANYONE, TOUCH, at.token, [short] * 16)
    assert not at.see.do(ANYONE, TOUCH, at.token, [short] * 17)
    account = at.see.now.table.seats[1].account
    for many, done in ((16, True), (17, False)):
        to = (account, ANYONE, keys[1], [at.token] * many, a.DEADLINE, b"")
        assert at.see.do(account, REDIRECT, *to) == done


def test_a_see_ends_with_the_last_of_its_voices_and_not_before() -> None:
    """Of many, and whatever their voices count: each is one of those that are left."""
    chain = Gauge()
    world = w.World(chain)
    accounts = contracts(chain, 33)
    agreement, signed = of_contracts(accounts, voices=2**24)
    whole = world.registration(agreement)
    assert world.do(ANYONE, world.registry, REGISTER, *whole[:5], signed, *whole[6:])
    asked = chain.view(world.registry, calldata("see_address(bytes32)", agreement.hash))
    see = "0x" + asked[12:].hex()
    for place, account in enumerate(accounts):
        assert chain.view(see, calldata("ended()"))[-1] == 0
        leave = (see, *agreement.preimage, account, place, False, 0, a.DEADLINE, b"signed")
        assert world.do(ANYONE, world.registry, LEAVE, *leave)
    assert chain.view(see, calldata("ended()"))[-1] == 1
