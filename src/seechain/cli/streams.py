"""The streams of a process as commands need them: they are there, and take every letter."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


class CtrlC:
    """What Ctrl-C does to an act that is over: nothing until the act is noted as done, since it
    would be typed again, and done twice; then it ends what is shown, once.

    is_pressed: it came meanwhile. is_done: the act is noted.
    """

    def __init__(self) -> None:
        self.is_done = self.is_pressed = self._raises = False
        self._before: Any = None

    def hold(self) -> None:
        """From here it is only remembered."""
        self.is_done = self.is_pressed = self._raises = False
        if threading.current_thread() is not threading.main_thread():
            return  # which hears of none
        if signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, self._press):
            return
        self._before = signal.signal(signal.SIGINT, self._press)

    def raise_once(self) -> None:
        """The act is done: from here it raises, once."""
        self.is_done = self._raises = True

    def remember(self) -> None:
        """From here it is only remembered again."""
        self._raises = False

    def free(self) -> None:
        """From here it does what it did before."""
        if self._before is not None:
            before, self._before = self._before, None
            signal.signal(signal.SIGINT, before)
        self.is_done = False

    def _press(self, *signalled: object) -> None:
        self.is_pressed = True
        if self._raises:
            self._raises = False
            raise KeyboardInterrupt


ctrl_c = CtrlC()


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
    said, code = b"Interrupted\n", 130
    if ctrl_c.is_done:
        said, code = b"It is done, but can't be shown: interrupted\n", 0
    with suppress(OSError):
        os.write(2, said)
    os._exit(code)
