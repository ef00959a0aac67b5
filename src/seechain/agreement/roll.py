"""The roll: the accounts that have a voice, with their voices, in one flat list.

    voice word   account (20 bytes) | zero (8) | voices (4, big endian)

Words ascend by account; there are 1 to 64 of them, and all voices together fit 32 bits.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from seechain.accounts import account_bytes, checksum
from seechain.errors import AgreementError

WORD = 32
MAX_ROLL = 64
MAX_VOICES = 2**32 - 1


class Voice(NamedTuple):
    """One line of the roll: checksummed account and voices (1 to 2**32 - 1)."""

    account: str
    voices: int


def pack_roll(voices: Iterable[Voice | tuple[str, int]]) -> bytes:
    """The voice words of the roll, ascending by account.

    Raises:
        AccountError: an account is wrong.
        AgreementError: the roll is empty or too long, an account stands there twice or is zero,
            or voices are out of range.
    """
    words = []
    for account, count in voices:
        if type(count) is not int or not 0 < count <= MAX_VOICES:
            raise AgreementError(
                f"voices are a whole number from 1 to {MAX_VOICES}, got {count!r} for {account}"
            )
        words.append(account_bytes(account) + count.to_bytes(12, "big"))
    roll = b"".join(sorted(words))
    unpack_roll(roll)
    return roll


def unpack_roll(roll: bytes) -> tuple[Voice, ...]:
    """The lines of the roll, checked as the Registry checks them.

    Raises:
        AgreementError: as `pack_roll`, or not a whole number of words, or not ascending.
    """
    if len(roll) % WORD or not 0 < len(roll) <= WORD * MAX_ROLL:
        raise AgreementError(
            f"the roll has 1 to {MAX_ROLL} words of 32 bytes, got {len(roll)} bytes"
        )
    voices = []
    before = bytes(20)
    for at in range(0, len(roll), WORD):
        account, count = roll[at : at + 20], int.from_bytes(roll[at + 20 : at + WORD], "big")
        if account <= before:
            raise AgreementError(f"the roll does not ascend at {checksum(account)}")
        if not 0 < count <= MAX_VOICES:
            raise AgreementError(f"{checksum(account)} has {count} voices in the roll")
        before = account
        voices.append(Voice(checksum(account), count))
    total = sum(voice.voices for voice in voices)
    if total > MAX_VOICES:
        raise AgreementError(f"the voices add up to {total}, more than the {MAX_VOICES} that fit")
    return tuple(voices)
