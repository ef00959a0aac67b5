"""Proofs: z3 on the contracts' arithmetic, halmos on their bytecode."""

from __future__ import annotations

import time

from campaign.proofs import catalogue, environment

MIRROR_ROUNDS = 3_000
RECORD_ROUNDS = 500  # each of several signatures


def run(minutes: float, seed: int) -> dict[str, object]:
    """Proves the theorems, and as many checks as the minutes allow; it goes on where it stopped."""
    from campaign.proofs import mirror, mirror_records
    from campaign.proofs.bytecode import prove_all

    start = time.monotonic()
    environment.make()
    found = environment.theorems()
    theorems = set(found["proven"])
    failed = list(found["faults"])
    for name, named in catalogue.THEOREMS.items():
        failed += [f"{name}: {each} is not proven" for each in named if each not in theorems]
    compared, differences = mirror.compare(seed, MIRROR_ROUNDS)
    records, more = mirror_records.compare(seed, RECORD_ROUNDS)
    ends, wrong, refuted = prove_all(start + 60 * minutes)
    functions = {name: list(named) for name, named in catalogue.THEOREMS.items()}
    not_reached = dict(catalogue.NOT_REACHED)
    halmos = 0
    for check, end in ends.items():
        if end != environment.PROVEN:
            not_reached[check.title] = end
            continue
        halmos += 1
        for name in check.functions():
            functions.setdefault(name, []).append(check.title)
            not_reached.pop(name, None)
    return {
        "halmos": halmos,
        "z3": len(theorems),
        "refuted as they must be": len(theorems) + refuted,
        "calls compared with the formulas": sum((compared + records).values()),
        "functions": dict(sorted(functions.items())),
        "not reached": not_reached,
        "failed": failed + differences[:10] + more[:10] + wrong,
        "seconds": round(time.monotonic() - start, 1),
    }
