"""How cost grows with payments and with versions: `python -m bench.growth`.

A row is measured as those of bench/ are, and all balances are compared after each act. With members
it grows as `make bench` and `make scale` show.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from bench import chain, scene
from bench.chain import ANVIL, ROOT, BenchError
from bench.ledger import NATIVE, Split
from bench.life_rows import Life
from bench.scene import Scene
from bench.splitter_rows import join
from bench.tables import markdown, put

RECORD = ROOT / "bench" / "growth.json"
DOCUMENT = ROOT / "docs" / "performance.md"
PAYMENTS = (3, 10, 100, 1_000)
VERSIONS = (2, 4, 8, 16, 32)
SEAT = 4
ACTS = {
    "pay": "a payment",
    "claim": "a claim after them",
    "payout": "a payout after them",
    "amend": "the amendment that opens it",
    "claim_in_force": "a claim in it",
    "claim_closed": "a claim of all closed ones at once",
    "claim_closed_each": "the same, each of them",
}
Table = dict[str, dict[str, int]]  # act -> how many -> gas


def main() -> int:
    """Measure, record and show; 0, or 1 where a balance is wrong."""
    try:
        with chain.running() as own:
            place = scene.build(own)
            tables = {"payments": of_payments(place), "versions": of_versions(place)}
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    said = {"command": "make bench-growth", "chain": f"anvil {ANVIL}", **tables}
    RECORD.write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    made = shown(tables)
    for name, table in made.items():
        print(f"{name}\n{table}")
    put(DOCUMENT, "growth", made)
    return 0


def shown(tables: Mapping[str, Table]) -> dict[str, str]:
    """The tables by name, as markdown."""
    made = {}
    for name, table in tables.items():
        sizes = list(next(iter(table.values())))
        lines = [["native coin, 10 members", *(f"{size} {name}" for size in sizes)]]
        lines += [[ACTS[act], *(f"{row[size]:,}" for size in sizes)] for act, row in table.items()]
        made[name] = markdown(lines)
    return made


def of_payments(place: Scene) -> Table:
    """One agreement, and more and more payments; every seat has joined."""
    rows: Table = {"pay": {}, "claim": {}, "payout": {}}
    split = place.splitter(10)
    split.pay(NATIVE)
    for index in range(10):
        join(split, index, "growth")
    made = 1
    for wanted in PAYMENTS:
        while made < wanted:
            gas, made = split.pay(NATIVE), made + 1
        member = split.accounts[SEAT]
        rows["pay"][str(wanted)] = gas
        rows["claim"][str(wanted)] = split.act("growth", member, NATIVE, [SEAT], "claim", SEAT)
    pushed = place.splitter(10)
    made = 0
    for wanted in PAYMENTS:
        while made < wanted:
            made += bool(pushed.pay(NATIVE))
            if made < min(PAYMENTS):
                _payout(pushed)
        rows["payout"][str(wanted)] = _payout(pushed)
    return rows


def _payout(split: Split) -> int:
    call = ("payout", split.table, split.seats.page(0))
    return split.act("growth", split.stranger, NATIVE, range(10), *call)


def of_versions(place: Scene) -> Table:
    """A SEE that is amended again and again, in which one member has joined each time."""
    rows: Table = {"amend": {}, "claim_in_force": {}, "claim_closed": {}, "claim_closed_each": {}}
    for wanted in VERSIONS:
        life = Life(place, f"to be amended {wanted} times")
        split, gas = life.split, 0
        member = split.accounts[SEAT]
        for _ in range(wanted):
            life.pay()
            join(split, SEAT, "growth")
            life.pay()
            gas = life.amend("growth", life.next_table(), owed=True)
        life.pay()
        join(split, SEAT, "growth")
        life.pay()
        claimed = split.act("growth", member, NATIVE, [SEAT], "claim", SEAT)
        closed = list(range(wanted))
        call: tuple[object, ...] = ([], [life.key(SEAT, version) for version in closed], [NATIVE])
        paid = {version: [SEAT] for version in closed}
        past = split.act_on("growth", member, NATIVE, paid, "claim_versions", *call)
        for act, used in zip(rows, (gas, claimed, past, past // wanted), strict=True):
            rows[act][str(wanted)] = used
    return rows


if __name__ == "__main__":
    sys.exit(main())
