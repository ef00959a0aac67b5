"""Compiles the small contracts of the tests and the demo: each once, for all processes."""

from __future__ import annotations

import fcntl
import hashlib
import json
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "build" / "compiled"
PINNED = ("vyper", "snekmate")  # what else it hangs on


def compiled(source: Path, folder: Path = FOLDER) -> tuple[list[dict[str, Any]], str]:
    """ABI and bytecode of a contract that imports nothing beside snekmate.

    Raises:
        subprocess.CalledProcessError: it does not compile.
    """
    told = "".join(version(each) for each in PINNED).encode() + source.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{source.stem}-{hashlib.sha256(told).hexdigest()[:32]}.json"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # who comes second waits, and finds it
        if not made.exists():
            command = ["vyper", "-f", "abi,bytecode", str(source)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            abi, bytecode = done.stdout.strip().split("\n")
            new = made.with_suffix(".new")
            new.write_text(json.dumps([json.loads(abi), bytecode]))
            new.replace(made)
    abi, bytecode = json.loads(made.read_text())
    return abi, bytecode
