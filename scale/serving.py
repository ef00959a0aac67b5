"""Serves proofs from a store on disk, in a process of its own: `python -m scale.serving`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from scale.building import peak

TIMES = 20  # fresh processes


def measure(path: str, accounts: list[str]) -> dict[str, Any]:
    """Milliseconds to open the store and to serve the first account, then each of the others."""
    started = time.perf_counter()
    from seechain.share_table.store import ShareStore

    loaded = time.perf_counter()
    store = ShareStore(path)
    store.proven(accounts[0])
    first = time.perf_counter()
    for account in accounts[1:]:
        store.proven(account)
    each = (time.perf_counter() - first) / max(1, len(accounts) - 1)
    return {
        "import": round(1000 * (loaded - started), 2),
        "first": round(1000 * (first - loaded), 2),
        "each": round(1000 * each, 3),
        "memory": peak(),
    }


def apart(path: Path, accounts: list[str]) -> dict[str, Any]:
    """Figures of several processes that each open the store and serve other accounts."""
    share = max(1, len(accounts) // TIMES)
    runs = []
    for at in range(0, len(accounts), share):
        command = [sys.executable, "-m", "scale.serving", str(path)]
        some = json.dumps(accounts[at : at + share])
        done = subprocess.run(command, input=some, capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout))
    return {
        "processes": len(runs),
        "import": median(run["import"] for run in runs),
        "first": median(run["first"] for run in runs),
        "first_slowest": max(run["first"] for run in runs),
        "each": median(run["each"] for run in runs),
        "memory": max(run["memory"] for run in runs),
        "file": path.stat().st_size,
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], json.load(sys.stdin))))
