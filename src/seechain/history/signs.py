"""What tells of the version to which the book of a currency belongs, where no log says it."""

from __future__ import annotations

from dataclasses import dataclass, field

Sign = tuple[tuple[int, int], int]  # a place in the log, and a version


@dataclass(slots=True)
class Signs:
    """What later logs tell of the version of each book: places in the log, and versions."""

    seen: dict[str, list[Sign]] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)

    def add(self, currency: str, place: tuple[int, int], version: int) -> None:
        """At this place the book of a currency belonged to this version. In the logs' order."""
        self.seen.setdefault(currency, []).append((place, version))

    def next(self, currency: str, place: tuple[int, int]) -> Sign | None:
        """The sign that is seen next, at this place or later; None where nothing tells."""
        seen, at = self.seen.get(currency, []), self.at.get(currency, 0)
        while at < len(seen) and seen[at][0] < place:
            at += 1
        self.at[currency] = at
        return seen[at] if at < len(seen) else None
