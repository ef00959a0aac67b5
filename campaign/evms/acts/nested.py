"""A SEE that is a voice and a seat of another, and a voice that is a contract (ERC-1271)."""

from __future__ import annotations

from typing import Any

from campaign.evms.acts import cast
from campaign.evms.stage import Stage, refused
from tests.contracts.consent import (
    AMENDMENT,
    DEREGISTRATION,
    ENDORSEMENT,
    KEYS,
    LEAVING,
    REGISTRATION,
    digest,
)
from tests.contracts.evm import ETHER, ZERO, Tree, key
from tests.contracts.nest import Nest


def nested(stage: Stage) -> None:
    """A SEE endorses, registers, amends, leaves and ends what it is a member of."""
    cast.voices(stage)
    stage.signer("dora", KEYS[3])
    kernel = stage.kernel()
    inner = cast.found(stage, kernel, cast.seats(stage, [], 2), name="inner")
    inner.office.register(None, None, *cast.words(inner))
    nest = Nest(kernel, inner)
    outer = stage.name(nest.outer.see.address, "outer")
    subject = nest.office.agreement.hash
    stage.note("register with a SEE that has not endorsed it")
    with refused("bad signature"):
        nest.register()
    stage.note("endorse it by one voice of three")
    with refused("no quorum"):
        act = inner.act_hash(REGISTRATION, nest.me, subject)
        nest.endorse(
            REGISTRATION, subject, signatures=inner.sign(ENDORSEMENT, act)[:64] + bytes(128)
        )
    stage.note("endorse it, ask for it in a transaction, and register")
    nest.endorse(REGISTRATION, subject)
    asked = digest(nest.office.domain, REGISTRATION, nest.me, subject, nest.office.deadline)
    cast.ask(stage, inner.see, "isValidSignature", asked, b"")
    nest.register()
    money(stage, nest)
    amends(stage, nest)
    stage.note("endorse a redirection, which no SEE signs")
    with refused("wrong message"):
        kind = "Redirection(address account,Redirect redirect,uint256 deadline)"
        nest.endorse(kind + "Redirect(address see,address to,uint256 times)", subject)
    leaves(stage, nest)
    assert outer == nest.outer.see.address


def money(stage: Stage, nest: Nest) -> None:
    outer, inner = nest.outer, nest.inner
    stage.note("pay the outer one: it pays the inner one, which pays its members")
    stage.send(outer.see.address, value=ETHER + 3)
    outer.payout()
    inner.payout()
    stage.note("claim for the inner one")
    stage.send(outer.see.address, value=ETHER)
    outer.join(0)
    inner.payout()


def amends(stage: Stage, nest: Nest) -> None:
    outer = nest.outer
    next_ = outer.next(Tree.of([(nest.me, 1), (stage.account(), 1)]), nonce=b"\3" * 32)
    subject = outer.succession(next_)
    stage.note("amend with the consent of a SEE")
    nest.endorse(AMENDMENT, subject)
    outer.amend(next_, nest.signatures(AMENDMENT, subject))


def leaves(stage: Stage, nest: Nest) -> None:
    outer, inner = nest.outer, nest.inner
    stage.note("the SEE leaves with voice and seat")
    outer.join(0, False)
    place = next(n for n, (a, _) in enumerate(outer.agreement.voices) if a == nest.me)
    nest.endorse(LEAVING, outer.leave_hash(True, True, 0))
    outer.registry.leave(
        outer.see.address,
        *outer.agreement.preimage,
        nest.me,
        place,
        True,
        0,
        nest.office.deadline,
        b"",
    )
    stage.send(outer.see.address, value=100_000)
    outer.payout()
    stage.note("end the inner one, which can still endorse")
    inner.office.deregister(inner.sign(DEREGISTRATION, inner.office.end_of(inner.see.address)))
    nest.endorse(DEREGISTRATION, nest.office.end_of(outer.see.address, 1))
    stage.note("end the outer one without a voice that has left")
    nest.end()
    outer.see.claim_versions(
        [nest.outer.seat(0, nest.office.agreement, 0)], [key(0, nest.me)], [ZERO]
    )


def contract_voice(stage: Stage) -> None:
    """A voice that is a contract signs by ERC-1271; it lies for others, and counts beside keys."""
    ada, ben, _ = cast.voices(stage)
    kernel = stage.kernel()
    taker = stage.deploy("Taker", ada, 0, as_="taker")
    voices = sorted([(taker.address, 2), (ben, 1)], key=lambda each: int(each[0], 16))
    life = cast.found(stage, kernel, cast.seats(stage, [taker.address], 1), voices=tuple(voices))
    stage.note("register, where the contract's owner has signed another message")
    with refused("bad signature"):
        life.office.register(signatures=both(life, voices, taker, DEREGISTRATION))
    stage.note("register by the contract's owner and a key")
    life.office.register(signatures=both(life, voices, taker, REGISTRATION))
    stage.note("the contract leaves its seat by its owner's signature")
    life.join(cast.place(life, taker.address))
    subject = life.leave_hash(False, True, cast.place(life, taker.address))
    signed = long(life, taker, LEAVING, subject)
    with refused("bad signature"):
        life.leave_seat(taker.address, 0, None, signed[:64] + b"\0", sender=ben, version=0)
    life.leave_seat(taker.address, cast.place(life, taker.address), None, signed, sender=ben)


def both(life: Any, voices: Any, taker: Any, kind: str) -> bytes:
    """Signatures of a contract, by its owner, and of Ben."""
    words, block = b"", long(life, taker, kind, life.agreement.hash)
    for account, _ in voices:
        if account == taker.address:
            words += bytes(32) + (128 << 32 | len(block)).to_bytes(32, "big")
        else:
            words += life.alone(REGISTRATION, life.agreement.hash, KEYS[1])
    return words + block.ljust(1024, b"\0")


def long(life: Any, taker: Any, kind: str, subject: bytes) -> bytes:
    """65 bytes, as Taker.vy takes them."""
    made = digest(life.office.domain, kind, taker.address, subject, life.office.deadline)
    signed = KEYS[0].unsafe_sign_hash(made)
    return signed.r.to_bytes(32, "big") + signed.s.to_bytes(32, "big") + bytes([signed.v])
