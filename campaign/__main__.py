"""Run parts of the campaign, print their figures, and keep them in bench/campaign.json."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RECORD = Path("bench/campaign.json")
PAGE = Path("docs/security.md")
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
PARTS = {
    "conservation": "SEEs live through anything; 45 truths are checked after their steps",
    "tokens": "each kind of hostile token in lives of a SEE",
    "forged_proofs": "a million forged proofs of seats and pages",
    "incidents": "the incidents of others, each red on a seeded bug",
    "vectors": "Wycheproof's signatures and 500 of ours",
    "evms": "the same scenarios on four EVMs, and by three settings of the compiler",
    "proofs": "what halmos and z3 prove, and what they must refute",
    "mutants": "mutants of the contracts and of the money paths of the SDK",
    "faults": "every kind of fault of a node in every act",
    "killed": "1,000 kills at random points of an act",
}


def main(arguments: list[str] | None = None) -> int:
    """Run the campaign; 0 if no part failed, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m campaign",
        description="\n".join(f"{name:14} {what}" for name, what in PARTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="all of them, if none is named")
    parser.add_argument(
        "--minutes", type=float, default=1.0, help="for each part that goes on as long as it may"
    )
    parser.add_argument("--seed", type=int, default=1, help="of all dice")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.parts if name not in PARTS]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}: choose from {', '.join(PARTS)}")
    results = {
        name: _run(name, options.minutes, options.seed) for name in options.parts or list(PARTS)
    }
    failed = [name for name, figures in results.items() if figures.get("failed")]
    for name in failed:
        print(f"{name} FAILED: {results[name]['failed']}", file=sys.stderr)
    return 1 if failed else 0


def _run(name: str, minutes: float, seed: int) -> dict[str, Any]:
    print(f"{name}: {PARTS[name]}", flush=True)
    start = time.monotonic()
    figures = dict(importlib.import_module(f"campaign.{name}").run(minutes, seed))
    figures.setdefault("seconds", round(time.monotonic() - start, 1))
    for key, value in figures.items():
        print(f"  {key}: {value if type(value) is not int else f'{value:,}'}", flush=True)
    _keep(name, minutes, seed, figures)
    return figures


def _keep(name: str, minutes: float, seed: int, figures: dict[str, Any]) -> None:
    kept = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    command = f"make campaign PARTS={name} MINUTES={minutes:g} SEED={seed}"
    date = datetime.now(UTC).date().isoformat()
    kept[name] = {"command": command, "date": date, **figures}
    ordered = {each: kept[each] for each in PARTS if each in kept}
    RECORD.write_text(json.dumps(ordered, indent=2, ensure_ascii=True) + "\n", "utf-8")
    _tell(ordered)


def _tell(results: dict[str, dict[str, Any]]) -> None:
    """The numbers of all parts, as a table of the page on security."""
    lines = ["| part | date | figures |", "|---|---|---|"]
    for name, figures in results.items():
        numbers = [
            f"{key.replace('_', ' ')} {value:,}"
            for key, value in figures.items()
            if type(value) is int and key != "seed"
        ]
        failed = "**failed**; " if figures.get("failed") else ""
        lines.append(f"| {name} | {figures['date']} | {failed}{'; '.join(numbers)} |")
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text("\n".join((before + BEGIN, *lines, END + after)), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
