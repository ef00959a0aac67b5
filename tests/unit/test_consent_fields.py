"""The fields of a consent: what its kind names, within bounds, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from seechain.consent import FIELDS, MAX_SIGNATURE, Consent, Kind

ACCOUNT = "0x" + "11" * 20
GIVEN: dict[str, Any] = {
    "commitment": b"\7" * 32,
    "see": ACCOUNT,
    "version": 3,
    "act": Kind.LEAVING,
    "member": ACCOUNT,
    "subject": b"\3" * 32,
    "voice": True,
    "seat": False,
    "index": 5,
    "to": ACCOUNT,
    "times": 0,
    "uri": "ipfs://x",
    "board": ACCOUNT,
    "what": "appeal",
    "content": b"\5" * 32,
    "shares": 50,
    "until": 9,
}


def consent(kind: Kind, **changed: Any) -> Consent:
    fields: dict[str, Any] = {
        "kind": kind,
        "account": ACCOUNT,
        "chain_id": 1,
        "registry": ACCOUNT,
        "deadline": 1,
        "signature": bytes(65),
        **{name: GIVEN[name] for name in FIELDS[kind]},
        **changed,
    }
    return Consent.model_validate({k: v for k, v in fields.items() if v is not ...})


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_names_its_fields_and_nothing_else(kind: Kind) -> None:
    assert consent(kind).about == {name: GIVEN[name] for name in FIELDS[kind]}
    for name, value in GIVEN.items():
        with pytest.raises(ValidationError, match="and nothing else"):
            consent(kind, **{name: ... if name in FIELDS[kind] else value})


NUMBERS = [
    (kind, name)
    for kind, names in {**dict.fromkeys(Kind, ("chain_id", "deadline")), **FIELDS}.items()
    for name in (*names, "chain_id", "deadline")
    if name in ("chain_id", "deadline", "version", "index", "times", "shares", "until")
]


@pytest.mark.parametrize(("kind", "name"), NUMBERS)
def test_numbers_are_of_256_bits(kind: Kind, name: str) -> None:
    for good in (0, 1, 2**256 - 1):
        assert getattr(consent(kind, **{name: good}), name) == good
    for bad in (-1, 2**256, 3**200, True, "1", 1.0):
        with pytest.raises(ValidationError):
            consent(kind, **{name: bad})


@pytest.mark.parametrize(
    ("kind", "name"), [(Kind.REGISTRATION, "commitment"), (Kind.ENDORSEMENT, "subject")]
)
def test_hashes_are_of_32_bytes(kind: Kind, name: str) -> None:
    for size in (0, 1, 31, 33, 64):
        with pytest.raises(ValidationError):
            consent(kind, **{name: bytes(size)})
    assert getattr(consent(kind, **{name: "0x" + "0a" * 32}), name) == b"\n" * 32
    with pytest.raises(ValidationError, match="written in hex after 0x"):
        consent(kind, **{name: "0a" * 32})


def test_flags_are_true_or_false() -> None:
    for name in ("voice", "seat"):
        for bad in (1, 0, "true"):
            with pytest.raises(ValidationError):
                consent(Kind.LEAVING, **{name: bad})


def test_a_signature_is_not_too_long() -> None:
    for size in (0, 64, 65, MAX_SIGNATURE):
        assert len(consent(Kind.REGISTRATION, signature=bytes(size)).signature) == size
    with pytest.raises(ValidationError):
        consent(Kind.REGISTRATION, signature=bytes(MAX_SIGNATURE + 1))
    assert MAX_SIGNATURE == 4096
