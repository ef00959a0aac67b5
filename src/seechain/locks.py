"""Locks on files, which the system releases when a process dies."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from seechain.errors import JournalError


def lock(number: int) -> None:
    """Waits until this process alone has the open file.

    Raises:
        JournalError: this system has no such locks.
    """
    try:
        fcntl: Any = import_module("fcntl")
    except ImportError:
        raise JournalError(
            "a Journal needs the file locks of POSIX, which Windows lacks: use WSL, Linux or macOS,"
            " or send without a Journal"
        ) from None
    fcntl.flock(number, fcntl.LOCK_EX)
