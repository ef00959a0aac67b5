"""Several processes at once: with one key, or with one sender; some of them are killed."""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

from seechain import SEE
from tests.faults.acts import CLIENT, Act, World
from tests.faults.killing import FINISHES, Broken, ByClock, Killer, _kill, _words, started

CROWD = 4
MOST_KILLS = 6  # in one round


@dataclass
class Runner:
    """An act under a key that is started again until it is done."""

    act: Act
    key: str
    pid: int = 0


def invoice(number: int) -> Act:
    """A payment that no other one is like."""

    def pay(here: World, w3: object) -> object:
        see = SEE(w3, here.top)  # type: ignore[arg-type]
        return see.pay(10**15 + number, memo=f"INV-{number}", sender=CLIENT)

    return Act(f"invoice {number}", pay, CLIENT)


def same_key(killer: Killer, dice: random.Random, folder: Path, name: str = "payment") -> int:
    """Two processes run the same act under the same key at the same time; it is done once.

    Returns: how many were killed.
    """
    act = killer.learned(name)
    killer.here.reset()
    killed = _until_done(killer, dice, folder, [Runner(act, "same"), Runner(act, "same")])
    killer.check(act)
    return killed


def same_sender(killer: Killer, dice: random.Random, folder: Path) -> int:
    """Four processes pay four invoices from one account; each is paid once.

    Returns: how many were killed.
    """
    here = killer.here
    acts = [invoice(number) for number in range(CROWD)]
    here.reset()
    before = here.state()
    nonce = int(here.node.eth.get_transaction_count(CLIENT.address))
    runners = [Runner(act, act.name) for act in acts]
    killed = _until_done(killer, dice, folder, runners)
    here.settle()
    now = here.state()
    logged = sorted(now.logs.elements())
    paid = now.balances[here.top, "native"] - before.balances[here.top, "native"]
    sent = int(here.node.eth.get_transaction_count(CLIENT.address)) - nonce
    wanted = sum(10**15 + number for number in range(CROWD))
    memos = [
        sum(f"INV-{number}".encode().hex() in data + topics for _, topics, data in logged)
        for number in range(CROWD)
    ]
    killer.tally.doubles += any(count > 1 for count in memos)
    killer.tally.missed += any(count < 1 for count in memos)
    if paid != wanted or memos != [1] * CROWD or sent != CROWD:
        raise Broken(f"{CROWD} invoices: paid {paid} of {wanted}, logged {memos}, {sent} sent")
    return killed


def _until_done(killer: Killer, dice: random.Random, folder: Path, runners: list[Runner]) -> int:
    here, killed, deadline = killer.here, 0, time.monotonic() + 2 * FINISHES
    left = MOST_KILLS

    def start(runner: Runner) -> None:
        nonlocal left
        way = ByClock(dice, 0.4) if left and dice.random() < 0.6 else None
        left -= way is not None
        runner.pid = started(here, runner.act, runner.key, folder, way)

    for each in runners:
        start(each)
    waiting = list(runners)
    while waiting:
        for each in list(waiting):
            found, status = os.waitpid(each.pid, os.WNOHANG)
            if not found:
                continue
            if os.WIFSIGNALED(status):
                killed += 1
            elif os.WEXITSTATUS(status) == 0:
                waiting.remove(each)
                continue
            start(each)
        if time.monotonic() > deadline:
            for each in waiting:
                _kill(each.pid)
                os.waitpid(each.pid, 0)
            raise Broken(f"{[each.key for each in waiting]} do not end: {_words(folder)}")
        time.sleep(0.005)
    return killed
