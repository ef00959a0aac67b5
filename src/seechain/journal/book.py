"""What a Journal holds, and how it comes to the disk: the acts of one key, in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from seechain.errors import JournalError
from seechain.journal.file import FORMAT, JournalFile, default_directory, name_of, read_lines
from seechain.journal.steps import Acts, State, Step, acts_of

MAX_KEY = 200  # characters

_open_here: set[Path] = set()  # a second lock of the same process would wait for ever


class Book:
    """The acts of a key as their file has them, open for writing or not. See `Journal`."""

    def __init__(self, key: str, directory: str | Path | None, *, once: bool) -> None:
        if type(key) is not str or not key.strip() or len(key) > MAX_KEY or not _is_text(key):
            raise JournalError(f"a Journal's key is a text of 1 to {MAX_KEY} characters")
        self.key, self.once = key, once
        folder = default_directory() if directory is None else Path(directory)
        self.directory = folder.resolve()  # one spelling, for locks and for what is open here
        self.path = self.directory / name_of(key)
        self.waiting: Callable[[str | None], object] | None = None
        self._acts = Acts()
        self._file: JournalFile | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The transactions of the act, in their order."""
        return tuple(self._known().steps.values())

    @property
    def is_done(self) -> bool:
        """Whether the act is done."""
        return self._known().is_done

    @property
    def begun(self) -> str:
        """When the act was begun, in UTC; empty before."""
        return self._known().begun

    def __repr__(self) -> str:
        return f"<Journal {self.key!r} in {self.path}>"

    def _write(self, line: dict[str, Any], *, sync: bool = True) -> None:
        if self._file is None:
            raise JournalError(
                f"the Journal {self.key!r} is not open: use it as `with Journal(…):`"
            )
        if not self._acts.begun:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            first = {"journal": FORMAT, "key": self.key, "begun": now}
            self._file.write(first, sync=False)
            self._acts.read(first)
        self._file.write(line, sync=sync)
        self._acts.read(line)

    def _open(self) -> None:
        if self.path in _open_here:
            raise JournalError(f"the Journal {self.key!r} is open already in this process")
        self._file = JournalFile(self.path, self._wait)
        _open_here.add(self.path)
        try:
            self._acts = acts_of(self.path, self._file.lines)
        except JournalError:
            self._close()
            raise
        if self._acts.is_done and not self.once:
            self._acts.begin_anew()

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            _open_here.discard(self.path)

    def _wait(self, account: str | None = None) -> None:
        """Tells whoever asked for it what is waited for."""
        if self.waiting is not None:
            self.waiting(account)

    @contextmanager
    def _opened(self) -> Iterator[None]:
        if self._file is not None:
            yield
            return
        self._open()
        try:
            yield
        finally:
            self._close()

    def _known(self) -> Acts:
        return self._acts if self._file is not None else acts_of(self.path, read_lines(self.path))

    def _finish(self) -> None:
        waiting = [each.what for each in self._acts.steps.values() if each.state is State.PENDING]
        if waiting:
            raise JournalError(
                f"the act {self.key!r} is not done: it never came to {waiting[0]}, which is on its"
                " way; run the act as it was begun"
            )
        unmet = self._acts.unmet()
        if unmet is not None:
            raise JournalError(
                f"the act {self.key!r} is not done: it never came to {unmet.what!r}, with which it"
                " was begun; run the act as it was begun"
            )
        if self._acts.tasks or self._acts.steps:  # what sends in another thread is not seen here
            self._write({"act": "done"})

    def _check_open(self, what: str) -> None:
        if self._acts.is_done:
            raise JournalError(
                f"the act {self.key!r} is done, and {what} was no part of it: nothing is sent;"
                " for another act use another key"
            )


def _is_text(key: str) -> bool:
    """Whether it can be written down: half a character can't."""
    try:
        key.encode()
    except UnicodeEncodeError:
        return False
    return True
