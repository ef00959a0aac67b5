"""The Registry at the very edge of each rule, and every word that it says and notes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from eth_abi import encode
from eth_hash.auto import keccak

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import Seat
from tests.properties.chain import START, pyrevm
from tests.properties.life_nonsense import CREATE, CREATE_PUBLISHED, LOCATE, PUBLISH
from tests.properties.life_world import LEAVE, Clone
from tests.properties.loud import Loud, event
from tests.properties.world import ANYONE, REGISTER, ZERO

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")

LONGEST = 10 * 366 * 86400  # seconds that an agreement may last
GRACE = 7 * 86400
MOST = 2**32 - 1  # voices, and what a quorum may be counted in
FIRST = "0x" + "11" * 20
SEATS = tuple(Seat("0x" + (2**100 + at).to_bytes(20, "big").hex(), 1 + at) for at in range(3))
FIELDS = "bytes32,uint256,uint256,bytes32,uint256,uint256,uint256,bytes32,bytes,bytes"
REGISTERED = f"Registered(address,bytes32,address,{FIELDS})"
AMENDED = f"Amended(address,bytes32,uint256,uint256,address,{FIELDS})"


@dataclass(frozen=True)
class Odd(a.Agreement):
    """An agreement whose terms, roll or currencies are what a test wants."""

    quorum: tuple[int, int] = a.QUORUM
    expiry: int = a.EXPIRY
    own_roll: bytes | None = None
    own_currencies: bytes | None = None

    @property
    def terms(self) -> tuple[Any, ...]:
        return (keccak(b"text"), *self.quorum, self.expiry, self.nonce.to_bytes(32, "big"))

    @cached_property
    def roll(self) -> bytes:
        return super().roll if self.own_roll is None else self.own_roll

    @cached_property
    def currency_words(self) -> bytes:
        return super().currency_words if self.own_currencies is None else self.own_currencies


class Office:
    """A Registry that is heard, and agreements to bring to it."""

    def __init__(self) -> None:
        self.chain = Loud()
        self.world = w.World(self.chain)
        self.registry = self.world.registry

    def registers(self, **odd: Any) -> bool:
        seats = odd.pop("seats", SEATS)
        voices = odd.pop("voices", ((0, 1), (1, 2)))
        agreement = Odd(a.Table(seats), voices, odd.pop("currencies", (ZERO,)), **odd)
        return self.world.do(ANYONE, self.registry, REGISTER, *self.world.registration(agreement))

    def see(self, count: int = 3, voices: tuple[tuple[int, int], ...] = ((0, 1), (1, 2))) -> Clone:
        seats = tuple(
            Seat("0x" + (2**100 + at).to_bytes(20, "big").hex(), 1) for at in range(count)
        )
        return Clone(self.world, a.Agreement(a.Table(seats), voices, (ZERO,), 1))

    def event(self, signature: str, indexed: int, *values: Any) -> Any:
        return event(self.registry, signature, indexed, *values)

    @property
    def said(self) -> list[Any]:
        return [each for each in self.chain.logs if each[0] == self.registry]

    def published(self, account: str, words: bytes) -> Any:
        return (*event(self.registry, "Published(address)", 1, account)[:2], words)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ({"quorum": (1, 1)}, {"quorum": (2, 1)}),
        ({"quorum": (1, MOST)}, {"quorum": (0, MOST)}),
        ({"quorum": (MOST, MOST)}, {"quorum": (MOST, MOST + 1)}),
        ({"expiry": START + 1}, {"expiry": START}),
        ({"expiry": START + LONGEST}, {"expiry": START + LONGEST + 1}),
    ],
)
def test_terms_are_taken_up_to_the_edge(good: dict[str, Any], bad: dict[str, Any]) -> None:
    office = Office()
    assert not office.registers(**bad)
    assert office.registers(**good)


def currency_words(*currencies: int) -> bytes:
    return b"".join(each.to_bytes(32, "big") for each in currencies)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (currency_words(0), b""),
        (currency_words(0, 1), currency_words(1, 0)),
        (currency_words(1, 2), currency_words(1, 1)),
        (currency_words(2**160 - 1), currency_words(2**160)),
        (currency_words(7), currency_words(7)[:31]),
        (currency_words(5, 6), currency_words(5, 6) + b"\0"),
        (currency_words(*range(8)), currency_words(0, 1, 2, 3, 4, 5, 6, 6)),
    ],
)
def test_currencies_are_few_and_ascend(good: bytes, bad: bytes) -> None:
    office = Office()
    assert not office.registers(own_currencies=bad)
    assert office.registers(own_currencies=good)


def voice(at: int, voices: int, between: int = 0) -> bytes:
    account = w.raw(a.account_of(a.KEYS[at]))
    return account + between.to_bytes(8, "big") + voices.to_bytes(4, "big")


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (voice(0, 1), voice(0, 0)),
        (voice(0, MOST), voice(0, 1, 1)),
        (voice(0, 1) + voice(1, 1), voice(1, 1) + voice(0, 1)),
        (voice(0, 1) + voice(1, 1), voice(0, 1) + voice(0, 1)),
        (voice(0, 1), voice(0, 1)[:31]),
    ],
)
def test_a_roll_ascends_and_every_voice_counts(good: bytes, bad: bytes) -> None:
    for roll, taken in ((bad, False), (good, True)):
        keys = [key for at in range(0, len(roll), 32) for key in a.KEYS if _has(roll, at, key)]
        voices = tuple((a.KEYS.index(key), 1) for key in keys) or ((0, 1),)
        assert Office().registers(own_roll=roll, voices=voices) == taken


def _has(roll: bytes, at: int, key: Any) -> bool:
    return roll[at : at + 20] == w.raw(a.account_of(key))


def test_no_roll_is_no_agreement() -> None:
    assert not Office().registers(own_roll=b"", voices=())


def test_a_signature_counts_to_its_last_second() -> None:
    for now, done in ((a.DEADLINE + 1, False), (a.DEADLINE, True)):
        office = Office()
        see = office.see()
        office.chain.set_time(now)
        assert see.deregister({0, 1}) == done
        leaving = Office()
        see = leaving.see()
        leaving.chain.set_time(now)
        assert see.leave(0, None, signs=True) == done


def test_grace_ends_to_the_second() -> None:
    for now, done in ((a.EXPIRY + GRACE - 1, False), (a.EXPIRY + GRACE, True)):
        office = Office()
        see = office.see()
        office.chain.set_time(now)
        assert see.expire() == done
        assert see.record() == [1, START, now if done else 0, 0, 0, 0]


def test_a_quorum_is_met_exactly_and_silence_is_no_yes() -> None:
    office = Office()  # two thirds
    assert not office.see(voices=((0, 1), (1, 1), (2, 1))).deregister({0})
    other = Office()
    see = other.see(voices=((0, 1), (1, 1), (2, 1)))
    assert see.deregister({0, 2})
    assert other.said == [other.event("Deregistered(address,address)", 2, see.address, ANYONE)]
    assert see.record() == [1, START, START, 0, 0, 0]


def test_a_registration_says_all_that_was_agreed() -> None:
    office = Office()
    see = office.see()
    now = see.now
    fields = (*now.table.fields, *now.terms, now.roll, now.currency_words)
    assert office.said == [
        office.event(REGISTERED, 2, see.address, now.hash, ANYONE, *fields),
        office.published(see.address, b"".join(now.table.words)),
    ]
    assert see.record() == [1, START, 0, 0, 0, 0]


@pytest.mark.parametrize("count", [3, 40, 70, 128, 129])
def test_an_amendment_says_all_that_was_agreed(count: int) -> None:
    office = Office()
    see = office.see()
    seats = tuple(Seat("0x" + (2**101 + at).to_bytes(20, "big").hex(), 1) for at in range(count))
    for version in (1, 2):
        later = START + version
        office.chain.evm.set_block_env(_block(10 * version, later))
        new = a.Agreement(a.Table(seats), ((1, 3), (2, 1)), (ZERO, FIRST), version)
        if version == 1:
            assert see.amend(new, {0, 1})
        else:
            assert see.amend(new, {0})  # three of four voices
        previous = 1 if version == 1 else 10
        fields = (*new.table.fields, *new.terms, new.roll, new.currency_words)
        said = [office.event(AMENDED, 2, see.address, new.hash, version, previous, ANYONE, *fields)]
        if count <= 128:
            said.append(office.published(see.address, b"".join(new.table.words)))
        assert office.said == said
        assert see.record() == [1, START, 0, version, 10 * version, 0]


def _block(number: int, now: int) -> Any:
    return pyrevm.BlockEnv(number=number, timestamp=now, gas_limit=10**12)


def test_a_voice_that_leaves_is_noted_at_its_place() -> None:
    office = Office()
    see = office.see(voices=((0, 1), (1, 1), (2, 1)))
    left = "VoiceLeft(address,address)"
    assert see.leave(1, None, signs=False)
    assert office.said == [office.event(left, 2, see.address, a.account_of(a.KEYS[1]))]
    assert see.record() == [1, START, 0, 0, 0, 0b010]
    assert not see.leave(1, None, signs=False)
    stranger = a.account_of(a.KEYS[3])
    beyond = (*see.now.preimage, stranger, 3, False, 0, a.DEADLINE, b"")
    assert not see.consult(stranger, LEAVE, *beyond)
    assert see.leave(2, None, signs=True)
    assert see.record() == [1, START, 0, 0, 0, 0b110]
    assert see.leave(0, None, signs=True)
    account = a.account_of(a.KEYS[0])
    assert office.said == [
        office.event(left, 2, see.address, account),
        office.event("Deregistered(address,address)", 2, see.address, ANYONE),
    ]
    assert see.record() == [1, START, START, 0, 0, 0b111]


def test_only_who_left_was_asked_out() -> None:
    """The voice at a place is the account's that leaves; others can't be made to leave."""
    office = Office()
    see = office.see(voices=((0, 1), (1, 1), (2, 1)))
    assert see.leave(0, None, signs=True)
    assert see.deregister({1, 2})  # two of two live voices: and the silent one is no yes
    other = Office()
    see = other.see(voices=((0, 1), (1, 1), (2, 1)))
    assert see.leave(0, None, signs=True)
    assert not see.deregister({1})
    assert not see.deregister({0, 1})


@pytest.mark.parametrize("count", [1, 32, 33, 64, 65, 96, 97, 128])
def test_a_splitter_says_its_table(count: int) -> None:
    office = Office()
    seats = tuple(Seat("0x" + (2**100 + at).to_bytes(20, "big").hex(), 1) for at in range(count))
    table, salt = a.Table(seats), bytes(31) + b"\1"
    root, shares, pages = table.fields
    asked = w.calldata("splitter_address(bytes32,bytes32)", table.hash, salt)
    where = "0x" + office.chain.view(office.registry, asked)[12:].hex()
    words, sums = table.published
    publish = (office.registry, CREATE_PUBLISHED, root, shares, pages, salt)
    assert not office.world.do(ANYONE, *publish, words[:-32], sums)
    assert not office.world.do(ANYONE, *publish, words[:-1] + b"\7", sums)
    if pages > 1:
        assert not office.world.do(ANYONE, *publish, words, sums + (1 << 48 * (pages - 1)))
    assert office.world.do(ANYONE, *publish, words, sums)
    assert office.chain.logs == [office.published(where, words)]
    asked = w.calldata("splitter_address(bytes32,bytes32)", table.hash, bytes(32))
    where = "0x" + office.chain.view(office.registry, asked)[12:].hex()
    assert office.world.do(ANYONE, office.registry, CREATE, root, shares, pages, bytes(32))
    created = "Created(address,bytes32,uint256,uint256)"
    assert office.said == [office.event(created, 1, where, root, shares, pages)]
    assert not office.world.do(ANYONE, office.registry, CREATE, root, shares, pages, bytes(32))


def test_pages_have_a_first_and_a_last_number() -> None:
    office = Office()
    for pages, done in ((0, False), (1, True), (2**17, True), (2**17 + 1, False)):
        create = (CREATE, bytes(32), 5, pages, bytes(32))
        assert office.world.do(ANYONE, office.registry, *create) == done, pages


def test_pages_are_published_by_their_numbers() -> None:
    office = Office()
    see = office.see(count=200)
    table = see.now.table
    publish = (office.registry, PUBLISH, see.address, see.now.argument)
    assert office.world.do(ANYONE, *publish, 2, table.pages[2:6], table.proofs[2:6])
    assert office.said == [office.published(see.address, page) for page in table.pages[2:6]]
    assert not office.world.do(ANYONE, *publish, 1, table.pages[2:6], table.proofs[2:6])
    assert not office.world.do(ANYONE, *publish, 2, table.pages[2:6], table.proofs[2:5])


def test_a_place_and_an_endorsement_are_said() -> None:
    office = Office()
    see = office.see()
    uri = "ipfs://where"
    locate = (office.registry, LOCATE, see.address, ANYONE, uri, 0, b"")
    assert office.world.do(ANYONE, *locate)
    topics = event(office.registry, "Located(address,address,string)", 2, see.address, ANYONE, uri)
    assert office.said == [topics]
    assert not office.world.do(w.PAYER, *locate)
    subject = keccak(b"a subject")
    assert see.endorse(a.LEAVING, FIRST, subject)
    digest = a.digest(office.registry, a.LEAVING, FIRST, subject)
    endorsed = "Endorsed(address,bytes32,bytes32,address,bytes32,uint256)"
    kind = keccak(a.LEAVING.encode())
    values = (see.address, digest, kind, FIRST, subject, a.DEADLINE)
    assert office.said == [office.event(endorsed, 2, *values)]
    asked = w.calldata("isValidSignature(bytes32,bytes)", digest, b"")
    assert office.chain.view(see.address, asked)[:4].hex() == "1626ba7e"


def test_the_domain_is_told_as_it_is_signed() -> None:
    office = Office()
    told = office.chain.view(office.registry, w.calldata("eip712Domain()"))
    types = ["bytes1", "string", "string", "uint256", "address", "bytes32", "uint256[]"]
    values = [b"\x0f", "seechain", "1", 1, office.registry, bytes(32), []]
    assert told == encode(types, values)
