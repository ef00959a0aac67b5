"""The books of one version, in exact integers, as DESIGN.md §3 'Books' and 'Leaving' have them.

In force, C = balance + offset; once closed, C is a number that never changes. Where shares have
left, V stands in for C. How the contract rounds V is not in DESIGN; it is said in
contracts/modules/leaving.vy and is the one thing taken from there:

    a leaver is set aside E = floor(V s / T), and C falls by it; V = floor(C T / (T - L))

That this rounding is fair is not taken from there: `off` compares with what a seat should have
had, as a fraction, by nothing but who had shares when something came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import lcm
from typing import Any, Protocol

from tests.properties.books_model import Refused, Seat


class Payee(Protocol):
    def arrived(self, currency: str, amount: int) -> None: ...


class Bank:
    """Who holds what. All that moves in the model moves here, and can be taken back."""

    def __init__(self) -> None:
        self.held: MutableMapping[tuple[str, str], int] = defaultdict(int)
        self.fees: dict[str, int] = {}  # hundredths of a percent
        self.burnt: MutableMapping[str, int] = defaultdict(int)
        self.sees: dict[str, Payee] = {}
        self._undo: list[tuple[Any, Any, Any]] = []

    def put(self, where: Any, key: Any, value: Any) -> None:
        absent = isinstance(where, dict) and key not in where
        self._undo.append((where, key, None if absent else where[key]))
        where[key] = value

    @contextmanager
    def whole(self) -> Iterator[None]:
        """All of what follows, or nothing."""
        self._undo.clear()
        try:
            yield
        except Refused:
            for where, key, value in reversed(self._undo):
                if value is None:
                    del where[key]
                else:
                    where[key] = value
            raise

    def net(self, currency: str, amount: int) -> int:
        return amount - amount * self.fees.get(currency, 0) // 10_000

    def credit(self, currency: str, to: str, amount: int) -> None:
        self.put(self.held, (currency, to), self.held[currency, to] + amount)

    def burn(self, currency: str, amount: int) -> None:
        """What a token keeps of a transfer."""
        self.put(self.burnt, currency, self.burnt[currency] + amount)

    def move(self, currency: str, source: str, to: str, amount: int) -> None:
        net = self.net(currency, amount)
        self.credit(currency, source, -amount)
        self.credit(currency, to, net)
        self.burn(currency, amount - net)
        if to in self.sees:
            self.sees[to].arrived(currency, net)


@dataclass
class Book:
    """One version and currency; or what was paid late to a closed version."""

    version: int
    seats: tuple[Seat, ...]
    bank: Bank
    late: bool = False
    received: int | None = None  # C, of a closed book
    leaves: int = 0
    left: int = 0  # shares
    final: dict[int, int] = field(default_factory=dict)  # a leaver's part, paid or not
    kept: dict[int, bool] = field(default_factory=dict)  # a push to it failed
    fell: bool = False

    def __post_init__(self) -> None:
        self.had = [0] * len(self.seats)
        self.total = sum(seat.shares for seat in self.seats)
        self.epochs: list[list[int]] = [[self.total, 0]]  # live shares, and what came
        self.until: dict[int, int] = {}  # how many epochs a leaver took part in
        self.parts: list[int] = []  # what each had and was due to it, when it was read last
        self.closed_parts: list[int] = []
        self.most = 0  # the greatest C that was read

    # ---------------------------------------------------------------- what the contract should do

    def divided(self, c: int) -> int:
        return c * self.total // (self.total - self.left)

    def entitled(self, at: int, c: int) -> int:
        if at in self.final:
            return self.final[at]
        return self.divided(c) * self.seats[at].shares // self.total

    def due(self, at: int, c: int) -> int:
        return max(0, self.entitled(at, c) - self.had[at])

    def dues(self, c: int) -> list[int]:
        """All at once."""
        divided, total = self.divided(c), self.total
        parts = [divided * seat.shares // total for seat in self.seats]
        for at, final in self.final.items():
            parts[at] = final
        return [max(0, part - had) for part, had in zip(parts, self.had, strict=True)]

    def leave(self, at: int, c: int) -> int:
        """Sets the part of a seat aside, and says how much that is."""
        part, shares = self.entitled(at, c), self.seats[at].shares
        if self.left + shares >= self.total:
            raise Refused("last share")
        self.final[at] = max(part, self.had[at])
        self.until[at] = len(self.epochs)
        self.left += shares
        self.leaves += 1
        self.epochs.append([self.total - self.left, 0])
        return part

    # ---------------------------------------------------------------- what is fair

    def came(self, amount: int) -> None:
        self.bank.put(self.epochs[-1], 1, self.epochs[-1][1] + amount)

    @property
    def all(self) -> int:
        return sum(amount for _, amount in self.epochs)

    def off(self, parts: list[int]) -> list[tuple[int, int]]:
        """What each seat should have, less what it has and is due: a numerator and what is 1."""
        one = lcm(*{live for live, _ in self.epochs})
        sums = [0]
        for live, amount in self.epochs:
            sums.append(sums[-1] + amount * (one // live))
        last = len(self.epochs)
        return [
            (sums[self.until.get(at, last)] * seat.shares - part * one, one)
            for at, (seat, part) in enumerate(zip(self.seats, parts, strict=True))
        ]
