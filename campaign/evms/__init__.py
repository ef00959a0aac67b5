"""The same scenarios on four EVMs, each of another code base, and by each setting of the compiler.

See docs/evms.md.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from campaign.evms import anvil, builds, codes, eels, ethereumjs, py_evm, record, scenario, settings

ENGINES = (anvil, py_evm, ethereumjs, eels)
HASH_SEEDS = (0, 4242)
Pairs = list[tuple[scenario.Scenario, dict[str, Any]]]  # what is expected, what an engine is asked


def run(minutes: float, seed: int) -> dict[str, Any]:
    """The scenarios on the four EVMs. Both arguments are ignored: all of it is run."""
    start = time.monotonic()
    pairs = load()
    differences = compare(pairs, ENGINES)
    for name in record.ACTS:
        differences += settings.differences(name)
    rebuilt = built_otherwise()
    differences += rebuilt
    return {
        "engines": {engine.NAME: engine.version() for engine in ENGINES},
        "scenarios": len(pairs),
        "transactions": sum(len(made["steps"]) for made, _ in pairs),
        "logs": sum(len(step["expect"]["logs"]) for made, _ in pairs for step in made["steps"]),
        "differences": differences,
        "settings": list(settings.SETTINGS),
        "venom": codes.venom_compiles(),
        "builds": "not identical" if rebuilt else "identical",
        "failed": differences,
        "seconds": round(time.monotonic() - start, 1),
    }


def load() -> Pairs:
    """All scenarios, as they are recorded, and as an engine takes them."""
    made = [scenario.load(path) for path in scenario.files()]
    return [(each, scenario.request(each)) for each in made]


def compare(pairs: Pairs, engines: Sequence[ModuleType]) -> list[str]:
    """Run all scenarios on these engines: a line for each difference."""
    differences = []
    for engine in engines:
        if reason := engine.missing():
            differences.append(f"{engine.NAME} did not run: {reason}")
            continue
        answers = engine.run_all([asked for _, asked in pairs])
        for (made, asked), answer in zip(pairs, answers, strict=True):
            tidied = scenario.tidy(answer, asked)
            differences += scenario.differences(made, tidied, engine.NAME)
    return differences


def built_otherwise() -> list[str]:
    """A line for each contract that another build makes otherwise."""
    differences, installed = [], builds.artifacts()
    for hash_seed in HASH_SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            built = builds.build(Path(folder), hash_seed)
        names = sorted({*installed, *built})
        wrong = [name for name in names if built.get(name) != installed.get(name)]
        differences += [f"{name} is another by PYTHONHASHSEED={hash_seed}" for name in wrong]
    return differences
