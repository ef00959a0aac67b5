"""A key's signature at the edges of what one can be, in each of its spellings."""

from __future__ import annotations

import pytest

from seechain.consent import normalise
from seechain.errors import SignatureError

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
HALF = ORDER // 2


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


@pytest.mark.parametrize("r", [1, 2, ORDER - 1])
@pytest.mark.parametrize("s", [1, 2, HALF - 1, HALF])
@pytest.mark.parametrize("v", [0, 1, 27, 28])
def test_what_a_key_can_have_made_is_taken(r: int, s: int, v: int) -> None:
    normal = word(r) + word(s) + bytes([27 + v % 27])
    assert normalise(word(r) + word(s) + bytes([v])) == normal
    assert normalise(word(r) + word(s | (v % 27) << 255)) == normal


@pytest.mark.parametrize(
    ("r", "s", "says"),
    [
        (0, 1, "out of range"),
        (ORDER, 1, "out of range"),
        (2**256 - 1, 1, "out of range"),
        (1, 0, "out of range"),
        (1, ORDER, "out of range"),
        (1, 2**256 - 1, "out of range"),
        (1, HALF + 1, "high s"),
        (1, ORDER - 1, "high s"),
    ],
)
def test_what_no_key_makes_is_refused(r: int, s: int, says: str) -> None:
    with pytest.raises(SignatureError, match=says):
        normalise(word(r) + word(s) + b"\x1b")


@pytest.mark.parametrize("v", [2, 3, 26, 29, 54, 55, 255])
def test_there_are_two_parities(v: int) -> None:
    with pytest.raises(SignatureError, match=f"v is 0, 1, 27 or 28, got {v}$"):
        normalise(word(1) + word(1) + bytes([v]))


@pytest.mark.parametrize("size", [0, 1, 63, 66, 128, 130])
def test_there_are_two_lengths(size: int) -> None:
    with pytest.raises(SignatureError, match=f"65 or 64 bytes, got {size}$"):
        normalise(bytes(size))
