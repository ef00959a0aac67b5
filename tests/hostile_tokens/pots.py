"""Who is to have what, in the least of arithmetic: one pot for each version, and for what is
paid to it late. Nothing here knows of claims, payouts, marks or slots."""

from __future__ import annotations

from dataclasses import dataclass, field

LATE = 1 << 15


@dataclass
class Pot:
    shares: dict[str, int]
    money: int = 0  # to be divided; what leavers are owed is set aside
    gone: dict[str, int] = field(default_factory=dict)  # leavers, and what is theirs for ever

    def part(self, account: str) -> int:
        """All that an account should have had of it, by now."""
        if account in self.gone:
            return self.gone[account]
        total = sum(self.shares.values())
        live = total - sum(self.shares[each] for each in self.gone)
        return self.money * total // live * self.shares.get(account, 0) // total

    def leave(self, account: str) -> None:
        owed = self.part(account)
        self.money -= owed
        self.gone[account] = owed


class Pots:
    """Of one currency."""

    def __init__(self, shares: dict[str, int]) -> None:
        self.tables = [shares]
        self.pots = {0: Pot(shares)}
        self.came = 0

    def receive(self, version: int, amount: int) -> None:
        pot = self.pots.get(version)
        if pot is None:
            pot = self.pots[version] = Pot(self.tables[version & ~LATE])
            early = self.pots.get(version & ~LATE)
            if version & LATE and early:
                pot.gone = dict.fromkeys(early.gone, 0)
        pot.money += amount
        self.came += amount

    def leave(self, version: int, account: str) -> None:
        self.receive(version, 0)
        self.pots[version].leave(account)

    def gone(self, version: int) -> set[str]:
        return set(self.pots[version].gone) if version in self.pots else set()

    def part(self, account: str) -> int:
        return sum(pot.part(account) for pot in self.pots.values())

    def accounts(self) -> set[str]:
        return {account for table in self.tables for account in table}
