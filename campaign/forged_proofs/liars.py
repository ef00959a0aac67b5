"""Tables that a forger made itself, and paid to put on the chain: they lie about their sums.

Where a lie stands on a page's path the page is unprovable; where it stands beside it, the page
counts if all adds up, and then the page that is lied about does not. So of each such table the
pages that can be proven never have more than all shares together.
"""

from __future__ import annotations

import random

from campaign.forged_proofs.targets import Mint, Target, join_page
from campaign.forged_proofs.trees import Tree, shares_of, some_pages

SHARES = 2**48


class Liars:
    KINDS = 6

    def __init__(self, mint: Mint, dice: random.Random) -> None:
        self.mint, self.dice = mint, dice
        self.proofs = self.live = 0

    def prove(self, least: int) -> list[str]:
        """Tries every page of one lying table after the other. What was wrong."""
        wrong: list[str] = []
        while self.proofs < least:
            wrong += self._table()
        return wrong

    def _table(self) -> list[str]:
        dice = self.dice
        pages = some_pages(dice, dice.randint(2, 40), most=3)
        at = dice.randrange(len(pages))  # lied about
        true = shares_of(pages[at])
        rest = sum(map(shares_of, pages)) - true
        lie = (
            true + dice.randrange(1, 10**6),
            dice.randrange(true),
            true + SHARES,
            2**256 - dice.randrange(1, rest + 1),  # the sums above it wrap, to less than there is
            SHARES - 1,
            0,
        )[dice.randrange(self.KINDS)]
        tree = Tree(pages, {at: lie})
        if not 0 < tree.shares < SHARES or dice.random() < 0.2:
            tree.shares = dice.choice((rest + true, rest, dice.randrange(1, rest + true)))
        return self._try(tree, at)

    def _try(self, tree: Tree, liar: int) -> list[str]:
        """Each page once, under its own number and the next ones."""
        account = self.mint.split(tree)
        ways = self.mint.ways(account, [])
        proven: dict[int, int] = {}
        for page in range(len(tree.pages)):
            case = tree.case(page)
            for number in (page, page ^ 1, page + 1):
                way = self.dice.choice(ways)
                self.proofs += 1
                if self._is_proven(way, case.but(page=number)):
                    proven[number] = shares_of(case.words)
                    self.live += 1
        if liar in proven or sum(proven.values()) > tree.shares:
            return [f"a table of {tree.shares} proves {proven}, liar {liar}: {tree.pages}"]
        return []

    def _is_proven(self, way: Target, case: object) -> bool:
        return self.mint.is_live(way, case)  # type: ignore[arg-type]


__all__ = ["Liars", "join_page"]
