"""Starts npm's anvil for the demo, the benchmark and the tests, and leaves no process behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

STARTS_WITHIN = 20  # seconds
STOPS_WITHIN = 5


class NoAnvil(Exception):
    """anvil does not start here; says why."""


@contextmanager
def running(*options: str) -> Iterator[str]:
    """The URL of an anvil on a free port, in a process group of its own that is ended after.

    options: of anvil's command line.

    Raises:
        NoAnvil: it is not there, or does not start.
    """
    program = _program()
    process = None
    with tempfile.TemporaryFile() as log:
        try:
            with _held_signals():
                process = subprocess.Popen(
                    [program, "--host", "127.0.0.1", "--port", "0", *options],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            yield _url(process, log)
        finally:
            if process is not None:
                _end(process)


def _program() -> str:
    """anvil itself, where the one that is found is npm's small program that starts it."""
    found = shutil.which("anvil")
    if found is None:
        raise NoAnvil("anvil was not found")
    packages = Path(found).resolve().parents[1]
    return str(next(packages.glob("anvil-*/bin/anvil*"), found))


@contextmanager
def _held_signals() -> Iterator[None]:
    """Lets a signal wait: between a process's start and our knowing it, it would be left behind."""
    caught: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: caught.append(number))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for each in caught:
        os.kill(os.getpid(), each)


def _url(process: subprocess.Popen[bytes], log: IO[bytes]) -> str:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        # By offset: the process writes through the same file, at its end.
        said = os.pread(log.fileno(), 1 << 20, 0).decode(errors="replace")
        if found := re.search(r"Listening on ([0-9.]+:[0-9]+)", said):
            return f"http://{found[1]}"
        if process.poll() is not None:
            reason = said.strip().splitlines()[-1:] or [f"exit code {process.returncode}"]
            raise NoAnvil(f"anvil does not start ({reason[0]})")
        time.sleep(0.005)
    raise NoAnvil(f"anvil did not listen within {STARTS_WITHIN} s")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the whole group: npm's anvil may be a small program that started the real one."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
