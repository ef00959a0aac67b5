"""Processes that are killed (SIGKILL) in the middle of an act, and run again with the same key.

A child is forked from a process that has all imported, so that a round takes a tenth of a second.
It dies by the proxy, at a message; by a clock; or by itself, within a write of the journal.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from seechain import Journal, SeechainError
from seechain.journal.file import read_lines
from tests.faults.acts import Act, World
from tests.faults.cells import ACTS, Matrix

WEIGHTS = {"payment": 6, "token payment": 5, "registration": 3, "payout": 3, "cascade": 1}
MOST_KILLS = 3  # of one act, before it is left to finish
FINISHES = 60.0  # seconds in which an act that nobody kills must end


class Broken(AssertionError):
    """What must hold does not."""


@dataclass
class Tally:
    """Figures of many rounds."""

    rounds: int = 0
    points: int = 0
    doubles: int = 0
    missed: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Takes in the figures of other rounds."""
        for name, value in vars(other).items():
            mine = getattr(self, name)
            setattr(self, name, mine + value)


# ------------------------------------------------------------ ways to die


class ByMessage:
    """At a message: before it is forwarded, or so many seconds after."""

    def __init__(self, dice: random.Random, messages: int) -> None:
        self.place = dice.randrange(messages)
        self.when = dice.choice(("before", "after"))
        self.pause = 0.0 if self.when == "before" else dice.choice((0.0, dice.random() * 0.003))
        self.name = f"{self.when} message"

    def __call__(self, pid: int, here: World) -> None:
        def watch(place: int, when: str) -> None:
            if (place, when) != (self.place, self.when):
                return
            if self.pause:
                threading.Timer(self.pause, _kill, (pid,)).start()
                return
            _kill(pid)
            raise ConnectionError("the client is dead")  # nothing of it is forwarded any more

        here.proxy.watch = watch

    def arm(self) -> None:
        """In the child: nothing."""


class ByClock:
    """After a time."""

    def __init__(self, dice: random.Random, seconds: float) -> None:
        self.pause = dice.random() * seconds
        self.name = "clock"

    def __call__(self, pid: int, here: World) -> None:
        threading.Timer(self.pause, _kill, (pid,)).start()

    def arm(self) -> None:
        """In the child: nothing."""


class ByWrite:
    """In the child, at one of its writes or syncs: before it, in the middle of it, or after."""

    def __init__(self, dice: random.Random) -> None:
        self.place = dice.randrange(40)
        self.how = dice.choice(("before", "torn", "after"))
        self.share = dice.random()
        self.name = f"{self.how} write"
        self._count = 0

    def __call__(self, pid: int, here: World) -> None:
        pass

    def arm(self) -> None:
        """Puts itself between the journal and the system."""
        write, sync = os.write, os.fsync

        def writes(number: int, data: bytes) -> int:
            return int(self._at(lambda part: write(number, bytes(data)[:part]), len(data)))

        def syncs(number: int) -> None:
            self._at(lambda part: sync(number), 1)

        os.write, os.fsync = writes, syncs  # type: ignore[assignment]

    def _at(self, act: Callable[[int], object], size: int) -> object:
        mine = self._count == self.place
        self._count += 1
        if mine and self.how != "after":
            if self.how == "torn":
                act(int(size * self.share))
            os.kill(os.getpid(), signal.SIGKILL)
        done = act(size)
        if mine:
            os.kill(os.getpid(), signal.SIGKILL)
        return done if done is not None else 0


Way = ByMessage | ByClock | ByWrite


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


# ------------------------------------------------------------ children


def started(here: World, act: Act, key: str, folder: Path, way: Way | None = None) -> int:
    """A child that does the act; it ends with 0 when the act is done. Its words are in a file."""
    if way is not None and not isinstance(way, ByMessage):
        here.proxy.watch = None
    gate_read, gate_write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: the proxy's hold nothing
        pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.read(gate_read, 1)  # until whoever kills it knows its number
            if way is not None:
                way.arm()
            with Journal(key, directory=folder):
                act.run(here, here.client(timeout=20, retries=True))
            code = 0
        except SeechainError as error:
            (folder / f"said-{os.getpid()}.txt").write_text(f"{type(error).__name__}: {error}")
        except BaseException:
            (folder / f"said-{os.getpid()}.txt").write_text(traceback.format_exc())
        finally:
            os._exit(code)
    here.proxy.watch = None
    if way is not None:
        way(pid, here)
    os.write(gate_write, b"1")
    os.close(gate_read)
    os.close(gate_write)
    return pid


def ended(pid: int, seconds: float = FINISHES) -> str:
    """How a child ended: "done", "killed", "said"."""
    deadline = time.monotonic() + seconds
    while True:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            break
        if time.monotonic() > deadline:
            _kill(pid)
            os.waitpid(pid, 0)
            raise Broken(f"a process did not end within {seconds} s")
        time.sleep(0.002)
    if os.WIFSIGNALED(status):
        return "killed"
    return "done" if os.WEXITSTATUS(status) == 0 else "said"


# ------------------------------------------------------------ rounds


class Killer:
    """Rounds of one world; each starts from the same state."""

    def __init__(self, here: World, tally: Tally) -> None:
        self.here, self.matrix = here, Matrix(here)
        self._counts: dict[str, int] = {}
        self.tally = tally

    def guarded(self, seed: int, number: int, folder: Path, names: list[str]) -> None:
        """A round with dice of its own, from the seed and its number; a failure is noted."""
        at = folder / str(number)
        at.mkdir(parents=True)
        self.tally.rounds += 1
        try:
            self.round(random.Random(f"{seed} {number}"), at, names)
        except AssertionError as error:
            self.tally.failed.append(f"seed {seed}, round {number}: {error}"[:600])

    def round(self, dice: random.Random, folder: Path, names: list[str]) -> None:
        """Kills an act up to three times, lets it finish, and checks that it was done once."""
        act = ACTS[dice.choices(names, [WEIGHTS[each] for each in names])[0]]
        self._learn(act)
        self.here.reset()
        for _ in range(dice.choice((1, 1, 2, MOST_KILLS))):
            way = self._way(dice, act)
            end = ended(started(self.here, act, "round", folder, way))
            if end == "said":
                raise Broken(f"{act.name}, {way.name}: {_words(folder)}")
            if end == "done":
                break
            self.tally.points += 1
            self.tally.acts[act.name] += 1
            self.tally.ways[way.name] += 1
            _readable(folder)
        if ended(started(self.here, act, "round", folder)) != "done":
            raise Broken(f"{act.name} does not go on: {_words(folder)}")
        self.check(act)
        if dice.random() < 0.1:  # an act that is done sends nothing
            if ended(started(self.here, act, "round", folder)) != "done":
                raise Broken(f"{act.name}, done before, says: {_words(folder)}")
            self.check(act)

    def check(self, act: Act) -> None:
        """Exactly once: events, balances, transactions."""
        self.here.settle()
        truth, now = self.matrix.truth_of(act), self.here.state()
        more, less = now.logs - truth.state.logs, truth.state.logs - now.logs
        self.tally.doubles += bool(more)
        self.tally.missed += bool(less)
        if more or less or now.balances != truth.state.balances:
            raise Broken(
                f"{act.name}: {sum(more.values())} events too many, {sum(less.values())} too few"
            )
        if self._sent(act) != self._counts[act.name]:
            raise Broken(f"{act.name} took {self._sent(act)} transactions")

    def learned(self, name: str) -> Act:
        """An act by its name, of which is known what it does."""
        self._learn(ACTS[name])
        return ACTS[name]

    def _learn(self, act: Act) -> None:
        if act.name in self._counts:
            return
        self.matrix.truth(act)
        self._counts[act.name] = self._sent(act)

    def _sent(self, act: Act) -> int:
        return int(self.here.node.eth.get_transaction_count(act.sender.address))

    def _way(self, dice: random.Random, act: Act) -> Way:
        kind = dice.randrange(3)
        if kind == 0:
            return ByMessage(dice, len(self.matrix.asked[act.name]))
        if kind == 1:
            return ByClock(dice, 1.1 * self.matrix.truth_of(act).seconds)
        return ByWrite(dice)


def _words(folder: Path) -> str:
    return " | ".join(each.read_text()[-600:] for each in sorted(folder.glob("said-*.txt")))


def _readable(folder: Path) -> None:
    """A journal that a dead process left is read as it is, and has whole lines only."""
    for each in folder.glob("**/*.jsonl"):
        read_lines(each)
