"""SEEs on a chain that are members of each other, the model beside them, and who takes part."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import NATIVE, Refused, Seat
from tests.properties.chain import Chain, Recorder, fast
from tests.properties.life_books import Bank
from tests.properties.life_model import LATE, Rules, See
from tests.properties.life_world import Clone
from tests.properties.world import ANYONE, PAYER, World, calldata, numbers

PLACE = st.integers(0, 10**6)  # taken modulo the number of seats, pages, currencies, SEEs
MODES = st.sampled_from([w.ACCEPT, w.REFUSE, w.BURN, w.FUSSY, w.GLUTTON])
MUTE = st.sampled_from([0, 0, 0, 1, 2, 3])
STYLES = ("equal", "various", "steep", "none")
TOKENS = ("plain", "fee", "silent", "blocker", "rebaser")
ALL = frozenset(range(len(a.KEYS)))


class Stage(RuleBasedStateMachine):
    """The last of the SEEs is paid most; the others are members of it, and it may be of them."""

    sees = 2
    least, most = 1, 12  # seats of a table
    always: frozenset[str] = frozenset()  # tokens
    never: frozenset[str] = frozenset({"rebaser"})
    replays: tuple[Callable[[], Any], ...] = ()  # chains that must end as this one

    @initialize(
        modes=st.lists(MODES, max_size=5),
        tokens=st.sets(st.sampled_from(TOKENS), min_size=1, max_size=3),
        seed=st.integers(0, 2**32),
        style=st.sampled_from(STYLES),
        huge=st.integers(0, 5),
        joined=st.integers(0, 4),  # quarters of the seats, at the start
    )
    def form(self, modes, tokens, seed, style, huge, joined) -> None:
        self.huge = huge == 0
        self.chain = Recorder(fast())
        self.world = World(self.chain)
        self.dice = random.Random(seed)
        self.names = [NATIVE, *sorted((tokens | self.always) - self.never)]
        if len(self.names) == 1:
            self.names.append("plain")
        self.mode = dict(zip(self.world.recipients, modes, strict=False))
        for account, mode in self.mode.items():
            self._set_mode(account, mode)
        self.blocked: dict[tuple[str, str], int] = {}
        self.mute: dict[str, int] = {}
        self.people = ["0x" + self.dice.randbytes(20).hex() for _ in range(6)]
        self.people += [*self.mode, *map(a.account_of, a.KEYS)]
        self.filler = ["0x" + (10**30 + at).to_bytes(20, "big").hex() for at in range(self.most)]
        self.rules = Rules(
            self._accepts,
            lambda name: not self.mute.get(name),
            {self.world.currency(name): name for name in [NATIVE, *w.TOKENS]}.__getitem__,
        )
        self.bank = Bank()
        self.bank.fees["fee"] = w.FEE
        self.clones: list[Clone] = []
        self.models: list[See] = []
        self.nonce = 0
        for _ in range(self.sees):
            agreement = self._draw(self.dice, style, self.most, True)
            clone = Clone(self.world, agreement)
            self.clones.append(clone)
            self.models.append(See(self.bank, self.rules, clone.address, [agreement], self.names))
        self.accounts = [*self.people, *self.filler, *(clone.address for clone in self.clones)]
        self.holdings = calldata("holdings(address[])", self.accounts)
        for clone, model in zip(self.clones, self.models, strict=True):
            for at in range(len(clone.table(0).seats)):
                if self.dice.random() < joined / 4:
                    assert clone.join(at, False)
                    model.join(at, False)
        self.looked = -1  # steps of the chain
        self.quiet = 0
        self.last: dict[int, tuple[int, int]] = {}  # closed books as they were read last

    # ---------------------------------------------------------------- agreements

    def _draw(self, dice: random.Random, style: str, most: int, names_all: bool) -> a.Agreement:
        """An agreement between people, voices, contracts and the SEEs there are."""
        count = dice.randint(min(self.least, most), most)
        pool = [*self.people, *(clone.address for clone in self.clones)]
        chosen = dice.sample(pool, min(count, dice.randint(1, len(pool))))
        chosen += [clone.address for clone in self.clones if dice.random() < 0.6]
        chosen += dice.sample(self.filler, max(0, count - len(chosen)))
        accounts = sorted(set(chosen))
        if dice.random() < 0.2:
            accounts = sorted([*accounts, accounts[0]])  # twice does no harm
        shares = self._shares(dice, style, len(accounts))
        seats = [
            Seat(account, part, dice.random() < 0.1)
            for account, part in zip(accounts, shares, strict=True)
        ]
        names = [name for name in self.names if names_all or dice.random() < 0.5]
        return self._agree(dice, seats, names or [NATIVE])

    def _shares(self, dice: random.Random, style: str, count: int) -> list[int]:
        make = {
            "equal": lambda: 1,
            "various": lambda: dice.randint(1, 10_000),
            "steep": lambda: 2 ** dice.randint(0, 40),
            "none": lambda: dice.choice((0, 1, 97)),
        }[style]
        shares = [make() for _ in range(count)]
        return shares if any(shares) else [1, *shares[1:]]

    def _agree(self, dice: random.Random, seats: list[Seat], names: list[str]) -> a.Agreement:
        self.nonce += 1
        keys = sorted(dice.sample(range(len(a.KEYS)), dice.randint(1, len(a.KEYS))))
        voices = tuple((at, dice.randint(1, 3)) for at in keys)
        currencies = tuple(self.world.currency(name) for name in names)
        return a.Agreement(a.Table(tuple(seats)), voices, currencies, self.nonce)

    # ---------------------------------------------------------------- how recipients behave

    def _set_mode(self, account: str, mode: int) -> None:
        self.mode[account] = mode
        change = "set_mode(uint256,address,bytes)"
        assert self.world.do(ANYONE, account, change, mode, w.ZERO, b"")

    def _accepts(self, name: str, account: str, pushed: bool) -> bool:
        if name != NATIVE:
            blocked = self.blocked.get((name, account), 0)
            return blocked not in (w.ANSWER_FALSE, w.REVERT, w.BURN_TOKEN)
        mode = self.mode.get(account, w.ACCEPT)
        return mode not in (w.REFUSE, w.BURN) and not (mode == w.GLUTTON and pushed)

    # ---------------------------------------------------------------- helpers

    def _alike(self, done: bool, act: Callable[..., Any], *arguments: Any) -> None:
        """The chain and the model do it both, or refuse it both."""
        refused = None
        try:
            act(*arguments)
        except Refused as why:
            refused = why
        assert done == (refused is None), f"done: {done}, in the model refused: {refused}"

    def _see(self, place: int) -> tuple[Clone, See]:
        """Two of three times the last, so that it lives through much."""
        at = self.sees - 1 if place % 3 else place // 3 % self.sees
        return self.clones[at], self.models[at]

    def _name(self, place: int) -> str:
        return self.names[place % len(self.names)]

    def _token(self, place: int) -> str:
        return self.names[1 + place % (len(self.names) - 1)]

    def _fill(self, clone: Clone, model: See, name: str, amount: int) -> None:
        """A plain transfer, so that something is due."""
        if not amount:
            return
        if name == NATIVE:
            assert self.chain.send(PAYER, clone.address, b"", amount)
        else:
            token = self.world.tokens[name]
            assert self.world.do(PAYER, token, "transfer(address,uint256)", clone.address, amount)
        model.plainly(name, amount)

    def _joined(self, model: See, place: int, version: int = -1) -> int:
        """A seat that has joined, where there is one and unless the dice say otherwise."""
        joined = sorted(model.joined[version])
        seats = len(model.seats(version))
        return joined[place % len(joined)] if joined and place % 7 else place % seats

    def _size(self, amount: int) -> int:
        return amount if self.huge else min(amount, 2**100)

    def _currencies(self, names: list[str]) -> list[str]:
        return [self.world.currency(name) for name in names]

    # ---------------------------------------------------------------- the same on other chains

    def teardown(self) -> None:
        if not hasattr(self, "holdings"):
            return
        for make in self.replays:
            other: Chain = make()
            try:
                self.chain.replay(other)
                self._assert_same(other)
            finally:
                getattr(other, "close", lambda: None)()

    def _assert_same(self, other: Chain) -> None:
        for account in [PAYER, *self.accounts]:
            assert self.chain.balance(account) == other.balance(account)
        for name in self.names[1:]:
            token = self.world.tokens[name]
            held = numbers(self.chain.view(token, self.holdings))
            assert held == numbers(other.view(token, self.holdings))
        for clone, model in zip(self.clones, self.models, strict=True):
            for slot in self._slots(clone, model):
                assert self.chain.storage(clone.address, slot) == other.storage(clone.address, slot)

    def _slots(self, clone: Clone, model: See) -> list[int]:
        """Where the books of all its versions stand."""
        versions = range(len(clone.agreements))
        keys = [
            clone.key(version, at, late)
            for version in versions
            for at in range(len(clone.table(version).seats))
            for late in (0, LATE)
        ]
        closed = [version | late for version in versions for late in (0, LATE)]
        pages = [v << 32 | page for v in versions for page in range(len(clone.table(v).pages))]
        accounts = [int(account, 16) for account in self.accounts]
        currencies = [int(self.world.currency(name), 16) for name in self.names]
        return w.slots_of_see(list(versions), keys, closed, pages, accounts, currencies)
