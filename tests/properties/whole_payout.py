"""A life of such a SEE by the dice, and what must be true of it after each step."""

from __future__ import annotations

from typing import Any

from tests.properties import world as w
from tests.properties.life_world import DUES
from tests.properties.whole_acts import Acts
from tests.properties.whole_books import ACCEPT, LATE, MUTE_REVERT
from tests.properties.world import ANYONE, calldata, numbers


class Life(Acts):
    """By a seed."""

    # ---------------------------------------------------------------- a step

    def step(self) -> None:
        acts, odds = [act for act, _ in MOVES], [odds for _, odds in MOVES]
        act = self.dice.choices(acts, odds)[0]
        act(self, self.dice.choice([0, 0, 1, 2]))

    def _known(self, version: int, slots: set[tuple[int, int]]) -> int:
        """A seat of these, where there is one and unless the dice say otherwise."""
        known = sorted(seat for of, seat in slots if of == version)
        if known and self.dice.random() < 0.8:
            return self.dice.choice(known)
        return self.dice.randrange(len(self.tables[version].seats))

    def _mine(self) -> int:
        return self._known(len(self.tables) - 1, self.m.joined)

    def _every(self, name: int) -> list[int]:
        return list(range(len(self.tables[self.m.books[name].version].lengths)))

    def _receives(self, name: int) -> None:
        kinds = [(1, 300), (1, 10**20)] + [(2**109, 2**112)] * self.huge
        self.receive(name, self.dice.randint(*self.dice.choice(kinds)))

    def _pays_wrong_pages(self, name: int) -> None:
        dice, every = self.dice, self._every(name)
        pages = [dice.choice(every) for _ in range(dice.randint(0, min(16, len(every) + 1)))]
        wrong = [every[:-1], [*every, every[-1]], every[::-1], every[:1], pages, pages]
        self.payout_whole(name, dice.choice(wrong)[:16])

    def _pays_a_page(self, name: int) -> None:
        dice, every = self.dice, self._every(name)
        page = dice.choice(every)
        self.payout_page(name, page, page if dice.random() < 0.9 else dice.choice(every))

    def _joins(self, _: int) -> None:
        seat = self.dice.randrange(len(self.tables[-1].seats))
        self.join(seat, self.dice.random() < 0.5)

    def _claims(self, name: int) -> None:
        known = self.m.joined | self.m.slots[name]
        self.claim(name, self._known(self.m.books[name].version, known))

    def _claims_many(self, _: int) -> None:
        dice, version = self.dice, len(self.tables) - 1
        versions = [dice.randint(0, version) for _ in range(dice.randint(0, 3))]
        joins = [(v, dice.randrange(len(self.tables[v].seats))) for v in versions]
        keys = [*joins, *((v | LATE, at) for v, at in joins if v < version)]
        keys += dice.sample(sorted(self.m.joined), min(3, len(self.m.joined)))
        self.claim_all(joins, keys, [name for name in (0, 1, 2) if dice.random() < 0.5])

    def _behaves(self, name: int) -> None:
        dice = self.dice
        if name == 0:
            self._set_mode(dice.choice(self.contracts), dice.randrange(4))
            return
        how = dice.choice([0, w.ANSWER_FALSE, w.REVERT, w.BURN_TOKEN])
        self._block(name, dice.choice([*self.people, *self.contracts]), how)

    def _falls(self, _: int) -> None:
        if not self.rebases:
            return
        if self.dice.random() < 0.5:
            self._mute(1, self.dice.choice([0, 0, MUTE_REVERT]))
        else:
            self._hold(1, self.dice.randint(0, self.m.balance[1]))
            self.m.fell[1] = True

    def _lives(self, name: int) -> None:
        """What a fixed split never does."""
        dice, version = self.dice, len(self.tables) - 1
        if not self.lives:
            return
        act = dice.random()
        if act < 0.4:
            self.leave(self._mine())
        elif act < 0.55 and version < 3:
            self.amend()
        elif act < 0.75:
            self.touch(dice.choice([1, 2]))
        elif version and not self.huge and not self.m.fell[name]:
            self.pay_late(name, dice.randrange(version), dice.randint(1, 10**6))

    def _block(self, name: int, account: str, how: int) -> None:
        data = calldata("set_blocked(address,uint256)", account, how)
        assert self.chain.send(ANYONE, self.tokens[name], data)
        self.m.blocked[name, account] = how

    def _mute(self, name: int, how: int) -> None:
        data = calldata("set_mute(uint256)", how)
        assert self.chain.send(ANYONE, self.tokens[name], data)
        self.m.mute[name] = how

    # ---------------------------------------------------------------- truths

    def look(self) -> None:
        """Everybody holds on the chain what the model says."""
        m = self.m
        accounts = [self.see, *self.people, *self.contracts, self.caller]
        for name in (0, 1, 2):
            if name:
                view = calldata("holdings(address[])", accounts)
                held = numbers(self.chain.view(self.tokens[name], view))
            else:
                held = [self.chain.balance(account) for account in accounts]
            told = [m.balance[name], *(m.got.get((name, each), 0) for each in accounts[1:])]
            assert held == told, f"currency {name}: {held} {told}"

    def look_at_parts(self) -> None:
        """Nobody has more than its part of what a version received."""
        for name in (0, 1, 2):
            if self.m.fell[name]:
                continue
            closed = [book for (each, _), book in self.m.closed.items() if each == name]
            for book in [*closed, self.m.books[name]]:
                for seat, had in enumerate(book.had):
                    assert seat in book.left or had <= self.entitled(name, book, seat)

    def look_at_dues(self) -> None:
        m = self.m
        for name in (0, 1, 2):
            books = [book for (each, _), book in m.closed.items() if each == name]
            for book in [*books, *([] if m.mute[name] else [m.books[name]])]:
                table = self.tables[book.version & ~LATE]
                _, shares, pages = table.fields
                told: list[int] = []
                for page, at in table.places:
                    if at == 0:
                        words = table.pages[page]
                        each = [
                            int.from_bytes(words[i : i + 32], "big")
                            for i in range(0, len(words), 32)
                        ]
                        data = book.version, shares, pages, page << 5, each
                        answer = self.chain.view(self.see, calldata(DUES, self.tokens[name], *data))
                        told += numbers(answer)
                due = [self.due(name, book, at) for at in range(len(table.seats))]
                assert told == due, f"currency {name}, version {book.version}: {told} {due}"

    def settle(self) -> None:
        """All are paid: nobody can keep another from it, and nothing is left over."""
        m = self.m
        for account in self.contracts:
            self._set_mode(account, ACCEPT)
        for name, account in list(m.blocked):
            self._block(name, account, 0)
        for name in (1, 2):
            self._mute(name, 0)
            self.touch(name)
            if m.fell[name]:
                self.receive(name, 2**100)
        m = self.m
        for version, table in enumerate(self.tables):
            seats = list(range(len(table.seats)))
            for at in range(0, len(seats), 4):
                few = [(version, seat) for seat in seats[at : at + 4]]
                late = [(version | LATE, seat) for _, seat in few if version < len(self.tables) - 1]
                self.claim_all(few, late, [0, 1, 2])
                if version < len(self.tables) - 1:
                    self.claim_all(few, few, [0, 1, 2])
        m = self.m
        for name in (0, 1, 2):
            if len(self.tables[-1].lengths) <= 16:
                self.payout_whole(name)
            for seat in range(len(self.tables[-1].seats)):
                if self.due(name, self.m.books[name], seat):
                    self.claim(name, seat)
        self.look()
        self.look_at_dues()
        self.assert_settled()

    def assert_settled(self) -> None:
        m = self.m
        for name in (0, 1, 2):
            if m.fell[name]:
                continue
            units = 0
            books = [book for (each, _), book in m.closed.items() if each == name]
            for book in [*books, m.books[name]]:
                units += len(book.had) + 2 * len(book.left) + 1
                for seat, had in enumerate(book.had):
                    if seat not in book.left and not self.huge:
                        assert had == self.entitled(name, book, seat)
            if not self.huge:
                assert m.balance[name] < units, f"{m.balance[name]} of {units}"


MOVES = [
    (Life._receives, 20),
    (Life.payout_whole, 20),
    (Life._pays_wrong_pages, 3),
    (Life._pays_a_page, 9),
    (Life._joins, 8),
    (Life._claims, 12),
    (Life._claims_many, 6),
    (Life._behaves, 8),
    (Life._falls, 4),
    (lambda life, _: life.redirect(life._mine()), 3),
    (Life._lives, 7),
]


def live(seed: int, steps: int, built: Any = w.built) -> Life:
    life = Life(seed, built)
    for at in range(steps):
        life.step()
        life.look()
        life.look_at_parts()
        if at % 8 == 7:
            life.look_at_dues()
    life.settle()
    return life
