"""One reading in a process of its own; prints its time, its peak of memory and what it holds.

python -m bench.reading.one_reading URL SEE FOLDER
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import pyarrow.compute
from web3 import HTTPProvider, Web3

from seechain import SEE
from seechain.columns import read
from seechain.columns.decoding import NAMES


def peak() -> float:
    """The most memory of this process until now, in MiB.

    Not by getrusage, which knows the parent's peak too where the system is Linux.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes, of macOS
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main(url: str, address: str, folder: str) -> None:
    """Reads and tells."""
    see = SEE(Web3(HTTPProvider(url, {"timeout": 120})), address)
    assert see.versions
    pyarrow.array([1])  # loads what is loaded once
    before = peak()
    wall, own = time.perf_counter(), time.process_time()
    columns = read(see, folder)
    wall, own = time.perf_counter() - wall, time.process_time() - own
    rows, total = 0, 0
    for name in NAMES:
        for table in columns.batches(name):
            rows += len(table)
            if name == "payments":
                total += int(pyarrow.compute.sum(table["amount"]).as_py() or 0)  # type: ignore[attr-defined]
    said = {
        "rows": rows,
        "paid": total,
        "wall": round(wall, 2),
        "own": round(own, 2),
        "before_mib": round(before),
        "peak_mib": round(peak()),
    }
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
