"""What a SEE never signs, and the other accounts that are contracts or have code."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.contracts.consent import (
    AMENDMENT,
    DEREGISTRATION,
    ENDORSEMENT,
    KEYS,
    LEAVING,
    REDIRECTION,
    REGISTRATION,
    Office,
    compact,
    digest,
)
from tests.contracts.consent import domain as domain_of
from tests.contracts.evm import ZERO, Contract, Kernel, Tree, key, raw, refused
from tests.contracts.life import Life
from tests.contracts.nest import BLOCK, MAGIC, Nest

PERMIT = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
DELEGATED = bytes.fromhex("ef0100")


@pytest.fixture
def nest(kernel: Kernel) -> Nest:
    return Nest(kernel)


# ---------------------------------------------------------------- its word is one message


@pytest.mark.parametrize("field", ["kind", "account", "subject", "version", "deadline"])
def test_it_signed_one_message(nest: Nest, field: str) -> None:
    """Endorsed in one field other than what is asked for: no yes."""
    nest.formed()
    outer = nest.outer
    end = nest.office.end_of(outer.see.address)
    kind = AMENDMENT if field == "kind" else DEREGISTRATION
    account = nest.other.address if field == "account" else nest.me
    subject = end
    if field == "subject":
        subject = nest.office.end_of(nest.me)
    if field == "version":
        subject = nest.office.end_of(outer.see.address, 1)
    nest.inner.office.deadline += field == "deadline"
    nest.inner.endorse(kind, account, subject)
    nest.inner.office.deadline -= field == "deadline"
    with refused("bad signature"):
        nest.end()
    nest.endorse(DEREGISTRATION, end)
    nest.end()


def test_what_it_has_signed_it_has_signed(nest: Nest) -> None:
    """An endorsement outlives the agreement by which it was given, as any signature does: until
    its deadline. Its next voices can't take it back."""
    subject = nest.office.agreement.hash
    nest.endorse(REGISTRATION, subject)
    nest.inner.amend(nest.inner.next(nest.inner.agreement.tree, quorum=(1, 1)))
    nest.register()


def test_it_signed_for_one_chain(nest: Nest) -> None:
    """After a fork of the chain, what was endorsed before counts on one side only."""
    registry, subject = nest.kernel.registry, nest.office.agreement.hash
    chain_id = int(nest.chain.rpc("eth_chainId"), 16)
    table, terms, roll, currencies = nest.office.agreement.preimage
    nest.endorse(REGISTRATION, subject)

    def register() -> None:
        signatures, until = nest.signatures(REGISTRATION, subject), nest.office.deadline
        args = (table, terms, until, roll, currencies, signatures, b"", 0)
        nest.chain.call(registry.address, registry.data("register", *args))

    register()
    try:
        nest.chain.rpc("anvil_setChainId", chain_id + 1)
        nest.office.domain = domain_of(registry.address, chain_id + 1)
        assert not nest.says(REGISTRATION, subject)
        with refused("bad signature"):
            register()
    finally:
        nest.chain.rpc("anvil_setChainId", chain_id)


def test_it_signed_for_one_registry(nest: Nest) -> None:
    """Another Registry neither counts the endorsement nor takes one of this SEE."""
    chain = nest.chain
    code = bytes.fromhex(chain.contracts["SEE"][1][2:])
    second = chain.deploy("Registry", code, nest.kernel.splitter.address)
    subject = nest.office.agreement.hash
    nest.endorse(REGISTRATION, subject)
    chain_id = int(chain.rpc("eth_chainId"), 16)
    first = nest.kernel.registry
    nest.office.domain = domain_of(second.address, chain_id)
    signatures = nest.signatures(REGISTRATION, subject)
    table, terms, roll, currencies = nest.office.agreement.preimage
    with refused("bad signature"):
        second.register(table, terms, nest.office.deadline, roll, currencies, signatures, b"", 0)
    nest.inner.registry = second
    with refused("not registered"):
        nest.endorse(REGISTRATION, subject)
    assert not nest.says(REGISTRATION, subject)
    nest.office.domain = domain_of(first.address, chain_id)
    assert nest.says(REGISTRATION, subject)


def test_it_does_not_sign_for_its_siblings(nest: Nest) -> None:
    """What one SEE endorsed, in the name of another, the other has not said."""
    sibling = Life.found(nest.kernel, [(nest.chain.account(), 2)])
    subject = nest.office.agreement.hash
    sibling.endorse(REGISTRATION, nest.me, subject)
    with refused("bad signature"):
        nest.register()
    assert not nest.says(REGISTRATION, subject)


def test_no_see_signs_a_redirection(nest: Nest) -> None:
    """Its income is its members': no quorum sends it elsewhere, by whatever it endorses."""
    nest.formed()
    outer, thief = nest.outer, nest.chain.account()
    outer.join(0, False)
    subject = outer.redirect_hash(thief, 0)
    with refused("wrong message"):
        nest.endorse(REDIRECTION, subject)
    for kind in (REGISTRATION, AMENDMENT, LEAVING, ENDORSEMENT, ""):
        nest.endorse(kind, subject)
    act = nest.inner.act_hash(REDIRECTION, nest.me, subject)
    nest.endorse(ENDORSEMENT, act)
    voices = nest.inner.sign(REDIRECTION, subject)
    for signature in (b"?", bytes(64), voices, voices[:64]):
        with refused("bad signature"):
            outer.redirect(nest.me, thief, key(0, nest.me), signature=signature)
    assert not nest.says(REDIRECTION, subject)
    nest.kernel.pay(outer.see, 4)
    outer.payout()
    assert nest.inner.see.received(ZERO) == 3


# ---------------------------------------------------------------- permits


def permit(token: Contract, owner: str, spender: str, deadline: int) -> tuple[bytes, bytes]:
    """The struct hash of a permit for 100, and its digest."""
    inner = keccak(
        keccak(text=PERMIT)
        + encode(
            ["address", "address", "uint256", "uint256", "uint256"],
            [owner, spender, 100, token.nonces(owner), deadline],
        )
    )
    return inner, keccak(b"\x19\x01" + token.DOMAIN_SEPARATOR() + inner)


def rsv(signed: Any) -> bytes:
    return b"".join(int(n).to_bytes(32, "big") for n in (signed.r, signed.s, signed.v))


def test_a_wallet_signs_a_permit(kernel: Kernel) -> None:
    """So that the next test can fail: the token takes the word of an honest contract."""
    token = kernel.chain.deploy("PermitToken")
    wallet = kernel.chain.deploy("Multisig", *(k.address for k in KEYS[:3]))
    deadline = kernel.chain.now() + 9999
    _, it = permit(token, wallet.address, kernel.chain.me, deadline)
    with refused("no permit"):
        token.permit(wallet.address, kernel.chain.me, 100, deadline, b"")
    both = b"".join(rsv(k.unsafe_sign_hash(it)) for k in KEYS[1:3])
    token.permit(wallet.address, kernel.chain.me, 100, deadline, both)
    assert token.allowance(wallet.address, kernel.chain.me) == 100


def test_no_see_signs_a_permit(nest: Nest) -> None:
    """All its voices sign it, and endorse all that looks like it: what others have earned stays
    where it is (the hole that DESIGN.md names)."""
    token = nest.chain.deploy("PermitToken")
    token.transfer(nest.me, 100)
    thief, deadline = nest.chain.me, nest.office.deadline
    hashed, it = permit(token, nest.me, thief, deadline)
    for kind in (PERMIT, REGISTRATION, LEAVING, ENDORSEMENT):
        for account in (nest.me, thief, token.address):
            for subject in (hashed, it, token.DOMAIN_SEPARATOR()):
                nest.inner.endorse(kind, account, subject)
    signed = [k.unsafe_sign_hash(it) for k in KEYS[:3]]
    forms = (
        b"",
        b"".join(compact(each) for each in signed),
        b"".join(rsv(each) for each in signed),
        nest.inner.sign(PERMIT, hashed),
        nest.inner.sign(ENDORSEMENT, nest.inner.act_hash(PERMIT, nest.me, hashed)),
    )
    for signature in forms:
        with refused("no permit"):
            token.permit(nest.me, thief, 100, deadline, signature)
    assert token.allowance(nest.me, thief) == 0
    assert nest.inner.see.isValidSignature(it, b"") != MAGIC


# ---------------------------------------------------------------- other contracts that sign


def wallet_life(kernel: Kernel) -> tuple[Life, Contract]:
    """A SEE whose only voice, and a seat, is a wallet of two of three."""
    wallet = kernel.chain.deploy("Multisig", *(k.address for k in KEYS[:3]))
    office = Office.open(kernel)
    office.agreement = office.agreement.changed(
        voices=((wallet.address, 1),),
        tree=Tree.of([(wallet.address, 1), (kernel.chain.account(), 1)]),
    )
    return Life(office, register=False), wallet


def test_a_wallet_is_a_voice(kernel: Kernel) -> None:
    """Two of its owners sign each act; one alone, or for another act, does not."""
    life, wallet = wallet_life(kernel)
    office = life.office

    def by(kind: str, subject: bytes, *keys: Any, alone: bool = False) -> bytes:
        it = digest(office.domain, kind, wallet.address, subject, office.deadline)
        signed = b"".join(rsv(k.unsafe_sign_hash(it)) for k in keys)
        if alone:
            return signed
        pointer = 64 << 32 | len(signed)
        return bytes(32) + pointer.to_bytes(32, "big") + signed.ljust(BLOCK, b"\0")

    first, second = KEYS[0], KEYS[2]
    subject = office.agreement.hash
    for keys in ((first,), (first, first), (second, first), (first, KEYS[3]), ()):
        with refused("bad signature"):
            office.register(signatures=by(REGISTRATION, subject, *keys))
    with refused("bad signature"):
        office.register(signatures=by(AMENDMENT, subject, first, second))
    office.register(signatures=by(REGISTRATION, subject, first, second))
    life.join(0, False)
    leave = life.leave_hash(False, True, 0)
    life.leave_seat(wallet.address, 0, signature=by(LEAVING, leave, first, second, alone=True))
    new = kernel.chain.account()
    word = by(REDIRECTION, life.redirect_hash(new, 0), KEYS[1], second, alone=True)
    life.redirect(wallet.address, new, key(0, ZERO), signature=word)
    assert life.see.redirected(wallet.address)[1] == 1
    end = by(DEREGISTRATION, office.end_of(life.see.address), first, second)
    office.deregister(end, life.agreement, life.see.address)


CODES = ["5f5ffd", "5b5f56", "5f5ff3", "7f1626ba7e" + "00" * 28 + "5f5260205ff3"]


@pytest.mark.parametrize("code", CODES, ids=["reverts", "burns", "answers nothing", "says yes"])
def test_an_account_with_delegated_code(kernel: Kernel, code: str) -> None:
    """EIP-7702: whatever its code says, its key signs; and where the code says yes to all, that
    is a yes of the account too, which has chosen the code."""
    chain, k = kernel.chain, KEYS[0]
    seats = sorted([(k.address, 1), (chain.account(), 1)], key=lambda s: int(s[0], 16))
    n = [account for account, _ in seats].index(k.address)
    there = chain.account()
    chain.set_code(there, bytes.fromhex(code))
    chain.set_code(k.address, DELEGATED + raw(there))
    assert chain.code(k.address)[:3] == DELEGATED
    life = Life.found(kernel, seats)  # registers by its key
    life.join(n, False)
    new, seat = chain.account(), key(n, ZERO)
    life.redirect(
        k.address, new, seat, signature=life.alone(REDIRECTION, life.redirect_hash(new, 0), k)
    )
    yes = code == CODES[-1]
    for signature in (b"", bytes(64), life.alone(REDIRECTION, life.redirect_hash(new, 9), k)):
        with chain.undone():
            if yes:
                life.redirect(k.address, k.address, seat, signature=signature or b"?")
            else:
                with refused("bad signature"):
                    life.redirect(k.address, k.address, seat, signature=signature or b"?")
    leave = life.alone(LEAVING, life.leave_hash(False, True, n), k)
    life.leave_seat(k.address, n, signature=leave)
    place = [account for account, _ in life.agreement.voices].index(k.address)
    life.leave(k.address, place, None, life.alone(LEAVING, life.leave_hash(True, False, 0), k))
