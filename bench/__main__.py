"""Measure the gas of every act, compare it with targets, peers and the record.

Without an option: measure, print, and record what was measured, unless a row misses its target
or rose by more than 0.5 % above the record. A rise that is meant is recorded with --update.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from bench import chain, life_rows, report, scene, see_rows, splitter_rows
from bench.chain import ROOT, BenchError

RECORD = ROOT / "bench" / "gas.json"
DOCUMENT = ROOT / "docs" / "gas.md"


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; 0 if all targets are met and nothing got worse, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="write nothing")
    mode.add_argument("--update", action="store_true", help="record what was measured anyway")
    options = parser.parse_args(arguments)
    try:
        started = time.monotonic()
        rows = measure()
        print(report.text(rows))
        print(f"{len(rows)} rows in {time.monotonic() - started:.1f} s")
        faults = judge(rows, check=options.check, update=options.update)
    except BenchError as error:
        faults = [str(error)]
    except KeyboardInterrupt:
        return 130
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def measure() -> dict[str, int]:
    """Every row's gas, on a chain of its own.

    Raises:
        BenchError: a transaction failed, a balance is wrong, or a row is missing.
    """
    with chain.running() as own:
        place = scene.build(own)
        rows = splitter_rows.measure(place) | see_rows.measure(place)
        rows |= life_rows.measure(place)
    report.check_rows(rows)
    return rows


def judge(
    rows: dict[str, int],
    *,
    check: bool,
    update: bool,
    record: Path = RECORD,
    document: Path = DOCUMENT,
) -> list[str]:
    """What is wrong with these rows; they are recorded unless something is, or as asked.

    check: nothing is written, and the document must show the record. update: a rise and a
    missing record are no fault, and the rows are recorded in any case.
    """
    faults = report.misses(rows)
    if update:
        report.write(record, document, rows)
        return faults
    # Without a record there is nothing to compare with, and a first one is made.
    recorded = report.read(record) if check or record.exists() else rows
    worse = report.regressions(rows, recorded)
    faults += [f"{fault} (make gas-update, if that is meant)" for fault in worse]
    if check:
        if not report.is_current(document, recorded):
            faults.append(f"{document.name} does not show {record.name}: make gas-update")
    elif not faults:
        report.write(record, document, rows)
    return faults


def _stop(*_: object) -> None:
    raise SystemExit(1)


if __name__ == "__main__":
    # anvil's home, also without an activated environment.
    homes = [str(ROOT / "node_modules" / ".bin")]
    os.environ["PATH"] = os.pathsep.join([*homes, os.environ.get("PATH", "")])
    signal.signal(signal.SIGTERM, _stop)  # so that anvil is stopped too
    sys.exit(main())
