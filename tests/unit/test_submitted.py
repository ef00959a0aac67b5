"""Consents that were packed are unpacked again, wherever in a transaction's data they stand."""

from __future__ import annotations

import pytest

from seechain.accounts import checksum
from seechain.agreement.roll import Voice
from seechain.chain import interface
from seechain.errors import SignatureError
from seechain.portable.submitted import DEREGISTER, Submitted, unpack

REGISTRY = interface.of("Registry")
ONE, TWO, THREE = (checksum(bytes([at]) * 20) for at in (1, 2, 3))
VOICES = (Voice(ONE, 1), Voice(TWO, 1), Voice(THREE, 1))


def test_keys_contracts_and_the_silent_are_told_apart() -> None:
    by_key = bytes(range(1, 65))
    behind = b"what a contract takes"
    pointer = (3 * 64 + 5) << 32 | len(behind)
    packed = by_key + bytes(64) + bytes(32) + pointer.to_bytes(32, "big") + bytes(5) + behind
    assert unpack(packed, VOICES, 7) == [
        Submitted(ONE, 7, by_key, True),
        Submitted(THREE, 7, behind, False),
    ]


def test_too_few_bytes_are_refused() -> None:
    with pytest.raises(SignatureError, match="128 bytes of signatures are too few for a roll of 3"):
        unpack(bytes(128), VOICES, 7)


def test_a_call_is_found_within_the_data_of_another() -> None:
    table, terms = (bytes(32), 1, 1, bytes(32)), (bytes(32), 1, 1, 9, bytes(32))
    packed = bytes(range(64))
    call = REGISTRY.encode("deregister", ONE, table, terms, 77, b"roll", b"", packed)
    selector = call[:4]
    for data in (call, b"abc" + call + b"xyz", selector + b"no call" + call, call + selector):
        found = list(REGISTRY.arguments(DEREGISTER.name, DEREGISTER.takes, data))
        (arguments,) = (each for each in found if each[DEREGISTER.deadline] == 77)
        assert bytes(arguments[DEREGISTER.signatures]) == packed
    assert list(REGISTRY.arguments(DEREGISTER.name, DEREGISTER.takes, b"no call" * 100)) == []
    assert list(REGISTRY.arguments(DEREGISTER.name, DEREGISTER.takes, selector * 2000)) == []
