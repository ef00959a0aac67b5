"""How long the property tests run, and on which engine.

PROPERTIES_TIMES=50 runs fifty times the examples, found anew each time; without it they are
always the same ones, so that `make test` ends alike for everybody.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

from tests.properties import chain

TIMES = int(os.environ.get("PROPERTIES_TIMES", "0"))


def profile(examples: int, **more: int) -> settings:
    return settings(
        max_examples=examples * max(1, TIMES),
        derandomize=TIMES == 0,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        **more,
    )


def pytest_report_header() -> str | None:
    return chain.WHY_NOT_FAST or None
