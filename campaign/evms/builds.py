"""Builds the contracts anew: two builds of the same sources must be the same to the last bit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import hatch_build

IN_TREE = hatch_build.ROOT / "src" / hatch_build.IN_PACKAGE


def build(folder: Path, hash_seed: int) -> dict[str, bytes]:
    """The artifacts that are made in a copy of the sources, by a Python that hashes otherwise."""
    shutil.copytree(hatch_build.ROOT / "contracts", folder / "contracts")
    shutil.copy(hatch_build.ROOT / "hatch_build.py", folder)
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    environment.pop("PYTHONPATH", None)
    command = [sys.executable, "hatch_build.py"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"hatch_build.py: {done.stderr[-2000:]}")
    return artifacts(folder / "src" / hatch_build.IN_PACKAGE)


def artifacts(folder: Path = IN_TREE) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.json"))}
