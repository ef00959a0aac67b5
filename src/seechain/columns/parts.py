"""A folder of parts, each with the tables of some blocks; each is written whole or not at all.

    reading.json                    of which SEE, on which chain, with which tokens
    blocks-<first>-<last>/          one part: blocks `first` to `last`
        part.json                   the hash of its last block, and the version in force there
        payments.parquet ...        one file for each table

A part gets its name when all of it is on disk. Where one covers another, the other was about to be
removed. Together they have no gap.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from seechain.columns.decoding import NAMES, SCHEMAS
from seechain.errors import FileError
from seechain.files import read_text, write_whole

ROWS = 100_000  # of a part, about
FORMAT = 1
_NAME = re.compile(r"blocks-(\d{1,20})-(\d{1,20})")
_TEMPORARY = ".part-"


@dataclass(frozen=True)
class Part:
    """The tables of blocks `first` to `last`.

    hash: of the last block. version: in force after it. rows: of all tables.
    """

    path: Path
    first: int
    last: int
    hash: bytes
    version: int
    rows: int

    def file(self, name: str) -> Path:
        """The file of a table."""
        return self.path / f"{name}.parquet"

    def table(self, name: str) -> Any:
        """A table, from its file.

        Raises:
            FileError: it can't be read, or is another table.
        """
        try:
            table = pq.read_table(self.file(name), partitioning=None)  # type: ignore[no-untyped-call]
            return table.cast(SCHEMAS[name])
        except (OSError, ValueError) as error:
            raise _broken(self.path, str(error)) from None


class Shelf:
    """The parts in a folder, which one process at a time adds to.

    Args:
        about: what the folder is about; the same each time, but for further tokens, of which all
            is read anew.

    Raises:
        FileError: the folder is about something else, or can't be read or written.
    """

    def __init__(self, folder: str | Path, about: dict[str, Any]) -> None:
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(f"{self.folder} can't be made: {error.strerror}") from None
        self.parts: list[Part] = []
        self._agree(about)
        self._find()
        if self.parts and self.parts[0].first != about["start"]:
            raise _broken(self.folder, f"the blocks from {about['start']} on are missing")

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
        part = Part(self.folder / f"blocks-{first}-{last}", first, last, hash, version, rows)
        self._write(part, tables)
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
        tokens = set(about["tokens"]) | set(said.get("tokens") or [])
        if {**said, "tokens": None} != {**about, "tokens": None}:
            raise FileError(
                f"{self.folder} holds the reading of another SEE, chain, start or format:"
                " name another folder"
            )
        if tokens != set(said["tokens"]):
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

    def _write(self, part: Part, tables: dict[str, list[Any]]) -> None:
        folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self.folder))
        try:
            for name in NAMES:
                table = pa.concat_tables([SCHEMAS[name].empty_table(), *tables[name]])
                with open(folder / f"{name}.parquet", "wb") as file:
                    pq.write_table(table, file, compression="zstd")  # type: ignore[no-untyped-call]
                    file.flush()
                    os.fsync(file.fileno())
            said = {"hash": "0x" + part.hash.hex(), "version": part.version, "rows": part.rows}
            write_whole(folder / "part.json", json.dumps(said) + "\n")
            folder.chmod(0o755)
            os.rename(folder, part.path)
            _sync(self.folder)
        except OSError as error:
            raise FileError(f"{part.path} can't be written: {error.strerror}") from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _remove(self, part: Part) -> None:
        """By a rename first: it goes whole, or not at all."""
        gone = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self.folder))
        try:
            os.rename(part.path, gone)
        except OSError as error:
            raise FileError(f"{part.path} can't be removed: {error.strerror}") from None
        shutil.rmtree(gone, ignore_errors=True)


def _part(path: Path, first: int, last: int) -> Part:
    said = _json(path / "part.json")
    try:
        hash = bytes.fromhex(said["hash"][2:])
        return Part(path, first, last, hash, int(said["version"]), int(said["rows"]))
    except (KeyError, TypeError, ValueError):
        raise _broken(path, "its part.json is none") from None


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


def _sync(folder: Path) -> None:
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
