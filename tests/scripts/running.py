"""Running a command: in a process of its own, as a person types it, or quicker, in this one."""

from __future__ import annotations

import re
import subprocess
from contextlib import chdir
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

ROOT = Path(__file__).parents[2]
LIMIT = 180  # seconds, on a busy machine; 4 on an idle one
# Ape leaves sockets to the garbage collector.
LEAVES_SOCKETS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
SEE_LINE = re.compile(r"SEE (0x[0-9A-Fa-f]{40})")


def ape_run(*arguments: object, network: str, account: str = "TEST::0") -> Any:
    """Runs one command. Input is closed: whoever asks a question fails."""
    return subprocess.run(
        ["ape", "run", *map(str, arguments), "--network", network, "--account", account],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )


def typed(name: str, *words: object, network: str, account: str = "TEST::0") -> Result:
    """What a command does within this process: Ape takes a second to start, and most of it has
    nothing to do with the command."""
    command = import_module(f"scripts.{name}").cli
    options = ["--network", network, "--account", account]
    with chdir(ROOT):
        return CliRunner(mix_stderr=False).invoke(command, [*map(str, words), *options])


def ape_typed(*arguments: object, network: str, account: str = "TEST::0") -> Any:
    """As `ape_run`, by `typed`."""
    name, *words = arguments
    done = typed(str(name), *words, network=network, account=account)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def well(run: Any) -> str:
    assert run.returncode == 0, run.stdout + run.stderr
    return str(run.stdout)


def refused(run: Any) -> str:
    """The one sentence of a command that fails."""
    assert run.returncode != 0, run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    lines = [line for line in run.stderr.splitlines() if line.startswith(("ERROR", "Error"))]
    assert len(lines) == 1, run.stderr
    return lines[0]
