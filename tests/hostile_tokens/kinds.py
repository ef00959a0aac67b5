"""The kinds of hostile token: which code, and what its seats may count on all the same.

`exact` says that, once it behaves again, the seats have of the hostile token itself what the
independent calculation says, to the unit. `solvent` says that its books never promise more
than the balance that it tells. Of a kind that is neither, all that holds is what holds of
every kind: the other currencies are exact, and nobody is held up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

VIEWER = "0x" + "d0" * 20  # who asks views, see tests/properties/chain.py
TRUE = (1).to_bytes(32, "big")


@dataclass(frozen=True)
class Kind:
    name: str
    code: str  # of tests/contracts/hostile/tokens; empty: what the stage does by itself
    arguments: tuple[Any, ...] = ()
    exact: bool = True
    solvent: bool = True
    strays: bool = False  # it gives to somebody else what a seat should have


KINDS = [
    # ------------------------------------------------------------ what it answers
    Kind("answers nothing", "Answers", (b"", True)),
    Kind("answers false", "Answers", (bytes(32), False)),
    Kind("answers false and moves", "Answers", (bytes(32), True), exact=False, solvent=False),
    Kind("answers 31 bytes", "Answers", (TRUE[1:], True), exact=False, solvent=False),
    Kind("answers 33 bytes", "Answers", (TRUE + b"\1", True)),
    Kind("answers 64 bytes", "Answers", (TRUE + TRUE, True)),
    Kind("answers two", "Answers", (b"\2".rjust(32, b"\0"), True), exact=False, solvent=False),
    Kind("a bomb in a transfer", "Bombs", (False,)),
    Kind("a bomb in a revert", "Bombs", (True,)),
    Kind("a bomb in a balance", "MuteBombs"),
    Kind("sends to a gateway", "Offchain"),
    # ------------------------------------------------------------ whom it refuses
    Kind("reverts on zero", "NoZero"),
    Kind("blocks a recipient", "Blocks"),
    Kind("blocks the SEE", "BlocksSee"),
    Kind("pauses", "Pauses"),
    Kind("burns gas in a transfer", "BurnsGas"),
    Kind("burns gas in a balance", "MuteBurns"),
    # ------------------------------------------------------------ what it moves
    Kind("takes a fee", "Fee", exact=False),
    Kind("takes a fee of the sender", "FeeOnTop", exact=False, solvent=False),
    Kind("pays somebody else", "Misdirects", exact=False, strays=True),
    Kind("moves nothing", "Stays", exact=False),
    Kind("pulls more", "PullsMore"),
    Kind("mints to the SEE", "Mints", exact=False),
    Kind("burns from the SEE", "Burns", exact=False, solvent=False),
    # ------------------------------------------------------------ what is there
    Kind("rebases up", "Rebases", (7, 5), exact=False),
    Kind("rebases down", "Rebases", (3, 7), exact=False, solvent=False),
    Kind("deflates by block", "Deflates", exact=False, solvent=False),
    Kind("tells too much", "Tells", (1, VIEWER), exact=False, solvent=False),
    Kind("tells too little", "Tells", (2, VIEWER), exact=False, solvent=False),
    Kind("tells otherwise each time", "Tells", (3, VIEWER), exact=False, solvent=False),
    Kind("tells otherwise in a view", "Tells", (4, VIEWER), solvent=False),
    Kind("near 2^111", "Huge", (2**111 - 3,), exact=False),
    Kind("near 2^112", "Huge", (2**112 - 3,), exact=False),
    Kind("near 2^128", "Huge", (2**128 - 3,), exact=False),
    Kind("near 2^256", "Huge", (2**256 - 1,), exact=False),
    Kind("two decimals", "Decimals", (2,)),
    Kind("77 decimals", "Decimals", (77,)),
    # ------------------------------------------------------------ whom it calls
    Kind("re-enters in a transfer", "Reenters", (False,)),
    Kind("re-enters in a balance", "Reenters", (True,)),
    Kind("has hooks", "Hooks"),
    # ------------------------------------------------------------ what it is
    Kind("wants a zero approval first", "ZeroFirst"),
    Kind("is upgraded", "Upgrades", exact=False, strays=True),
    Kind("loses its code", "Decimals", (18,)),
    Kind("never had code", ""),
    Kind("lives for one transaction", "Brief"),
    Kind("is the coin too", "", exact=False, solvent=False),
    Kind("has two addresses", "FirstAddress", exact=False, solvent=False),
]
BY_NAME = {kind.name: kind for kind in KINDS}
assert len(BY_NAME) == len(KINDS)
