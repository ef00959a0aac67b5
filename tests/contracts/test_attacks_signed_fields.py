"""What was signed is what is done: every field of every kind, every form of a signature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from eth_keys.constants import SECPK1_N as ORDER
from eth_utils import to_checksum_address

from tests.contracts.consent import KEYS, compact
from tests.contracts.evm import ZERO, Kernel, Reverted, refused
from tests.contracts.life import Life
from tests.contracts.signed import KINDS, OF_A_ROLL, Acts, digest, flips
from tests.contracts.wire import short_wire

YES = "7f1626ba7e" + "00" * 28 + "5f52"  # the magic word, in memory
SIGNED = KEYS[0]


@pytest.fixture
def acts(kernel: Kernel) -> Iterator[Acts]:
    with short_wire(kernel.chain):
        yield Acts(kernel, SIGNED.address, b"")


def signature(kind: str, message: Any, domain: Any, key: Any = SIGNED, name: str = "") -> bytes:
    return compact(key.unsafe_sign_hash(digest(kind, message, domain, name)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_signed_field_counts(acts: Acts, kind: str) -> None:
    """Rule: a signature of anything but exactly this counts for nothing: each field of the
    message, of all it nests and of the domain, and the name of the kind."""
    message, domain = acts.message(kind), acts.domain()
    acts.tried(kind, signature(kind, message, domain))
    flipped = [(name, changed, domain) for name, changed in flips(message)]
    flipped += [(f"domain: {name}", message, changed) for name, changed in flips(domain)]
    assert len(flipped) > 12
    for name, changed, within in flipped:
        with refused("bad signature"):
            acts.tried(kind, signature(kind, changed, within))
            pytest.fail(f"{kind}: {name} does not count")
    with refused("bad signature"):
        acts.tried(kind, signature(kind, message, domain, name=f"{kind.split()[0]}s"))


def replays(acts: Acts) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """What a voice may have signed elsewhere: changes of the subject, and of the domain."""
    chain, kernel = acts.chain, acts.kernel
    code = bytes.fromhex(chain.contracts["SEE"][1][2:])
    second = chain.deploy("Registry", code, kernel.splitter.address)
    sister = Life.found(kernel, [(SIGNED.address, 1)], keys=[SIGNED])
    chain_id = acts.domain()["chainId"]
    return {
        "another chain": ({}, {"chainId": chain_id + 1}),
        "mainnet": ({}, {"chainId": 1}),
        "another Registry": ({}, {"verifyingContract": second.address}),
        "the SEE as its own Registry": ({}, {"verifyingContract": acts.see.address}),
        "a sister": ({"see": sister.see.address}, {}),
        "the next version": ({"version": 1}, {}),
        "the version of a late book": ({"version": 1 << 15}, {}),
        "another time": ({"times": 1}, {}),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_no_signature_is_good_elsewhere(acts: Acts, kind: str) -> None:
    """Rule: for another chain, Registry, SEE, version or time, and by a sibling account, which
    signed the very same: nothing. And no kind passes for another."""
    message, domain = acts.message(kind), acts.domain()
    field = KINDS[kind][0]
    tried = 0
    for change, elsewhere in replays(acts).values():
        subject = message[field]
        if change and not set(change) <= set(subject):
            continue
        tried += 1
        changed = {**message, field: {**subject, **change}}
        with refused("bad signature"):
            acts.tried(kind, signature(kind, changed, {**domain, **elsewhere}))
    assert tried >= 4
    sibling = KEYS[1]
    for account in (sibling.address, SIGNED.address):
        with refused("bad signature"):
            acts.tried(kind, signature(kind, {**message, "account": account}, domain, sibling))
    for other in KINDS:
        if other.split()[0] != kind.split()[0]:
            with refused("bad signature"):
                acts.tried(kind, signature(other, acts.message(other), domain))


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_is_good_once_and_no_more(acts: Acts, kind: str) -> None:
    """Rule: sent again, by anybody, it is refused or repeats what it said: nothing new."""
    signed = signature(kind, acts.message(kind), acts.domain())
    to, data = acts.data(kind, signed)
    acts.chain.send(to, data)
    before = [state_of(acts, account) for account in (acts.see.address, acts.registry.address)]
    if kind in ("Publication", "Endorsement"):
        acts.chain.send(to, data)
    else:
        with refused():
            acts.chain.send(to, data)
    after = [state_of(acts, account) for account in (acts.see.address, acts.registry.address)]
    assert after == before


def state_of(acts: Acts, account: str) -> tuple[str, str]:
    """All that a contract keeps, as one hash, and its balance."""
    proof = acts.chain.rpc("eth_getProof", account, [], "latest")
    return proof["storageHash"], proof["balance"]


def forms(signed: Any) -> dict[str, bytes]:
    """The same signature in every form that is not the one."""
    r, s, odd = signed.r, signed.s, signed.v - 27

    def word(number: int) -> bytes:
        return number.to_bytes(32, "big")

    return {
        "high s": compact(signed, high=True),
        "the other parity": word(r) + word(s | (1 - odd) << 255),
        "r s v": word(r) + word(s) + bytes([27 + odd]),
        "r s v of 0 or 1": word(r) + word(s) + bytes([odd]),
        "v r s": bytes([27 + odd]) + word(r) + word(s),
        "high s, r s v": word(r) + word(ORDER - s) + bytes([28 - odd]),
        "a zero r": word(0) + word(s | odd << 255),
        "a zero s": word(r) + word(odd << 255),
        "r of the order": word(ORDER) + word(s | odd << 255),
        "r beyond the order": word((r + ORDER) % 2**256) + word(s | odd << 255),
        "s of the order": word(r) + word(ORDER % 2**255 | odd << 255),
        "exchanged": word(s) + word(r % 2**255 | odd << 255),
        "a byte less": (word(r) + word(s | odd << 255))[:63],
        "zeros": bytes(64),
        "ones": b"\xff" * 64,
        "nothing": b"",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_signature_has_one_form_in_every_kind(acts: Acts, kind: str) -> None:
    """Rule: 64 bytes of EIP-2098 with a low s; no v of 0, 1, 27 or 28 behind it, no second one
    made of the first, and where recovery fails the zero address has not signed either."""
    digest_ = digest(kind, acts.message(kind), acts.domain())
    signed = SIGNED.unsafe_sign_hash(digest_)
    acts.tried(kind, compact(signed))
    for name, form in forms(signed).items():
        # In a roll each has 64 bytes, and who has none has not signed.
        if kind in OF_A_ROLL and name in ("r s v of 0 or 1", "r s v", "v r s"):
            form = form[: -1 if name == "v r s" else None][-64:]
        with pytest.raises(Reverted) as caught:
            acts.tried(kind, form)
        allowed = {"bad signature"}
        if kind in OF_A_ROLL:
            allowed |= {"no quorum", "missing voice"} if name == "zeros" else set()
            # It is asked of the account itself, with bytes that are not there.
            allowed |= {"execution reverted 0x"} if name == "a zero r" else set()
        assert str(caught.value) in allowed, name
        if kind not in OF_A_ROLL:
            for nobody in (ZERO, to_checksum_address("0x" + "00" * 19 + "01")):
                with refused():
                    acts.tried(kind, form, nobody)


# What a contract answers when it is asked whether it has signed; and whether that is a yes.
ANSWERS: dict[str, tuple[str, bool]] = {
    "yes": (YES + "60205ff3", True),
    "yes, and a bomb": (YES + "620180005ff3", True),
    "nothing": ("00", False),
    "a byte less": (YES + "601f5ff3", False),
    "the four bytes alone": (YES + "60045ff3", False),
    "reverts with yes": (YES + "60205ffd", False),
    "reverts with a bomb": (YES + "620180005ffd", False),
    "writes, then yes": ("5f5f55" + YES + "60205ff3", False),
    "writes in passing, then yes": ("5f5f5d" + YES + "60205ff3", False),
    "logs, then yes": ("5f5fa0" + YES + "60205ff3", False),
    "pays, then yes": ("5f5f5f5f6001335af150" + YES + "60205ff3", False),
    "burns all": ("5b5f56", False),
    "a bad opcode": ("fe", False),
    "true": ("60015f5260205ff3", False),
    "the digest": ("6004355f5260205ff3", False),
    "the selector at the right": ("631626ba7e5f5260205ff3", False),
    "yes, dirty": ("7f1626ba7e" + "00" * 27 + "015f5260205ff3", False),
    "destroys itself": ("33ff", False),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_answer_but_the_magic_word_is_a_yes(kernel: Kernel, answer: str) -> None:
    """Rule: of ERC-1271 exactly one word counts, in all kinds; what lies, reverts, bombs, answers
    short, burns or writes has not signed. A longer answer that starts with it is a yes."""
    code, is_yes = ANSWERS[answer]
    chain, account = kernel.chain, kernel.chain.account()
    asked = bytes(32) + (64 << 32).to_bytes(32, "big") + bytes(1024)
    with short_wire(chain):
        chain.set_code(account, bytes.fromhex(ANSWERS["yes"][0]))
        acts = Acts(kernel, account, asked)
        chain.set_code(account, bytes.fromhex(code))
        for kind in KINDS:
            given = asked if kind in OF_A_ROLL else b"?"
            if is_yes:
                acts.tried(kind, given)
            else:
                with refused("bad signature"):
                    acts.tried(kind, given)
