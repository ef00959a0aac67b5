"""Good vectors, spoiled by dice: what means another signature is refused by all, by its reason."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from seechain.consent import Kind
from tests.vectors.make_signatures import SAID, Row
from tests.vectors.scene import ALONE, DEADLINE, OVER, SIGNER
from tests.vectors.spoiled import BAD, REFUSED

STRICT = "mode 9"  # the contract that signs takes SAID and nothing else


def mutated(rows: Sequence[Row], dice: random.Random, times: int) -> Iterator[Row]:
    """So many vectors out of the good ones among these; one setting of the contract for all."""
    good = [row for row in rows if row.sdk == row.contract == "" and _is_fit(row)]
    for _ in range(times):
        row = dice.choice(good)
        if dice.random() < 0.1:
            yield _elsewhen(row, dice)
        else:
            others = [each for each in good if each.account != row.account]
            yield _altered(row, dice, bytes.fromhex(dice.choice(others).signature))


def _is_fit(row: Row) -> bool:
    """Of a key as 64 bytes, or of the contract that takes one signature alone."""
    if row.account == SIGNER:
        return row.setting == STRICT and bytes.fromhex(row.signature) == SAID
    return row.setting != STRICT and len(row.signature) == 128


def _altered(row: Row, dice: random.Random, other: bytes) -> Row:
    old = bytes.fromhex(row.signature)
    how = dice.choice(list(WAYS))
    new = WAYS[how](old, dice, other)
    row = replace(row, case=f"{how} {new.hex()}", signature=new.hex(), setting=STRICT)
    if new == old:
        return row
    if row.account == SIGNER:
        return replace(row, sdk=REFUSED, contract=BAD)
    if len(new) == 64:
        # Zeros in the place of r point to what a contract says: spoiled.py has those.
        return replace(row, sdk=REFUSED, contract=BAD if any(new[:32]) else None)
    if len(new) == 65 and _meaning(new) == _meaning(old):
        return replace(row, contract=None)
    # A roll has room for 64 bytes only; alone, any other length is refused.
    return replace(row, sdk=REFUSED, contract=BAD if Kind(row.kind) in ALONE else None)


def _elsewhen(row: Row, dice: random.Random) -> Row:
    """The same bytes under another deadline than the one that was signed."""
    if dice.random() < 0.2:
        late = OVER - dice.randrange(2**30)
        return replace(
            row,
            case=f"over {late}",
            deadline=late,
            sdk="TooLate",
            contract="too late",
            setting=STRICT,
        )
    deadline = DEADLINE + dice.choice((-1, 1)) * dice.randrange(1, 6 * 86400)
    row = replace(row, case=f"deadline {deadline}", deadline=deadline, setting=STRICT)
    if row.account == SIGNER:
        row = replace(row, signature=(SAID + b"\1").hex())
    return replace(row, sdk=REFUSED, contract=BAD)


def _meaning(signature: bytes) -> tuple[int, int, int] | None:
    """r, s and parity as EIP-2098 and Ethereum's 65 bytes say them."""
    r, vs = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    if len(signature) == 64:
        return r, vs & (2**255 - 1), vs >> 255
    parity = {0: 0, 1: 1, 27: 0, 28: 1}.get(signature[64])
    return None if parity is None else (r, vs, parity)


def _bits(old: bytes, dice: random.Random, count: int) -> bytes:
    number = int.from_bytes(old, "big")
    for _ in range(count):
        number ^= 1 << dice.randrange(8 * len(old))
    return number.to_bytes(len(old), "big")


def _swapped(old: bytes, dice: random.Random) -> bytes:
    new = bytearray(old)
    first, second = dice.randrange(len(old)), dice.randrange(len(old))
    new[first], new[second] = new[second], new[first]
    return bytes(new)


def _spliced(old: bytes, dice: random.Random, other: bytes) -> bytes:
    at = dice.randrange(len(old) + 1)
    return old[:at] + other[at : len(old)].ljust(len(old) - at, b"\0")


WAYS = {
    "one bit": lambda old, dice, _: _bits(old, dice, 1),
    "some bits": lambda old, dice, _: _bits(old, dice, dice.randrange(2, 9)),
    "two bytes swapped": lambda old, dice, _: _swapped(old, dice),
    "the end of another": _spliced,
    "cut": lambda old, dice, _: old[: dice.randrange(len(old))],
    "cut in front": lambda old, dice, _: old[dice.randrange(1, len(old)) :],
    "longer": lambda old, dice, _: old + dice.randbytes(dice.randrange(1, 40)),
    "one byte more": lambda old, dice, _: old + bytes([dice.choice((0, 1, 27, 28, 29, 255))]),
    "random": lambda old, dice, _: dice.randbytes(len(old)),
}
