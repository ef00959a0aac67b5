"""A share table on disk: the same proofs, and nothing believed of the file."""

from __future__ import annotations

import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seechain import FileError, ShareStore, ShareTable, ShareTableError
from seechain.accounts import checksum
from seechain.share_table import verify_proof
from seechain.splitter.dues import is_pull_only


def table_of(count: int, seed: int = 1) -> ShareTable:
    rng = random.Random(seed)
    return ShareTable.from_seats(
        (checksum(rng.randbytes(20)), rng.randrange(1, 10**6), rng.randrange(2))
        for _ in range(count)
    )


def stored(path: Path, table: ShareTable) -> ShareStore:
    return ShareStore(ShareStore.write(path, table), signed=table.hash)


@pytest.mark.parametrize("count", [1, 32, 33, 65, 3000])
def test_a_store_is_the_table_that_was_written(tmp_path: Path, count: int) -> None:
    table = table_of(count)
    with stored(tmp_path / "seats", table) as store:
        assert (store.root, store.shares, store.pages) == (table.root, table.shares, table.pages)
        assert (len(store), store.hash, store.words) == (count, table.hash, table.words)
        assert list(store.proofs()) == list(table.proofs())
        assert store == table
        assert table == store
        assert [store.page_shares(page) for page in range(store.pages)] == [
            table.page_shares(page) for page in range(table.pages)
        ]
        for seat in list(table)[:: max(1, count // 50)]:
            assert seat.account in store
            assert store.proven(seat.account) == table.proven(seat.account)
            assert store.seat(store.index(seat.account)) == seat
            assert is_pull_only(store, store.index(seat.account)) == seat.pull_only


def test_each_proof_that_is_served_proves_its_seat(tmp_path: Path) -> None:
    table = table_of(500)
    store = stored(tmp_path / "seats", table)
    for seat in table:
        given_ = store.proven(seat.account)
        verify_proof(
            given_.words,
            given_.index // 32,
            given_.proof,
            root=table.root,
            shares=table.shares,
            pages=table.pages,
        )


@given(st.integers(0, 3100), st.integers(0, 700))
@settings(max_examples=50)
def test_words_from_an_index_on_are_those_of_the_table(first: int, count: int) -> None:
    assert STORE.seat_words(first, count) == TABLE.seat_words(first, count)


@given(st.binary(min_size=20, max_size=20))
def test_who_has_no_seat_is_told_so(raw: bytes) -> None:
    for each in (raw, bytes(20), b"\xff" * 20, TABLE.words[:19] + b"\0"):
        account = checksum(each)
        assert (account in STORE) == (account in TABLE)
    with pytest.raises(ShareTableError, match="has no seat in this share table"):
        STORE.proven("0x" + "ff" * 20)
    assert "nobody" not in STORE


@pytest.fixture(autouse=True, scope="module")
def _open(tmp_path_factory: pytest.TempPathFactory) -> None:
    global STORE
    STORE = stored(tmp_path_factory.mktemp("store") / "a ?#%store é", TABLE)


TABLE = table_of(3000, seed=2)
STORE: ShareStore


def test_threads_share_a_store() -> None:
    accounts = [seat.account for seat in TABLE][::3]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(STORE.proven, accounts)) == list(map(TABLE.proven, accounts))


def test_a_store_that_is_closed_while_others_read_says_so(tmp_path: Path) -> None:
    """Without waiting for them the process crashed."""
    path = ShareStore.write(tmp_path / "seats", TABLE)
    accounts = [seat.account for seat in TABLE][::30]

    def served_by(store: ShareStore) -> str:
        try:
            return "all" if list(map(store.proven, accounts)) else "none"
        except FileError as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        for _ in range(10):
            store = ShareStore(path)
            readers = [pool.submit(served_by, store) for _ in range(4)]
            store.close()
            assert {each.result() for each in readers} <= {
                "all",
                f"{path} is closed: open it again",
            }


def test_any_changed_byte_is_refused_or_changes_nothing(tmp_path: Path) -> None:
    table = table_of(100, seed=3)
    path = ShareStore.write(tmp_path / "seats", table)
    raw, rng = path.read_bytes(), random.Random(4)
    seats = [table.seat(at).account for at in (0, 31, 32, 70, 99)] + ["0x" + "77" * 20]
    right = [table.proven(each) if each in table else None for each in seats]
    filled = [at for at, byte in enumerate(raw) if byte]
    refused = []
    for at in [*range(100), *rng.sample(filled, 300), *rng.sample(range(len(raw)), 30)]:
        changed = bytearray(raw)
        changed[at] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        try:
            with ShareStore(path, signed=table.hash) as store:
                assert [served(store, account) for account in seats] == right
        except (FileError, ShareTableError) as error:
            refused.append(str(error))
    assert len(refused) > 200
    assert all(each.startswith(str(path)) and "\n" not in each for each in refused)


def served(store: ShareStore, account: str) -> object:
    """What a store says of an account, where the file is not found damaged."""
    return store.proven(account) if account in store else None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pages SET words = x'00' || substr(words, 2) WHERE page = 1",
        "UPDATE pages SET proof = proof || zeroblob(64) WHERE page = 1",
        "UPDATE pages SET words = 'text' WHERE page = 1",
        "UPDATE pages SET words = zeroblob(100000) WHERE page = 1",
        "UPDATE pages SET first = x'ff' WHERE page = 1",
        "UPDATE pages SET page = 9 WHERE page = 1",
        "UPDATE pages SET page = -1 WHERE page = 1",
        "DELETE FROM pages WHERE page = 1",
        "DELETE FROM pages",
        "DELETE FROM header",
        "UPDATE header SET pages = pages + 1",
        "UPDATE header SET pages = 1 << 60",
        "UPDATE header SET shares = 1.5",
        "UPDATE header SET root = x'00'",
        "DROP TABLE header",
        "CREATE TABLE more (x)",
        "PRAGMA user_version = 2",
        "PRAGMA application_id = 0",
    ],
)
def test_a_store_that_was_meddled_with_says_so(tmp_path: Path, statement: str) -> None:
    table = table_of(100, seed=5)
    path = ShareStore.write(tmp_path / "seats", table)
    with sqlite3.connect(path) as meddler:
        meddler.execute(statement)
    meddler.close()
    with pytest.raises(FileError) as fault:
        ShareStore(path, signed=None).proven(table.seat(40).account)
    assert str(fault.value).startswith(str(path))


def test_a_view_in_place_of_a_table_is_refused(tmp_path: Path) -> None:
    path = ShareStore.write(tmp_path / "seats", table_of(40))
    with sqlite3.connect(path) as meddler:
        meddler.execute("ALTER TABLE pages RENAME TO kept")
        meddler.execute("CREATE VIEW pages AS SELECT * FROM kept")
    meddler.close()
    with pytest.raises(FileError, match="is damaged"):
        ShareStore(path)


def test_an_account_that_the_file_hides_is_not_said_to_have_no_seat(tmp_path: Path) -> None:
    table = table_of(100, seed=6)
    path = ShareStore.write(tmp_path / "seats", table)
    with sqlite3.connect(path) as meddler:
        meddler.execute("UPDATE pages SET first = x'fffe' WHERE page = 2")
    meddler.close()
    with pytest.raises(FileError, match="is damaged"):
        assert table.seat(70).account in ShareStore(path)


def test_another_table_than_the_signed_one_is_refused(tmp_path: Path) -> None:
    path = ShareStore.write(tmp_path / "seats", table_of(40, seed=7))
    with pytest.raises(ShareTableError, match="another share table than the one that was signed"):
        ShareStore(path, signed=table_of(40, seed=8).hash)


def test_what_is_no_store_gets_a_sentence(tmp_path: Path) -> None:
    missing, text, folder = tmp_path / "none", tmp_path / "text", tmp_path
    text.write_text("account,shares\n")
    empty = tmp_path / "empty"
    empty.touch()
    for path, says in (
        (missing, "is no file: name the store"),
        (folder, "is no file: name the store"),
        (text, "is no store of a share table"),
        (empty, "is no store of a share table"),
        (Path("a\0b"), "is no file: name the store"),
    ):
        with pytest.raises(FileError, match=says):
            ShareStore(path)


def test_a_store_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    first, second = table_of(40, seed=9), table_of(50, seed=10)
    path = ShareStore.write(tmp_path / "seats", first)
    with ShareStore(path) as before:
        ShareStore.write(path, second)
        # Who has it open goes on with what it opened.
        assert before.words == first.words
        assert ShareStore(path) == second
    assert [each.name for each in tmp_path.iterdir()] == ["seats"]
    with pytest.raises(FileError, match="can't be written"):
        ShareStore.write(tmp_path / "no" / "seats", first)
    with pytest.raises(FileError, match="is closed: open it again"):
        before.proven(first.seat(0).account)


def test_the_same_table_makes_the_same_file(tmp_path: Path) -> None:
    table = table_of(200)
    paths = [ShareStore.write(tmp_path / name, table) for name in "ab"]
    assert paths[0].read_bytes() == paths[1].read_bytes()
