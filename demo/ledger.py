"""What a share table owes, worked out with fractions from what the story says alone.

The demo compares it with the chain's balances: two ways to one figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from demo.money import NOTHING, Money, add, less


@dataclass
class Period:
    """A time in which the parts were the same. title, payments: in words."""

    title: str
    version: int
    shares: Mapping[str, int]
    payments: tuple[str, ...] = ()
    received: Money = NOTHING

    def part(self, name: str) -> Fraction:
        """One account's part of each payment."""
        return Fraction(self.shares.get(name, 0), sum(self.shares.values()))


class Ledger:
    """A payment is divided by the shares that are in when it comes.

    What an account is owed under one agreement is rounded down to a whole unit.
    """

    def __init__(self, title: str, shares: Mapping[str, int]) -> None:
        self.periods = [Period(title, 0, dict(shares))]

    def receive(self, money: Money, about: str = "") -> None:
        """A payment comes. about: it, in words."""
        now = self.periods[-1]
        now.received = add(now.received, money)
        now.payments += (about,) if about else ()

    def succeed(self, title: str, shares: Mapping[str, int]) -> None:
        """The next agreement comes into force."""
        self.periods.append(Period(title, self.periods[-1].version + 1, dict(shares)))

    def leave(self, title: str, name: str) -> None:
        """A member's seat leaves; the others' parts of what comes rise."""
        now = self.periods[-1]
        shares = {each: count for each, count in now.shares.items() if each != name}
        self.periods.append(Period(title, now.version, shares))

    @property
    def names(self) -> tuple[str, ...]:
        """All who ever had a seat."""
        return tuple(dict.fromkeys(name for period in self.periods for name in period.shares))

    @property
    def received(self) -> Money:
        """All that came."""
        return add(*(period.received for period in self.periods))

    def owed(self, name: str) -> Money:
        """All that an account has earned, taken out or not."""
        return add(*(self._of(name, version) for version in {p.version for p in self.periods}))

    def left(self) -> Money:
        """What of all that came is not yet divided."""
        return less(self.received, add(*map(self.owed, self.names)))

    def _of(self, name: str, version: int) -> Money:
        periods = [each for each in self.periods if each.version == version]
        return _floor(_sum(periods, name, 0)), _floor(_sum(periods, name, 1))


def _sum(periods: Iterable[Period], name: str, currency: int) -> Fraction:
    return sum((each.received[currency] * each.part(name) for each in periods), Fraction())


def _floor(amount: Fraction) -> int:
    return amount.numerator // amount.denominator
