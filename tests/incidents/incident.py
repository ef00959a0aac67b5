"""What an incident is here: how it was done, replayed, and the fault that made it possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Attack = Callable[[Any], None]


@dataclass(frozen=True)
class Seed:
    """The historic fault, as a change of one of our sources. `old` stands there exactly once."""

    path: str  # from the root of the repository
    old: str
    new: str
    only: tuple[str, ...] = ()  # contracts to compile; none given: all that hold the source
    more: tuple[tuple[str, str], ...] = ()  # further changes, where two defences stand in line
    beside: Seed | None = None  # such a change of another source

    @property
    def changes(self) -> tuple[tuple[str, str], ...]:
        return (self.old, self.new), *self.more


@dataclass(frozen=True)
class Incident:
    name: str
    when: str  # year, and month where it is known
    lost: str
    source: str
    attack: Attack  # fails where the attacker gains anything
    seed: Seed

    @property
    def is_of_sdk(self) -> bool:
        return self.seed.path.startswith("src/")


ALL: list[Incident] = []


def incident(when: str, lost: str, source: str, seed: Seed) -> Callable[[Attack], Attack]:
    """Lists an attack; its name is the function's."""

    def keep(attack: Attack) -> Attack:
        ALL.append(Incident(attack.__name__, when, lost, source, attack, seed))
        return attack

    return keep
