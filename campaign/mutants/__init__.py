"""Mutants: small faults put into the contracts and the SDK's money paths, all to be noticed.

Lines of .campaign/mutants.jsonl are results, the latest of a mutant counts. What no test can
notice stands in equivalent.txt with its reason: path: old -> new | why.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from campaign.mutants import work
from campaign.mutants.operators import Mutant, mutants

STATE = Path(".campaign/mutants.jsonl")
EQUIVALENT = Path(__file__).parent / "equivalent.txt"
PROCESSES = int(os.environ.get("MUTANTS_PROCESSES", "2"))


def planned(seed: int) -> list[Mutant]:
    """All mutants, in an order by dice: where it is stopped, what was done is a fair sample.

    Three of the contracts, then one of the SDK, as the contracts can't be mended later; the
    SDK's modules whose tests take a minute come last.
    """
    from campaign.mutants.sdk import MODULES, SLOW

    sources = sorted(str(path) for path in Path("contracts").rglob("*.vy"))
    dice = random.Random(seed)
    vyper, python = (_shuffled(paths, dice) for paths in (sources, MODULES))
    python.sort(key=lambda each: each.path in SLOW)
    mixed = [m for at, one in enumerate(python) for m in (*vyper[3 * at : 3 * at + 3], one)]
    return mixed + vyper[3 * len(python) :]


def _shuffled(paths: Iterable[str], dice: random.Random) -> list[Mutant]:
    found = [each for path in paths for each in mutants(path, Path(path).read_text("utf-8"))]
    dice.shuffle(found)
    return found


def run(minutes: float, seed: int) -> dict[str, object]:
    """Mutants until time is up, in two processes that give way to others; resumable."""
    done = results()
    todo = [each for each in planned(seed) if each.id not in done]
    spread(todo, quickly, minutes)
    left = [each for each in planned(seed) if _open(results().get(each.id), each)]
    spread([each for each in left if not results()[each.id].get("thorough")], thoroughly, minutes)
    return figures(seed)


def figures(seed: int) -> dict[str, object]:
    done, plan = results(), {each.id: each for each in planned(seed)}
    valid = {id_: line for id_, line in done.items() if id_ in plan and line["valid"]}
    survived = [plan[id_] for id_, line in valid.items() if _open(line, plan[id_])]
    alive = {id_ for id_, line in valid.items() if not line["killed_by"]}
    by_file = Counter(plan[id_].path for id_ in valid)
    return {
        "planned": len(plan),
        "tried": len([id_ for id_ in done if id_ in plan]),
        "valid": len(valid),
        "of the contracts": sum(n for path, n in by_file.items() if path.endswith(".vy")),
        "of the SDK": sum(n for path, n in by_file.items() if path.endswith(".py")),
        "killed": len(valid) - len(alive),
        "equivalent": len(alive) - len(survived),
        "survived": [f"{each.id} {each.path}: {each.old} -> {each.new}" for each in survived],
        "by file": dict(sorted(by_file.items())),
        "seconds": round(sum(line["seconds"] for line in done.values())),
        "failed": [each.id for each in survived],
    }


def results() -> dict[str, dict[str, Any]]:
    """The latest line of each mutant."""
    if not STATE.exists():
        return {}
    lines = [json.loads(line) for line in STATE.read_text("utf-8").splitlines()]
    return {line["id"]: line for line in lines}


def _open(line: dict[str, Any] | None, mutant: Mutant) -> bool:
    return bool(line and line["valid"] and not line["killed_by"]) and not explained(mutant)


def explained(mutant: Mutant) -> str:
    """Why no test can notice it; empty where that is not so."""
    lines = EQUIVALENT.read_text("utf-8").splitlines() if EQUIVALENT.exists() else []
    said = f"{mutant.path}: {mutant.old} -> {mutant.new} | "
    return next((line.removeprefix(said) for line in lines if line.startswith(said)), "")


# ---------------------------------------------------------------- work


def spread(todo: list[Mutant], act: Callable[[Mutant], str], minutes: float) -> None:
    """The act on all of them, in processes, until time is up."""
    if not todo:
        return
    work.warm()
    until, children = time.monotonic() + 60 * minutes, []
    for number in range(PROCESSES):
        child = os.fork()
        if not child:
            work.lowest()
            for mutant in todo[number::PROCESSES]:
                if time.monotonic() > until:
                    break
                _try(mutant, act)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def _try(mutant: Mutant, act: Callable[[Mutant], str]) -> None:
    said, seconds = work.timed(lambda: work.apart(lambda: act(mutant)))
    line = {
        "id": mutant.id,
        "path": mutant.path,
        "line": mutant.line,
        "within": mutant.within,
        "operator": mutant.operator,
        "old": mutant.old,
        "new": mutant.new,
        "valid": said != "not valid",
        "killed_by": "" if said == "not valid" else said,
        "thorough": act is thoroughly,
        "seconds": seconds,
    }
    STATE.parent.mkdir(exist_ok=True)
    with STATE.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def quickly(mutant: Mutant) -> str:
    from campaign.mutants import contracts, killers, sdk

    if mutant.path.endswith(".py"):
        return sdk.killed_by(mutant) if sdk.is_valid(mutant) else "not valid"
    codes: dict[str, bytes] = {}
    for codes in contracts.codes(mutant):
        if said := killers.soon_killed_by(codes):
            return said
    return killers.killed_by(codes, Path(mutant.path).stem) if codes else "not valid"


def thoroughly(mutant: Mutant) -> str:
    from campaign.mutants import anvil, contracts, sdk

    if mutant.path.endswith(".py"):
        return sdk.killed_by(mutant, thorough=True)
    *_, codes = contracts.codes(mutant)
    return quickly(mutant) or anvil.killed_by(mutant, [*codes])
