"""Wycheproof's ECDSA cases over secp256k1 through the contracts' own checks, and the SDK's."""

from __future__ import annotations

import pytest

from tests.vectors import wycheproof
from tests.vectors.asked import Asked
from tests.vectors.curve import HALF, ORDER, PRIME
from tests.vectors.encodings import compact, read
from tests.vectors.wycheproof import Case

CASES = list(wycheproof.cases())


def numbers(case: Case) -> tuple[int, int] | None:
    return read(case.signature, p1363="p1363" in case.kind)


def test_every_case_ends_as_wycheproof_says() -> None:
    """Contracts and SDK, each case in each way that it can be put."""
    figures, failed = wycheproof.run(Asked())
    assert failed == []
    assert figures["cases"] == len(CASES) == 4653
    assert figures["taken"] > 2000


def test_the_parity_that_was_found_fits_what_wycheproof_says() -> None:
    """What no parity gives is invalid, but for the x that is above the order; and what one
    gives is valid, but for what bitcoin refuses as malleable."""
    for case in CASES:
        pair = numbers(case)
        if case.valid and case.parity is None:
            assert pair
            assert pair[0] < PRIME - ORDER, case.name
        if not case.valid and case.parity is not None:
            assert pair
            assert case.kind == "sha256_bitcoin", case.name
            assert HALF < pair[1] < ORDER, case.name


def test_an_x_above_the_order_is_refused() -> None:
    """ecrecover has no v for it, so a key's one signature in 2**128 is lost: it signs again."""
    asked = Asked()
    lost = [case for case in CASES if case.valid and case.parity is None]
    assert len(lost) == 15
    for case in lost:
        r, s = numbers(case) or (0, 0)
        for parity in (0, 1):
            signature = compact(r, min(s, ORDER - s), parity) or b""
            assert not asked.alone(case.account, case.digest, signature)
            assert not asked.counted(case.account, case.digest, signature)


RECOVERS = "signer: address = ecrecover(digest, unsafe_add(27, vs >> PARITY_AT), r, s)"
ONE_PARITY = "signer: address = ecrecover(digest, 27, r, s)"
FAULTS = {
    "high s in a roll": ("if s > LOW_S:", "if s == 0:"),
    "high s alone": ("if s <= LOW_S and signer", "if signer"),
    "any signer in a roll": ("if convert(signer, uint256) != account:", "if signer == self:"),
    "the zero address alone": ("and account != empty(address)", "or signer == empty(address)"),
    "one parity alone": (f"{RECOVERS}\n        if s <=", f"{ONE_PARITY}\n        if s <="),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_in_the_check_is_seen(fault: tuple[str, str]) -> None:
    """The vectors tell a module with this fault from ours."""
    few = [case for case in CASES if numbers(case)][::70]
    # Few are high and yet of 255 bits: without them a missing check would not be seen.
    few += [case for case in CASES if HALF < (numbers(case) or (0, 0))[1] < 2**255]
    _, failed = wycheproof.run(Asked(fault), iter(few))
    assert failed
