"""Consents as the Registry takes them, byte by byte: keys, contracts, and who is silent."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account

from seechain.agreement.roll import Voice, pack_roll
from seechain.chain.reverts import TooLate, WrongChain
from seechain.consent import Consent, Kind, signatures
from seechain.consent.signatures import BLOCK, Packed, Poll, pack
from seechain.errors import SignatureError

KEYS = sorted(
    (Account.from_key(bytes([number]) * 32) for number in range(1, 5)),
    key=lambda each: int(each.address, 16),
)
ACCOUNTS = [key.address for key in KEYS]
REGISTRY = "0x" + "11" * 20
COMMITMENT, NOW = b"\7" * 32, 1_000
NAMES = {ACCOUNTS[0]: "Ada"}


def poll(voices: int = 3, **more: Any) -> Poll:
    roll = pack_roll([Voice(account, 1 + at) for at, account in enumerate(ACCOUNTS[:voices])])
    about = {"commitment": COMMITMENT}
    return Poll(Kind.REGISTRATION, about, 1, REGISTRY, roll, NAMES, **more)


def consent(at: int, signature: bytes | None = None, **changed: Any) -> Consent:
    fields = {
        "kind": Kind.REGISTRATION,
        "account": ACCOUNTS[at],
        "chain_id": 1,
        "registry": REGISTRY,
        "deadline": NOW,
        "commitment": COMMITMENT,
        "signature": b"" if signature is None else signature,
        **changed,
    }
    unsigned = Consent.model_validate(fields)
    if signature is not None:
        return unsigned
    signed = bytes(Account.unsafe_sign_hash(unsigned.digest, KEYS[at].key).signature)  # type: ignore[attr-defined]
    return unsigned.model_copy(update={"signature": signed})


def compact(given: Consent) -> bytes:
    r, s, v = given.signature[:32], given.signature[32:64], given.signature[64]
    return r + (int.from_bytes(s, "big") | (v - 27) << 255).to_bytes(32, "big")


def pointer(offset: int, length: int) -> bytes:
    return bytes(32) + (offset << 32 | length).to_bytes(32, "big")


@pytest.fixture
def contracts(monkeypatch: pytest.MonkeyPatch) -> None:
    """All who sign with no key are contracts that say yes."""
    monkeypatch.setattr(signatures, "code_of", lambda *_: b"\1")
    monkeypatch.setattr(signatures, "_is_signed_by_contract", lambda *_: True)


def packed(asked: Poll, *given: Consent, now: int = NOW) -> Packed:
    w3: Any = None
    return pack(w3, asked, given, now)


def test_keys_sign_in_the_order_of_the_roll() -> None:
    given = [consent(at) for at in (2, 0)]
    assert packed(poll(), *given) == Packed(
        NOW, compact(given[1]) + bytes(64) + compact(given[0]), 4, 6, (ACCOUNTS[1],)
    )
    silent = packed(poll(), consent(1))
    assert (silent.yes, silent.missing) == (2, (f"Ada ({ACCOUNTS[0]})", ACCOUNTS[2]))


def test_who_left_is_neither_asked_nor_missed() -> None:
    found = packed(poll(left=0b101), consent(1))
    assert (found.yes, found.live, found.missing) == (2, 2, ())
    assert found.signatures == bytes(64) + compact(consent(1)) + bytes(64)
    with pytest.raises(SignatureError, match=r"the voice of Ada \(0x\w+\) has left"):
        packed(poll(left=0b001), consent(0), consent(1))


def test_contracts_sign_behind_and_share_what_is_equal(contracts: None) -> None:
    """With 1,024 bytes from each offset on."""
    given = [consent(0, b"first"), consent(1), consent(2, b"second"), consent(3, b"first")]
    found = packed(poll(4), *given)
    heads = [pointer(256, 5), compact(given[1]), pointer(261, 6), pointer(256, 5)]
    assert found.signatures == b"".join(heads) + b"firstsecond".ljust(5 + BLOCK, b"\0")
    assert (found.yes, found.live, found.missing) == (10, 10, ())
    inner = packed(poll(2), consent(0, b"abcdef"), consent(1, b"cd"))
    behind = b"abcdef".ljust(2 + BLOCK, b"\0")
    assert inner.signatures == pointer(128, 6) + pointer(130, 2) + behind
    empty = packed(poll(1), consent(0, b""))
    assert empty.signatures == pointer(64, 0) + bytes(BLOCK)
    assert packed(poll(1), consent(0)).signatures == compact(consent(0))


def test_contracts_sign_with_what_fits(contracts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """All signatures are 5,120 bytes at most, of which a block is kept free."""
    four = [bytes([at]) * 960 for at in range(1, 5)]
    given = [consent(at, signature) for at, signature in enumerate(four)]
    assert len(packed(poll(4), *given).signatures) == 4 * 64 + 3 * 960 + BLOCK
    monkeypatch.setattr(signatures, "MAX_BYTES", 4 * 64 + 3 * 960 + BLOCK)
    assert packed(poll(4), *given)
    monkeypatch.setattr(signatures, "MAX_BYTES", 4 * 64 + 3 * 960 + BLOCK - 1)
    with pytest.raises(
        SignatureError, match="sign with 3840 bytes in all, about 2879 fit beside a roll of 4"
    ):
        packed(poll(4), *given)


def test_a_contracts_signature_is_a_block_at_most(contracts: None) -> None:
    assert packed(poll(1), consent(0, b"\1" * BLOCK)).yes == 1
    with pytest.raises(SignatureError, match=rf"{ACCOUNTS[0]}\) signs with 1025 bytes, 1024 fit"):
        packed(poll(1), consent(0, b"\1" * (BLOCK + 1)))


def test_an_account_without_code_signs_by_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "code_of", lambda *_: b"")
    with pytest.raises(SignatureError, match="another key signed, or something else was signed"):
        packed(poll(), consent(0, consent(0).signature, deadline=NOW + 1))
    with pytest.raises(SignatureError, match="65 or 64 bytes, got 3"):
        packed(poll(), consent(0, b"abc"))


def test_consents_that_do_not_count() -> None:
    with pytest.raises(SignatureError, match="there is no consent at all"):
        packed(poll())
    with pytest.raises(SignatureError, match="there are two consents of Ada"):
        packed(poll(), consent(0), consent(0))
    with pytest.raises(SignatureError, match="has no voice in this agreement"):
        packed(poll(), consent(3))
    with pytest.raises(WrongChain, match="is for chain 2, this is chain 1"):
        packed(poll(), consent(0, chain_id=2))
    with pytest.raises(SignatureError, match="is for the Registry"):
        packed(poll(), consent(0, registry=ACCOUNTS[0]))
    with pytest.raises(SignatureError, match="is for another agreement"):
        packed(poll(), consent(0, commitment=bytes(32)))
    with pytest.raises(SignatureError, match=r"signed with the deadline 1000 and 0x\w+ with 1001"):
        packed(poll(), consent(0), consent(1, deadline=NOW + 1))
    assert packed(poll(), consent(0)).deadline == NOW
    with pytest.raises(TooLate, match=r"was good until 1970-01-01 00:16.* UTC"):
        packed(poll(), consent(0), now=NOW + 1)
