"""Race columns against web3.py on 50,000 events, and read 1,000,000 in flat memory."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.chain import ANVIL, ROOT, BenchError
from bench.reading import report
from bench.reading.filling import filled
from bench.reading.flatness import flatness
from bench.reading.racing import race

RECORD = ROOT / "bench" / "reading.json"
DOCUMENT = ROOT / "docs" / "performance.md"
COMMAND = "python -m bench.reading"
EVENTS = 50_000


def main(arguments: list[str] | None = None) -> int:
    """Run it; 0 if columns are fast and flat enough, else 1."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--race", action="store_true", help="the race alone; it writes nothing")
    options = parser.parse_args(arguments)
    try:
        figures = measure(is_whole=not options.race)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    print(report.text(figures))
    if not options.check and not options.race:
        RECORD.write_text(json.dumps(figures, indent=2) + "\n")
        report.write_into(DOCUMENT, figures)
    faults = report.misses(figures)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def measure(*, is_whole: bool) -> dict[str, Any]:
    """All figures, by name.

    Raises:
        BenchError: something was read that is not there, or not read that is.
    """
    began = time.monotonic()
    figures: dict[str, Any] = {
        "command": COMMAND,
        "machine": "2 cores",
        "versions": {
            "python": platform.python_version(),
            "web3": version("web3"),
            "pyarrow": version("pyarrow"),
            "anvil": ANVIL,
        },
    }
    with tempfile.TemporaryDirectory() as folder, filled(EVENTS) as place:
        figures["filled_in"] = round(time.monotonic() - began, 1)
        figures["race"] = race(place, Path(folder, "race"))
        if is_whole:
            figures["flatness"] = flatness(place, Path(folder))
    figures["seconds"] = round(time.monotonic() - began, 1)
    return figures


if __name__ == "__main__":
    sys.exit(main())
