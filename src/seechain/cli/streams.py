"""The streams of a process as commands need them: they are there, and take every letter."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


@contextmanager
def ready() -> Iterator[None]:
    """Within it, output fails for no letter, closed streams are empty, and Ctrl-C always ends.

    What can't be written out in the end changes no exit code.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # it takes the number that is free, so that no socket does
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    before, sys.unraisablehook = sys.unraisablehook, _ends
    try:
        yield
    finally:
        sys.unraisablehook = before
        for name in ("stdout", "stderr"):
            try:
                getattr(sys, name).flush()
            except (OSError, ValueError):  # or Python flushes once more, and ends with 120
                setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def _ends(ignored: Any) -> None:
    """Ctrl-C within a callback of Python's own, as while it loads modules, would be passed over."""
    if not issubclass(ignored.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(ignored)
        return
    with suppress(OSError):
        os.write(2, b"Interrupted\n")
    os._exit(130)
