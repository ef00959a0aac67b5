"""Wycheproof's cases over secp256k1, put to the contracts' checks and to the SDK.

Each case is put in three ways, and what must come of it follows from Wycheproof's word alone:

    as written   DER or P1363 as they stand. DER is never taken; P1363 is 64 bytes and taken where
                 it happens to be EIP-2098 too: valid, low s, parity 0.
    compact      r and s as EIP-2098, with each parity. Taken exactly where the case is valid, s
                 is low, and the parity is that of R.
    turned       where s is high: n - s with the other parity, which any wallet would have made.
                 Taken where the case is valid, or was refused as malleable only.

The SDK must say the same: it recovers the account where the contracts take the signature, and
refuses or finds another account where they do not.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from seechain.consent import recover
from seechain.errors import SignatureError
from tests.vectors.asked import Asked
from tests.vectors.curve import HALF, ORDER
from tests.vectors.encodings import compact, read

DATA = Path(__file__).with_name("wycheproof_secp256k1.json")
HEAD = 7  # entries before the first of Wycheproof's files


class Case(NamedTuple):
    """One of Wycheproof's. parity: of R, None where the EVM has none that gives the key."""

    kind: str
    number: int
    digest: bytes
    account: str
    signature: bytes
    valid: bool
    parity: int | None
    flags: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.kind} {self.number}"


def cases() -> Iterator[Case]:
    """All of them, in Wycheproof's order."""
    data = json.loads(DATA.read_text("utf-8"))
    for kind in list(data)[HEAD:]:
        for number, digest, account, signature, valid, parity, flags in data[kind]:
            yield Case(
                kind,
                number,
                bytes.fromhex(data["digests"][digest]),
                data["accounts"][account],
                bytes.fromhex(signature),
                bool(valid),
                parity,
                tuple(data["flags"][flag] for flag in flags),
            )


def run(asked: Asked, chosen: Iterator[Case] | None = None) -> tuple[Counter[str], list[str]]:
    """Puts the cases; how many of each sort there were, and what went wrong."""
    figures: Counter[str] = Counter()
    failed: list[str] = []
    for case in chosen or cases():
        figures["cases"] += 1
        for way, signature, taken in put(case, figures):
            figures["put"] += 1
            figures["taken"] += taken
            for who, said in answers(asked, case, signature):
                if said != taken:
                    failed.append(f"{case.name} {way}: {who} says {said}, not {taken}")
    return figures, failed


def put(case: Case, figures: Counter[str]) -> Iterator[tuple[str, bytes, bool]]:
    """The ways to put a case: name, bytes, and whether they must be taken."""
    numbers = read(case.signature, p1363="p1363" in case.kind)
    # Valid for the EVM: also what bitcoin refuses for its high s, once that is turned.
    holds = case.parity is not None
    low = numbers is not None and 0 < numbers[1] <= HALF
    is_compact = "p1363" in case.kind and low and holds and case.parity == 0
    yield "as written", case.signature, is_compact
    if numbers is None:
        figures["not an encoding"] += 1
        return
    r, s = numbers
    if case.valid and not holds:
        figures["x of R is not below the order"] += 1
    for parity in (0, 1):
        signature = compact(r, s, parity)
        if signature is None:
            figures["does not fit 64 bytes"] += 1
            continue
        yield f"compact {parity}", signature, low and holds and parity == case.parity
    if not low and 0 < s < ORDER:
        for parity in (0, 1):
            signature = compact(r, ORDER - s, parity)
            if signature is not None:
                figures["turned"] += 1
                yield f"turned {parity}", signature, holds and 1 - parity == case.parity


def answers(asked: Asked, case: Case, signature: bytes) -> Iterator[tuple[str, bool]]:
    """What the contracts say, and what the SDK does."""
    yield "the check of one", asked.alone(case.account, case.digest, signature)
    if len(signature) == 64:
        yield "the check of a roll", asked.counted(case.account, case.digest, signature)
    try:
        yield "the SDK", recover(case.digest, signature).lower() == case.account
    except SignatureError:
        yield "the SDK", False
