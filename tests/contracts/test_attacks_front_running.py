"""Whoever sees a transaction and sends it first gains nothing, and its sender loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests.contracts.consent import KEYS, compact
from tests.contracts.evm import ETHER, ZERO, Kernel, Reverted, key
from tests.contracts.signed import Acts, digest
from tests.contracts.wire import short_wire

VICTIM = KEYS[0]
STRANGER = "0x" + "5a" * 20


@pytest.fixture
def acts(kernel: Kernel) -> Iterator[Acts]:
    with short_wire(kernel.chain):
        made = Acts(kernel, VICTIM.address, b"")
        kernel.chain.rpc("anvil_setBalance", STRANGER, hex(ETHER))
        for account in (STRANGER, VICTIM.address):
            kernel.chain.rpc("anvil_impersonateAccount", account)
        kernel.pay(made.see, 4000)
        yield made


def signed(acts: Acts, kind: str) -> tuple[str, bytes]:
    hash_ = digest(kind, acts.message(kind), acts.domain())
    return acts.data(kind, compact(VICTIM.unsafe_sign_hash(hash_)))


def alone(acts: Acts, kind: str) -> tuple[str, bytes]:
    """What the account does itself, as the sender."""
    return acts.data(kind, b"")


def calls(acts: Acts) -> dict[str, tuple[str, bytes]]:
    see, registry, now = acts.see, acts.registry, acts.life.agreement
    other = acts.office.agreement.changed(nonce=b"\6" * 32)
    table, words = now.table, now.tree.pages[0]
    root, shares, pages, _ = now.tree.table
    publish = (see.address, table, 0, [words], [b""])
    seat = key(1, acts.life.agreement.tree.pages[0][32:52].hex())
    return {
        "create": (registry.address, registry.data("create", root, shares, pages, b"\1" * 32)),
        "deploy": (registry.address, registry.data("deploy", other.table)),
        "register": signed(acts, "Registration"),
        "publish": (registry.address, registry.data("publish", *publish)),
        "join": (see.address, see.data("join", table, 1, words, True)),
        "claim": (see.address, see.data("claim", 0, VICTIM.address)),
        "claim_versions": (
            see.address,
            see.data("claim_versions", [acts.life.seat(1)], [seat], [ZERO]),
        ),
        "payout": (see.address, see.data("payout", table, words, ZERO)),
        "amend": signed(acts, "Amendment"),
        "leave_seat, signed": signed(acts, "Leaving"),
        "leave, signed": signed(acts, "Leaving of a voice"),
        "redirect, signed": signed(acts, "Redirection"),
        "deregister": signed(acts, "Deregistration"),
        "endorse": signed(acts, "Endorsement"),
        "leave_seat": alone(acts, "Leaving"),
        "leave": alone(acts, "Leaving of a voice"),
        "redirect": alone(acts, "Redirection"),
        "locate": alone(acts, "Publication"),
    }


NAMES = [
    *("create", "deploy", "register", "publish", "join", "claim", "claim_versions", "payout"),
    *("amend", "leave_seat, signed", "leave, signed", "redirect, signed", "deregister", "endorse"),
    *("leave_seat", "leave", "redirect", "locate"),
]
ITS_OWN = ("leave_seat", "leave", "redirect", "locate")  # who is not the account is refused


def end_state(acts: Acts) -> list[Any]:
    """All that the contracts keep, and all money."""
    rpc, seats = acts.chain.rpc, acts.life.agreement.tree.pages[0]
    people = [*("0x" + seats[at : at + 20].hex() for at in (0, 32)), acts.elsewhere]
    state: list[Any] = [acts.chain.balance(account) for account in people]
    fresh = acts.registry.see_address(acts.next.hash)
    for account in (acts.see.address, acts.registry.address, fresh):
        proof = rpc("eth_getProof", account, [], "latest")
        state.append([proof[each] for each in ("storageHash", "balance", "codeHash")])
    return state


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_sent_first_changes_nothing(acts: Acts, name: str) -> None:
    """Rule: copied and sent first by a stranger, it does what its sender wanted, or nothing: the
    end is the same, to the last slot. What an account does by itself is refused to all others."""
    chain = acts.chain
    to, data = calls(acts)[name]
    sender = VICTIM.address if name in ITS_OWN else chain.me
    at = chain.now() + 60
    before = end_state(acts)
    with chain.undone():
        chain.next_at(at)
        chain.send(to, data, sender=sender)
        wanted = end_state(acts)
    if name not in ("publish", "locate"):  # these are in the log alone
        assert wanted != before or name in ("create", "deploy")
    chain.next_at(at)
    try:
        chain.send(to, data, sender=STRANGER)
        copied = True
    except Reverted:
        copied = False
        chain.next_at(at + 1)
    assert copied == (name not in ITS_OWN)
    if copied:
        assert end_state(acts) == wanted
        with suppress(Reverted):  # its sender's comes after
            chain.send(to, data, sender=sender)
        assert end_state(acts) == wanted
    else:
        assert end_state(acts) == before
        chain.send(to, data, sender=sender)
        assert end_state(acts)[:3] == wanted[:3]


def test_a_splitter_at_the_address_does_not_keep_a_see_from_it(acts: Acts) -> None:
    """Rule: who deploys the clone first, and pays it out by its table, has registered nothing,
    and then it is registered all the same."""
    next_ = acts.next
    acts.registry.deploy(next_.table, sender=STRANGER)
    see = acts.office.see(next_)
    acts.kernel.pay(see, 4000)
    see.payout(next_.table, next_.tree.pages[0], ZERO, sender=STRANGER)
    assert acts.chain.balance(see.address) == 0
    acts.chain.send(*signed(acts, "Registration"))
    assert acts.registry.record(see.address)[1] == acts.chain.now()
    assert see.commitment() == next_.hash


def test_a_claim_just_before_a_payout_changes_no_part(acts: Acts) -> None:
    """Rule: a stranger's claims for others, between a payment and a payout and one after the
    other, move money earlier and to nobody else; over 60 rounds no unit is off."""
    see, chain, now = acts.see, acts.chain, acts.life.agreement
    accounts = ["0x" + now.tree.pages[0][at : at + 20].hex() for at in (0, 32)]
    acts.life.join(1, False)
    first = [chain.balance(account) for account in accounts]
    paid = 4000
    for round_ in range(60):
        acts.kernel.pay(see, 1 + round_ % 7)
        paid += 1 + round_ % 7
        for seat in ((0, 1), (1,), (0,), ())[round_ % 4]:
            with suppress(Reverted):  # of a seat to which nothing is due
                see.claim(seat, accounts[seat], sender=STRANGER)
        see.payout(now.table, now.tree.pages[0], ZERO)
        had = [chain.balance(a) - was for a, was in zip(accounts, first, strict=True)]
        assert had == [paid // 4, paid * 3 // 4]


def test_a_thousand_payouts_of_dust_favour_nobody(acts: Acts) -> None:
    """Rule: 1,000 payouts of one smallest unit each leave all with their part of 1,000."""
    see, chain, now = acts.see, acts.chain, acts.life.agreement
    accounts = ["0x" + now.tree.pages[0][at : at + 20].hex() for at in (0, 32)]
    see.payout(now.table, now.tree.pages[0], ZERO)
    first = [chain.balance(account) for account in accounts]
    data = "0x" + see.data("payout", now.table, now.tree.pages[0], ZERO).hex()
    chain.rpc("evm_setAutomine", False)
    try:
        for _ in range(20):
            for _ in range(50):
                for fields in ({"value": "0x1"}, {"data": data}):
                    chain.rpc(
                        "eth_sendTransaction",
                        {"from": chain.me, "to": see.address, "gas": "0x493e0",
                         "gasPrice": "0x0", **fields},
                    )  # fmt: skip
            chain.rpc("evm_mine")
    finally:
        chain.rpc("evm_setAutomine", True)
    had = [chain.balance(a) - was for a, was in zip(accounts, first, strict=True)]
    assert had == [250, 750]
    assert chain.balance(see.address) == 0
