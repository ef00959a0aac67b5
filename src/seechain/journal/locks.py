"""Locks on files, which the system releases when a process dies."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from seechain.errors import JournalError

_PAUSE = 0.02  # seconds between two looks


def lock(
    number: int, waiting: Callable[[], object] | None = None, *, patience: float = 0.0
) -> None:
    """Waits until this process alone has the open file.

    waiting: called once, where another process has it for longer than `patience`, in seconds.

    Raises:
        JournalError: this system, or the disk, has no such locks.
    """
    try:
        fcntl: Any = import_module("fcntl")
    except ImportError:
        raise JournalError(
            "a Journal needs the file locks of POSIX, which Windows lacks: use WSL, Linux or macOS,"
            " or send without a Journal"
        ) from None
    told_at = time.monotonic() + patience
    while not _has(fcntl, number, fcntl.LOCK_EX | fcntl.LOCK_NB):
        if time.monotonic() < told_at:
            time.sleep(_PAUSE)
            continue
        if waiting is not None:
            waiting()
        _has(fcntl, number, fcntl.LOCK_EX)
        break


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """One process at a time changes files of a folder by this, where it has such locks."""
    try:
        number = os.open(folder, os.O_RDONLY)
    except OSError:  # said by whatever is done there
        yield
        return
    try:
        with suppress(JournalError):
            lock(number)
        yield
    finally:
        os.close(number)


def unlock(number: int, owner: int) -> None:
    """Gives the open file free, also where a process that was forked meanwhile has it open.

    owner: the number of the process that locked it; no other one gives it free.
    """
    if owner == os.getpid():
        fcntl: Any = import_module("fcntl")
        with suppress(OSError):
            fcntl.flock(number, fcntl.LOCK_UN)


def _has(fcntl: Any, number: int, how: int) -> bool:
    """Whether this process has the file now."""
    try:
        fcntl.flock(number, how)
    except BlockingIOError:
        return False
    except OSError as error:
        raise JournalError(
            f"the files of a Journal can't be locked: {error.strerror}; keep them on a local disk"
        ) from None
    return True
