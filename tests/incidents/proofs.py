"""Proofs of what was never so."""

from __future__ import annotations

from eth_hash.auto import keccak

from tests.incidents.arena import ALICE, BOB, ETHER, MALLORY, Arena, seats_of, word
from tests.incidents.incident import Seed, incident
from tests.properties import agreement as a
from tests.properties.stage import JOIN_PAGE, PAYOUT_PAGE
from tests.properties.world import ANYONE, ZERO, Split

TABLE = "contracts/modules/share_table.vy"
SPLITTER = "contracts/Splitter.vy"
OF_SPLITTER = ("Splitter",)
CREATE = "create(bytes32,uint256,uint256,bytes32)"
OTHERS = [(f"0x{at:040x}", 1) for at in range(1, 32)]  # fill the first page


def page_of(*seats: tuple[str, int]) -> bytes:
    return b"".join(map(a.pack, seats_of(*seats)))


def forged(arena: Arena, root: bytes, shares: int) -> tuple[str, tuple[bytes, int, int, bytes]]:
    """A Splitter of two pages, of a root that its author made up."""
    assert arena.do(ANYONE, arena.registry, CREATE, root, shares, 2, bytes(32))
    hashed = a.struct(a.TABLE, "bytes32 uint256 uint256", root, shares, 2)
    where = arena.ask(arena.registry, "splitter_address(bytes32,bytes32)", hashed, bytes(32))
    return "0x" + where[12:].hex(), (root, shares, 2, bytes(32))


@incident(
    "2026-05",
    "$200,000",
    "Fluid (an empty proof)",
    Seed(
        TABLE,
        "    if node != table.root:\n",
        "    if at != 0 and node != table.root:\n",
        OF_SPLITTER,
    ),
)
def fluid(arena: Arena) -> None:
    """An empty proof proves anything."""
    split = arena.split((ALICE, 10))
    arena.send(split.address, 10 * ETHER)
    arena.do(MALLORY, split.address, JOIN_PAGE, split.table, 0, page_of((MALLORY, 10)), b"", True)
    assert arena.held(MALLORY) == 0


@incident(
    "2018-04",
    "tokens without end, of BEC and a dozen others",
    "BeautyChain (batchOverflow)",
    Seed(
        TABLE,
        "            if sibling_sum > SHARES:  # a sum that wraps would promise too much\n"
        "                refusals._wrong_sum()\n            total += sibling_sum\n",
        "            total = unsafe_add(total, sibling_sum)\n",
        OF_SPLITTER,
    ),
)
def batch_overflow(arena: Arena) -> None:
    """A sum wraps: of a total of one share, a page alone has five."""
    page, other = page_of((MALLORY, 5)), keccak(b"nobody has seen this page")
    wraps = 2**256 - 4
    root = keccak(keccak(page) + word(5) + other + word(wraps) + b"\x01")
    split, table = forged(arena, root, 1)
    arena.send(split, 10 * ETHER)
    proof = other + word(wraps)
    arena.do(MALLORY, split, JOIN_PAGE, table, 0, page, proof, False)
    slot = arena.ask(split, "seat(address,uint256)", ZERO, int(MALLORY, 16))
    assert int.from_bytes(slot[32:64], "big") == 0  # no seat has more shares than there are


@incident(
    "2021-10",
    "nothing: found with $850 million in reach",
    "Polygon's Plasma bridge",
    Seed(
        TABLE,
        "    if page >= table.pages:\n        refusals._wrong_page()\n",
        "",
        OF_SPLITTER,
        (
            (
                "        if width == 1:\n            break\n        if index ^ 1 < width:\n",
                "        if at == len(proof):\n            break\n        if True:\n",
            ),
            ("    if width != 1 or at != len(proof):\n        refusals._wrong_proof()\n", ""),
        ),
    ),
)
def polygon_plasma(arena: Arena) -> None:
    """One proof is good for several places, and is paid at each."""
    split = arena.split((MALLORY, 1), *OTHERS, (ALICE, 32))
    arena.send(split.address, 64 * ETHER)
    for page in range(0, 40, 2):
        call = (PAYOUT_PAGE, split.table, page, split.pages[0], split.proofs[0], ZERO)
        arena.do(MALLORY, split.address, *call)
    assert arena.held(MALLORY) == ETHER
    assert arena.payout(split, page=1)
    assert arena.held(ALICE) == 32 * ETHER


@incident(
    "2022-10",
    "$566 million",
    "BNB Chain's bridge (IAVL proofs)",
    Seed(
        TABLE,
        "        concat(left, convert(left_sum, bytes32), right, convert(right_sum, bytes32), "
        'b"\\x01")\n',
        '        concat(left, right, b"\\x01")\n',
        OF_SPLITTER,
    ),
)
def bnb_bridge(arena: Arena) -> None:
    """Part of a proof is read, but not hashed: whoever proves writes what it likes there."""
    pages = [page_of((MALLORY, 10)), page_of((BOB, 10))]
    left, right = map(keccak, pages)
    for root in (
        keccak(left + right + b"\x01"),
        keccak(left + word(10) + right + word(0) + b"\x01"),
        keccak(left + word(0) + right + word(10) + b"\x01"),
    ):
        split, table = forged(arena, root, 10)
        arena.send(split, 10 * ETHER)
        proven = [
            arena.do(MALLORY, split, PAYOUT_PAGE, table, page, words, sibling + word(0), ZERO)
            for page, (words, sibling) in enumerate(zip(pages, (right, left), strict=True))
        ]
        assert proven != [True, True]  # each of them has it all


@incident(
    "2023-06",
    "nothing: found in time (an inner node proves a leaf that was never there)",
    "OpenZeppelin's Merkle proofs of many leaves (GHSA-wprv-93r4-jj2p)",
    Seed(
        SPLITTER,
        "or nodes[0] != table.root:\n        refusals._wrong_page()\n    if sums[0]",
        "or count > 1 and nodes[0] != table.root:\n        refusals._wrong_page()\n    if sums[0]",
        OF_SPLITTER,
    ),
)
def many_leaves(arena: Arena) -> None:
    """All leaves at once, and none of them is of the tree."""
    split: Split = arena.split((ALICE, 10))
    arena.send(split.address, 10 * ETHER)
    whole = "payout_whole((bytes32,uint256,uint256,bytes32),bytes[],address)"
    arena.do(MALLORY, split.address, whole, split.table, [page_of((MALLORY, 10))], ZERO)
    assert arena.held(MALLORY) == 0
