"""A signature counts once: for its account, its agreement, its Registry, its chain, its time."""

from __future__ import annotations

from typing import Any

import pytest
from eth_utils import keccak

from tests.contracts.consent import (
    DAY,
    DEREGISTRATION,
    KEYS,
    ORDER,
    REGISTRATION,
    Office,
    compact,
    digest,
    domain,
)
from tests.contracts.evm import Kernel, Tree, refused, seat_word


@pytest.fixture
def office(kernel: Kernel) -> Office:
    return Office.open(kernel)


def test_all_voices_form_a_see_once(office: Office) -> None:
    """The plain case; and a record blocks another registration, also once it has ended."""
    office.register()
    with refused("already registered"):
        office.register()
    office.deregister(office.end())
    assert office.see().ended()
    with refused("already registered"):
        office.register()
    with refused("already ended"):
        office.deregister(office.end())


CHANGES: dict[str, Any] = {
    "text": lambda a: {"text": keccak(b"other")},
    "quorum numerator": lambda a: {"quorum": (1, 3)},
    "quorum denominator": lambda a: {"quorum": (2, 2)},
    "expiry": lambda a: {"expiry": a.expiry + 1},
    "nonce": lambda a: {"nonce": b"\1" * 32},
    "currency more": lambda a: {"currencies": (*a.currencies, b"\0" * 12 + b"\xff" * 20)},
    "currency less": lambda a: {"currencies": a.currencies[:1]},
    "voices": lambda a: {"voices": (a.voices[0], (a.voices[1][0], 2))},
    "voice less": lambda a: {"voices": a.voices[:1]},
    "root": lambda a: {"tree": Tree([a.tree.pages[0][:32] + bytes(32)], a.tree.sums)},
    "shares": lambda a: {"tree": Tree(a.tree.pages, [a.tree.sums[0] + 1])},
}


@pytest.mark.parametrize("change", CHANGES)
def test_each_signed_field_is_signed(office: Office, change: str) -> None:
    """Flip one field of the agreement: the signatures of the other are bad."""
    other = office.agreement.changed(**CHANGES[change](office.agreement))
    signatures = office.consent()
    with refused("bad signature"):
        office.register(other, signatures)
    assert other.hash != office.agreement.hash


def test_the_number_of_pages_and_the_deadline_are_signed(office: Office) -> None:
    """The two fields that the above can't flip alone."""
    signatures, a = office.consent(), office.agreement
    root, shares, _, terms = a.tree.table
    args = (a.terms, office.deadline, a.roll_words, b"".join(a.currencies), signatures, b"", 0)
    with refused("bad signature"):
        office.kernel.registry.register((root, shares, 2, terms), *args)
    for deadline in (office.deadline + 1, office.deadline - 1, 2**256 - 1):
        office.deadline = deadline
        with refused("bad signature"):
            office.register(signatures=signatures)


def test_a_signature_has_its_time(office: Office) -> None:
    """Up to the deadline, and not a second longer."""
    signatures = office.consent()
    with office.kernel.chain.undone():
        office.kernel.chain.next_at(office.deadline)
        office.register(signatures=signatures)
    office.kernel.chain.next_at(office.deadline + 1)
    with refused("too late"):
        office.register(signatures=signatures)


def test_a_signature_names_its_account(office: Office) -> None:
    """Not another voice's, not in another place, not one for all."""
    first, second = office.consent()[:64], office.consent()[64:]
    stranger = office.sign(REGISTRATION, office.agreement.hash, keys=[KEYS[3]])
    for bad in (second + first, first + first, second + second, first + stranger):
        with refused("bad signature"):
            office.register(signatures=bad)
    office.keys = [KEYS[0], KEYS[0]]
    with refused("bad signature"):
        office.register()


def test_another_domain_is_not_this_one(office: Office) -> None:
    """Another Registry, chain, name or version of the domain."""
    registry, chain_id = office.kernel.registry.address, 31337
    for other in (
        domain(office.kernel.splitter.address, chain_id),
        domain(registry, chain_id + 1),
        domain(registry, chain_id, name="seechaim"),
        domain(registry, chain_id, version="2"),
    ):
        office.domain = other
        with refused("bad signature"):
            office.register()


def test_registration_and_deregistration_are_not_exchanged(office: Office) -> None:
    """The consent to one is no consent to the other, whatever the subject."""
    see = office.see().address
    with refused("bad signature"):
        office.register(signatures=office.sign(DEREGISTRATION, office.agreement.hash))
    signatures = office.consent()
    office.register()
    for bad in (
        signatures,
        office.sign(REGISTRATION, office.end_of(see)),
        office.sign(DEREGISTRATION, office.agreement.hash),
        office.sign(DEREGISTRATION, office.end_of(see, 1)),
        office.sign(DEREGISTRATION, office.end_of(office.kernel.registry.address)),
    ):
        with refused("bad signature"):
            office.deregister(bad)


def test_the_end_of_one_see_is_not_the_end_of_its_sister(office: Office) -> None:
    """Two SEEs of the same people: the consent to end one ends no other."""
    sister = office.agreement.changed(nonce=b"\2" * 32)
    office.register()
    office.register(sister)
    with refused("bad signature"):
        office.deregister(office.end(), sister)
    with refused("wrong agreement"):
        office.deregister(office.end(office.see(sister).address), see=office.see(sister).address)
    office.deregister(office.end())
    assert not office.see(sister).ended()


def test_a_signature_has_one_form(office: Office) -> None:
    """The high s, and numbers out of range, are refused; they would be a second signature."""
    with refused("bad signature"):
        office.register(signatures=office.consent(high=True))
    good = office.consent()
    r, vs = int.from_bytes(good[:32], "big"), int.from_bytes(good[32:64], "big")
    for bad_r, bad_vs in (
        (r, 0),
        (r, 1 << 255),
        (r, vs ^ 1 << 255),
        (r, ORDER),
        (ORDER, vs),
        (2**256 - 1, vs),
        ((r + ORDER) % 2**256, vs),
        (1, 1),
    ):
        bad = bad_r.to_bytes(32, "big") + bad_vs.to_bytes(32, "big") + good[64:]
        with refused("bad signature"):
            office.register(signatures=bad)


@pytest.mark.parametrize("length", [0, 1, 32, 63, 64, 96, 127])
def test_missing_signatures_are_not_read_from_elsewhere(office: Office, length: int) -> None:
    """Signatures that end early: nothing behind them counts."""
    with refused():
        office.register(signatures=office.consent()[:length])


def test_every_voice_is_needed_to_register(office: Office) -> None:
    """A voice that did not sign is a voice that did not consent."""
    for signatures in (
        office.consent()[:64] + bytes(64),
        bytes(64) + office.consent()[64:],
        bytes(128),
    ):
        with refused("missing voice"):
            office.register(signatures=signatures)


@pytest.mark.parametrize(
    ("voices", "quorum", "yes", "enough"),
    [
        ((1, 1, 1), (2, 3), (0, 1), True),
        ((1, 1, 1), (2, 3), (2,), False),
        ((1, 1, 1), (1, 1), (0, 1), False),
        ((1, 1, 1), (1, 1), (0, 1, 2), True),
        ((5, 1, 1), (2, 3), (0,), True),
        ((5, 1, 1), (2, 3), (1, 2), False),
        ((1, 1, 1), (1, 2**32 - 1), (), False),
        ((1, 1, 1), (1, 2**32 - 1), (1,), True),
        ((2**32 - 1, 2**32 - 1, 1), (2**32 - 1, 2**32 - 1), (0, 1), False),
        ((2**32 - 1, 2**32 - 1, 1), (2**32 - 2, 2**32 - 1), (0, 1), True),
    ],
)
def test_a_quorum_ends_a_see(
    office: Office, voices: Any, quorum: Any, yes: Any, enough: bool
) -> None:
    """yes * denominator >= live * numerator, at its edges and widest."""
    office.keys = KEYS[:3]
    accounts = [k.address for k in office.keys]
    office.agreement = office.agreement.changed(
        voices=tuple(zip(accounts, voices, strict=True)), quorum=quorum
    )
    office.register()
    all_ = office.end()
    some = b"".join(all_[n * 64 : n * 64 + 64] if n in yes else bytes(64) for n in range(3))
    if enough:
        office.deregister(some)
        assert office.see().ended()
    else:
        with refused("no quorum"):
            office.deregister(some)


def test_one_bad_signature_is_not_passed_over(office: Office) -> None:
    """A signature that is there must be good, also where the quorum is met without it."""
    office.keys = KEYS[:3]
    office.agreement = office.agreement.changed(voices=tuple((k.address, 1) for k in KEYS[:3]))
    office.register()
    with refused("bad signature"):
        office.deregister(office.end()[:128] + office.end()[:64])


def test_an_account_with_7702_code_signs_by_its_key(office: Office) -> None:
    """Code at an account of a voice, even code that refuses all, takes no voice away."""
    chain = office.kernel.chain
    signer = chain.deploy("Signer")
    signer.set(2, bytes(32))
    chain.set_code(KEYS[0].address, b"\xef\x01\x00" + bytes.fromhex(signer.address[2:]))
    office.register()


ROLLS = {
    "empty": b"",
    "a byte more": seat_word(KEYS[0].address, 1) + b"\0",
    "no voices": seat_word(KEYS[0].address, 0),
    "too many voices": seat_word(KEYS[0].address, 2**32),
    "dirty": seat_word(KEYS[0].address, 1, flags=1),
    "the zero address": seat_word("0x" + "00" * 20, 1),
    "twice": seat_word(KEYS[0].address, 1) * 2,
    "descending": seat_word(KEYS[1].address, 1) + seat_word(KEYS[0].address, 1),
}


@pytest.mark.parametrize("roll", ROLLS)
def test_a_roll_is_ascending_with_voices(office: Office, roll: str) -> None:
    """No roll that is empty, cut, without voices, dirty, doubled or in disorder."""
    with refused("wrong roll"):
        office.register(office.agreement.changed(roll=ROLLS[roll], voices=()), bytes(128))


WORD = [n.to_bytes(32, "big") for n in range(10)]


@pytest.mark.parametrize(
    "currencies",
    [
        (),
        (b"\0",),
        (WORD[1], WORD[1]),
        (WORD[2], WORD[1]),
        (WORD[0], b"\1" + bytes(31)),
        (WORD[1], b"x"),
    ],
)
def test_currencies_are_few_ascending_addresses(office: Office, currencies: Any) -> None:
    """None, cut, twice, in disorder, more than an address."""
    with refused("wrong currencies"):
        office.register(office.agreement.changed(currencies=currencies))


@pytest.mark.parametrize("quorum", [(0, 1), (2, 1), (0, 0), (1, 2**32), (2**32, 2**32)])
def test_a_quorum_is_a_part(office: Office, quorum: Any) -> None:
    """Above zero, at most one, and small enough to multiply."""
    with refused("wrong quorum"):
        office.register(office.agreement.changed(quorum=quorum))


def test_an_agreement_ends_some_day(office: Office) -> None:
    """Its expiry is ahead, and within ten years."""
    now = office.kernel.chain.now()
    for expiry in (0, now, now + 3661 * DAY, 2**64, 2**256 - 1):
        with refused("wrong expiry"):
            office.register(office.agreement.changed(expiry=expiry))


def test_expiry_has_seven_days_of_grace(office: Office) -> None:
    """Nobody ends a SEE alone before expiry and grace; then anybody does, once."""
    office.register()
    end = office.agreement.expiry + 7 * DAY
    office.kernel.chain.next_at(end - 1)
    with refused("not expired"):
        office.expire()
    office.kernel.chain.next_at(end)
    office.expire()
    assert office.see().ended()
    with refused("already ended"):
        office.expire()


def test_only_the_registry_ends_a_see(office: Office) -> None:
    """Not a member, not a stranger, not a contract that says it is one."""
    office.register()
    for sender in (office.kernel.chain.me, "0x" + "00" * 20):
        with refused("not registry"):
            office.kernel.chain.call(office.see().address, office.see().data("end"), sender=sender)


def test_no_forged_see_is_taken(office: Office) -> None:
    """A contract that answers as the SEE would, and a clone that is not registered."""
    forger = office.kernel.chain.deploy("Forger", office.agreement.hash)
    for see in (forger.address, office.see().address):
        with refused("not registered"):
            office.deregister(office.end(see), see=see)
        with refused("not registered"):
            office.expire(see)
    assert office.kernel.registry.record(forger.address) == (0,) * 6


def test_digests_are_those_of_the_format(office: Office) -> None:
    """The chain's domain separator is the one that the tests sign under."""
    fields, name, version, chain_id, registry, salt, extensions = (
        office.kernel.registry.eip712Domain()
    )
    assert (fields, salt, extensions) == (b"\x0f", bytes(32), ())
    assert domain(registry, chain_id, name, version) == office.domain
    signed = KEYS[0].unsafe_sign_hash(digest(office.domain, REGISTRATION, KEYS[0].address, b"", 0))
    assert len(compact(signed)) == 64
