"""An act's journal as a file: JSON lines that are only ever added, each on the disk when it counts.

A line without its end was never relied on: a process that dies while it writes leaves one, and
it is cut off when the file is next opened. Files are 0600 in a folder that is 0700: they hold
signed transactions, never keys.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seechain.errors import JournalError
from seechain.journal.locks import lock, unlock

FORMAT = 1

_FIRST = b'{"journal": '


def default_directory() -> Path:
    """Where journals are kept: $XDG_STATE_HOME/seechain, or ~/.local/state/seechain."""
    home = os.environ.get("XDG_STATE_HOME", "")
    return Path(home if os.path.isabs(home) else Path.home() / ".local" / "state") / "seechain"


def name_of(key: str) -> str:
    """The file of an act's key: what can be read of it, and a hash of all of it."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")[:40]
    return f"{readable or 'act'}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.jsonl"


def make_folder(path: Path) -> None:
    """A folder of one's own, on the disk with its parents.

    Raises:
        JournalError: it can't be made, or others can write in it.
    """
    with on_disk(f"the folder {path} can't be made"):
        missing = [each for each in (path, *path.parents) if not each.is_dir()]
        for each in reversed(missing):
            each.mkdir(mode=0o700, exist_ok=True)
            sync_folder(each.parent)
        if path.stat().st_mode & 0o022:
            raise JournalError(f"the folder {path} can be written by others: chmod go-w {path}")


@contextmanager
def on_disk(failed: str) -> Iterator[None]:
    """Says in a sentence what the disk or the system refuses; `failed`: what can't be done."""
    try:
        yield
    except OSError as error:
        raise JournalError(
            f"{failed}: {error.strerror}; see that it is yours, and that the disk has room"
        ) from None


def opened(path: Path, flags: int) -> int:
    """A file of one's own, opened; made where there is none. No link is followed.

    Raises:
        JournalError: it can't be opened.
    """
    with on_disk(f"the file {path} of a Journal can't be opened"):
        return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def sync_folder(path: Path) -> None:
    """Has the names in a folder on the disk."""
    number = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a journal that may be written to just now; none where there is no file."""
    with on_disk(f"the journal {path} can't be read"):
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return []
    return _parsed(raw, path)


class JournalFile:
    """A journal that is open for writing, and locked: one process at a time runs an act.

    waiting: called where another process is at it, before that is waited for.

    Raises:
        JournalError: it can't be opened, or read.
    """

    def __init__(self, path: Path, waiting: Callable[[], object] | None = None) -> None:
        self.path = path
        make_folder(path.parent)
        self._number, self._owner = opened(path, os.O_RDWR | os.O_APPEND), os.getpid()
        try:
            lock(self._number, waiting)
            with on_disk(f"the journal {path} can't be read"):
                self.lines = self._repaired()
        except BaseException:
            os.close(self._number)
            raise

    def write(self, line: Mapping[str, Any], *, sync: bool = True) -> None:
        """Adds a line. sync: it is on the disk, with all lines before, when this returns.

        Raises:
            JournalError: it can't be written; then none of it is there.
        """
        raw = json.dumps(line, separators=(", ", ": "), ensure_ascii=False).encode() + b"\n"
        with on_disk(f"the journal {self.path} can't be written"):
            size = os.fstat(self._number).st_size
            try:
                left = memoryview(raw)
                while left:
                    left = left[os.write(self._number, left) :]
                if sync:
                    os.fsync(self._number)
            except OSError:
                os.ftruncate(self._number, size)
                raise
        self.lines.append(dict(line))

    def close(self) -> None:
        """Unlocks and closes it."""
        unlock(self._number, self._owner)
        os.close(self._number)

    def _repaired(self) -> list[dict[str, Any]]:
        """The lines, without one that has no end: nothing but a journal is touched."""
        raw = os.pread(self._number, os.fstat(self._number).st_size, 0)
        lines, whole = _parsed(raw, self.path), raw.rfind(b"\n") + 1
        if not raw:
            sync_folder(self.path.parent)
        elif not whole and not (_FIRST.startswith(raw) or raw.startswith((_FIRST, b"\0"))):
            raise unreadable(self.path, 1)
        elif whole < len(raw):
            os.ftruncate(self._number, whole)
            os.fsync(self._number)
        return lines


def unreadable(path: Path, number: int) -> JournalError:
    """What is said of a line that is none of a journal's."""
    return JournalError(
        f"line {number} of the journal {path} can't be read: it was changed, or the disk"
        " fails; look on the chain what was sent before you do this again"
    )


def _parsed(raw: bytes, path: Path) -> list[dict[str, Any]]:
    """The lines that have an end."""
    found = []
    for number, line in enumerate(raw.split(b"\n")[:-1], 1):
        try:
            read = json.loads(line)
        except ValueError:
            read = None
        if not isinstance(read, dict) or (number == 1 and "journal" not in read):
            raise unreadable(path, number)
        if read.get("journal", FORMAT) != FORMAT:
            raise JournalError(
                f"the journal {path} is of format {read['journal']}, this seechain reads {FORMAT}:"
                " use the seechain that wrote it, or a later one"
            )
        found.append(read)
    return found
