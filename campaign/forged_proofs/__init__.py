"""A million forged proofs, none accepted.

Each batch forges proofs for one way into one contract and ends with the true proof, which is
accepted: else the forgers would knock at a wall. The same seed makes the same proofs.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from campaign.forged_proofs import seeded
from campaign.forged_proofs.forgeries import FORGERIES, of_another_version
from campaign.forged_proofs.liars import Liars
from campaign.forged_proofs.targets import REFUSALS, UNREADABLE, Mint, Target

STATE = Path(".campaign/forged_proofs.json")
TOTAL = 1_000_000
CHUNK = 20_000
BATCH = 100


@dataclass
class Figures:
    seed: int
    chunks: int = 0
    proofs: int = 0
    live: int = 0  # true proofs that were accepted, one after each batch
    lies: int = 0  # of the proofs, those of tables that lie
    seconds: float = 0.0
    ways: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def forge(mint: Mint, figures: Figures, dice: random.Random, proofs: int) -> None:
    """Batches of forged proofs, each followed by the true one."""
    counts = [Counter(each) for each in (figures.ways, figures.kinds, figures.refused)]
    done = 0
    while done < proofs:
        target = dice.choice(mint.targets)
        done += _batch(mint, target, figures, dice, counts)
    figures.ways, figures.kinds, figures.refused = map(dict, counts)
    figures.proofs += done


def _batch(
    mint: Mint, target: Target, figures: Figures, dice: random.Random, counts: list[Any]
) -> int:
    ways, kinds, refused = counts
    forgeries = [*FORGERIES, *[of_another_version] * (2 * target.of_versions)]
    others = [*target.cases, *dice.sample(mint.cases, 6)]
    case, done = dice.choice(target.cases), 0
    while done < BATCH:
        forgery = dice.choice(forgeries)
        forged = forgery(case, dice, others)
        if forged.but(place=case.place) == case:
            continue  # it came out true
        why = mint.refusal(target, forged)
        done += 1
        kinds[forgery.__name__] += 1
        refused[why] += 1
        if why not in REFUSALS and why != UNREADABLE:
            figures.failed.append(
                f"{target.name}, {forgery.__name__}: {why or 'accepted'} {forged}"
            )
    ways[target.name] += done
    if mint.is_live(target, case):
        figures.live += 1
    else:
        figures.failed.append(f"{target.name}: the true proof is refused {case}")
    return done


def chunk(mint: Mint, figures: Figures, proofs: int = CHUNK) -> None:
    """The next chunk: nine of ten forge what is true, the others prove what lies."""
    dice = random.Random(f"{figures.seed} {figures.chunks}")
    started = time.monotonic()
    forge(mint, figures, dice, proofs * 9 // 10)
    liars = Liars(mint, dice)
    figures.failed += liars.prove(proofs - proofs * 9 // 10)
    figures.proofs += liars.proofs
    figures.lies += liars.proofs
    figures.live += liars.live
    figures.chunks += 1
    figures.seconds += time.monotonic() - started


def _resumed(seed: int) -> Figures:
    if STATE.exists():
        figures = Figures(**json.loads(STATE.read_text("utf-8")))
        if figures.seed == seed and figures.proofs < TOTAL and not figures.failed:
            return figures
    return Figures(seed)


def run(minutes: float, seed: int) -> dict[str, Any]:
    """A million forged proofs through join_page, payout_page, publish and claim_versions."""
    figures, noticed = _resumed(seed), seeded.found(seed)
    figures.failed += [f"unnoticed without: {name}" for name, seen in noticed.items() if not seen]
    STATE.parent.mkdir(exist_ok=True)
    while figures.proofs < TOTAL and not figures.failed:
        chunk(Mint(seed), figures)  # a chain of its own: it forgets what it has been through
        part = STATE.with_suffix(".part")
        part.write_text(json.dumps(asdict(figures)), "utf-8")
        part.replace(STATE)
    return {
        "proofs": figures.proofs,
        "accepted": sum("accepted" in each for each in figures.failed),
        "true proofs accepted, one after each batch": figures.live,
        "proofs of tables that lie": figures.lies,
        "kinds of forgery": len(figures.kinds) + Liars.KINDS,
        "by way in": figures.ways,
        "seeded bugs": len(noticed),
        "seeded bugs found": sum(noticed.values()),
        "seconds": round(figures.seconds),
        "seed": seed,
        "failed": figures.failed[:5],
    }
