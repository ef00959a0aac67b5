"""ethereumjs, in Node, by way of a small script beside this."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

NAME = "ethereumjs"
ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "node_modules" / "@ethereumjs" / "vm" / "package.json"
SCRIPT = Path(__file__).with_suffix(".mjs")
WITHIN = 600  # seconds


def missing() -> str:
    """Why it can't run here; nothing where it can."""
    if not PACKAGE.exists():
        return "node_modules has no @ethereumjs/vm: make setup"
    return "" if shutil.which("node") else "node was not found"


def version() -> str:
    return str(json.loads(PACKAGE.read_text(encoding="utf-8"))["version"])


def run_all(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What comes of scenarios, as scenario.py describes it."""
    done = subprocess.run(
        ["node", str(SCRIPT)],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        timeout=WITHIN,
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{SCRIPT.name}: {done.stderr[-2000:]}")
    return list(json.loads(done.stdout))
