"""A SEE signs as a member of another: what its voices endorsed, and not a word more."""

from __future__ import annotations

import pytest

from tests.contracts.consent import (
    AMENDMENT,
    DEREGISTRATION,
    ENDORSEMENT,
    KEYS,
    LEAVING,
    PUBLICATION,
    REGISTRATION,
    Office,
    digest,
)
from tests.contracts.evm import ZERO, Kernel, Tree, refused
from tests.contracts.life import Life
from tests.contracts.nest import BLOCK, MAGIC, Nest

SILENT = bytes(64)


@pytest.fixture
def nest(kernel: Kernel) -> Nest:
    return Nest(kernel)


# ---------------------------------------------------------------- what it can sign


def test_it_registers_another(nest: Nest) -> None:
    """By its endorsement; without one its silence is no yes."""
    with refused("bad signature"):
        nest.register()
    nest.endorse(REGISTRATION, nest.office.agreement.hash)
    nest.register()
    assert nest.kernel.registry.record(nest.outer.see.address)[1]


def test_it_amends_and_ends_another(nest: Nest) -> None:
    """Each needs an endorsement of its own."""
    nest.formed()
    next_ = nest.outer.next(Tree.of([(nest.chain.account(), 1)]))
    subject = nest.outer.succession(next_)
    with refused("bad signature"):
        nest.outer.amend(next_, nest.signatures(AMENDMENT, subject))
    nest.endorse(AMENDMENT, subject)
    nest.outer.amend(next_, nest.signatures(AMENDMENT, subject))
    with refused("bad signature"):
        nest.end()
    nest.endorse(DEREGISTRATION, nest.office.end_of(nest.outer.see.address))
    with refused("bad signature"):  # that was the end of the version before
        nest.end()
    nest.endorse(DEREGISTRATION, nest.office.end_of(nest.outer.see.address, 1))
    nest.end()


@pytest.mark.parametrize("act", ["seat", "voice", "both"])
def test_it_leaves_another(nest: Nest, act: str) -> None:
    """A seat, a voice or both, each by an endorsement of just that, and once."""
    nest.formed()
    outer = nest.outer
    outer.join(0, False)
    place = [account for account, _ in outer.agreement.voices].index(nest.me)
    acts = {
        "seat": (False, True, lambda: outer.leave_seat(nest.me, 0, signature=b"?")),
        "voice": (True, False, lambda: outer.leave(nest.me, place, None, b"?")),
        "both": (True, True, lambda: outer.leave(nest.me, place, 0, b"?")),
    }
    for name in {*acts} - {act}:
        nest.endorse(LEAVING, outer.leave_hash(*acts[name][:2], 0))
    voice, seat, leave = acts[act]
    with refused("bad signature"):
        leave()
    nest.endorse(LEAVING, outer.leave_hash(voice, seat, 0))
    leave()
    with refused("already left"):
        leave()
    nest.kernel.pay(outer.see, 4)
    outer.payout()
    assert nest.inner.see.received(ZERO) == (3 if act == "voice" else 0)


def test_it_publishes(nest: Nest) -> None:
    """Where the text stands, of itself."""
    where = nest.inner.location_hash("ipfs://x")
    args = (nest.me, nest.me, "ipfs://x", nest.office.deadline, b"?")
    with refused("bad signature"):
        nest.kernel.registry.locate(*args)
    nest.endorse(PUBLICATION, where)
    nest.kernel.registry.locate(*args)


def test_three_levels(kernel: Kernel) -> None:
    """A SEE of a SEE of a SEE: each endorsement is endorsed below."""
    first = Nest(kernel).formed()
    second = Nest(kernel, first.outer, KEYS[2])
    assert second.me == first.outer.see.address

    act = first.outer.act_hash(REGISTRATION, second.me, second.office.agreement.hash)

    def endorse() -> None:
        signatures = first.signatures(ENDORSEMENT, act)
        second.endorse(REGISTRATION, second.office.agreement.hash, signatures=signatures)

    with refused("bad signature"):
        second.register()
    with refused("bad signature"):
        endorse()
    first.endorse(ENDORSEMENT, act)
    endorse()
    second.register()
    second.kernel.pay(second.outer.see, 16)
    second.outer.payout()
    first.outer.payout()
    first.inner.payout()
    assert kernel.chain.balance("0x" + first.inner.agreement.tree.pages[0][:20].hex()) == 9


def test_one_that_has_ended_leaves_what_it_is_a_member_of(nest: Nest) -> None:
    """Deregistered, its voices still sign for it."""
    nest.formed()
    nest.outer.join(0, False)
    nest.inner.office.deregister(nest.inner.office.end())
    nest.endorse(LEAVING, nest.outer.leave_hash(False, True, 0))
    nest.outer.leave_seat(nest.me, 0, signature=b"?")


def test_one_whose_voices_have_all_left_signs_nothing(nest: Nest) -> None:
    """Nobody speaks for it: not with all signatures, not with none."""
    for n, k in enumerate(KEYS[:3]):
        nest.inner.leave(k.address, n)
    subject = nest.office.agreement.hash
    for signatures in (None, SILENT * 3):
        with refused("no quorum"):
            nest.endorse(REGISTRATION, subject, signatures=signatures)
    with refused("bad signature"):
        nest.register()


# ---------------------------------------------------------------- who endorses


def test_a_quorum_endorses(nest: Nest) -> None:
    """Two of three; not one, none, or one beside a voice that has left; two of two then."""
    subject = nest.office.agreement.hash
    act = nest.inner.act_hash(REGISTRATION, nest.me, subject)
    a, b, c = (nest.inner.sign(ENDORSEMENT, act, [k]) for k in KEYS[:3])
    for few in (a + SILENT * 2, SILENT * 3, SILENT + b + SILENT):
        with refused("no quorum"):
            nest.endorse(REGISTRATION, subject, signatures=few)
    with nest.chain.undone():
        nest.endorse(REGISTRATION, subject, signatures=SILENT + b + c)
        nest.register()
    for bad in (a + a + SILENT, b + a + SILENT, a + b[:32] + bytes(32) + SILENT, a + b):
        with refused("bad signature"):
            nest.endorse(REGISTRATION, subject, signatures=bad)
    nest.inner.leave(KEYS[0].address, 0)
    with refused("no quorum"):
        nest.endorse(REGISTRATION, subject, signatures=a + b + SILENT)
    nest.endorse(REGISTRATION, subject, signatures=a + b + c)


def test_only_the_agreement_in_force_endorses(nest: Nest) -> None:
    """Not the voices of the one before; and what the old ones had signed serves no more."""
    subject = nest.office.agreement.hash
    act = nest.inner.act_hash(REGISTRATION, nest.me, subject)
    signed = nest.inner.sign(ENDORSEMENT, act)
    old = nest.inner.agreement
    nest.inner.amend(nest.inner.next(old.tree, voices=tuple((k.address, 1) for k in KEYS[1:4])))
    new, nest.inner.agreement = nest.inner.agreement, old
    with refused("wrong agreement"):
        nest.endorse(REGISTRATION, subject, signatures=signed)
    nest.inner.agreement = new
    nest.inner.office.keys = KEYS[1:4]
    with refused("bad signature"):  # of version 0
        nest.endorse(REGISTRATION, subject, signatures=signed[64:] + SILENT)
    nest.endorse(REGISTRATION, subject)
    nest.register()


@pytest.mark.parametrize("field", ["see", "version", "kind", "account", "subject", "deadline"])
def test_each_field_of_an_endorsement_counts(nest: Nest, field: str) -> None:
    """The voices' signatures under anything else endorse nothing."""
    inner, subject = nest.inner, nest.office.agreement.hash
    it = inner.act_hash(
        AMENDMENT if field == "kind" else REGISTRATION,
        ZERO if field == "account" else nest.me,
        bytes(32) if field == "subject" else subject,
    )
    if field == "version":
        inner.version = 1
        it = inner.act_hash(REGISTRATION, nest.me, subject)
    if field == "see":
        it = Nest(nest.kernel, Life.found(nest.kernel, [(nest.chain.account(), 1)])).inner.act_hash(
            REGISTRATION, nest.me, subject
        )
    inner.office.deadline += field == "deadline"
    signatures = inner.sign(ENDORSEMENT, it)
    inner.office.deadline -= field == "deadline"
    with refused("bad signature"):
        nest.endorse(REGISTRATION, subject, signatures=signatures)


def test_an_endorsement_has_its_deadline(nest: Nest) -> None:
    """That of the message: endorsed in time, it is too late for both after it."""
    subject = nest.office.agreement.hash
    nest.endorse(REGISTRATION, subject)
    nest.chain.next_at(nest.office.deadline + 1)
    with refused("too late"):
        nest.register()
    with refused("too late"):
        nest.endorse(REGISTRATION, subject)


def test_what_is_no_see_endorses_nothing(nest: Nest) -> None:
    """A clone that is not registered, and any address: "not registered"; and it signs nothing."""
    lone = Life(Office.open(nest.kernel), register=False)
    nest.kernel.registry.deploy(lone.agreement.table)
    with refused("not registered"):
        lone.endorse(REGISTRATION, lone.see.address, bytes(32))
    for kind in (REGISTRATION, ENDORSEMENT):
        it = digest(nest.office.domain, kind, lone.see.address, bytes(32), nest.office.deadline)
        assert lone.see.isValidSignature(it, b"") != MAGIC
    signer = nest.chain.deploy("Signer")
    lone.see = signer
    with refused("not registered"):
        lone.endorse(REGISTRATION, signer.address, bytes(32))


def test_a_see_does_not_vote_itself_over_its_quorum(nest: Nest) -> None:
    """Its own voice can only say what its quorum has said already."""
    inner = nest.inner
    voices = sorted(
        [(nest.me, 1), *((k.address, 1) for k in KEYS[:2])], key=lambda v: int(v[0], 16)
    )
    inner.amend(inner.next(inner.agreement.tree, voices=tuple(voices)))
    end = nest.office.end_of(nest.me, 1)

    def ballots(kind: str, subject: bytes, own: bool) -> bytes:
        out = b""
        for account, _ in voices:
            if account == KEYS[0].address:
                out += inner.sign(kind, subject, [KEYS[0]])
            elif account == nest.me and own:
                out += bytes(32) + (192 << 32).to_bytes(32, "big")
            else:
                out += SILENT
        return out + bytes(BLOCK)

    act = inner.act_hash(DEREGISTRATION, nest.me, end)
    for own, reason in ((True, "bad signature"), (False, "no quorum")):
        with refused(reason):
            nest.endorse(DEREGISTRATION, end, signatures=ballots(ENDORSEMENT, act, own))
        with refused(reason):
            inner.office.deregister(ballots(DEREGISTRATION, end, own), inner.agreement, nest.me)
