"""Running a command in a process of its own, as a person types it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LIMIT = 180  # seconds, on a busy machine; 4 on an idle one
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
