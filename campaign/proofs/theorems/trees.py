"""The Merkle-sum tree: for any sums, the total is exact."""

from __future__ import annotations

from typing import Any

import z3

from campaign.proofs import formulas as f
from campaign.proofs.theorems.theorem import Claim, theorem

HASH = z3.DeclareSort("Hash")
NODE = z3.Function("node", HASH, z3.IntSort(), HASH, z3.IntSort(), HASH)
LEVELS = 17


def _injective(terms: list[tuple[Any, Any, Any, Any]]) -> list[Any]:
    """keccak256 as it is taken to be: two nodes with one hash are one node."""
    return [
        z3.Implies(
            NODE(*one) == NODE(*two), z3.And(*[a == b for a, b in zip(one, two, strict=True)])
        )
        for one in terms
        for two in terms
        if one is not two
    ]


def _ints(names: str) -> list[Any]:
    return [z3.Int(name) for name in names.split()]


@theorem("share_table._check_page, share_table._node")
def the_total_is_exact_at_each_node() -> Claim:
    """Two proofs from below one node, of its left and of its right side, say the same total, and
    it is the sum of both sides: by induction over the levels the total of a table is the sum of
    its pages, for any sums whoever wrote the tree chose."""
    mine, sibling, yours, other = z3.Consts("mine sibling yours other", HASH)
    left_sum, beside_left, right_sum, beside_right = _ints("left beside_left right beside_right")
    first = (mine, left_sum, sibling, beside_left)  # `mine` is on the left
    second = (other, beside_right, yours, right_sum)  # `yours` is on the right
    given = [*_injective([first, second]), NODE(*first) == NODE(*second)]
    exact = z3.And(
        left_sum + beside_left == left_sum + right_sum,
        beside_right + right_sum == left_sum + right_sum,
    )
    return Claim(given, exact, exact, neighbour_given=[NODE(*first) == NODE(*second)])


@theorem("share_table._check_page: two proofs of one page")
def a_page_has_one_sum() -> Claim:
    """A page that is proven twice under one node has one hash, and one sum beside it."""
    page, again, sibling, other = z3.Consts("page again sibling other", HASH)
    sum_, sum_again, beside, beside_again = _ints("sum again beside beside_again")
    first, second = (page, sum_, sibling, beside), (again, sum_again, other, beside_again)
    given = [*_injective([first, second]), NODE(*first) == NODE(*second)]
    one = z3.And(page == again, sum_ == sum_again, beside == beside_again)
    return Claim(given, one, one, neighbour_given=[sum_ + beside == sum_again + beside_again])


@theorem("share_table._check_page: sibling_sum > SHARES")
def no_page_has_more_than_the_total() -> Claim:
    """Through all 17 levels the sums of a proof add up without overflow, and a page that is
    accepted has at most the total."""
    page = z3.BitVec("page", 256)
    siblings = [z3.BitVec(f"sibling_{level}", 256) for level in range(LEVELS)]
    total = page
    for sibling in siblings:
        total = total + sibling
    few = z3.ULE(page, 32 * f.SHARES)
    bounded = [few, *[z3.ULE(sibling, f.SHARES) for sibling in siblings]]
    follows = z3.And(z3.UGE(total, page), z3.ULE(total, 49 * f.SHARES))
    return Claim(bounded, follows, z3.UGE(total, page), neighbour_given=[few])


@theorem("share_table._sum: unsafe_add")
def a_pages_shares_never_overflow() -> Claim:
    """32 shares of 48 bits add up exactly, in any order, to less than 2**53."""
    words = [z3.BitVec(f"word_{place}", 256) for place in range(32)]
    total = z3.BitVecVal(0, 256)
    exact = z3.BitVecVal(0, 64)
    for word in words:
        total = total + (word & f.SHARES)
        exact = exact + z3.ZeroExt(16, z3.Extract(47, 0, word))
    given = [exact == z3.Extract(63, 0, total)]  # the same sum, in 64 bits
    follows = z3.ULE(total, 32 * f.SHARES)
    return Claim(given, follows, z3.ULT(total, 32 * f.SHARES))


@theorem("Splitter.join, Splitter.payout, books._entitled")
def a_seat_of_an_accepted_page_has_at_most_the_total() -> Claim:
    """Where the sums of 32 words are the total, no word has more shares than the total: a seat
    is entitled to at most C."""
    shares = [z3.Int(f"shares_{place}") for place in range(32)]
    total = z3.Int("total")
    given = [share >= 0 for share in shares]
    accepted = z3.Sum(shares) == total
    at_most = z3.And(*[share <= total for share in shares])
    return Claim([*given, accepted], at_most, at_most, neighbour_given=given)


@theorem("share_table._root_of_few: sums")
def the_sums_of_few_pages_do_not_touch() -> Claim:
    """Four sums of 48 bits in a word are four sums."""
    sums = [z3.BitVec(f"sum_{page}", 256) for page in range(4)]
    word = z3.BitVecVal(0, 256)
    for page, one in enumerate(sums):
        word = word | one << 48 * page
    reads = z3.And(*[z3.LShR(word, 48 * page) & f.SHARES == one for page, one in enumerate(sums)])
    bounded = [z3.ULE(one, f.SHARES) for one in sums]
    return Claim(bounded, reads, reads, neighbour_given=bounded[1:])
