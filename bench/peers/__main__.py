"""Fetch the peers, measure every act of theirs and of ours on one chain, compare and record it.

It fails where a balance is wrong, and where a row that is like for like is not below the best
peer. The record, the tables of docs/performance.md and its picture are written in both cases
but the first.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator

from bench.chain import ROOT, BenchError
from bench.peers import compare, fetched, floors, ground, lives, recorded, report, rows
from bench.peers.figures import Figure

RECORD = ROOT / "bench" / "results.json"
DOCUMENT = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "performance.svg"


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison; 0 if all that is like for like is below the best peer, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--tables", action="store_true", help="measure nothing: tables and picture of the record"
    )
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        figures = report.read(RECORD) if options.tables else [*measure()]
        found = list(compare.verdicts(figures))
        write(figures, found)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(report.text(found))
    print(f"{len(figures)} figures in {time.monotonic() - started:.0f} s: {RECORD.name}")
    faults = [*compare.faults(found), *floors.faults(figures)]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def measure() -> Iterator[Figure]:
    """Every figure: measured, recorded, and computed from recorded ones.

    Raises:
        BenchError: a peer can't be fetched, a transaction failed, or a balance is wrong.
    """
    fetched.install()
    with ground.running() as place:
        contenders = rows.Contenders(place)
        # The small ones first: a block takes the longer, the more the chain holds.
        for members in lives.SIZES:
            yield from lives.measure(contenders, members)
        for members in recorded.SIZES:
            yield from rows.measure(contenders, members)
        yield from contenders.most()
    yield from recorded.FIGURES
    yield from recorded.lives()


def write(figures: list[Figure], found: list[compare.Verdict]) -> None:
    """The record, the tables and the picture."""
    from bench.peers import chart

    report.record(RECORD, figures, found)
    report.fill(DOCUMENT, report.tables(figures, found))
    PICTURE.write_text(chart.draw(found), "utf-8")


def _stop(*_: object) -> None:
    raise SystemExit(1)


if __name__ == "__main__":
    # anvil's home, also without an activated environment.
    os.environ["PATH"] = os.pathsep.join(
        [str(ROOT / "node_modules" / ".bin"), os.environ.get("PATH", "")]
    )
    signal.signal(signal.SIGTERM, _stop)  # so that anvil is stopped too
    sys.exit(main())
