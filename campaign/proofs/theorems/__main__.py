"""`python -m campaign.proofs.theorems`: prove all of them; the answer is JSON."""

from __future__ import annotations

import json
import sys

from campaign.proofs.theorems import amounts, packed, trees
from campaign.proofs.theorems.theorem import ALL, check

MODULES = (packed, amounts, trees)  # importing them names their theorems


def main(names: list[str]) -> int:
    proven, faults = [], []
    for name, theorem in ALL.items():
        if names and name not in names:
            continue
        found = check(theorem)
        faults += found
        if not found:
            proven.append(name)
        print(name, *(found or ["proven"]), file=sys.stderr)
    print(json.dumps({"proven": proven, "faults": faults}))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
