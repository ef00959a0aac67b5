"""The life of SEEs, whatever anybody does, on the real code: a run is a seed and a number of steps.

Each step has dice of its own, so that a run that fails is made short by leaving steps out.
"""

from __future__ import annotations

import random
import time
import traceback

from tests.properties.life_moves import Moves
from tests.properties.life_nonsense import Nonsense
from tests.properties.life_papers import Papers
from tests.properties.life_truths import Money


def _public(kind: type) -> tuple[str, ...]:
    return tuple(name for name in vars(kind) if not name.startswith("_"))


EVERYTHING = 16  # every so many steps all that there is is read
OFTEN = {  # how often a move comes, beside 4 of each other
    **dict.fromkeys(_public(Nonsense), 1),
    "transfer": 8,
    "pay": 6,
    "amend": 2,
    "amend_of_the_same_seats": 2,
    "deregister": 1,
    "expire": 1,
    "leave": 1,
    "leave_seat": 2,
    "join": 12,
    "claim": 16,
    "claim_versions": 8,
    "payout": 12,
}


MOVES = _public(Moves) + _public(Nonsense)
EACH = _public(Money)  # holds after each step
SOMETIMES = _public(Papers)
TRUTHS = EACH + SOMETIMES


class Life(Papers):
    """SEEs of up to twelve seats."""

    moves = MOVES

    def step(self, number: int, dice: random.Random) -> None:
        weights = [OFTEN.get(move, 4) for move in self.moves]
        (move,) = dice.choices(self.moves, weights)
        refused = self.refused
        getattr(self, move)(dice)
        everything = number % EVERYTHING == 0 or (self.refused > refused and number % 5 == 0)
        self.check(everything)

    def check(self, everything: bool) -> None:
        self._look(everything)
        for truth in TRUTHS if everything else EACH:
            getattr(self, truth)()


class OfThreeSeesOfFewSeats(Life):
    """Members of each other, with few seats: leaves and payments go round."""

    sees, least, most = 3, 1, 4


class OfSeveralPages(Life):
    """Tables of one page and of several follow each other."""

    sees, least, most = 1, 2, 70


class OfARebasingToken(Life):
    """Far from the cap: where a balance fell, old debts and new parts may pass it together."""

    always, never = frozenset({"rebaser"}), frozenset()
    may_be_huge = False


KINDS: tuple[type[Life], ...] = (Life, OfThreeSeesOfFewSeats, OfSeveralPages, OfARebasingToken)


def steps_of(seed: int, count: int) -> list[tuple[int, int]]:
    """The steps of a run: their numbers and the seeds of their dice."""
    return [(number, seed * 1_000_003 + number) for number in range(1, count + 1)]


def live(kind: type[Life], seed: int, steps: list[tuple[int, int]]) -> Life:
    """Lives through these steps. Raises what is found: AssertionError, mostly."""
    life = kind(seed)
    life.check(True)
    for number, dice in steps:
        life.step(number, random.Random(dice))
    life.check(True)
    return life


def shortest(
    kind: type[Life], seed: int, steps: list[tuple[int, int]], where: str, seconds: float
) -> list[tuple[int, int]]:
    """Fewer steps that fail there too: leaving any more out helps no more, or time is up."""
    until = time.monotonic() + seconds
    size = max(1, len(steps) // 2)
    while size and time.monotonic() < until:
        at, shorter = 0, False
        while at < len(steps) and time.monotonic() < until:
            fewer = steps[:at] + steps[at + size :]
            if _fails(kind, seed, fewer) == where:
                steps, shorter = fewer, True
            else:
                at += size
        size = size if shorter and size > 1 else size // 2
    return steps


def _fails(kind: type[Life], seed: int, steps: list[tuple[int, int]]) -> str:
    """Where it fails; empty where it does not."""
    try:
        live(kind, seed, steps)
    except Exception as error:
        return _where(error)
    return ""


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name}, line {frame.lineno}"


def run(kind: type[Life], seed: int, count: int, shrink: float = 60) -> Life:
    """A run. Raises AssertionError that names the kind, the seed and the fewest steps that fail."""
    steps = steps_of(seed, count)
    try:
        return live(kind, seed, steps)
    except Exception as error:
        fewest = shortest(kind, seed, steps, _where(error), shrink)
        again = f"live({kind.__name__}, {seed}, {fewest})"
        raise AssertionError(f"{_where(error)}: {error}; again: {again}") from error
