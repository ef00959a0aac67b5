"""The words of seats: one by one, and a million at once.

What is done to many goes by columns and by pages, so that no object is made for each seat. What
is odd in a column is looked at seat by seat, so that a fault has the same sentence either way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from operator import lt
from struct import Struct, iter_unpack
from typing import NamedTuple, TypeAlias

from seechain.accounts import account_bytes, checksum, checksummed
from seechain.errors import AccountError, ShareTableError

WORD = 32
PAGE_SEATS = 32
PAGE_BYTES = WORD * PAGE_SEATS
MAX_SHARES = 2**48 - 1
MAX_SEATS = 2**22  # 17 levels of proof
PULL_ONLY = 1

AT_ONCE = 4096  # seats that are objects at one time
_FIELDS = ">20s6s6s"
_PAGE_ACCOUNTS = Struct("20s12x" * PAGE_SEATS)
_PAGE_NUMBERS = Struct(">" + "20xLQ" * PAGE_SEATS)  # upper flags; lowest flags and shares


class Seat(NamedTuple):
    """One member's line: checksummed account, shares (1 to 2**48 - 1), flags (bit 0: pull only)."""

    account: str
    shares: int
    flags: int = 0

    @property
    def pull_only(self) -> bool:
        """Whether the seat is never pushed to."""
        return bool(self.flags & PULL_ONLY)


SeatLike: TypeAlias = Seat | tuple[str, int] | tuple[str, int, int]


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


def unpack_seats(words: bytes) -> Iterator[Seat]:
    """The seats of these words; nothing is checked."""
    for start in range(0, len(words), AT_ONCE * WORD):
        columns = list(iter_unpack(_FIELDS, words[start : start + AT_ONCE * WORD]))
        raw = b"".join([account for account, _, _ in columns])
        digits = checksummed(raw.hex().encode()).decode()
        for place, (_, flags, shares) in enumerate(columns):
            account = "0x" + digits[40 * place : 40 * (place + 1)]
            yield Seat(account, int.from_bytes(shares, "big"), int.from_bytes(flags, "big"))


def pack_seats(seats: Iterable[SeatLike]) -> bytes:
    """The words of these seats, ascending by account; what is there twice shows when checked."""
    words, rest = bytearray(), iter(seats)
    while some := list(islice(rest, AT_ONCE)):
        words += _pack_alike(some) or b"".join(map(_pack_one, some))
    return sort_words(bytes(words))


def pack_columns(
    accounts: Sequence[str], shares: Sequence[int], flags: Sequence[int] | None = None
) -> bytes | None:
    """The words of these seats as they come, or None where one of them must be looked at alone.

    flags: None where no seat has any.
    """
    count = len(accounts)
    raw = _raw_accounts(accounts)
    if raw is None or set(map(type, shares)) != {int}:
        return None
    if not (min(shares) > 0 and max(shares) <= MAX_SHARES):
        return None
    words = bytearray(WORD * count)
    if flags is not None:
        if set(map(type, flags)) != {int} or not {0, PULL_ONLY}.issuperset(flags):
            return None
        words[25::WORD] = bytes(flags)
    for place in range(20):
        words[place::WORD] = raw[place::20]
    packed = Struct(f">{count}Q").pack(*shares)
    for place in range(2, 8):
        words[24 + place :: WORD] = packed[place::8]
    return bytes(words)


def sort_words(words: bytes) -> bytes:
    """Words in ascending order."""
    if len(words) <= AT_ONCE * WORD:
        return b"".join(sorted(_each(words)))
    groups = [bytearray() for _ in range(256)]
    for at in range(0, len(words), AT_ONCE * WORD):
        for word in _each(words[at : at + AT_ONCE * WORD]):
            groups[word[0]] += word
    return b"".join(b"".join(sorted(_each(group))) for group in groups)


def repeated(words: bytes) -> Iterator[bytes]:
    """The accounts that stand in ascending words once more than once, for each time more."""
    before = b""
    for at in range(0, len(words), PAGE_BYTES):
        accounts = [account for (account,) in iter_unpack("20s12x", words[at : at + PAGE_BYTES])]
        if len({before, *accounts}) <= len(accounts):
            yield from (two for one, two in pairwise([before, *accounts]) if one == two)
        before = accounts[-1]


def merge_words(few: bytes, many: bytes) -> bytes:
    """A few words put among many that ascend."""
    parts, done = [], 0
    for word in sorted(_each(few)):
        at = WORD * lower_bound(many, word[:20])
        parts += [many[done:at], word]
        done = at
    return b"".join([*parts, many[done:]])


def find_word(words: bytes, account: bytes) -> int | None:
    """Where among ascending words the account's own stands, if it does."""
    at = lower_bound(words, account)
    return at if words[WORD * at : WORD * at + 20] == account else None


def lower_bound(words: bytes, account: bytes) -> int:
    """How many of ascending words stand before this account."""
    low, high = 0, len(words) // WORD
    while low < high:
        middle = (low + high) // 2
        if words[WORD * middle : WORD * middle + 20] < account:
            low = middle + 1
        else:
            high = middle
    return low


def table_sums(words: bytes) -> list[int]:
    """As `page_sums`, of a whole table.

    Raises:
        ShareTableError: also where the shares of all pages are too many.
    """
    sums = page_sums(words)
    if (total := sum(sums)) > MAX_SHARES:
        raise ShareTableError(
            f"the shares add up to {total}, more than the {MAX_SHARES} that fit:"
            " divide all of them by the same number"
        )
    return sums


def page_sums(words: bytes) -> list[int]:
    """Checks all words and adds up the shares of each page.

    Raises:
        ShareTableError: not a whole number of words, none, too many, or one that can't stand.
    """
    if not words or len(words) % WORD or len(words) > WORD * MAX_SEATS:
        raise ShareTableError(
            f"a share table is one seat word of 32 bytes or more, got {len(words)} bytes"
        )
    sums = []
    before = bytes(20)  # so that the zero account does not ascend
    for at in range(0, len(words), PAGE_BYTES):
        page = words[at : at + PAGE_BYTES]
        total = _full_page_sum(page, before)
        sums.append(_checked_sum(page, before) if total is None else total)
        before = page[-WORD:-12]
    return sums


def _full_page_sum(page: bytes, before: bytes) -> int | None:
    """The shares of a full page; None where a word must be looked at."""
    if len(page) != PAGE_BYTES:
        return None
    accounts = _PAGE_ACCOUNTS.unpack(page)
    if not before < accounts[0] or not all(map(lt, accounts, accounts[1:])):
        return None
    numbers = _PAGE_NUMBERS.unpack(page)
    shares: Sequence[int] = numbers[1::2]
    if any(numbers[0::2]) or max(shares) > PULL_ONLY << 48 | MAX_SHARES:
        return None
    if max(shares) > MAX_SHARES:
        shares = [each & MAX_SHARES for each in shares]
    return sum(shares) if min(shares) else None


def _checked_sum(words: bytes, before: bytes) -> int:
    total = 0
    for account, flags, packed in iter_unpack(_FIELDS, words):
        if account <= before:
            raise ShareTableError(_order_fault(account, before))
        before = account
        shares = int.from_bytes(packed, "big")
        if shares == 0:
            raise ShareTableError(f"{checksum(account)} has a seat without shares")
        if flags[:5] != b"\0\0\0\0\0" or flags[5] > PULL_ONLY:
            raise ShareTableError(f"{checksum(account)} has unknown flags 0x{flags.hex()}")
        total += shares
    return total


def _order_fault(account: bytes, before: bytes) -> str:
    if not any(account):
        return "a seat has the zero account: nobody could claim for it"
    if account == before:
        return f"{checksum(account)} has two seats: put its shares into one"
    return f"the seats do not ascend: {checksum(account)} follows {checksum(before)}"


def _pack_alike(seats: list[SeatLike]) -> bytes | None:
    """The words of seats that are all pairs, or all triples, and have no fault."""
    try:
        columns = tuple(zip(*seats, strict=True))
    except (TypeError, ValueError):
        return None
    return pack_columns(*columns) if len(columns) in (2, 3) else None


def _pack_one(seat: object) -> bytes:
    if not isinstance(seat, tuple | list) or len(seat) not in (2, 3):
        raise ShareTableError(f"a seat is an account, its shares and perhaps flags, got {seat!r}")
    account, *rest = seat
    try:
        return pack_seat(account_bytes(account), *rest)
    except AccountError as error:
        raise ShareTableError(f"a seat's account is wrong: {error}") from None


def _raw_accounts(accounts: Sequence[str]) -> bytes | None:
    """The bytes of accounts that are all in lower case, or all checksummed, and none is zero."""
    count = len(accounts)
    if set(map(type, accounts)) != {str} or set(map(len, accounts)) != {42}:
        return None
    try:
        text = bytearray("".join(accounts).encode("ascii"))
    except UnicodeEncodeError:
        return None
    if text[0::42] != b"0" * count or text[1::42] != b"x" * count:
        return None
    del text[0::42]
    del text[0::41]
    lower = bytes(text.lower())
    try:
        raw = bytes.fromhex(lower.decode())
    except ValueError:
        return None
    # Spaces between digits are passed over there: they show in the length.
    if len(raw) != 20 * count or (text != lower and checksummed(lower) != text):
        return None
    return None if bytes(20) in raw else raw


def _each(words: bytes | bytearray) -> Iterator[bytes]:
    return (word for (word,) in iter_unpack("32s", words))
