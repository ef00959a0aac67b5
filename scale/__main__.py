"""Measures a SEE of a million members, and how its cost grows: `make scale`.

Builds share tables of 1,000 to 1,000,000 seats from seats files, ours and the plain way, in
processes of their own that must give the same; writes and serves stores; and lives the life of a
SEE of each size on one anvil, checked to the unit. What was measured is recorded in
bench/scale.json and shown in docs/performance.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from web3 import HTTPProvider, Web3

from bench import scene
from bench.chain import NOW, ROOT, BenchError, Chain
from scale import building, hashes, people, report, serving
from scale.life import live
from seechain import ShareStore, ShareTable
from seechain.agreement.file import read_seats
from tools import anvil

RECORD = ROOT / "bench" / "scale.json"
DOCUMENT = ROOT / "docs" / "performance.md"
SEATS = 1_000_000
MEMBERS, PAGES = 1000, 100  # of the largest
FEW_MEMBERS, FEW_PAGES = 20, 5  # of each smaller one
SERVED = 400  # accounts
MOST_SECONDS, MOST_MEMORY, LEAST_FASTER, MOST_SERVING = 10, 1024, 5, 10


def main(arguments: list[str] | None = None) -> int:
    """Measures, prints and records; 0 if all goals are met, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m scale",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seats", type=int, default=SEATS, help="of the largest table")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(Path(folder), options.seats, options.seed)
    except (BenchError, anvil.NoAnvil) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(report.text(found))
    if not options.check:
        report.write(RECORD, DOCUMENT, found)
    faults = misses(found)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def measure(
    folder: Path, seats: int, seed: int, members: int = MEMBERS, pages: int = PAGES
) -> dict[str, Any]:
    """All figures.

    Raises:
        BenchError: two ways to build a table differ, or a sum on the chain is not the model's.
    """
    started = time.perf_counter()
    sizes = [each for each in (1000, 10_000, 100_000) if each < seats] + [seats]
    found: dict[str, Any] = {
        "command": "make scale",
        "machine": "2 cores",
        "versions": report.versions(),
        "seed": seed,
        "keccak": hashes.measure(),
        "tables": {str(size): _table(folder, size, seed) for size in sizes},
        "lives": {},
    }
    options = ["--timestamp", str(NOW), "--gas-price", "0", "--base-fee", "0"]
    options += ["--balance", "1000000", "--disable-min-priority-fee"]
    with anvil.running(*options) as url, closing(Chain(url.removeprefix("http://"))) as chain:
        place, w3 = scene.build(chain), Web3(HTTPProvider(url))
        for size in sizes:
            largest = size == seats
            _say(f"the life of a SEE of {size:,} seats")
            found["lives"][str(size)] = live(
                place,
                w3,
                folder,
                size,
                members=members if largest else FEW_MEMBERS,
                pages=pages if largest else FEW_PAGES,
                seed=seed,
            )
    found["memory"] = building.peak()
    found["seconds"] = round(time.perf_counter() - started, 1)
    return found


def misses(found: dict[str, Any]) -> list[str]:
    """One sentence for each goal that is missed by the largest table."""
    table = list(found["tables"].values())[-1]
    ours, store = table["ours"], table["store"]
    goals = (
        ("seconds of one core to build it", ours["cpu"], MOST_SECONDS),
        ("MiB to build it", ours["memory"], MOST_MEMORY),
        ("ms to open a store and serve a proof", store["first"], MOST_SERVING),
    )
    faults = [
        f"{value} {what}, at most {most} are meant" for what, value, most in goals if value > most
    ]
    if table["faster"] < LEAST_FASTER:
        faults.append(f"{table['faster']} times as fast as the plain way, {LEAST_FASTER} are meant")
    return faults


def _table(folder: Path, size: int, seed: int) -> dict[str, Any]:
    """What it takes to build and to store one table."""
    _say(f"a table of {size:,} seats")
    crowd, path = people.crowd(size, seed), folder / f"{size}.csv"
    crowd.write(path)
    ours = building.apart("ours", path)
    default = building.apart("ours", path, backend="pycryptodome")
    plain = building.apart("plain", path)
    if len({each.pop("digest") for each in (ours, default, plain)}) != 1:
        raise BenchError(f"the plain way gives another table of {size} seats")
    table = ShareTable.from_words(read_seats(path))
    started = time.perf_counter()
    store = ShareStore.write(folder / f"{size}.seats", table)
    written = round(time.perf_counter() - started, 3)
    rng = Random(seed)
    served = [crowd.account(rng.randrange(size)) for _ in range(SERVED)]
    return {
        "ours": ours,
        "ours_by_pycryptodome": default,
        "plain": plain,
        "faster": round(plain["cpu"] / ours["cpu"], 1),
        "faster_by_pycryptodome": round(plain["cpu"] / default["cpu"], 1),
        "store": {"write": written, **serving.apart(store, served)},
    }


def _say(what: str) -> None:
    print(f"measuring {what} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
