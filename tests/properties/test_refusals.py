"""Every reason for which the Registry refuses a call, where it belongs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pytest
from eth_abi import encode
from eth_hash.auto import keccak

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.blunt import Blunt
from tests.properties.books_model import Seat
from tests.properties.chain import DEPLOYER, START, pyrevm
from tests.properties.life_nonsense import CREATE, CREATE_PUBLISHED, DEPLOY, LOCATE, PUBLISH
from tests.properties.life_world import AMEND, ENDORSE, EXPIRE, LEAVE, LEAVE_SEAT, Clone
from tests.properties.test_registry_edges import GRACE, LONGEST, MOST, Odd
from tests.properties.world import ANYONE, REGISTER, TABLE_ARGUMENT, TERMS_ARGUMENT, ZERO

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")

SEATS = tuple(Seat("0x" + (2**100 + at).to_bytes(20, "big").hex(), 1 + at) for at in range(3))
VOICES = ((0, 1), (1, 2), (2, 1))
DEREGISTER = f"deregister(address,{TABLE_ARGUMENT},{TERMS_ARGUMENT},uint256,bytes,bytes,bytes)"
HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
ORDER = 2 * HALF_ORDER + 1


@dataclass(frozen=True)
class OddTable(a.Table):
    """A table that says of itself what a test wants."""

    own_shares: int = 6
    own_pages: int = 1

    @cached_property
    def fields(self) -> tuple[bytes, int, int]:
        return keccak(self.pages[0]), self.own_shares, self.own_pages


class Desk:
    """Brings papers to a Registry that says why it refuses them."""

    def __init__(self) -> None:
        self.chain = Blunt()
        self.world = w.World(self.chain)
        self.registry = self.world.registry
        self.nonce = 0

    def agreement(self, voices: Any = VOICES, table: a.Table | None = None, **odd: Any) -> Odd:
        self.nonce += 1
        currencies = odd.pop("currencies", (ZERO,))
        return Odd(table or a.Table(SEATS), voices, currencies, self.nonce, **odd)

    def see(self) -> Clone:
        return Clone(self.world, self.agreement())

    def refuses(self, why: str, *call: Any, to: str = "") -> None:
        done = self.world.do(ANYONE, to or self.registry, *call)
        assert (done, self.chain.why) == (False, why)


@pytest.mark.parametrize(
    ("why", "odd"),
    [
        ("wrong quorum", {"quorum": (0, 3)}),
        ("wrong quorum", {"quorum": (4, 3)}),
        ("wrong quorum", {"quorum": (1, MOST + 1)}),
        ("wrong expiry", {"expiry": START}),
        ("wrong expiry", {"expiry": START + LONGEST + 1}),
        ("wrong currencies", {"own_currencies": b""}),
        ("wrong currencies", {"own_currencies": bytes(33)}),
        ("wrong currencies", {"own_currencies": bytes(64)}),
        ("wrong currencies", {"own_currencies": b"\1" + bytes(31)}),
        ("wrong roll", {"own_roll": b""}),
        ("wrong roll", {"own_roll": bytes(33)}),
        ("wrong roll", {"own_roll": b"\1" * 20 + bytes(12)}),
        ("wrong roll", {"own_roll": bytes(31) + b"\1"}),
        ("wrong page", {"table": OddTable(SEATS, own_pages=0)}),
        ("wrong page", {"table": OddTable(SEATS, own_pages=2**17 + 1)}),
        ("wrong total", {"table": OddTable(SEATS, own_shares=0)}),
        ("wrong total", {"table": OddTable(SEATS, own_shares=2**48)}),
    ],
)
def test_agreements_that_nobody_can_put_in_force(why: str, odd: dict[str, Any]) -> None:
    """Neither as the first agreement nor as a later one."""
    desk = Desk()
    see, unfit = desk.see(), desk.agreement(**odd)
    desk.refuses(why, REGISTER, *_without_words(desk.world.registration(unfit)))
    assert not see.amend(unfit, {0, 1, 2}, published=False)
    assert desk.chain.why == why


def _without_words(registration: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*registration[:-2], b"", 0)


def test_tables_at_the_edge_of_what_a_registry_takes() -> None:
    desk = Desk()
    for odd in ({"own_pages": 2**17}, {"own_shares": 1}, {"own_shares": 2**48 - 1}):
        fit = desk.agreement(table=OddTable(SEATS, **odd))
        taken = _without_words(desk.world.registration(fit))
        assert desk.world.do(ANYONE, desk.registry, REGISTER, *taken), odd


def test_registrations() -> None:
    desk = Desk()
    agreement = desk.agreement()
    whole = desk.world.registration(agreement)
    keys: list[Any] = agreement.keys
    for absent in range(3):
        some = [None if at == absent else key for at, key in enumerate(keys)]
        signed = a.sign(desk.registry, a.REGISTRATION, agreement.hash, some)
        desk.refuses("missing voice", REGISTER, *whole[:5], signed, *whole[6:])
    desk.refuses("bad signature", REGISTER, *whole[:5], whole[5][:-1], *whole[6:])
    desk.refuses("bad signature", REGISTER, *whole[:5], b"", *whole[6:])
    words, sums = whole[6:]
    desk.refuses("wrong page", REGISTER, *whole[:6], words[32:], sums)
    assert desk.world.do(ANYONE, desk.registry, REGISTER, *whole)
    desk.refuses("already registered", REGISTER, *whole)
    desk.chain.set_time(a.DEADLINE + 1)
    desk.refuses("too late", REGISTER, *whole)


def test_a_clone_that_stands_is_registered_all_the_same() -> None:
    desk = Desk()
    agreement = desk.agreement()
    assert desk.world.do(ANYONE, desk.registry, DEPLOY, agreement.argument)
    desk.refuses("", DEPLOY, agreement.argument)
    assert Clone(desk.world, agreement).record()[0] == 1


def test_what_is_not_registered() -> None:
    desk = Desk()
    see, other = desk.see(), desk.agreement()
    assert desk.world.do(ANYONE, desk.registry, DEPLOY, other.argument)
    asked = desk.chain.view(desk.registry, w.calldata("see_address(bytes32)", other.hash))
    see.address, see.agreements = "0x" + asked[12:].hex(), [other]
    for act in acts(see):
        assert not act()
        assert desk.chain.why == "not registered"
    desk.refuses("not registered", LOCATE, see.address, ANYONE, "ipfs://x", a.DEADLINE, b"")


def acts(see: Clone) -> list[Any]:
    """What the Registry does for a SEE that lives."""
    everybody, account = {0, 1, 2}, SEATS[0].account
    return [
        lambda: see.amend(a.Agreement(a.Table(SEATS), VOICES, (ZERO,), 99), everybody),
        lambda: see.deregister(everybody),
        lambda: see.leave(0, None, signs=True),
        lambda: see.leave_seat(account, 0, [], None),
        lambda: see.expire(),
        lambda: see.endorse(a.LEAVING, account, bytes(32)),
    ]


def test_what_has_ended_signs_and_does_nothing_else() -> None:
    desk = Desk()
    see = desk.see()
    assert see.deregister({0, 1, 2})
    *ended, endorses = acts(see)
    for act in ended:
        assert not act()
        assert desk.chain.why == "already ended"
    assert endorses()


def test_another_agreement_than_that_in_force() -> None:
    desk = Desk()
    see, other = desk.see(), desk.agreement()
    see.agreements = [other]
    for act in (act for at, act in enumerate(acts(see)) if at != 3):  # which takes none
        assert not act()
        assert desk.chain.why == "wrong agreement"


def test_a_quorum_that_is_not_met() -> None:
    desk = Desk()
    see = desk.see()  # three of four voices are two thirds; two are not
    for yes, done in ((set(), False), ({1}, False), ({0, 2}, False), ({0, 1}, True)):
        before = desk.chain.evm.snapshot()
        assert see.deregister(yes) == done
        assert desk.chain.why == ("" if done else "no quorum")
        desk.chain.evm.revert(before)
    see.agreements = [replace(see.now)]
    assert not see.amend(desk.agreement(), {0, 2})
    assert desk.chain.why == "no quorum"


def test_leaves() -> None:
    desk = Desk()
    see = desk.see()
    account = a.account_of(a.KEYS[0])
    desk.refuses("wrong version", LEAVE_SEAT, see.address, account, 1, 0, b"", a.DEADLINE, b"")
    leave = (LEAVE, see.address, *see.now.preimage, account)
    for place, why in ((0, "bad signature"), (1, "bad signature")):
        desk.refuses(why, *leave, place, False, 0, a.DEADLINE, bytes(64))
    for place in (1, 3, 2**256 - 1):  # another's, and beyond the roll
        own = (*leave, place, False, 0, a.DEADLINE, b"")
        assert not desk.world.do(account, desk.registry, *own)
        assert desk.chain.why == "wrong roll"
    assert see.leave(0, None, signs=False)
    assert not see.leave(0, None, signs=False)
    assert desk.chain.why == "already left"


def test_a_signature_of_which_there_is_a_second() -> None:
    """The upper half of s, with the other parity, is a signature of the same account."""
    desk = Desk()
    see = desk.see()
    key = a.KEYS[0]
    signed = a.sign(desk.registry, a.LEAVING, see._leave_hash(True, False, 0), [key])
    leave = (LEAVE, see.address, *see.now.preimage, a.account_of(key), 0, False, 0, a.DEADLINE)
    desk.refuses("bad signature", *leave, _second(signed))
    desk.refuses("bad signature", *leave, signed + b"\0")
    desk.refuses("bad signature", *leave, signed[:-1])
    assert desk.world.do(ANYONE, desk.registry, *leave, signed)
    end = a.struct(a.END, "address uint256", see.address, 0)
    signed = a.sign(desk.registry, a.DEREGISTRATION, end, [None, *see.now.keys[1:]])
    table, terms, roll, currencies = see.now.preimage
    call = (DEREGISTER, see.address, table, terms, a.DEADLINE, roll, currencies)
    second = signed[:64] + _second(signed[64:128]) + signed[128:]
    desk.refuses("bad signature", *call, second)
    assert desk.world.do(ANYONE, desk.registry, *call, signed)


def _second(signed: bytes) -> bytes:
    vs = int.from_bytes(signed[32:], "big")
    s, parity = vs & 2**255 - 1, vs >> 255
    assert s <= HALF_ORDER
    return signed[:32] + ((ORDER - s) | (1 - parity) << 255).to_bytes(32, "big")


def test_the_zero_address_has_signed_nothing() -> None:
    """It is what ecrecover answers where it fails."""
    desk = Desk()
    see = desk.see()
    for signed in (b"\1" * 64, bytes(64), bytes(65), b""):
        locate = (LOCATE, see.address, ZERO, "ipfs://x", a.DEADLINE, signed)
        desk.refuses("bad signature", *locate)


def test_the_grace_after_the_expiry() -> None:
    desk = Desk()
    see = desk.see()
    expire = (EXPIRE, see.address, *see.now.preimage)
    desk.chain.set_time(a.EXPIRY + GRACE - 1)
    desk.refuses("not expired", *expire)
    desk.chain.set_time(a.EXPIRY + GRACE)
    assert desk.world.do(ANYONE, desk.registry, *expire)


def test_no_see_signs_a_redirection() -> None:
    desk = Desk()
    see = desk.see()
    redirect = "Redirect(address see,address to,uint256 times)"
    kind = f"Redirection(address account,Redirect redirect,uint256 deadline){redirect}"
    assert not see.endorse(kind, see.address, bytes(32))
    assert desk.chain.why == "wrong message"
    table, *preimage = see.now.preimage
    other = (table, *preimage, keccak(b"kind"), see.address, bytes(32), a.DEADLINE, bytes(192))
    desk.refuses("no quorum", ENDORSE, see.address, *other)


def test_tables_that_are_published() -> None:
    desk = Desk()
    see = desk.see()
    argument, pages, proofs = see.now.argument, see.now.table.pages, see.now.table.proofs
    root, shares, count, terms = argument
    other = (root, shares + 1, count, terms)
    desk.refuses("wrong table", PUBLISH, see.address, other, 0, pages, proofs)
    desk.refuses("wrong proof", PUBLISH, see.address, argument, 0, pages, [])
    desk.refuses("wrong proof", PUBLISH, see.address, argument, 0, [], proofs)
    desk.refuses("wrong page", PUBLISH, see.address, argument, 1, pages, proofs)
    desk.refuses("wrong page", PUBLISH, see.address, argument, 0, [pages[0][:-1]], proofs)
    for pages_ in (0, 5, 2**256 - 1):
        desk.refuses("wrong page", CREATE_PUBLISHED, root, shares, pages_, bytes(32), b"", 0)
    desk.refuses("wrong page", CREATE, root, shares, 0, bytes(32))
    desk.refuses("wrong total", CREATE, root, 0, 1, bytes(32))


def test_an_amendment_publishes_what_it_says() -> None:
    desk = Desk()
    see, new = desk.see(), desk.agreement()
    succession = a.struct(a.SUCCESSION, "address uint256 bytes32", see.address, 0, new.hash)
    signed = see.signed(a.AMENDMENT, succession, {0, 1, 2})
    words, sums = new.table.published
    amend = (AMEND, see.address, *see.now.preimage, *new.preimage, a.DEADLINE, signed)
    desk.refuses("wrong page", *amend, words[32:], sums)
    assert desk.world.do(ANYONE, desk.registry, *amend, words, sums)


def test_no_registry_without_its_splitter() -> None:
    """The address of one is in its code: without code there, every SEE would be a dead end."""
    chain = Blunt()
    for splitter, stands in (("0x" + "5a" * 20, False), (w.World(chain).registry, True)):
        code = w.built("Registry") + encode(["bytes", "address"], [w.built("SEE"), splitter])
        assert chain.send(ANYONE, DEPLOYER, bytes(31) + b"\7" + code) == stands


def test_any_account_but_zero_may_have_a_voice() -> None:
    """Also the lowest one, which an amendment need not ask."""
    for account, taken in ((0, False), (1, True), (2**160 - 1, True)):
        desk = Desk()
        see = desk.see()
        roll = account.to_bytes(20, "big") + bytes(11) + b"\1"
        assert see.amend(desk.agreement(own_roll=roll), {0, 1, 2}) == taken
        assert desk.chain.why == ("" if taken else "wrong roll")
