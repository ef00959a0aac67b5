"""SEEs on a chain that are members of each other, the model beside them, and who takes part."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import CAP, NATIVE, Refused, Seat
from tests.properties.chain import Chain, Recorder, fast
from tests.properties.life_books import Bank
from tests.properties.life_model import LATE, Rules, See
from tests.properties.life_world import Clone
from tests.properties.world import ANYONE, PAYER, World, calldata, numbers

MODES = (w.ACCEPT, w.REFUSE, w.BURN, w.FUSSY, w.GLUTTON, w.CALL_BACK)
STYLES = ("equal", "various", "steep", "none")
TOKENS = ("plain", "fee", "silent", "blocker", "rebaser")
ALL = frozenset(range(len(a.KEYS)))


class Stage:
    """The last of the SEEs is paid most; the others are members of it, and it may be of them."""

    sees = 2
    least, most = 1, 12  # seats of a table
    always: frozenset[str] = frozenset()  # tokens
    never: frozenset[str] = frozenset({"rebaser"})
    may_be_huge = True  # amounts near the cap

    def __init__(self, seed: int) -> None:
        dice = self.dice = random.Random(seed)
        self.huge = dice.random() < 0.17 and self.may_be_huge
        self.chain = Recorder(fast())
        self.world = World(self.chain)
        tokens = {*dice.sample(TOKENS, dice.randint(1, 3))}
        self.names = [NATIVE, *sorted((tokens | self.always) - self.never)]
        if len(self.names) == 1:
            self.names.append("plain")
        self.mode: dict[str, int] = {}
        self.hook: dict[str, tuple[int, str]] = {}  # the seat that a contract claims as it is paid
        self.blocked: dict[tuple[str, str], int] = {}
        self.mute: dict[str, int] = {}
        contracts = self.world.recipients[: dice.randint(0, 5)]
        self.people = ["0x" + dice.randbytes(20).hex() for _ in range(6)]
        self.people += [*contracts, *map(a.account_of, a.KEYS)]
        self.filler = ["0x" + (10**30 + at).to_bytes(20, "big").hex() for at in range(self.most)]
        self.rules = Rules(
            self._accepts,
            lambda name: not self.mute.get(name),
            {self.world.currency(name): name for name in [NATIVE, *w.TOKENS]}.__getitem__,
            lambda: self.world.chain.now <= a.DEADLINE,
            self._calls_back,
        )
        self.bank = Bank()
        self.bank.fees["fee"] = w.FEE
        self.clones: list[Clone] = []
        self.models: list[See] = []
        self.nonce = self.done = self.refused = 0
        for name in self.names:
            self.bank.held[name, PAYER] = w.MUCH
        self._form(dice)
        for account in contracts:
            self._set_mode(account, dice.choice(MODES), dice.randrange(self.most))

    def _form(self, dice: random.Random) -> None:
        style, joined = dice.choice(STYLES), dice.randint(0, 4) / 4
        for _ in range(self.sees):
            agreement = self._draw(dice, style, self.most, True)
            clone = Clone(self.world, agreement)
            self.clones.append(clone)
            self.models.append(See(self.bank, self.rules, clone.address, [agreement], self.names))
        self.accounts = [*self.people, *self.filler, *(clone.address for clone in self.clones)]
        self.holdings = calldata("holdings(address[])", self.accounts)
        for clone, model in zip(self.clones, self.models, strict=True):
            for at in range(len(clone.table(0).seats)):
                if dice.random() < joined:
                    assert clone.join(at, False)
                    model.join(at, False)

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

    def _set_mode(self, account: str, mode: int, place: int) -> None:
        """`place`: of the seat of the last SEE for which it claims while that pays it."""
        target, message = w.ZERO, b""
        if mode == w.CALL_BACK:
            seats = self.models[-1].seats(-1)
            place %= len(seats)
            target = self.clones[-1].address
            self.hook[account] = (place, seats[place].account)
            message = calldata("claim(uint256,address)", *self.hook[account])
        self.mode[account] = mode
        change = "set_mode(uint256,address,bytes)"
        assert self.world.do(ANYONE, account, change, mode, target, message)

    def _accepts(self, name: str, account: str, pushed: bool) -> bool:
        if name != NATIVE:
            blocked = self.blocked.get((name, account), 0)
            return blocked not in (w.ANSWER_FALSE, w.REVERT, w.BURN_TOKEN)
        mode = self.mode.get(account, w.ACCEPT)
        return mode not in (w.REFUSE, w.BURN) and not (mode == w.GLUTTON and pushed)

    def _calls_back(self, see: See, account: str) -> tuple[int, str] | None:
        """The seat that a recipient claims while this SEE's plain claim pays it."""
        if self.mode.get(account) != w.CALL_BACK or see is not self.models[-1]:
            return None
        return self.hook[account]

    # ---------------------------------------------------------------- helpers

    def _alike(self, done: bool, act: Callable[..., Any], *arguments: Any) -> None:
        """The chain and the model do it both, or refuse it both."""
        refused = None
        try:
            act(*arguments)
        except Refused as why:
            refused = why
        assert done == (refused is None), f"done: {done}, in the model refused: {refused}"
        self.done += done
        self.refused += not done

    def _see(self, dice: random.Random) -> tuple[Clone, See]:
        """Two of three times the last, so that it lives through much."""
        at = self.sees - 1 if dice.random() < 0.67 else dice.randrange(self.sees)
        return self.clones[at], self.models[at]

    def _name(self, dice: random.Random) -> str:
        return dice.choice(self.names)

    def _token(self, dice: random.Random) -> str:
        return dice.choice(self.names[1:])

    def _amount(self, dice: random.Random) -> int:
        """Small, usual, large, and near the cap, which a SEE is not to be brought beyond else."""
        kinds = [(1, 300), (1, 10**20), (2**90, 2**100)]
        if self.huge:
            kinds += [(CAP - 2, CAP + 2), (2**110, 2**114)]
        return dice.randint(*dice.choice(kinds))

    def _fill(self, clone: Clone, model: See, name: str, dice: random.Random) -> None:
        """A plain transfer in one of three cases, so that something is due."""
        if dice.random() < 0.6:
            self._transfer(clone, model, name, dice.randint(1, dice.choice((300, 10**20))))

    def _transfer(self, clone: Clone, model: See, name: str, amount: int) -> None:
        if name == NATIVE:
            assert self.chain.send(PAYER, clone.address, b"", amount)
        else:
            token = self.world.tokens[name]
            assert self.world.do(PAYER, token, "transfer(address,uint256)", clone.address, amount)
        model.plainly(name, amount)

    def _joined(self, model: See, dice: random.Random, version: int = -1) -> int:
        """A seat that has joined, where there is one and unless the dice say otherwise."""
        joined = sorted(model.joined[version])
        if joined and dice.random() < 0.85:
            return dice.choice(joined)
        return dice.randrange(len(model.seats(version)))

    def _currencies(self, names: list[str]) -> list[str]:
        return [self.world.currency(name) for name in names]

    # ---------------------------------------------------------------- the same on other chains

    def replay(self, other: Chain) -> None:
        """Another engine, put through the same calls, must end with the same state."""
        self.chain.replay(other)
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
