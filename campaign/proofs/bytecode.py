"""What halmos is asked: each check of properties/, on a SEE and on a Splitter.

A check that is proven must be refuted once it claims that the call never succeeds (NEVER of
world.vy), or it holds of nothing. A claim that is false by its name must be refuted as it stands.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from campaign.proofs import environment
from campaign.proofs.build import PROPERTIES, ROOT, build
from campaign.proofs.environment import PROVEN, REFUTED

KEPT = environment.HOME / "results.json"
LIBRARY = "Tree"  # speaks of share_table alone: nothing of world.vy
# Property contract -> settings of world.vy to look at it with.
SEE, SPLITTER = (), ("FIXED",)
LOOKS = {
    "Claims": (SEE, SPLITTER),
    "Many": (SEE,),  # it deploys a Splitter by itself
    "Own": (SEE,),
    "Pays": (SEE, SPLITTER),
    "Tables": (SEE, SPLITTER),
    "Tree": (SEE,),
}
# Bytes that are any at all have these lengths: a proof has 64 for each level.
OPTIONS = {"Tree": ("--default-bytes-lengths", "0,64,128")}
OF_SEES = {"check_claim_versions", "check_pay_version", "check_pay_late"}
# Check -> the functions of the contracts that it calls.
FUNCTIONS = {
    "check_claim_plain": ("claim",),
    "check_claim_odd": ("claim",),
    "check_claim_left": ("claim",),
    "check_claim_token": ("claim_token",),
    "check_claim_versions": ("claim_versions",),
    "check_claim_many": ("claim_many",),
    "check_claim_many_token": ("claim_many",),
    "check_end": ("end",),
    "check_succeed": ("succeed",),
    "check_leave": ("leave",),
    "check_redirect": ("redirect",),
    "check_touch": ("touch",),
    "check_pay": ("pay",),
    "check_pay_version": ("pay",),
    "check_default": ("__default__",),
    "check_pay_token": ("pay",),
    "check_pay_late": ("pay_late",),
    "check_join": ("join",),
    "check_join_page": ("join_page",),
    "check_payout": ("payout",),
    "check_payout_page": ("payout_page",),
    "check_payout_whole": ("payout_whole",),
    "check_two_pages_add_up": ("join_page", "payout_page"),
    "check_three_pages_add_up": ("join_page", "payout_page"),
    "check_a_page_has_one_sum": ("join_page", "payout_page"),
    "check_the_whole_is_its_pages": ("payout_whole",),
    "check_a_pages_sum": ("join", "payout"),
    "check_a_total_is_never_zero": ("join", "payout"),
}


@dataclass(frozen=True)
class Check:
    contract: str
    name: str
    settings: tuple[str, ...]

    @property
    def of(self) -> str:
        """Which contract is looked at."""
        fixed = self.contract == "Many" or "FIXED" in self.settings
        return "Splitter" if fixed else "SEE"

    @property
    def title(self) -> str:
        if self.contract == LIBRARY:
            return f"{self.contract}.{self.name}"
        return f"{self.contract}.{self.name} of a {self.of}"

    def functions(self) -> list[str]:
        of = ("SEE", "Splitter") if self.contract == LIBRARY else (self.of,)
        return [f"{one}.{name}" for one in of for name in FUNCTIONS[self.name]]


def checks(kind: str) -> list[Check]:
    """All that are named so: `check` or `false`."""
    found = []
    for path in sorted((ROOT / PROPERTIES).glob("[A-Z]*.vy")):
        for name in re.findall(rf"^def ({kind}_\w+)\(", path.read_text("ascii"), re.M):
            for settings in LOOKS[path.stem]:
                if not (settings == SPLITTER and (name in OF_SEES or kind == "false")):
                    found.append(Check(path.stem, name, settings))
    return sorted(found, key=lambda check: check.settings)  # what a SEE does first


class Halmos:
    """Asks until a time, and keeps what was answered until a byte of what was asked changes."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.kept: dict[str, str] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
        self.digest = _digest()
        self.built: dict[tuple[str, ...], Path] = {}

    def ask(self, wanted: list[Check], *more: str) -> dict[Check, str]:
        """How each check ends, with more settings of world.vy."""
        for check in wanted:
            self._folder((*check.settings, *more))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            answers = pool.map(lambda check: self._answer(check, more), wanted)
            return dict(zip(wanted, answers, strict=True))

    def _answer(self, check: Check, more: tuple[str, ...]) -> str:
        settings = (*check.settings, *more)
        options = OPTIONS.get(check.contract, ())
        name = " ".join((self.digest, check.contract, check.name, *settings, *options))
        if name in self.kept:
            return self.kept[name]
        if time.monotonic() > self.until:
            return environment.LATER
        end = environment.prove(self._folder(settings), check.contract, check.name, *options)
        if end != environment.BUSY:
            self.kept[name] = end
            whole = KEPT.with_suffix(f".{check.of}.{check.name}")
            whole.write_text(json.dumps(dict(self.kept), indent=1))
            whole.replace(KEPT)
        return end

    def _folder(self, settings: tuple[str, ...]) -> Path:
        if settings not in self.built:
            folder = environment.HOME / "-".join(["build", *settings])
            mark = folder / "digest"
            if not mark.exists() or mark.read_text() != self.digest:
                build(folder, settings=settings)
                mark.write_text(self.digest)
            self.built[settings] = folder
        return self.built[settings]


def prove_all(until: float) -> tuple[dict[Check, str], list[str], int]:
    """How each check ends; what is wrong; how many false claims were refuted. Until a time."""
    halmos = Halmos(until)
    ends = halmos.ask(checks("check"))
    proven = [check for check, end in ends.items() if end == PROVEN]
    never = halmos.ask([each for each in proven if each.contract != LIBRARY], "NEVER")
    false = halmos.ask(checks("false"))
    wrong = [f"{check.title} is refuted" for check, end in ends.items() if end == REFUTED]
    if not proven and environment.LATER not in ends.values():
        wrong.append("halmos proves nothing at all")
    wrong += [f"{check.title} holds of no call" for check, end in never.items() if end == PROVEN]
    wrong += [f"{check.title} is proven" for check, end in false.items() if end == PROVEN]
    # What is not known to hold of any call is not counted as proven.
    for check, end in never.items():
        if end != REFUTED:
            ends[check] = f"proven, but that it holds of a call is {end}"
    return ends, wrong, [*never.values(), *false.values()].count(REFUTED)


def _digest() -> str:
    from seechain.chain.artifacts import NAMES, load

    digest = hashlib.sha256(environment.LOCK.read_bytes())
    for name in NAMES:
        digest.update(load(name).integrity.encode() + load(name).bytecode.encode())
    for path in sorted((ROOT / PROPERTIES).glob("*.vy")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
