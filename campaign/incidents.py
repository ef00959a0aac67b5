"""Incidents of others: each is red on contracts with its fault, and green on ours."""

from __future__ import annotations

import time

from tests.incidents.replayed import ALL, gain


def run(minutes: float, seed: int) -> dict[str, object]:
    """All incidents, on our contracts and on contracts with the historic fault."""
    del minutes, seed  # there is an end, and there are no dice
    start = time.monotonic()
    green, red, failed = 0, 0, []
    for incident in ALL:
        try:
            if found := gain(incident, seeded=False):
                failed.append(f"{incident.name} gains on ours: {found}")
            else:
                green += 1
            if gain(incident, seeded=True):
                red += 1
            else:
                failed.append(f"{incident.name} gains nothing with its fault")
        except Exception as error:
            failed.append(f"{incident.name}: {error!r}"[:400])
    return {
        "incidents": len(ALL),
        "green_on_ours": green,
        "red_on_the_fault": red,
        "seconds": round(time.monotonic() - start, 1),
        "failed": failed,
    }
