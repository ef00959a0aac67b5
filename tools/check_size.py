"""Checks that each contract's code on chain keeps within the size budget.

EIP-170 refuses code of more than 24,576 bytes. The budget is smaller, so that a repair still fits.
"""

from __future__ import annotations

import argparse
import sys

from seechain.chain.artifacts import NAMES, load

BUDGET = 23_500


def main(arguments: list[str] | None = None) -> int:
    """Print the size of each contract in bytes; return 1 where one is over the budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--budget", type=int, default=BUDGET, help="bytes (default: %(default)s)")
    budget = parser.parse_args(arguments).budget
    over = []
    for name in NAMES:
        size = load(name).size
        print(f"{name:11} {size:6,} of {budget:,} bytes")
        if size > budget:
            over.append(f"{name} is {size - budget:,} bytes over the budget of {budget:,}")
    for line in over:
        print(line, file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
