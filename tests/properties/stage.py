"""A split on a chain, the model beside it, and those who take part in it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from tests.properties import world as w
from tests.properties.books_model import NATIVE, Model, Refused, Seat
from tests.properties.chain import Chain, Recorder, fast
from tests.properties.world import ANYONE, PAYER, TABLE_ARGUMENT, Split, World, calldata, numbers

PLACE = st.integers(0, 10**6)  # taken modulo the number of seats, pages, currencies
KINDS = (w.ACCEPT, w.REFUSE, w.BURN, w.FUSSY, w.GLUTTON, w.CALL)
MODES = st.sampled_from(KINDS)
JOIN = f"join({TABLE_ARGUMENT},uint256,bytes,bool)"
JOIN_PAGE = f"join_page({TABLE_ARGUMENT},uint256,bytes,bytes,bool)"
CLAIM_VERSIONS = (
    f"claim_versions((uint256,{TABLE_ARGUMENT},uint256,bytes,bytes)[],uint256[],address[])"
)
PAYOUT = f"payout({TABLE_ARGUMENT},bytes,address)"
PAYOUT_PAGE = f"payout_page({TABLE_ARGUMENT},uint256,bytes,bytes,address)"
PAYOUT_WHOLE = f"payout_whole({TABLE_ARGUMENT},bytes[],address)"


def join(split: Split, at: int, claims: bool = True) -> tuple[Any, ...]:
    """The call that joins a seat: of one page, or with the proof of its own."""
    page = at // 32
    if len(split.pages) == 1:
        return JOIN, split.table, at, split.pages[0], claims
    return JOIN_PAGE, split.table, at, split.pages[page], split.proofs[page], claims


def dues_of(see: bool, currency: str, table: tuple[Any, ...], words: list[int]) -> bytes:
    """The view of what is due; of a SEE, under its first agreement."""
    if see:
        view = "dues(address,uint256,uint256,uint256,uint256,uint256[])"
        return calldata(view, currency, 0, table[1], table[2], 0, words)
    view = "dues(address,uint256,uint256,uint256,uint256[])"
    return calldata(view, currency, table[1], table[2], 0, words)


class Stage(RuleBasedStateMachine):
    """One split; a subclass says of which kind and how large."""

    see = False
    least, most = 2, 32  # seats
    always: frozenset[str] = frozenset()  # tokens
    replays: tuple[Callable[[], Any], ...] = ()  # chains that must end as this one

    @initialize(
        count=PLACE,
        odd=st.lists(st.one_of(MODES, st.sampled_from(["bomb", "returns bomb"])), max_size=6),
        pull_only=st.sets(PLACE, max_size=3),
        twice=st.booleans(),
        tokens=st.sets(st.sampled_from(w.TOKENS), min_size=1, max_size=3),
        style=st.sampled_from(["equal", "various", "steep"]),
        huge=st.integers(0, 5),
        joined=st.integers(0, 4),  # quarters of the seats, at the start
        seed=st.integers(0, 2**32),
    )
    def form(self, count, odd, pull_only, twice, tokens, style, huge, joined, seed) -> None:
        self.chain = Recorder(fast())
        self.world = World(self.chain)
        self.huge = huge == 0
        dice = random.Random(seed)
        count = self.least + count % (self.most - self.least + 1)
        accounts, self.mode = self._contracts(odd[:count])
        self.hook: dict[str, int | None] = {}  # whom a contract calls while it is paid
        self.contracts = set(accounts)
        while len(accounts) < count:
            accounts.append("0x" + dice.randbytes(20).hex())
        if twice:
            accounts[-1] = accounts[0]
        shares = {
            "equal": lambda: 1,
            "various": lambda: dice.randint(1, 10_000),
            "steep": lambda: 2 ** dice.randint(0, 40),
        }[style]
        no_push = {place % count for place in pull_only}
        self.seats = [
            Seat(account, shares(), at in no_push) for at, account in enumerate(sorted(accounts))
        ]
        self.split = self.world.create(self.seats, self.see)
        self.to = self.split.address
        self.names = [NATIVE, *sorted(tokens | self.always)]
        self.model = Model(self.seats, self.names)
        if "fee" in self.names:
            self.model.books["fee"].fee = w.FEE
        self.model.accepts_claim = lambda name, at: self._accepts(name, at, pushed=False)
        self.model.accepts_push = lambda name, at: self._accepts(name, at, pushed=True)
        self.model.after_native_claim = self._call_back
        self.blocked: dict[tuple[str, str], int] = {}
        self.parts = {name: [0] * count for name in self.names}
        self.accounts = sorted(set(accounts))
        for account, mode in self.mode.items():
            self._set_mode(account, mode, dice.randrange(10**6))
        for at in range(count):
            if dice.random() < joined / 4:
                self._join(at, claims=False)
        self.looked = 0  # steps of the chain
        self._prepare_views()

    def _contracts(self, odd):
        """The recipients that are contracts, and the modes of those that have one."""
        kinds = [kind for kind in odd if kind in KINDS]
        mode = dict(zip(self.world.recipients, kinds, strict=False))
        bombs = {"bomb": self.world.bomb, "returns bomb": self.world.returns_bomb}
        return [*mode, *(bombs[kind] for kind in bombs if kind in odd)], mode

    def _prepare_views(self) -> None:
        words = [int.from_bytes(word, "big") for word in self.split.words]
        table = self.split.table
        self.views = {}
        for name in self.names:
            currency = self.world.currency(name)
            self.views[name] = (
                calldata("received(address)", currency),
                dues_of(self.see, currency, table, words),
            )
        self.holdings = calldata("holdings(address[])", self.accounts)

    # ---------------------------------------------------------------- how recipients behave

    def _set_mode(self, account: str, mode: int, whom: int) -> None:
        message, self.hook[account] = self._hook(whom)
        self.mode[account] = mode
        change = "set_mode(uint256,address,bytes)"
        assert self.world.do(ANYONE, account, change, mode, self.to, message)

    def _accepts(self, name: str, at: int, pushed: bool) -> bool:
        account = self.seats[at].account
        if name != NATIVE:
            blocked = self.blocked.get((name, account), 0)
            return blocked not in (w.ANSWER_FALSE, w.REVERT, w.BURN_TOKEN)
        if account == self.world.bomb:
            return False
        mode = self.mode.get(account, w.ACCEPT)
        return mode not in (w.REFUSE, w.BURN) and not (mode == w.GLUTTON and pushed)

    def _call_back(self, at: int) -> None:
        """What a recipient does while it is paid by a claim; other calls hold the lock."""
        account = self.seats[at].account
        if self.mode.get(account) == w.CALL:
            self._act(self.hook[account])

    def _act(self, hook: int | None) -> None:
        try:
            if hook is None:
                self.model.payout(NATIVE, [0])
            else:
                self.model.claim(NATIVE, hook)
        except Refused:
            pass

    def _hook(self, place: int) -> tuple[bytes, int | None]:
        """A call that pays, and what it means to the model: a claim, or a payout (none)."""
        at = place % len(self.seats)
        if place % 3 == 0 and len(self.seats) <= 8:  # else too long to read with a push's gas
            return calldata(PAYOUT, self.split.table, self.split.pages[0], w.ZERO), None
        return calldata("claim(uint256,address)", at, self.seats[at].account), at

    # ---------------------------------------------------------------- helpers

    def _do(self, sender: str, signature: str, *arguments: Any, **more: int) -> bool:
        return self.world.do(sender, self.to, signature, *arguments, **more)

    def _alike(self, done: bool, act: Callable[..., Any], *arguments: Any) -> None:
        """The chain and the model do it both, or refuse it both."""
        refused = None
        try:
            act(*arguments)
        except Refused as why:
            refused = why
        assert done == (refused is None), f"done: {done}, in the model refused: {refused}"

    def _join(self, at: int, claims: bool) -> None:
        done = self._do(ANYONE, *join(self.split, at, claims))
        self._alike(done, self.model.join, at, claims)

    def _joined(self, place: int) -> int:
        """A seat that has joined, where there is one and unless the dice say otherwise."""
        joined = sorted(self.model.joined)
        return joined[place % len(joined)] if joined and place % 7 else place % len(self.seats)

    def _fill(self, name: str, amount: int) -> None:
        """A plain transfer first, so that something is due."""
        if not amount:
            return
        amount = self._size(amount)
        if name == NATIVE:
            assert self.chain.send(PAYER, self.to, b"", amount)
        else:
            token = self.world.tokens[name]
            assert self.world.do(PAYER, token, "transfer(address,uint256)", self.to, amount)
            if name in self.hook:
                self._act(self.hook[name])
        self.model.books[name].receive(amount)

    def _seat(self, place: int) -> tuple[int, str]:
        at = place % len(self.seats)
        return at, self.seats[at].account

    def _name(self, place: int) -> str:
        return self.names[place % len(self.names)]

    def _size(self, amount: int) -> int:
        return amount if self.huge else min(amount, 2**100)

    # ---------------------------------------------------------------- what the chain says

    def _observed(self, name: str) -> dict[str, int]:
        """What each account holds; all of it came from the split."""
        if name == NATIVE:
            held = [self.chain.balance(account) for account in self.accounts]
        else:
            held = numbers(self.chain.view(self.world.tokens[name], self.holdings))
        return dict(zip(self.accounts, held, strict=True))

    def _look(self) -> None:
        """Reads the chain once for all invariants, which come in any order."""
        if self.looked == len(self.chain.steps):
            return
        self.looked = len(self.chain.steps)
        self.received, self.dues, self.held = {}, {}, {}
        for name in self.names:
            received, dues = self.views[name]
            self.received[name] = int.from_bytes(self.chain.view(self.to, received), "big")
            self.dues[name] = numbers(self.chain.view(self.to, dues))
            self.held[name] = self._observed(name)

    # ---------------------------------------------------------------- the same on other chains

    def teardown(self) -> None:
        if not hasattr(self, "accounts"):
            return
        for make in self.replays:
            other: Chain = make()
            try:
                self.chain.replay(other)
                self._assert_same(other)
            finally:
                getattr(other, "close", lambda: None)()

    def _assert_same(self, other: Chain) -> None:
        holders = [self.to, PAYER, *self.accounts]
        for account in holders:
            assert self.chain.balance(account) == other.balance(account)
        view = calldata("holdings(address[])", holders)
        for name in self.names[1:]:
            token = self.world.tokens[name]
            assert self.chain.view(token, view) == other.view(token, view)
        slots = self.world.slots(self.split, self.names)
        values = [self.chain.storage(self.to, slot) for slot in slots]
        assert values == [other.storage(self.to, slot) for slot in slots]
