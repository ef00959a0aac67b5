"""Seat words, pages, the tree and its proofs."""

import random
from itertools import pairwise

import pytest
from eth_hash.auto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from seechain.accounts import checksum
from seechain.errors import ShareTableError
from seechain.share_table import (
    MAX_SHARES,
    Seat,
    ShareTable,
    node_hash,
    pack_seat,
    unpack_seat,
    verify_proof,
)


def account(number: int) -> str:
    return checksum(number.to_bytes(20, "big"))


def table_of(count: int, seed: int = 1) -> ShareTable:
    rng = random.Random(seed)
    return ShareTable.from_seats(
        (checksum(rng.randbytes(20)), rng.randrange(1, 10**6)) for _ in range(count)
    )


def signed(table: ShareTable) -> dict[str, object]:
    return {"root": table.root, "shares": table.shares, "pages": table.pages}


def verify(table: ShareTable, page: int, /, **other: object) -> None:
    given_ = {"words": table.page(page), "page": page, "proof": table.proof(page), **signed(table)}
    verify_proof(**{**given_, **other})  # type: ignore[arg-type]


accounts = st.binary(min_size=20, max_size=20).filter(any).map(checksum)


@given(accounts, st.integers(1, MAX_SHARES), st.integers(0, 1))
def test_a_seat_word_reads_back(who: str, shares: int, flags: int) -> None:
    word = pack_seat(bytes.fromhex(who[2:]), shares, flags)
    assert len(word) == 32
    assert unpack_seat(word) == Seat(who, shares, flags)
    assert int.from_bytes(word, "big") == int(who, 16) << 96 | flags << 48 | shares


@given(st.dictionaries(accounts, st.tuples(st.integers(1, 10**6), st.integers(0, 1)), min_size=1))
def test_a_table_holds_its_seats_in_order_whatever_order_they_came_in(
    seats: dict[str, tuple[int, int]],
) -> None:
    table = ShareTable.from_seats((who, *rest) for who, rest in seats.items())
    assert {seat.account: (seat.shares, seat.flags) for seat in table} == seats
    assert all(a.account.lower() < b.account.lower() for a, b in pairwise(table))
    assert table.shares == sum(shares for shares, _ in seats.values())
    assert table == ShareTable.from_words(table.words)
    assert [table.index(seat.account) for seat in table] == list(range(len(table)))
    assert [table.seat(at) for at in range(len(table))] == list(table)


def test_one_page_is_its_own_root() -> None:
    table = table_of(32)
    assert (table.pages, table.root, table.proof(0)) == (1, keccak(table.words), b"")


def test_a_lone_page_rises_unchanged() -> None:
    table = table_of(65)
    first, second, third = (table.page(page) for page in range(3))
    sums = [table.page_shares(page) for page in range(3)]
    pair = node_hash(keccak(first), sums[0], keccak(second), sums[1])
    assert table.root == node_hash(pair, sums[0] + sums[1], keccak(third), sums[2])
    assert [len(table.proof(page)) for page in range(3)] == [128, 128, 64]
    assert sum(sums) == table.shares


def test_a_node_is_written_out_as_the_design_says() -> None:
    left, right = keccak(b"left"), keccak(b"right")
    packed = left + (7).to_bytes(32, "big") + right + (9).to_bytes(32, "big") + b"\x01"
    assert node_hash(left, 7, right, 9) == keccak(packed)


@pytest.mark.parametrize("pages", range(1, 41))
def test_every_proof_verifies_and_no_mutation_does(pages: int) -> None:
    table = table_of(32 * pages - 5, seed=pages)
    rng = random.Random(pages)
    assert table.pages == pages
    for page in range(pages):
        verify(table, page)
        proof = table.proof(page)
        wrong: list[dict[str, object]] = [
            {"page": (page + 1) % pages} if pages > 1 else {"page": 1},
            {"page": pages},
            {"page": -1},
            {"proof": proof + proof[:64] if proof else bytes(64)},
            {"words": table.page(page)[:-32] or bytes(32)},
            {"root": keccak(table.root)},
            {"shares": table.shares + 1},
            {"shares": table.shares - 1},
        ]
        if proof:
            at = rng.randrange(len(proof))
            wrong.append({"proof": proof[:at] + bytes([proof[at] ^ 1]) + proof[at + 1 :]})
            wrong.append({"proof": proof[:-64]})
            wrong.append({"proof": proof[:-1]})
        for each in wrong:
            with pytest.raises(ShareTableError):
                verify(table, page, **each)


@given(st.integers(1, 40), st.data())
@settings(max_examples=60)
def test_any_flipped_bit_of_a_page_or_proof_is_refused(pages: int, data: st.DataObject) -> None:
    table = table_of(32 * pages, seed=pages)
    page = data.draw(st.integers(0, pages - 1))
    which = data.draw(st.sampled_from(["words", "proof"] if pages > 1 else ["words"]))
    raw = bytearray(table.page(page) if which == "words" else table.proof(page))
    bit = data.draw(st.integers(0, 8 * len(raw) - 1))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ShareTableError):
        verify(table, page, **{which: bytes(raw)})


def test_an_inner_node_does_not_pass_as_a_page_of_four_seats() -> None:
    """128 bytes of two hashes and two sums, offered as words: the node's last byte forbids it."""
    table = table_of(64)
    hashes = [keccak(table.page(page)) for page in range(2)]
    sums = [table.page_shares(page).to_bytes(32, "big") for page in range(2)]
    inner = hashes[0] + sums[0] + hashes[1] + sums[1]
    assert keccak(inner) != table.root
    with pytest.raises(ShareTableError):
        verify(table, 0, words=inner, proof=b"", pages=1)


def test_a_sum_that_would_wrap_is_refused() -> None:
    table = table_of(64)
    huge = table.proof(0)[:32] + (2**256 - 1).to_bytes(32, "big")
    with pytest.raises(ShareTableError, match="sum out of range"):
        verify(table, 0, proof=huge)


@pytest.mark.parametrize(
    ("seats", "says"),
    [
        ([], "one seat word of 32 bytes or more"),
        ([(account(1), 1), (account(1), 2)], "has two seats"),
        ([(account(0), 1)], "not zero"),
        ([(account(1), 0)], "from 1 to"),
        ([(account(1), -5)], "from 1 to"),
        ([(account(1), MAX_SHARES + 1)], "from 1 to"),
        ([(account(1), MAX_SHARES), (account(2), 1)], "divide all of them"),
        ([(account(1), True)], "got True"),
        ([(account(1), 1.0)], "got 1.0"),
        ([(account(1), 1, 2)], "flags are 0 or 1"),
        ([("0x12", 1)], "a seat's account is wrong"),
    ],
)
def test_seats_that_no_table_can_have(seats: list[tuple[str, int]], says: str) -> None:
    with pytest.raises(ShareTableError, match=says):
        ShareTable.from_seats(seats)


def test_the_largest_total_fits() -> None:
    assert ShareTable.from_seats([(account(1), MAX_SHARES)]).shares == MAX_SHARES


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (b"\1" * 31, "got 31 bytes"),
        (pack_seat(b"\2" * 20, 1) + pack_seat(b"\1" * 20, 1), "do not ascend"),
        (pack_seat(b"\1" * 20, 1) * 2, "has two seats"),
        (bytes(20) + bytes(11) + b"\1", "zero account"),
        (b"\1" * 20 + bytes(12), "without shares"),
        (b"\1" * 20 + b"\0\0\0\0\0\2" + bytes(5) + b"\1", "unknown flags"),
        (b"\1" * 20 + b"\1\0\0\0\0\0" + bytes(5) + b"\1", "unknown flags"),
    ],
)
def test_words_that_no_table_can_have(words: bytes, says: str) -> None:
    with pytest.raises(ShareTableError, match=says):
        ShareTable.from_words(words)


def test_what_is_not_in_the_table_is_named() -> None:
    table = table_of(3)
    for page in (-1, 1):
        for ask in (table.page, table.proof, table.page_shares):
            with pytest.raises(ShareTableError, match=f"no page {page}"):
                ask(page)
    with pytest.raises(ShareTableError, match="no seat 3"):
        table.seat(3)
    with pytest.raises(ShareTableError, match="has no seat"):
        table.index(account(1))
    with pytest.raises(ShareTableError, match="32 bytes"):
        unpack_seat(b"")
    assert account(1) not in table
    assert "Ada" not in table
    assert table.seat(0).account in table


def test_a_page_of_too_many_words_and_a_total_of_zero_are_refused() -> None:
    table = table_of(64)
    with pytest.raises(ShareTableError, match="1 to 32 seat words"):
        verify(table, 0, words=table.words)
    with pytest.raises(ShareTableError, match="1 to 32 seat words"):
        verify(table, 0, words=b"")
    with pytest.raises(ShareTableError, match="got 0"):
        verify(table, 0, shares=0)


def test_pull_only_is_a_flag_and_part_of_the_word() -> None:
    free, kept = Seat(account(1), 5), Seat(account(1), 5, 1)
    assert (free.pull_only, kept.pull_only) == (False, True)
    assert ShareTable.from_seats([free]).root != ShareTable.from_seats([kept]).root


def test_equal_words_are_equal_tables() -> None:
    assert len({table_of(3), table_of(3), table_of(4)}) == 2
    assert "3 seats" in repr(table_of(3))
