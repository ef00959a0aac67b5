"""python -m campaign.mutants [--minutes M] [--seed S] [--again [ID ...]] [--figures]"""

from __future__ import annotations

import argparse
import json

from campaign import mutants


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m campaign.mutants")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", nargs="*", help="these survivors, by all the tests; or all")
    parser.add_argument("--figures", action="store_true", help="of what was done until now")
    options = parser.parse_args()
    if options.again is not None:
        failed = set(options.again) or set(mutants.figures(options.seed)["failed"])  # type: ignore[call-overload]
        wanted = [each for each in mutants.planned(options.seed) if each.id in failed]
        mutants.spread(wanted, mutants.thoroughly, options.minutes)
    elif not options.figures:
        mutants.run(options.minutes, options.seed)
    print(json.dumps(mutants.figures(options.seed), indent=2))


if __name__ == "__main__":
    main()
