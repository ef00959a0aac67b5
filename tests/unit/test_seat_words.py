"""Many seats at once: the same words and the same faults as one by one."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seechain import hashing
from seechain.accounts import checksum, checksummed
from seechain.agreement import file as agreement_file
from seechain.errors import AgreementError, ShareTableError
from seechain.share_table import ShareTable, seat_words
from seechain.share_table.seat_words import (
    MAX_SHARES,
    PAGE_SEATS,
    PULL_ONLY,
    WORD,
    merge_words,
    pack_seat,
    pack_seats,
    page_sums,
    repeated,
    sort_words,
    table_sums,
    unpack_seats,
)

COUNT = 5000  # more than one part of what is looked at together
RNG = random.Random(7)
ACCOUNTS = [checksum(RNG.randbytes(20)) for _ in range(COUNT)]
SEATS = [(account, 1 + at % 1000) for at, account in enumerate(ACCOUNTS)]
WORDS = pack_seats(SEATS)


def one_by_one(seats: list[tuple[object, ...]]) -> bytes:
    return b"".join(sorted(map(seat_words._pack_one, seats)))


def said(act: Callable[[], object]) -> str:
    with pytest.raises((ShareTableError, AgreementError)) as fault:
        act()
    return str(fault.value)


def test_many_seats_are_packed_as_one_by_one() -> None:
    flagged = [(*seat, at % 2) for at, seat in enumerate(SEATS)]
    mixed = [flagged[at] if at % 7 else SEATS[at] for at in range(COUNT)]
    lower = [(account.lower(), shares) for account, shares in SEATS]
    upper = [("0x" + account[2:].upper(), shares) for account, shares in SEATS]
    for seats in (SEATS, flagged, mixed, lower, upper, lower[: COUNT // 2] + SEATS[COUNT // 2 :]):
        assert pack_seats(iter(seats)) == one_by_one(seats)


def test_a_plain_column_takes_the_short_way() -> None:
    """Else the tests beside this one would compare the long way with itself."""
    accounts, shares = (list(each) for each in zip(*SEATS, strict=True))
    packed = seat_words.pack_columns(accounts, shares)
    assert packed is not None
    assert sort_words(packed) == WORDS
    assert seat_words._full_page_sum(WORDS[: PAGE_SEATS * WORD], bytes(20)) is not None


FAULTS: list[tuple[object, ...]] = [
    ("0x" + "00" * 20, 1),
    ("0x" + "ab" * 19, 1),
    ("0x" + "ab" * 19 + " 1", 1),
    ("0X" + "ab" * 20, 1),
    (ACCOUNTS[0].swapcase().replace("0X", "0x"), 1),
    (ACCOUNTS[0] + "é", 1),
    (None, 1),
    ("0x" + "01" * 20, 0),
    ("0x" + "01" * 20, -1),
    ("0x" + "01" * 20, True),
    ("0x" + "01" * 20, 1.0),
    ("0x" + "01" * 20, MAX_SHARES + 1),
    ("0x" + "01" * 20, 2**64),
    ("0x" + "01" * 20, 1, 2),
    ("0x" + "01" * 20, 1, True),
    ("0x" + "01" * 20, 1, -1),
]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize("flagged", [False, True])
def test_a_fault_among_many_is_told_as_one_by_one(fault: tuple[object, ...], flagged: bool) -> None:
    seats: list[tuple[object, ...]] = [(*seat, 0) if flagged else seat for seat in SEATS[:70]]
    at = 35
    seats.insert(at, fault if len(fault) == 3 or not flagged else (*fault, 0))
    assert said(lambda: pack_seats(seats)) == said(lambda: one_by_one(seats))


@given(st.integers(0, 199), st.integers(0, 31), st.integers(1, 255))
@settings(max_examples=200)
def test_words_are_judged_by_the_page_as_one_by_one(seat: int, place: int, change: int) -> None:
    words = bytearray(WORDS[: WORD * 200])
    words[WORD * seat + place] ^= change
    try:
        whole: object = seat_words._checked_sum(bytes(words), bytes(20))
    except ShareTableError as error:
        whole = str(error)
    try:
        paged: object = sum(page_sums(bytes(words)))
    except ShareTableError as error:
        paged = str(error)
    assert paged == whole


def test_pull_only_pages_are_added_up() -> None:
    words = b"".join(
        pack_seat(at.to_bytes(20, "big"), at, PULL_ONLY if at % 3 else 0) for at in range(1, 65)
    )
    assert page_sums(words) == [sum(range(1, 33)), sum(range(33, 65))]


def test_faults_between_pages_are_found() -> None:
    page = PAGE_SEATS * WORD
    first, second = WORDS[:page], WORDS[page : 2 * page]
    assert "do not ascend" in said(lambda: page_sums(second + first))
    twice = first + first[-WORD:] + second[WORD:]
    assert "has two seats: put its shares into one" in said(lambda: page_sums(twice))
    assert "zero account" in said(lambda: page_sums(bytes(31) + b"\x01" + first[WORD:]))


def test_a_total_beyond_what_fits_is_refused_in_many_pages() -> None:
    words = b"".join(pack_seat(at.to_bytes(20, "big"), 2**42) for at in range(1, 66))
    total = 65 * 2**42
    assert f"add up to {total}, more than" in said(lambda: table_sums(words))
    assert sum(table_sums(words[: 63 * WORD])) == 63 * 2**42


def test_words_are_sorted_some_at_a_time() -> None:
    shuffled = [WORDS[at : at + WORD] for at in range(0, len(WORDS), WORD)]
    random.Random(3).shuffle(shuffled)
    assert sort_words(b"".join(shuffled)) == WORDS
    alike = b"".join(bytes([7]) + word[1:] for word in shuffled)  # all in one group
    expected = sorted(alike[at : at + WORD] for at in range(0, len(alike), WORD))
    assert sort_words(alike) == b"".join(expected)


@given(st.sets(st.integers(0, 99), max_size=6))
def test_a_few_words_are_merged_among_many(few: set[int]) -> None:
    each = [WORDS[WORD * at : WORD * (at + 1)] for at in range(100)]
    some = [each[at] for at in few]
    many = b"".join(word for at, word in enumerate(each) if at not in few)
    assert merge_words(b"".join(reversed(some)), many) == WORDS[: 100 * WORD]


def test_what_stands_twice_is_found_within_and_between_pages() -> None:
    each = [WORDS[WORD * at : WORD * (at + 1)] for at in range(70)]
    twice = [*each[:32], each[31], *each[32:50], each[49], each[49], *each[50:]]
    assert list(repeated(b"".join(twice))) == [each[31][:20], each[49][:20], each[49][:20]]
    assert list(repeated(WORDS)) == []


def test_seats_read_back_from_their_words() -> None:
    seats = list(unpack_seats(WORDS))
    assert seats == list(ShareTable.from_words(WORDS))
    assert {(seat.account, seat.shares) for seat in seats} == set(SEATS)


def test_many_accounts_are_checksummed_as_eip_55_says() -> None:
    known = [  # of the EIP itself
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    ]
    digits = "".join(each[2:] for each in known)
    assert checksummed(digits.lower().encode()).decode() == digits
    assert [checksum(bytes.fromhex(each[2:])) for each in known] == known


def test_both_hashes_are_keccak(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = hashing.by_sha3()
    for data in (b"", b"seat", bytes(1024)):
        assert fast is None or fast(data) == hashing.by_eth_hash(data)
    monkeypatch.setenv("ETH_HASH_BACKEND", "pycryptodome")
    assert hashing._chosen() is hashing.by_eth_hash


def test_another_package_by_the_name_of_the_fast_one_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import hashlib
    import sys
    from types import SimpleNamespace

    monkeypatch.setitem(sys.modules, "sha3", SimpleNamespace(keccak_256=hashlib.sha3_256))
    assert hashing.by_sha3() is None
    monkeypatch.setitem(sys.modules, "sha3", None)
    assert hashing.by_sha3() is None


# ---------------------------------------------------------------- the seats file


def written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_large_seats_file_is_read_by_columns(tmp_path: Path) -> None:
    plain = [f"{account},{shares}" for account, shares in SEATS]
    assert agreement_file.read_seats(written(tmp_path / "plain.csv", plain)) == WORDS
    spaced = ["account, shares", "", *(f" {account} , {shares}" for account, shares in SEATS)]
    assert agreement_file.read_seats(written(tmp_path / "spaced.csv", spaced)) == WORDS
    pulled = [f"{each},pull_only" if at % 3 else f"{each}," for at, each in enumerate(plain)]
    expected = pack_seats([(*seat, PULL_ONLY if at % 3 else 0) for at, seat in enumerate(SEATS)])
    assert agreement_file.read_seats(written(tmp_path / "pulled.csv", pulled)) == expected


@pytest.mark.parametrize("shares", ["1_0", "+1", "٣", "01", "1.0", "", "x"])
def test_shares_that_only_python_would_read_are_refused(tmp_path: Path, shares: str) -> None:
    lines = [f"{account},{number}" for account, number in SEATS[:50]]
    lines[41] = f"{ACCOUNTS[41]},{shares}"
    text = said(lambda: agreement_file.read_seats(written(tmp_path / "seats.csv", lines)))
    assert text == (f"seats.csv: line 42: shares must be a whole number above zero, got {shares!r}")


def test_faults_far_down_a_large_file_name_their_lines(tmp_path: Path) -> None:
    lines = [f"{account},{shares}" for account, shares in SEATS]
    lines[4900] = f"{ACCOUNTS[4900]},0"
    lines.append(lines[3])
    text = said(lambda: agreement_file.read_seats(written(tmp_path / "seats.csv", lines)))
    assert f"line 4901: shares are a whole number from 1 to {MAX_SHARES}, got 0" in text
    assert f"the account {ACCOUNTS[3].lower()} has two seats: put them into one" in text


def test_a_file_of_too_many_seats_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement_file, "MAX_SEATS", COUNT - 1)
    path = tmp_path / "seats.csv"
    path.write_text("".join(f"{account},{shares}\n" for account, shares in SEATS) + "no seat\n")
    assert said(lambda: agreement_file.read_seats(path)) == (
        f"seats.csv: the file has more than {COUNT - 1} seats"
    )


@pytest.mark.parametrize("seat", [(ACCOUNTS[0],), (*SEATS[0], 0, 0), 5, ACCOUNTS[0]])
def test_what_is_no_seat_is_told(seat: object) -> None:
    assert said(lambda: pack_seats([seat])) == (  # type: ignore[list-item]
        f"a seat is an account, its shares and perhaps flags, got {seat!r}"
    )
