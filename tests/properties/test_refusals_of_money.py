"""Every reason for which a SEE or a Splitter refuses a call, where it belongs."""

from __future__ import annotations

import pytest

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.blunt import BluntSplit, BluntStand
from tests.properties.books_model import NATIVE, Seat
from tests.properties.chain import pyrevm
from tests.properties.life_world import (
    MEMO,
    PAY,
    PAY_LATE,
    PAY_VERSION,
    REDIRECT,
    key_of,
)
from tests.properties.stage import (
    CLAIM_VERSIONS,
    JOIN,
    JOIN_PAGE,
    PAYOUT,
    PAYOUT_PAGE,
    PAYOUT_WHOLE,
    join,
)
from tests.properties.test_life_cases import PEOPLE, TOKEN
from tests.properties.world import ANYONE, PAYER, ZERO

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")

CLAIM = "claim(uint256,address)"
CLAIM_TOKEN = "claim_token(address,uint256,address)"
CLAIM_MANY = "claim_many(uint256[],address[])"
TOUCH = "touch(address,uint256[])"
SET_MODE = "set_mode(uint256,address,bytes)"
APPROVE = "approve(address,uint256)"


def test_claims_of_a_see() -> None:
    at = BluntStand(1, 3)
    keys = [at.see.key(0, seat) for seat in (0, 1)]
    claims = [
        (CLAIM, 0, PEOPLE[0]),
        (CLAIM_TOKEN, at.token, 0, PEOPLE[0]),
        (CLAIM_VERSIONS, [], keys, [ZERO]),
        (CLAIM_VERSIONS, [], keys, [at.token]),
    ]
    for odd in (False, True):  # books that are plain, and that know a payout
        at.receive(NATIVE, 400)
        at.receive(TOKEN, 400)
        for claim in claims:
            at.refuses("not joined", *claim)
        if not odd:
            assert at.see.payout(ZERO, 0, None)
            assert at.see.payout(at.token, 0, None)
    at.join()
    assert at.claim(0, 0, 1)
    assert at.claim(0, 0, 1, currency=at.token)
    for claim in (*claims, (CLAIM_VERSIONS, [], [], [ZERO])):
        at.refuses("nothing due", *claim)
    page = at.see.now.table.pages[0]
    for claims_too in (False, True):
        at.refuses("already joined", JOIN, at.see.now.argument, 0, page, claims_too)
    beyond = at.see.key(0, 0) | 1 << 192
    at.amend(1, 1)
    at.refuses("not joined", CLAIM_VERSIONS, [], [beyond], [ZERO])
    at.refuses("nothing due", CLAIM_VERSIONS, [], keys, [ZERO, at.token])


def test_claims_of_a_closed_version() -> None:
    at = BluntStand(1, 3)
    at.receive(NATIVE, 400)
    at.receive(TOKEN, 400)
    at.amend(1, 1)
    key = at.see.key(0, 1)
    for currency in (ZERO, at.token):
        at.refuses("not joined", CLAIM_VERSIONS, [], [key], [currency])
    table, page = at.see.agreements[0], at.see.table(0).pages[0]
    at.refuses("wrong version", CLAIM_VERSIONS, [(2, table.argument, 1, page, b"")], [], [])
    at.refuses("wrong table", CLAIM_VERSIONS, [(1, table.argument, 1, page, b"")], [], [])
    at.refuses("wrong page", CLAIM_VERSIONS, [(0, table.argument, 2, page, b"")], [], [])
    at.refuses("wrong page", CLAIM_VERSIONS, [(0, table.argument, 1, page[:40], b"")], [], [])
    at.refuses("wrong proof", CLAIM_VERSIONS, [(0, table.argument, 1, page, bytes(64))], [], [])
    at.refuses("wrong page", CLAIM_VERSIONS, [(0, table.argument, 32, page, b"")], [], [])
    assert at.see.claim_versions([(0, 1)], [], [])  # joining is enough
    assert at.see.claim_versions([(0, 1)], [], [])  # as it is once more


def test_what_a_see_takes_no_more() -> None:
    at = BluntStand(1, 3)
    assert at.see.pay(at.token, 10, 0)  # approved, and paid
    assert at.world.do(PAYER, at.token, APPROVE, at.see.address, 10)
    at.refuses("wrong version", PAY_VERSION, ZERO, 1, MEMO, 1, value=1)
    at.refuses("wrong version", PAY_LATE, ZERO, 1, MEMO, 0, value=1)
    at.amend(1, 1)
    at.refuses("wrong version", PAY_VERSION, ZERO, 1, MEMO, 0, value=1)
    at.refuses("wrong version", PAY_LATE, ZERO, 1, MEMO, 1, value=1)
    for pay in ((PAY, ZERO, 2, MEMO), (PAY_LATE, ZERO, 2, MEMO, 0)):
        at.refuses("wrong amount", *pay, value=1)
        at.refuses("wrong amount", *pay, value=3)
    for pay in ((PAY, at.token, 2, MEMO), (PAY_LATE, at.token, 2, MEMO, 0)):
        at.refuses("wrong amount", *pay, value=2)
    at.mute(1)
    at.refuses("currency failed", TOUCH, at.token, [])
    at.mute(0)
    at.refuses("currency failed", TOUCH, ZERO, [])
    at.join()
    at.refuses("not left", TOUCH, at.token, [at.see.key(0, 0)])
    assert at.see.deregister({0})
    at.refuses("see ended", PAY, ZERO, 1, MEMO, value=1)
    at.refuses("see ended", PAY_VERSION, ZERO, 1, MEMO, 1, value=1)
    at.refuses("see ended", PAY_LATE, ZERO, 1, MEMO, 0, value=1)
    at.receive(NATIVE, 10)  # what comes by itself can't be refused


def test_late_money_up_to_the_cap() -> None:
    """A book of late payments holds as much as any other, and the balance no more."""
    cap = 2**111 - 1
    at = BluntStand(1, 3)
    at.amend(1, 1)
    at.chain.set_balance(PAYER, 2**120)
    at.refuses("wrong amount", PAY_LATE, ZERO, cap + 1, MEMO, 0, value=cap + 1)
    assert at.see.pay_late(ZERO, cap, 0)
    at.refuses("wrong amount", PAY_LATE, ZERO, 1, MEMO, 0, value=1)
    assert at.see.view("closed(address,uint256)", ZERO, 0) == [0, cap, 0]
    assert at.see.view("received(address)", ZERO) == [0]
    assert at.see.dues(ZERO, 0, 1 << 15) == [cap // 4, 3 * cap // 4]
    keys = [at.see.key(0, seat, 1 << 15) for seat in (0, 1)]
    assert at.see.claim_versions([(0, 0), (0, 1)], keys, [ZERO])
    at.refuses("wrong amount", PAY_LATE, ZERO, 1, MEMO, 0, value=1)  # though it was claimed


@pytest.mark.parametrize("name", [NATIVE, TOKEN])
def test_late_money_has_no_room_beside_as_much_as_a_book_holds(name: str) -> None:
    cap = 2**111 - 1
    at = BluntStand(1, 3)
    at.amend(1, 1)
    currency = at.world.currency(name)
    for balance, amount, done in ((cap - 5, 6, False), (cap - 5, 5, True), (cap, 1, False)):
        if name == NATIVE:
            at.chain.set_balance(at.see.address, balance)
        else:
            at.say(balance)
        assert at.see.pay_late(currency, amount, 0) == done
        assert at.chain.why == ("" if done else "wrong amount")
    assert at.see.view("closed(address,uint256)", currency, 0) == [0, 5, 0]


def test_redirects() -> None:
    at = BluntStand(1, 3)
    at.join()
    key, later, signed = at.see.key(0, 0), a.DEADLINE, bytes(64)
    at.refuses("wrong account", REDIRECT, PEOPLE[0], ZERO, key, [], later, signed)
    at.refuses("wrong account", REDIRECT, PEOPLE[0], at.see.address, key, [], later, signed)
    at.refuses("not joined", REDIRECT, PEOPLE[2], PEOPLE[3], key, [], later, signed)
    at.refuses("not joined", REDIRECT, PEOPLE[1], PEOPLE[3], key, [], later, signed)
    at.refuses("bad signature", REDIRECT, PEOPLE[0], PEOPLE[3], key, [], later, signed)
    at.refuses("bad signature", REDIRECT, PEOPLE[0], PEOPLE[3], key, [], later, b"")
    at.chain.set_time(later + 1)
    at.refuses("too late", REDIRECT, PEOPLE[0], PEOPLE[3], key, [], later, signed)
    # Its own index with any account in the key: the account is not read.
    assert at.see.redirect(PEOPLE[0], PEOPLE[3], key | int(PEOPLE[1], 16), [])


def test_only_its_registry_ends_a_see() -> None:
    at = BluntStand(1, 3)
    at.join()
    at.refuses("not registry", "end()")
    at.refuses("not registry", "leave(address,uint256,bytes)", PEOPLE[0], 0, b"")
    at.refuses("not registry", "succeed(bytes32,bytes32,bytes)", at.see.now.hash, bytes(32), b"")


def test_what_a_see_tells_its_registry() -> None:
    at = BluntStand(1, 3)
    now, other = at.see.now, at.agreement(2, 2)
    at.see.agreements[-1] = other
    assert not at.see.amend(at.agreement(1, 1), {0})
    assert at.chain.why == "wrong agreement"
    at.see.agreements[-1] = now
    assert not at.see.leave_seat(PEOPLE[0], 0, [], None)
    assert at.chain.why == "not joined"
    at.join()
    at.leave(0)
    for account, index, why in (
        (PEOPLE[0], 0, "already left"),
        (PEOPLE[0], 1, "not joined"),
        (PEOPLE[1], 1, "last share"),
    ):
        assert not at.see.leave_seat(account, index, [], None)
        assert at.chain.why == why


def test_the_last_version() -> None:
    """Of 8,192 the last one is not followed: its number stands in 13 bits."""
    at = BluntStand(1, 3)
    commit = int.from_bytes(at.see.now.hash, "big")
    for version in (8190, 8191):
        before = at.chain.evm.snapshot()
        _, native, commitments, *_ = w.slots_of_see([version], [], [], [], [], [])
        at.chain.evm.insert_account_storage(at.see.address, native, version << 8)
        at.chain.evm.insert_account_storage(at.see.address, commitments, commit)
        assert at.see.view("version()") == [version]
        assert at.see.amend(at.agreement(1, 1), {0}) == (version == 8190)
        assert at.chain.why == ("" if version == 8190 else "last version")
        assert at.see.view("version()") == [8191]
        at.see.agreements[1:] = []
        at.chain.evm.revert(before)


def people(count: int) -> list[Seat]:
    return [Seat("0x" + (2**100 + at).to_bytes(20, "big").hex(), 1) for at in range(count)]


def test_claims_of_a_splitter() -> None:
    at = BluntSplit(people(2))
    keys = [key_of(0, place, seat.account) for place, seat in enumerate(at.split.seats)]
    first = at.split.seats[0].account
    claims = [
        (CLAIM, 0, first),
        (CLAIM_TOKEN, at.token, 0, first),
        (CLAIM_MANY, keys, [ZERO]),
        (CLAIM_MANY, keys, [at.token]),
        (CLAIM_MANY, keys, [ZERO, at.token]),
    ]
    for odd in (False, True):
        at.receive(40)
        for claim in claims:
            at.refuses("not joined", *claim)
        if not odd:
            for currency in (ZERO, at.token):
                assert at.do(PAYOUT, at.split.table, at.split.pages[0], currency)
    at.join(0)
    for currency in (ZERO, at.token):
        at.refuses("not joined", CLAIM_MANY, keys, [currency])
    at.join(1)
    assert at.do(CLAIM_MANY, keys, [ZERO, at.token])
    for claim in (*claims, (CLAIM_MANY, [], [ZERO]), (CLAIM_MANY, keys, [])):
        at.refuses("nothing due", *claim)
    at.receive(40)
    for currency in (ZERO, at.token):
        at.refuses("wrong version", CLAIM_MANY, [keys[0], keys[1] | 1 << 192], [currency])
        at.refuses("wrong version", CLAIM_MANY, [keys[1] | 1 << 255], [currency])


def test_joins_and_payouts_of_one_page() -> None:
    at = BluntSplit(people(3))
    (page,), table = at.split.pages, at.split.table
    root, shares, pages, terms = table
    for pay in ((JOIN, table, 0, page, False), (PAYOUT, table, page, ZERO)):
        name, _, *rest = pay
        at.refuses("wrong table", name, (root, shares + 1, pages, terms), *rest)
        at.refuses("wrong table", name, (root, shares, pages, b"\1" * 32), *rest)
        at.refuses("wrong total", name, (root, 0, pages, terms), *rest)
        at.refuses("wrong total", name, (root, 2**48, pages, terms), *rest)
    for index in (3, 31, 32, 2**251, 2**256 - 1):
        at.refuses("wrong page", JOIN, table, index, page, False)
    for other in (b"", page[:-32], page[:-1], page + bytes(32), page[32:] + page[:32]):
        at.refuses("wrong page", JOIN, table, 0, other, False)
        at.refuses("wrong page", PAYOUT, table, other, ZERO)
    at.refuses("wrong page", PAYOUT_WHOLE, table, [], ZERO)
    at.refuses("wrong page", PAYOUT_WHOLE, table, [page, page], ZERO)
    at.refuses("wrong page", PAYOUT_PAGE, table, 1, page, b"", ZERO)
    at.refuses("wrong proof", PAYOUT_PAGE, table, 0, page, bytes(64), ZERO)
    assert at.do(PAYOUT_PAGE, table, 0, page, b"", ZERO)
    assert at.do(JOIN_PAGE, table, 2, page, b"", False)
    at.refuses("already joined", JOIN_PAGE, table, 2, page, b"", False)


@pytest.mark.parametrize("pages", [2, 3, 5])
def test_proofs_have_one_length(pages: int) -> None:
    at = BluntSplit(people(32 * pages))
    table, words = at.split.table, at.split.pages
    for page, proof in enumerate(at.split.proofs):
        odd = [proof[:size] for size in (*range(0, len(proof), 64), len(proof) - 1)]
        odd += [proof[: len(proof) - 63], proof + b"\0", proof + bytes(64), proof + bytes(63)]
        for other in odd:
            index = 32 * page
            at.refuses("wrong proof", JOIN_PAGE, table, index, words[page], other, False)
            at.refuses("wrong proof", PAYOUT_PAGE, table, page, words[page], other, ZERO)
        if len(proof) > 64:
            swapped = proof[64:128] + proof[:64] + proof[128:]
            at.refuses("wrong page", PAYOUT_PAGE, table, page, words[page], swapped, ZERO)
        more = proof[:-32] + (int.from_bytes(proof[-32:], "big") + 2**48).to_bytes(32, "big")
        at.refuses("wrong sum", PAYOUT_PAGE, table, page, words[page], more, ZERO)
        assert at.do(JOIN_PAGE, table, 32 * page, words[page], proof, False)
    for beyond in (pages, pages + 1, 2**251, 2**256 - 1):
        at.refuses("wrong page", PAYOUT_PAGE, table, beyond, words[0], at.split.proofs[0], ZERO)


def test_a_table_of_one_page_that_lies() -> None:
    """Its total is not the sum of its shares: nobody joins, and nobody is paid out."""
    seats = people(2)
    table, world = a.Table(tuple(seats)), BluntSplit(people(3)).world
    root, _, pages = table.fields
    for total in (1, 3):
        assert world.do(
            ANYONE,
            world.registry,
            "create(bytes32,uint256,uint256,bytes32)",
            *(root, total, pages, bytes(32)),
        )
        hash_ = a.struct(a.TABLE, "bytes32 uint256 uint256", root, total, pages)
        asked = w.calldata("splitter_address(bytes32,bytes32)", hash_, bytes(32))
        where = "0x" + world.chain.view(world.registry, asked)[12:].hex()
        world.chain.set_balance(where, 10)
        lie = (root, total, pages, bytes(32))
        (page,) = table.pages
        for call in (
            (JOIN, lie, 0, page, False),
            (JOIN_PAGE, lie, 0, page, b"", False),
            (PAYOUT, lie, page, ZERO),
            (PAYOUT_PAGE, lie, 0, page, b"", ZERO),
            (PAYOUT_WHOLE, lie, [page], ZERO),
        ):
            assert not world.do(ANYONE, where, *call)
            assert world.chain.why == "wrong sum"  # type: ignore[attr-defined]


@pytest.mark.parametrize("more", [1, 2, 4, 8, 16, 31])
def test_a_page_that_no_words_fill(more: int) -> None:
    """Whoever wrote the table: of a page that ends within a word nothing is paid."""
    world = BluntSplit(people(1)).world
    page = a.pack(Seat("0x" + "01" * 20, 5)) + bytes(more)
    table = (w.keccak(page), 5, 1, bytes(32))
    create = "create(bytes32,uint256,uint256,bytes32)"
    assert world.do(ANYONE, world.registry, create, *table)
    hash_ = a.struct(a.TABLE, "bytes32 uint256 uint256", *table[:3])
    asked = w.calldata("splitter_address(bytes32,bytes32)", hash_, bytes(32))
    where = "0x" + world.chain.view(world.registry, asked)[12:].hex()
    for call in (
        (JOIN, table, 0, page, False),
        (JOIN_PAGE, table, 0, page, b"", False),
        (PAYOUT, table, page, ZERO),
        (PAYOUT_PAGE, table, 0, page, b"", ZERO),
        (PAYOUT_WHOLE, table, [page], ZERO),
    ):
        assert not world.do(ANYONE, where, *call)
        assert world.chain.why == "wrong page"  # type: ignore[attr-defined]


def test_a_recipient_that_refuses_coin() -> None:
    at = BluntSplit(people(1))
    refuses = at.world.recipients[0]
    assert at.world.do(ANYONE, refuses, SET_MODE, w.REFUSE, ZERO, b"")
    seats = sorted([Seat(refuses, 1), Seat("0x" + "99" * 20, 1)], key=lambda seat: seat.account)
    place = [seat.account for seat in seats].index(refuses)
    at.split = at.world.create(seats, see=False)
    for balance in (40, 2**111):  # of a book that is plain, and beyond the cap
        at.chain.set_balance(at.split.address, balance)
        at.refuses("payment failed", *join(at.split, place, True))
    at.split = at.world.create([*seats, Seat("0x" + "ff" * 20, 3)], see=False)
    at.join(place)
    for odd in (False, True):
        at.receive(40)
        at.refuses("payment failed", CLAIM, place, refuses)
        at.refuses("payment failed", CLAIM_MANY, [key_of(0, place, refuses)], [ZERO])
        if not odd:
            assert at.do(PAYOUT, at.split.table, at.split.pages[0], ZERO)
    block = ("set_blocked(address,uint256)", refuses, w.ANSWER_FALSE)
    assert at.world.do(ANYONE, at.token, *block)
    at.refuses("payment failed", CLAIM_TOKEN, at.token, place, refuses)
    block = ("set_blocked(address,uint256)", at.split.address, w.ANSWER_FALSE)
    assert at.world.do(ANYONE, at.token, *block)
    assert at.world.do(PAYER, at.token, APPROVE, at.split.address, 10)
    at.refuses("payment failed", PAY, at.token, 10, MEMO)


def test_what_takes_no_payment() -> None:
    at = BluntSplit(people(1))
    for implementation in at.world.implementations:
        for data in (b"a memo of a wallet", w.calldata(PAY, ZERO, 1, MEMO)):
            assert not at.chain.send(PAYER, implementation, data, 1)
            assert at.chain.why == "not payable"
    assert not at.chain.send(PAYER, at.split.address, b"a memo without money", 0)
    assert at.chain.why == "not payable"
    at.refuses("wrong amount", PAY, ZERO, 2, MEMO, value=1)
    at.refuses("wrong amount", PAY, at.token, 1, MEMO, value=1)
