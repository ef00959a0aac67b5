"""A share table on disk: it serves the proof of one seat without reading the others.

ShareStore.write("members.seats", agreement.table)     # once: by whoever has the table
store = ShareStore("members.seats")                    # at once, however many seats
store.proven(account)                                  # index, words of its page, proof
SEE(w3, address, table=store).claim(account, sender=anyone)

A facilitator or a web page serves a million members from it. It is a share table in every other
way, so it stands wherever a `ShareTable` does.

The file is an SQLite database, for any language, of two tables:

    header   root (32 bytes), shares, pages
    pages    page, first (20 bytes: its first account), words, proof

The proof of an account: `SELECT page, words, proof FROM pages WHERE first <= ? ORDER BY first
DESC LIMIT 1`. About 65 bytes for each seat.

Nothing in the file is believed. Each page is proven to the root before it is given out, also
where the answer is that an account has no seat; and the root is compared with the one that was
signed: by `signed=`, or by the SEE or Splitter that is given the store.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, NamedTuple, Self

from seechain.errors import FileError, ShareTableError
from seechain.files import write_whole
from seechain.share_table import ShareTable, verify_proof
from seechain.share_table.seat_words import (
    MAX_SEATS,
    MAX_SHARES,
    PAGE_BYTES,
    PAGE_SEATS,
    WORD,
    find_word,
    page_sums,
)

APPLICATION = 0x53454153  # "SEAS", at the head of the file
FORMAT = 1
_LONGEST = 1 << 12  # bytes of one value: a page has 1,024, its proof at most 1,088
_KEPT = 64  # pages that were proven and stay in memory
_HEADER = (
    "CREATE TABLE header (root BLOB NOT NULL, shares INTEGER NOT NULL, pages INTEGER NOT NULL)"
)
_PAGES = (
    "CREATE TABLE pages (page INTEGER PRIMARY KEY, first BLOB NOT NULL, words BLOB NOT NULL,"
    " proof BLOB NOT NULL)"
)
_FIRSTS = "CREATE UNIQUE INDEX pages_first ON pages (first)"


class _Page(NamedTuple):
    words: bytes
    proof: bytes


class ShareStore(ShareTable):
    """A share table in a file, of which single pages are read when they are asked for.

    It may be shared by threads. Close it, or use it in a `with` block.

    Args:
        path: of a file that `write` has made.
        signed: the table's hash as it was signed, such as `see.in_force.table_hash`.

    Raises:
        FileError: it can't be read, or it is no store of a share table. Everything that is read
            from it later raises this too, where the file is damaged.
        ShareTableError: it holds another table than the one that was signed.
    """

    def __init__(self, path: str | Path, *, signed: bytes | None = None) -> None:
        self.path = Path(path)
        self._lock = Lock()
        self._connection = self._opened()
        self._page = lru_cache(_KEPT)(self._proven_page)
        try:
            self._root, self._shares, self._pages = self._header()
            if signed is not None and self.hash != signed:
                raise ShareTableError(
                    f"{self.path} holds another share table than the one that was signed"
                )
            self._proven_page(0)
        except BaseException:
            self._connection.close()
            raise

    @classmethod
    def write(cls, path: str | Path, table: ShareTable) -> Path:
        """Writes a table to a file whole or not at all.

        Raises:
            FileError: it can't be written.
        """
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
            made.execute("PRAGMA page_size = 16384")  # seven pages of seats with their proofs
            made.execute(f"PRAGMA application_id = {APPLICATION}")
            made.execute(f"PRAGMA user_version = {FORMAT}")
            made.execute("BEGIN")
            made.execute(_HEADER)
            made.execute(_PAGES)
            header = table.root, table.shares, table.pages
            made.execute("INSERT INTO header VALUES (?, ?, ?)", header)
            words = map(table.page, range(table.pages))
            rows = (
                (page, each[:20], each, proof)
                for page, (each, proof) in enumerate(zip(words, table.proofs(), strict=True))
            )
            made.executemany("INSERT INTO pages VALUES (?, ?, ?, ?)", rows)
            made.execute(_FIRSTS)
            made.execute("COMMIT")
            return write_whole(path, made.serialize())

    def close(self) -> None:
        """Closes the file; another thread that reads it is waited for."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # ------------------------------------------------------------ as a share table

    @property
    def words(self) -> bytes:
        """All seat words, ascending: the whole table is read and proven."""
        return b"".join(map(self.page, range(self.pages)))

    @property
    def shares(self) -> int:
        """Total shares."""
        return self._shares

    @property
    def pages(self) -> int:
        """The number of pages."""
        return self._pages

    @property
    def root(self) -> bytes:
        """The root of the tree, 32 bytes."""
        return self._root

    def page(self, page: int) -> bytes:
        """As `ShareTable.page`."""
        self._check_page(page)
        return self._page(page).words

    def page_shares(self, page: int) -> int:
        """As `ShareTable.page_shares`."""
        return page_sums(self.page(page))[0]

    def proof(self, page: int) -> bytes:
        """As `ShareTable.proof`."""
        self._check_page(page)
        return self._page(page).proof

    def seat_words(self, first: int, count: int) -> bytes:
        """As `ShareTable.seat_words`."""
        end = min(first + count, len(self))
        pages = range(first // PAGE_SEATS, -(-end // PAGE_SEATS))
        words = b"".join(map(self.page, pages))
        skipped = first % PAGE_SEATS
        return words[WORD * skipped : WORD * (skipped + end - first)]

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        last = self._pages - 1
        return PAGE_SEATS * last + len(self._page(last).words) // WORD

    def _find(self, account: bytes) -> int | None:
        page = self._page_of(account)
        at = find_word(self._page(page).words, account)
        if at is not None:
            return PAGE_SEATS * page + at
        # That it has no seat is proven too: by the pages between which it would stand.
        before = page == 0 or self._page(page).words[:20] < account
        after = page + 1 == self.pages or account < self._page(page + 1).words[:20]
        if not before or not after:
            raise self._damaged()
        return None

    # ------------------------------------------------------------ the file

    def _opened(self) -> sqlite3.Connection:
        try:
            if not self.path.is_file():
                raise FileError(f"{self.path} is no file: name the store of a share table")
            # Immutable: it is only ever replaced whole, and no journal beside it is looked at.
            where = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(where, uri=True, check_same_thread=False)
        except (OSError, ValueError, sqlite3.Error) as error:
            raise FileError(f"{self.path} can't be read: {error}") from None
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        return connection

    def _header(self) -> tuple[bytes, int, int]:
        (application,) = self._row("PRAGMA application_id") or (0,)
        (version,) = self._row("PRAGMA user_version") or (0,)
        if application != APPLICATION:
            raise FileError(f"{self.path} is no store of a share table: ShareStore.write makes one")
        if version != FORMAT:
            raise FileError(f"{self.path} is of format {version}, this seechain reads {FORMAT}")
        # A view or a trigger by the name of a table would run what a stranger wrote.
        found = [self._row(f"SELECT sql FROM sqlite_schema LIMIT 1 OFFSET {at}") for at in range(4)]
        if found != [(_HEADER,), (_PAGES,), (_FIRSTS,), None]:
            raise self._damaged()
        row = self._row("SELECT root, shares, pages FROM header")
        if row is None or [type(each) for each in row] != [bytes, int, int] or len(row[0]) != 32:
            raise self._damaged()
        root, shares, pages = row
        if not (0 < shares <= MAX_SHARES and 0 < pages <= MAX_SEATS // PAGE_SEATS):
            raise self._damaged()
        return root, shares, pages

    def _page_of(self, account: bytes) -> int:
        """The page on which an account would stand, as the file has it."""
        row = self._row(
            "SELECT page FROM pages WHERE first <= ? ORDER BY first DESC LIMIT 1", account
        )
        page = 0 if row is None else row[0]
        if type(page) is not int or not 0 <= page < self.pages:
            raise self._damaged()
        return page

    def _proven_page(self, page: int) -> _Page:
        row = self._row("SELECT words, proof FROM pages WHERE page = ?", page)
        if row is None or [type(each) for each in row] != [bytes, bytes]:
            raise self._damaged()
        words, proof = row
        root, shares, pages = self._root, self._shares, self._pages
        try:
            verify_proof(words, page, proof, root=root, shares=shares, pages=pages)
        except ShareTableError:
            raise self._damaged() from None
        if page + 1 < self._pages and len(words) != PAGE_BYTES:
            raise self._damaged()
        return _Page(words, proof)

    def _row(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        try:
            with self._lock:
                row: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
        except sqlite3.ProgrammingError:
            raise FileError(f"{self.path} is closed: open it again") from None
        except (sqlite3.Error, OverflowError, ValueError) as error:
            raise self._damaged(error) from None
        return row

    def _damaged(self, error: Exception | None = None) -> FileError:
        why = f" ({error})" if error else ""
        return FileError(
            f"{self.path} is no store of a share table, or is damaged{why}: write it again from"
            " the table"
        )
