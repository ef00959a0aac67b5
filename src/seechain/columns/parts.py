"""A folder of parts, each with the tables of some blocks; each is written whole or not at all.

    reading.json                    of which SEE, on which chain, with which tokens
    blocks-<first>-<last>/          one part: blocks `first` to `last`
        part.json                   the hash of its last block, the version in force there, and
                                    the digest of each file, without which none is read
        payments.parquet ...        one file for each table

A part gets its name when all of it is on disk. Where one covers another, the other was about to be
removed. Together they have no gap.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from seechain.accounts import account_bytes
from seechain.columns.decoding import NAMES, SCHEMAS
from seechain.errors import AccountError, FileError
from seechain.files import read_text, why, write_whole

ROWS = 100_000  # of a part, about
FORMAT = 1
_NAME = re.compile(r"blocks-(\d{1,20})-(\d{1,20})")
_TEMPORARY = ".part-"


@dataclass(frozen=True)
class Part:
    """The tables of blocks `first` to `last`.

    hash: of the last block. version: in force after it. rows: of all tables. digests: SHA-256 of
    each table's file, by its name.
    """

    path: Path
    first: int
    last: int
    hash: bytes
    version: int
    rows: int
    digests: Mapping[str, str]

    def file(self, name: str) -> Path:
        """The file of a table."""
        return self.path / f"{name}.parquet"

    def table(self, name: str) -> Any:
        """A table, from its file.

        Raises:
            FileError: it can't be read, or is not as it was written.
        """
        file = self.file(name)
        try:
            if _digest(file) != self.digests[name]:
                raise _broken(self.path, f"{file.name} is not as it was written")
            table = pq.read_table(file, partitioning=None)  # type: ignore[no-untyped-call]
            return table.cast(SCHEMAS[name])
        except (OSError, ValueError, pa.ArrowException) as error:
            raise _broken(self.path, f"{file.name} can't be read: {why(error)}") from None


class Shelf:
    """The parts in a folder, which one process at a time adds to: until it closes the shelf.

    Args:
        about: what the folder is about; the same each time, but for further tokens, of which all
            is read anew.

    Raises:
        FileError: the folder is about something else, can't be read or written, or another
            process has it.
    """

    def __init__(self, folder: str | Path, about: dict[str, Any]) -> None:
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:  # also of a name that no folder can have
            raise FileError(f"{self.folder} can't be made: {why(error)}") from None
        self.parts: list[Part] = []
        self._lock = _alone(self.folder)
        try:
            self._open(about)
        except BaseException:
            self.close()
            raise

    def _open(self, about: dict[str, Any]) -> None:
        try:
            self._agree(about)
            self._find()
        except OSError as error:
            raise FileError(f"{self.folder} can't be read: {why(error)}") from None
        if self.parts and self.parts[0].first != about["start"]:
            raise _broken(self.folder, f"the blocks from {about['start']} on are missing")

    def close(self) -> None:
        """Lets other processes have the folder; the parts can still be read."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @property
    def end(self) -> Part | None:
        """The last part."""
        return self.parts[-1] if self.parts else None

    def add(
        self, tables: dict[str, list[Any]], first: int, last: int, hash: bytes, version: int
    ) -> None:
        """Puts blocks `first` to `last` on the shelf, in the last part where that is small."""
        rows = sum(len(each) for parts in tables.values() for each in parts)
        before = self.end
        if before is not None and before.rows + rows <= ROWS:
            tables = {name: [before.table(name), *parts] for name, parts in tables.items()}
            first, rows = before.first, before.rows + rows
        else:
            before = None
        path = self.folder / f"blocks-{first}-{last}"
        said = {"hash": "0x" + hash.hex(), "version": version, "rows": rows}
        part = Part(path, first, last, hash, version, rows, self._write(path, said, tables))
        if before is not None:
            self._remove(self.parts.pop())
        self.parts.append(part)

    def drop(self) -> None:
        """Takes the last part away: its blocks are no more the chain's."""
        self._remove(self.parts.pop())

    def clear(self) -> None:
        """Takes all parts away, the last one first, so that what is left has no gap."""
        while self.parts:
            self.drop()

    def _agree(self, about: dict[str, Any]) -> None:
        path = self.folder / "reading.json"
        about = {"format": FORMAT, **about}
        self.tokens: list[str] = about["tokens"]
        if not path.exists():
            if any(_NAME.fullmatch(each.name) for each in self.folder.iterdir()):
                raise _broken(self.folder, "reading.json is missing")
            write_whole(path, json.dumps(about, indent=2) + "\n")
            return
        said = _json(path)
        kept = _tokens(path, said.get("tokens"))
        tokens = kept | set(about["tokens"])
        if {**said, "tokens": None} != {**about, "tokens": None}:
            raise FileError(
                f"{self.folder} holds the reading of another SEE, chain, start or format:"
                " name another folder"
            )
        if tokens != kept:
            self._find()
            self.clear()
            about["tokens"] = sorted(tokens)
            write_whole(path, json.dumps(about, indent=2) + "\n")
        self.tokens = sorted(tokens)

    def _find(self) -> None:
        found = []
        for each in self.folder.iterdir():
            if each.name.startswith(_TEMPORARY):
                shutil.rmtree(each, ignore_errors=True)
            elif match := _NAME.fullmatch(each.name):
                found.append((int(match[1]), -int(match[2]), each))
        self.parts = []
        for first, last, path in sorted(found):
            end = self.end
            if end is not None and -last <= end.last:
                shutil.rmtree(path, ignore_errors=True)  # it stands in the one before
                continue
            if end is not None and first != end.last + 1:
                raise _broken(self.folder, f"the blocks from {end.last + 1} to {first} are missing")
            self.parts.append(_part(path, first, -last))

    def _write(
        self, path: Path, said: dict[str, Any], tables: dict[str, list[Any]]
    ) -> dict[str, str]:
        """Puts a part in its place, and returns the digests of its files."""
        digests = {}
        try:
            with self._temporary() as folder:
                for name in NAMES:
                    table = pa.concat_tables([SCHEMAS[name].empty_table(), *tables[name]])
                    made = folder / f"{name}.parquet"
                    with made.open("wb") as file:
                        pq.write_table(table, file, compression="zstd")  # type: ignore[no-untyped-call]
                        file.flush()
                        os.fsync(file.fileno())
                    digests[name] = _digest(made)
                write_whole(folder / "part.json", json.dumps({**said, "digests": digests}) + "\n")
                folder.chmod(0o755)
                os.rename(folder, path)
                _sync(self.folder)
        except OSError as error:
            raise FileError(f"{path} can't be written: {why(error)}") from None
        return digests

    def _remove(self, part: Part) -> None:
        """By a rename first: it goes whole, or not at all."""
        try:
            with self._temporary() as folder:
                os.rename(part.path, folder)
        except OSError as error:
            raise FileError(f"{part.path} can't be removed: {why(error)}") from None

    @contextmanager
    def _temporary(self) -> Iterator[Path]:
        """A folder that is gone afterwards, unless it was given a name."""
        folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self.folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _part(path: Path, first: int, last: int) -> Part:
    said = _json(path / "part.json")
    try:
        hash, digests = (
            bytes.fromhex(said["hash"][2:]),
            {each: said["digests"][each] for each in NAMES},
        )
        return Part(path, first, last, hash, int(said["version"]), int(said["rows"]), digests)
    except (KeyError, TypeError, ValueError):
        raise _broken(path, "its part.json is none") from None


def _tokens(path: Path, said: Any) -> set[str]:
    try:
        if isinstance(said, list) and all(account_bytes(each) for each in said):
            return set(said)
    except AccountError:
        pass
    raise _broken(path.parent, f"{path.name} names no tokens")


def _json(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(read_text(path))
    except ValueError:
        raise _broken(path.parent, f"{path.name} can't be read") from None
    if not isinstance(said, dict):
        raise _broken(path.parent, f"{path.name} is none of a reading")
    return said


def _broken(path: Path, why: str) -> FileError:
    return FileError(f"{path} is no whole reading ({why}): remove it, and read again")


def _alone(folder: Path) -> int | None:
    """Keeps others from a folder until what is returned is closed; None where that can't be."""
    try:
        fcntl: Any = import_module("fcntl")
        number = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # Windows; or it can't be read, which is told later
        return None
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(number)
        raise FileError(
            f"another process reads into {folder}: wait until it has ended, or name another folder"
        ) from None
    except OSError:
        pass  # this disk has no locks
    return number


def _sync(folder: Path) -> None:
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
