"""Signatures and the consents that carry them."""

import json

import pytest
from eth_account import Account
from hypothesis import given, settings
from hypothesis import strategies as st

from seechain.agreement import Agreement
from seechain.consent import Consent, Kind, normalise, recover
from seechain.consent.subjects import Deregistration, Registration
from seechain.errors import SignatureError

ADA = Account.from_key("0x" + "11" * 32)
BEN = Account.from_key("0x" + "22" * 32)
REGISTRY = BEN.address
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
DIGEST = bytes(range(32))


def signature_of(digest: bytes, key: object = ADA) -> bytes:
    return bytes(Account.unsafe_sign_hash(digest, key.key).signature)  # type: ignore[attr-defined]


def compact(signature: bytes) -> bytes:
    s = int.from_bytes(signature[32:64], "big") | (signature[64] - 27) << 255
    return signature[:32] + s.to_bytes(32, "big")


def consent(**changed: object) -> Consent:
    fields: dict[str, object] = {
        "kind": Kind.REGISTRATION,
        "account": ADA.address,
        "chain_id": 31337,
        "registry": REGISTRY,
        "deadline": 1_800_000_000,
        "commitment": b"\7" * 32,
        "signature": bytes(65),
    }
    return Consent.model_validate({**fields, **changed})


def signed(unsigned: Consent) -> Consent:
    return unsigned.model_copy(update={"signature": signature_of(unsigned.digest)})


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=25)
def test_all_three_spellings_recover_the_signer(digest: bytes) -> None:
    signature = signature_of(digest)
    low_v = signature[:64] + bytes([signature[64] - 27])
    for each in (signature, low_v, compact(signature)):
        assert normalise(each) == signature
        assert recover(digest, each) == ADA.address


def high_s(signature: bytes) -> bytes:
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (b"", "65 or 64 bytes, got 0"),
        (signature_of(DIGEST)[:63], "got 63"),
        (signature_of(DIGEST) + b"\0", "got 66"),
        (signature_of(DIGEST)[:64] + b"\2", "got 2"),
        (signature_of(DIGEST)[:64] + b"\x1d", "got 29"),
        (high_s(signature_of(DIGEST)), "high s"),
        (bytes(32) + signature_of(DIGEST)[32:], "out of range"),
        (signature_of(DIGEST)[:32] + bytes(32) + b"\x1b", "out of range"),
        (ORDER.to_bytes(32, "big") + signature_of(DIGEST)[32:], "out of range"),
        (bytes(64), "out of range"),
    ],
)
def test_signatures_that_nobody_accepts(wrong: bytes, says: str) -> None:
    with pytest.raises(SignatureError, match=says):
        recover(DIGEST, wrong)


def test_an_r_that_is_no_point_is_refused() -> None:
    r = (5).to_bytes(32, "big")  # no point of the curve has x = 5
    with pytest.raises(SignatureError, match="no key can have made"):
        recover(DIGEST, r + (1).to_bytes(32, "big") + b"\x1b")


def test_a_consent_checks_who_signed_and_until_when() -> None:
    good = signed(consent())
    assert good.is_by_key
    good.check()
    good.check(now=good.deadline)
    with pytest.raises(SignatureError, match="good until 1800000000"):
        good.check(now=good.deadline + 1)
    by_ben = good.model_copy(update={"signature": signature_of(good.digest, BEN)})
    assert not by_ben.is_by_key
    assert not good.model_copy(update={"signature": b"a contract's"}).is_by_key
    with pytest.raises(SignatureError, match=f"signed by {BEN.address}"):
        by_ben.check()


@pytest.mark.parametrize(
    "changed",
    [
        {"account": BEN.address},
        {"chain_id": 1},
        {"registry": ADA.address},
        {"deadline": 1_800_000_001},
        {"commitment": b"\6" * 32},
    ],
)
def test_a_registration_counts_for_one_field_each_only(changed: dict[str, object]) -> None:
    good = signed(consent())
    other = consent(**{"signature": good.signature, **changed})
    assert other.digest != good.digest
    assert not other.is_by_key


def test_the_digest_is_that_of_the_message_a_wallet_signs() -> None:
    agreement = Agreement.model_validate(
        {
            "name": "Quay",
            "terms": "We share.",
            "currencies": ["native"],
            "quorum": "1",
            "expires": "2030-01-01",
            "members": [
                {"name": "Ada", "role": "core", "account": ADA.address, "shares": 1, "voices": 1}
            ],
        }
    )
    data = Registration(1, REGISTRY, 9, agreement).message(ADA.address)
    by_wallet = consent(
        chain_id=1,
        deadline=9,
        commitment=agreement.commitment,
        signature=bytes(ADA.sign_typed_data(full_message=data).signature),
    )
    by_wallet.check()
    ending = Deregistration(1, REGISTRY, 9, BEN.address, 3).message(ADA.address)
    consent(
        kind="deregistration",
        chain_id=1,
        deadline=9,
        commitment=None,
        see=BEN.address,
        version=3,
        signature=bytes(ADA.sign_typed_data(full_message=ending).signature),
    ).check()


@pytest.mark.parametrize(
    "made",
    [
        consent(),
        consent(kind="deregistration", commitment=None, see=BEN.address, version=2),
        consent(signature=b"\1"),
        consent(account=ADA.address.lower()),
    ],
)
def test_a_consent_travels_as_json(made: Consent) -> None:
    text = made.to_json()
    assert Consent.from_json(text) == made
    assert json.loads(text)["account"] == ADA.address
    assert "null" not in text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"kind": "petition"}, "kind"),
        (
            {"kind": "amendment"},
            "a consent to an amendment names see, version and commitment, and nothing",
        ),
        ({"account": "Ada"}, "account: an account is 0x"),
        ({"chain_id": "1"}, "chain_id"),
        ({"chain_id": True}, "chain_id"),
        ({"deadline": -1}, "deadline"),
        ({"deadline": 1.5}, "deadline"),
        ({"commitment": "0x00"}, "commitment"),
        ({"commitment": "00"}, "hex after 0x"),
        ({"commitment": None}, "a consent to a registration names commitment, and nothing else"),
        ({"see": BEN.address}, "a consent to a registration names commitment, and nothing else"),
        (
            {"kind": "deregistration"},
            "a consent to a deregistration names see and version, and nothing",
        ),
        (
            {"kind": "deregistration", "commitment": None, "version": 1},
            "names see and version, and nothing else",
        ),
        ({"signature": "0x" + "00" * 5000}, "signature"),
        ({"signature": "0xzz"}, "signature"),
        ({"memo": 1}, "memo"),
    ],
)
def test_what_is_no_consent_is_refused(changed: dict[str, object], says: str) -> None:
    fields = {**json.loads(consent().to_json()), **changed}
    with pytest.raises(SignatureError, match=says):
        Consent.from_json(json.dumps(fields))


def test_a_contract_may_sign_with_nothing_and_a_key_may_not() -> None:
    """A SEE that has endorsed a message signs with no bytes; who else gives none has not signed."""
    empty = Consent.from_json(consent(signature=b"").to_json())
    assert empty.signature == b""
    assert not empty.is_by_key
    with pytest.raises(SignatureError, match="a signature has 65 or 64 bytes, got 0"):
        empty.check()


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', b"\xff"])
def test_what_is_no_json_object_is_refused(text: str | bytes) -> None:
    with pytest.raises(SignatureError, match="this is no consent"):
        Consent.from_json(text)
