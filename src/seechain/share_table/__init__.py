"""The share table: seat words, pages, and the Merkle-sum tree over the pages.

    seat word   account (20 bytes) | flags (6) | shares (6), big endian
    page        up to 32 seat words; all pages but the last are full
    page hash   keccak256 of the page
    node        keccak256(left hash | left sum | right hash | right sum | 0x01)

A lone node rises unchanged; the root of one page is its page hash. The tree's shape follows
from the number of pages alone, so a page's proof has exactly one length.

The table keeps one bytes object and the levels of its tree, and no object for each seat, so
that a million seats fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from seechain.accounts import account_bytes
from seechain.consent.messages import table_hash
from seechain.errors import AccountError, ShareTableError
from seechain.hashing import keccak
from seechain.share_table.seat_words import (
    MAX_SEATS,
    MAX_SHARES,
    PAGE_BYTES,
    PAGE_SEATS,
    PULL_ONLY,
    WORD,
    Seat,
    SeatLike,
    find_word,
    pack_seat,
    pack_seats,
    page_sums,
    table_sums,
    unpack_seat,
    unpack_seats,
)

__all__ = [
    "MAX_SEATS",
    "MAX_SHARES",
    "PAGE_BYTES",
    "PAGE_SEATS",
    "PULL_ONLY",
    "WORD",
    "ProvenSeat",
    "Seat",
    "ShareTable",
    "find_word",
    "node_hash",
    "pack_seat",
    "pack_seats",
    "unpack_seat",
    "verify_proof",
]

NODE = 64  # a node's hash and its sum: also what a proof holds of each level


def node_hash(left: bytes, left_sum: int, right: bytes, right_sum: int) -> bytes:
    """The hash of an inner node; its sum is the sum of both."""
    # The last byte keeps a node apart from a page of four seats.
    return keccak(
        left + left_sum.to_bytes(32, "big") + right + right_sum.to_bytes(32, "big") + b"\x01"
    )


@dataclass(frozen=True, slots=True)
class ProvenSeat:
    """A seat as a contract takes it: its index, the words of its page, and the page's proof."""

    index: int
    words: bytes
    proof: bytes


class ShareTable:
    """All seats, strictly ascending by account, in pages. It never changes.

    Make one with `from_seats`, or with `from_words` from words that somebody published. A large
    one need not stay in memory: see `seechain.share_table.store`.
    """

    def __init__(self, words: bytes) -> None:
        self._words = bytes(words)
        sums = table_sums(self._words)
        self._shares = sum(sums)
        self._levels = _levels(self._words, sums)

    @classmethod
    def from_seats(cls, seats: Iterable[SeatLike]) -> ShareTable:
        """The table of these seats, in any order.

        Raises:
            ShareTableError: no seat, an account twice, zero or wrong, shares out of range, or a
                total above 2**48 - 1.
        """
        return cls(pack_seats(seats))

    @classmethod
    def from_words(cls, words: bytes) -> ShareTable:
        """The table of these seat words, which must ascend already.

        Raises:
            ShareTableError: as `from_seats`, or not a whole number of words.
        """
        return cls(words)

    @property
    def words(self) -> bytes:
        """All seat words, ascending: 32 bytes for each seat."""
        return self._words

    @property
    def shares(self) -> int:
        """Total shares."""
        return self._shares

    @property
    def pages(self) -> int:
        """The number of pages."""
        return len(self._levels[0]) // NODE

    @property
    def root(self) -> bytes:
        """The root of the tree, 32 bytes."""
        return self._levels[-1][:32]

    @cached_property
    def hash(self) -> bytes:
        """The EIP-712 struct hash of the table: alone it is a fixed Splitter's commitment."""
        return table_hash(self.root, self.shares, self.pages)

    def page(self, page: int) -> bytes:
        """The seat words of a page, counted from 0.

        Raises:
            ShareTableError: there is no such page.
        """
        self._check_page(page)
        return self._words[page * PAGE_BYTES : (page + 1) * PAGE_BYTES]

    def page_shares(self, page: int) -> int:
        """The sum of the shares of a page.

        Raises:
            ShareTableError: there is no such page.
        """
        self._check_page(page)
        return int.from_bytes(self._levels[0][NODE * page + 32 : NODE * (page + 1)], "big")

    def proof(self, page: int) -> bytes:
        """Sibling hash and sum (64 bytes) of each level that has a sibling, from the leaves up.

        Raises:
            ShareTableError: there is no such page.
        """
        self._check_page(page)
        proof = b""
        for level in self._levels[:-1]:
            at = NODE * (page ^ 1)
            proof += level[at : at + NODE]  # beyond the end: a lone node has no sibling
            page >>= 1
        return proof

    def proofs(self) -> Iterator[bytes]:
        """The proofs of all pages, in their order. All seats of a page share its proof."""
        return map(self.proof, range(self.pages))

    def seat(self, index: int) -> Seat:
        """The seat at an index (32 * page + place on the page).

        Raises:
            ShareTableError: there is no such seat.
        """
        if not 0 <= index < len(self):
            raise ShareTableError(f"there is no seat {index}: the table has {len(self)}")
        return unpack_seat(self.seat_words(index, 1))

    def seat_words(self, first: int, count: int) -> bytes:
        """The words of so many seats from an index on; of fewer where the table ends."""
        return self._words[WORD * first : WORD * (first + count)]

    def index(self, account: str) -> int:
        """The index of an account's seat: 32 * page + place on the page.

        Raises:
            AccountError: the account is no address.
            ShareTableError: it has no seat here.
        """
        at = self._find(account_bytes(account))
        if at is None:
            raise ShareTableError(f"{account} has no seat in this share table")
        return at

    def proven(self, account: str) -> ProvenSeat:
        """What proves an account's seat to the contract: all that its first claim needs.

        Raises:
            AccountError, ShareTableError: as `index`.
        """
        index = self.index(account)
        page = index // PAGE_SEATS
        return ProvenSeat(index, self.page(page), self.proof(page))

    def __contains__(self, account: object) -> bool:
        try:
            raw = account_bytes(account)
        except AccountError:
            return False
        return self._find(raw) is not None

    def __len__(self) -> int:
        return len(self._words) // WORD

    def __iter__(self) -> Iterator[Seat]:
        for page in range(self.pages):
            yield from unpack_seats(self.page(page))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ShareTable) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        root = self.root.hex()
        return f"<{type(self).__name__} {len(self)} seats, {self.shares} shares, root 0x{root}>"

    def _find(self, account: bytes) -> int | None:
        return find_word(self._words, account)

    def _check_page(self, page: int) -> None:
        if not 0 <= page < self.pages:
            raise ShareTableError(f"there is no page {page}: the table has {self.pages}")


def verify_proof(
    words: bytes, page: int, proof: bytes, *, root: bytes, shares: int, pages: int
) -> None:
    """Checks that a page stands in a table at this number, as the contract does.

    Args:
        words: the seat words of the page, 32 bytes each, at most 32 of them.
        page: its number, below `pages`.
        proof: sibling hash and sum, 64 bytes each, from the leaves up.
        root, shares, pages: the table, as it was signed.

    Raises:
        ShareTableError: the page's words are wrong, or the proof doesn't lead from them to
            this root and this total in exactly the length that the tree's shape asks.
    """
    if not 0 < len(words) <= PAGE_BYTES:
        raise ShareTableError(f"a page has 1 to 32 seat words, got {len(words)} bytes")
    if not 0 <= page < pages:
        raise ShareTableError(f"page {page} is not in a table of {pages} pages")
    if not 0 < shares <= MAX_SHARES:
        raise ShareTableError(f"a table has 1 to {MAX_SHARES} shares, got {shares}")
    node, total = keccak(words), page_sums(words)[0]
    index, width, at = page, pages, 0
    while width > 1:
        if index ^ 1 < width:
            if at + 64 > len(proof):
                raise ShareTableError(f"the proof is too short: {len(proof)} bytes")
            sibling = proof[at : at + 32]
            sibling_sum = int.from_bytes(proof[at + 32 : at + 64], "big")
            if sibling_sum > MAX_SHARES:
                raise ShareTableError(f"the proof holds a sum out of range: {sibling_sum}")
            pair = (node, total, sibling, sibling_sum)
            node = node_hash(*pair) if index & 1 == 0 else node_hash(*pair[2:], *pair[:2])
            total += sibling_sum
            at += 64
        index >>= 1
        width = (width + 1) >> 1
    if at != len(proof):
        raise ShareTableError(f"the proof is too long: {len(proof)} bytes, {at} were needed")
    if node != root:
        raise ShareTableError(f"page {page} is not in the table with root 0x{root.hex()}")
    if total != shares:
        raise ShareTableError(f"the proof adds up to {total} shares, the table has {shares}")


def _levels(words: bytes, sums: list[int]) -> list[bytes]:
    """The tree from the leaves up: each level is its nodes' hashes and sums, 64 bytes each."""
    level = b"".join(
        [
            keccak(words[PAGE_BYTES * page : PAGE_BYTES * (page + 1)]) + total.to_bytes(32, "big")
            for page, total in enumerate(sums)
        ]
    )
    levels = [level]
    while len(level) > NODE:
        last = len(sums) // 2
        sums = [sums[2 * at] + sums[2 * at + 1] for at in range(last)] + sums[2 * last :]
        # Two nodes side by side are what their parent hashes, but for its last byte.
        above = [
            keccak(level[2 * NODE * at : 2 * NODE * (at + 1)] + b"\x01")
            + sums[at].to_bytes(32, "big")
            for at in range(last)
        ]
        level = b"".join(above) + level[2 * NODE * last :]
        levels.append(level)
    return levels
