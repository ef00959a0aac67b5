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
from functools import cached_property
from struct import iter_unpack
from typing import NamedTuple

from eth_hash.auto import keccak

from seechain.accounts import account_bytes, checksum
from seechain.errors import AccountError, ShareTableError
from seechain.messages import table_hash

WORD = 32
PAGE_SEATS = 32
PAGE_BYTES = WORD * PAGE_SEATS
MAX_SHARES = 2**48 - 1
MAX_SEATS = 2**22  # 17 levels of proof
PULL_ONLY = 1

_LEAF_FIELDS = ">20s6s6s"
_Level = tuple[list[bytes], list[int]]  # hashes and sums, from left to right


class Seat(NamedTuple):
    """One member's line: checksummed account, shares (1 to 2**48 - 1), flags (bit 0: pull only)."""

    account: str
    shares: int
    flags: int = 0

    @property
    def pull_only(self) -> bool:
        """Whether the seat is never pushed to."""
        return bool(self.flags & PULL_ONLY)


def pack_seat(account: bytes, shares: int, flags: int = 0) -> bytes:
    """The word of a seat.

    Raises:
        ShareTableError: a zero account, shares out of 1 to 2**48 - 1, or unknown flags.
    """
    if len(account) != 20 or not any(account):
        raise ShareTableError(f"a seat needs an account that is not zero, got 0x{account.hex()}")
    if type(shares) is not int or not 0 < shares <= MAX_SHARES:
        raise ShareTableError(
            f"shares are a whole number from 1 to {MAX_SHARES}, got {shares!r}"
            f" for {checksum(account)}"
        )
    if type(flags) is not int or flags not in (0, PULL_ONLY):
        raise ShareTableError(f"flags are 0 or 1 (pull only), got {flags!r}")
    return account + flags.to_bytes(6, "big") + shares.to_bytes(6, "big")


def unpack_seat(word: bytes) -> Seat:
    """The seat of a word of 32 bytes; nothing is checked but the length."""
    if len(word) != WORD:
        raise ShareTableError(f"a seat word has 32 bytes, got {len(word)}")
    return Seat(
        checksum(word[:20]), int.from_bytes(word[26:], "big"), int.from_bytes(word[20:26], "big")
    )


def node_hash(left: bytes, left_sum: int, right: bytes, right_sum: int) -> bytes:
    """The hash of an inner node; its sum is the sum of both."""
    # The last byte keeps a node apart from a page of four seats.
    return keccak(
        left + left_sum.to_bytes(32, "big") + right + right_sum.to_bytes(32, "big") + b"\x01"
    )


class ShareTable:
    """All seats, strictly ascending by account, in pages. It never changes.

    Make one with `from_seats`, or with `from_words` from words that somebody published.
    """

    def __init__(self, words: bytes) -> None:
        self._words = bytes(words)
        sums = _page_sums(self._words)
        self._shares = sum(sums)
        if self._shares > MAX_SHARES:
            raise ShareTableError(
                f"the shares add up to {self._shares}, more than the {MAX_SHARES} that fit:"
                " divide all of them by the same number"
            )
        hashes = [keccak(self._words[at : at + PAGE_BYTES]) for at in _page_starts(self._words)]
        self._levels = _levels(hashes, sums)

    @classmethod
    def from_seats(
        cls, seats: Iterable[Seat | tuple[str, int] | tuple[str, int, int]]
    ) -> ShareTable:
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
        return len(self._levels[0][0])

    @property
    def root(self) -> bytes:
        """The root of the tree, 32 bytes."""
        return self._levels[-1][0][0]

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
        return self._levels[0][1][page]

    def proof(self, page: int) -> bytes:
        """Sibling hash and sum (64 bytes) of each level that has a sibling, from the leaves up.

        Raises:
            ShareTableError: there is no such page.
        """
        self._check_page(page)
        proof = b""
        for hashes, sums in self._levels[:-1]:
            sibling = page ^ 1
            if sibling < len(hashes):
                proof += hashes[sibling] + sums[sibling].to_bytes(32, "big")
            page >>= 1
        return proof

    def seat(self, index: int) -> Seat:
        """The seat at an index (32 * page + place on the page).

        Raises:
            ShareTableError: there is no such seat.
        """
        if not 0 <= index < len(self):
            raise ShareTableError(f"there is no seat {index}: the table has {len(self)}")
        return unpack_seat(self._words[WORD * index : WORD * (index + 1)])

    def index(self, account: str) -> int:
        """The index of an account's seat: 32 * page + place on the page.

        Raises:
            AccountError: the account is no address.
            ShareTableError: it has no seat here.
        """
        at = find_word(self._words, account_bytes(account))
        if at is None:
            raise ShareTableError(f"{account} has no seat in this share table")
        return at

    def __contains__(self, account: object) -> bool:
        try:
            raw = account_bytes(account)
        except AccountError:
            return False
        return find_word(self._words, raw) is not None

    def __len__(self) -> int:
        return len(self._words) // WORD

    def __iter__(self) -> Iterator[Seat]:
        for account, flags, shares in iter_unpack(_LEAF_FIELDS, self._words):
            yield Seat(
                checksum(account), int.from_bytes(shares, "big"), int.from_bytes(flags, "big")
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ShareTable) and self._words == other._words

    def __hash__(self) -> int:
        return hash(self._words)

    def __repr__(self) -> str:
        return f"<ShareTable {len(self)} seats, {self.shares} shares, root 0x{self.root.hex()}>"

    def _check_page(self, page: int) -> None:
        if not 0 <= page < self.pages:
            raise ShareTableError(f"there is no page {page}: the table has {self.pages}")


def pack_seats(seats: Iterable[Seat | tuple[str, int] | tuple[str, int, int]]) -> bytes:
    """The words of these seats, ascending by account; what is there twice shows when checked."""
    words = []
    for account, *rest in seats:
        try:
            words.append(pack_seat(account_bytes(account), *rest))
        except AccountError as error:
            raise ShareTableError(f"a seat's account is wrong: {error}") from None
    return b"".join(sorted(words))


def find_word(words: bytes, account: bytes) -> int | None:
    """Where among ascending words the account's own stands, if it does."""
    low, high = 0, len(words) // WORD
    while low < high:
        middle = (low + high) // 2
        if words[WORD * middle : WORD * middle + 20] < account:
            low = middle + 1
        else:
            high = middle
    return low if words[WORD * low : WORD * low + 20] == account else None


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
    node, total = keccak(words), _page_sums(words)[0]
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


def _page_starts(words: bytes) -> range:
    return range(0, len(words), PAGE_BYTES)


def _page_sums(words: bytes) -> list[int]:
    """Checks all words and adds up the shares of each page."""
    if not words or len(words) % WORD or len(words) > WORD * MAX_SEATS:
        raise ShareTableError(
            f"a share table is one seat word of 32 bytes or more, got {len(words)} bytes"
        )
    sums = [0] * len(_page_starts(words))
    before = bytes(20)  # so that the zero account does not ascend
    for number, (account, flags, packed) in enumerate(iter_unpack(_LEAF_FIELDS, words)):
        if account <= before:
            raise ShareTableError(_order_fault(account, before))
        before = account
        shares = int.from_bytes(packed, "big")
        if shares == 0:
            raise ShareTableError(f"{checksum(account)} has a seat without shares")
        if flags[:5] != b"\0\0\0\0\0" or flags[5] > PULL_ONLY:
            raise ShareTableError(f"{checksum(account)} has unknown flags 0x{flags.hex()}")
        sums[number // PAGE_SEATS] += shares
    return sums


def _order_fault(account: bytes, before: bytes) -> str:
    if not any(account):
        return "a seat has the zero account: nobody could claim for it"
    if account == before:
        return f"{checksum(account)} has two seats: put its shares into one"
    return f"the seats do not ascend: {checksum(account)} follows {checksum(before)}"


def _levels(hashes: list[bytes], sums: list[int]) -> list[_Level]:
    levels = [(hashes, sums)]
    while len(hashes) > 1:
        last = len(hashes) - len(hashes) % 2
        above = [
            node_hash(hashes[at], sums[at], hashes[at + 1], sums[at + 1])
            for at in range(0, last, 2)
        ]
        totals = [sums[at] + sums[at + 1] for at in range(0, last, 2)]
        hashes, sums = above + hashes[last:], totals + sums[last:]
        levels.append((hashes, sums))
    return levels
