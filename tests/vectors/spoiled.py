"""One good signature of a key, and all the ways to spoil it: bytes, and what must come of them.

sdk       what the SDK does: "" it takes it, else the name of its error
contract  what the contracts say to the bytes in the place of a signature: "" they take them,
          else the reason; "reverts" for one without a reason; None where 64 bytes can't say it
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from eth_utils import keccak

from tests.vectors.curve import HALF, ORDER, PRIME

BAD = "bad signature"
REFUSED = "BadSignature"


class Spoiled(NamedTuple):
    """A signature as it is given to the SDK, as a roll takes it (64 bytes), and a single check."""

    case: str
    signature: bytes
    sdk: str
    in_roll: str | None
    alone: str


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def spoiled(signed: Any, silent: str) -> Iterator[Spoiled]:
    """signed: r, s and v of eth-account. silent: the reason where a voice says nothing."""
    r, s, parity = int(signed.r), int(signed.s), int(signed.v) - 27
    yield from _good(r, s, parity)
    yield from _malleable(r, s, parity)
    yield from _wrong_v(r, s, parity)
    yield from _wrong_length(r, s, parity, silent)
    yield from _edges(r, s, parity, silent)


def _good(r: int, s: int, parity: int) -> Iterator[Spoiled]:
    both = word(r) + word(s)
    # A single check takes 64 bytes only: what the SDK packs, not what a wallet says.
    yield Spoiled("65 bytes, v 27 or 28", both + bytes([27 + parity]), "", "", BAD)
    yield Spoiled("65 bytes, v 0 or 1", both + bytes([parity]), "", "", BAD)
    yield Spoiled("64 bytes, EIP-2098", word(r) + word(s | parity << 255), "", "", "")


def _malleable(r: int, s: int, parity: int) -> Iterator[Spoiled]:
    high = ORDER - s
    turned = word(r) + word(high)
    yield Spoiled("high s, 65 bytes", turned + bytes([28 - parity]), REFUSED, BAD, BAD)
    yield Spoiled("high s, v of the low one", turned + bytes([27 + parity]), REFUSED, BAD, BAD)
    compact = word(r) + word(high | (1 - parity) << 255)
    yield Spoiled("high s, 64 bytes", compact, REFUSED, BAD, BAD)
    wrong = word(r) + word(s | (1 - parity) << 255)
    yield Spoiled("the other parity, 64 bytes", wrong, REFUSED, BAD, BAD)


def _wrong_v(r: int, s: int, parity: int) -> Iterator[Spoiled]:
    both = word(r) + word(s)
    yield Spoiled("the other v", both + bytes([28 - parity]), REFUSED, BAD, BAD)
    for v in (2, 3, 4, 26, 29, 30, 31, 37 + parity, 128, 255):
        yield Spoiled(f"v {v}", both + bytes([v]), REFUSED, None, BAD)


def _wrong_length(r: int, s: int, parity: int, silent: str) -> Iterator[Spoiled]:
    compact = word(r) + word(s | parity << 255)
    whole = word(r) + word(s) + bytes([27 + parity])
    yield Spoiled("no bytes", b"", REFUSED, silent, BAD)
    # Cut after r or before, the rest being zeros: a voice that points nowhere or is no signature.
    for length in (1, 31, 32, 33, 63):
        yield Spoiled(f"cut to {length} bytes", compact[:length], REFUSED, BAD, BAD)
    # 64 bytes and a zero are 65 with v 0: right where the parity is 0.
    longer = Spoiled("64 bytes and a zero", compact + b"\0", "", "", BAD)
    yield longer if parity == 0 else longer._replace(sdk=REFUSED, in_roll=None)
    yield Spoiled("65 bytes and a zero", whole + b"\0", REFUSED, None, BAD)
    yield Spoiled("a zero in front of 64", b"\0" + compact, REFUSED, None, BAD)
    yield Spoiled("96 bytes", word(r) + word(s) + word(27 + parity), REFUSED, None, BAD)
    yield Spoiled("twice", compact * 2, REFUSED, None, BAD)
    numbers = b"\2\x21\0" + word(r) + b"\2\x20" + word(s)
    yield Spoiled("DER", bytes([0x30, len(numbers)]) + numbers, REFUSED, None, BAD)


def _edges(r: int, s: int, parity: int, silent: str) -> Iterator[Spoiled]:
    top = parity << 255
    yield Spoiled("64 zeros", bytes(64), REFUSED, silent, BAD)
    yield Spoiled("65 zeros", bytes(65), REFUSED, silent, BAD)
    # In a roll a zero r says that a contract signs, and vs points to what it says.
    yield Spoiled("r 0", word(0) + word(s | top), REFUSED, "reverts", BAD)
    for name, x in (
        ("r 1", 1),
        ("r n", ORDER),
        ("r n + 1", ORDER + 1),
        ("r p - 1", PRIME - 1),
        ("r p", PRIME),
        ("r 2**256 - 1", 2**256 - 1),
        ("the lowest bit of r turned", r ^ 1),
        ("the highest bit of r turned", r ^ 1 << 255),
        ("r + 1", r + 1),
    ):
        yield Spoiled(name, word(x) + word(s | top), REFUSED, BAD, BAD)
    for name, y in (
        ("s 0", 0),
        ("s 1", 1),
        ("s n/2", HALF),
        ("s n/2 + 1", HALF + 1),
        ("s 2**255 - 1", 2**255 - 1),
        ("the lowest bit of s turned", s ^ 1),
        ("the highest bit of s turned", s ^ 1 << 254),
    ):
        yield Spoiled(name, word(r) + word(y | top), REFUSED, BAD, BAD)
    yield Spoiled("all ones", b"\xff" * 64, REFUSED, BAD, BAD)
    swapped = word(s) + word(r & (2**255 - 1) | top)
    yield Spoiled("r and s swapped", swapped, REFUSED, BAD, BAD)


def elsewhere(domain: bytes, others: dict[str, bytes], message: bytes) -> dict[str, bytes]:
    """Digests like the right one that are not it. message: the struct hash of what is signed.

    domain: the right one; others: by name.
    """
    right = keccak(b"\x19\x01" + domain + message)
    return {
        **{name: keccak(b"\x19\x01" + other + message) for name, other in others.items()},
        "as eth_sign does": keccak(b"\x19Ethereum Signed Message:\n32" + right),
        "no prefix": keccak(domain + message),
        "the struct hash alone": message,
        "hashed twice": keccak(right),
    }
