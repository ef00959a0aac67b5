"""A SEE of pages of few seats, and beside it a plain count of what each seat has had.

The count is written from DESIGN.md §3 ('Books', 'Push must not be stoppable', 'Versions') and
the rule in leaving.vy. It knows neither pages nor bases, marks or flags: a payout of the whole
table, of some pages or of none must come to the same.
"""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from eth_hash.auto import keccak

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import CAP, Refused, Seat
from tests.properties.chain import Revm, deploy, pyrevm
from tests.properties.stage import (
    PAYOUT_WHOLE,
)
from tests.properties.world import ANYONE, PAYER, ZERO, calldata

LATE = 1 << 15
REGISTRY = "0x" + "4e" * 20  # who deploys a SEE's code: nobody else amends it
ACCEPT, REVERT, BURN, BACK = range(4)
MUCH = 2**125
MUTE_REVERT = 1  # of hostile/Token.vy
# A word sets the mode. Paid, it takes the coin, reverts, burns its gas or sends half of it back.
MODES = bytes.fromhex(
    "36602e575f5480600114601b5780600214601f576003146021570"
    "05b5f5ffd5bfe5b5f5f5f5f3460011c335af1005b5f355f5500"
)
CLONE = "60838060093d393df3363460601c17603657343360601b175f527f", "595fa1005b365f5f375f5f365f73"


@dataclass(frozen=True)
class Sheets(a.Table):
    """A table of pages of any lengths."""

    lengths: tuple[int, ...] = ()
    terms: bytes = bytes(32)

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        return [(page, at) for page, count in enumerate(self.lengths) for at in range(count)]

    @cached_property
    def pages(self) -> list[bytes]:
        out = [b""] * len(self.lengths)
        for (page, _), word in zip(self.places, self.words, strict=True):
            out[page] += word
        return out

    @cached_property
    def sums(self) -> list[int]:
        out = [0] * len(self.lengths)
        for (page, _), seat in zip(self.places, self.seats, strict=True):
            out[page] += seat.shares
        return out

    @cached_property
    def total(self) -> int:
        return sum(self.sums)

    @property
    def argument(self) -> tuple[Any, ...]:
        return (*self.fields, self.terms)

    @cached_property
    def commitment(self) -> bytes:
        if self.terms == bytes(32):
            return self.hash
        return a.struct(a.AGREEMENT, "bytes32 bytes32", self.hash, self.terms)

    def index(self, seat: int) -> int:
        page, at = self.places[seat]
        return page << 5 | at


@dataclass
class Book:
    version: int
    had: list[int]
    offset: int = 0
    left: dict[int, int] = field(default_factory=dict)  # what is owed to seats that left
    gone: int = 0  # their shares
    received: int | None = None  # of a closed book


@dataclass
class Count:
    """All that the model knows."""

    books: list[Book]
    closed: dict[tuple[int, int], Book] = field(default_factory=dict)
    balance: list[int] = field(default_factory=lambda: [0, 0, 0])
    got: dict[tuple[int, str], int] = field(default_factory=dict)
    joined: set[tuple[int, int]] = field(default_factory=set)  # version, seat
    slots: list[set[tuple[int, int]]] = field(default_factory=lambda: [set(), set(), set()])
    mode: dict[str, int] = field(default_factory=dict)
    blocked: dict[tuple[int, str], int] = field(default_factory=dict)
    mute: list[int] = field(default_factory=lambda: [0, 0, 0])
    redirects: dict[str, str] = field(default_factory=dict)
    fell: list[bool] = field(default_factory=lambda: [False] * 3)


@cache
def token_code() -> bytes:
    return w.hostile("Token") + bytes(64)


class Books:
    def __init__(self, seed: int, built: Any = w.built) -> None:
        self.dice = dice = random.Random(seed)
        self.chain = Revm()
        self.chain.set_balance(PAYER, MUCH)
        implementation = self.chain.evm.deploy(REGISTRY, built("SEE"))
        self.tokens = [ZERO, *(deploy(self.chain, token_code(), salt) for salt in (1, 2))]
        modes = deploy_code(MODES)
        self.contracts = [deploy(self.chain, modes, salt) for salt in range(3, 8)]
        self.caller = "0x" + "ca11" * 10
        self.people = ["0x" + (10**40 + at).to_bytes(20, "big").hex() for at in range(9)]
        self.huge, self.rebases = dice.random() < 0.15, dice.random() < 0.25
        self.lives = dice.random() < 0.7  # amends and leaves, too
        self.style = dice.choice(["equal", "various", "steep", "full", "none"])
        self.tables = [self._table(0)]
        received = keccak(b"Received(uint256)").hex()
        init = (
            CLONE[0] + received + CLONE[1] + implementation[2:] + "5af43d5f5f3e5f3d91606157fd5bf3"
        )
        self.see = deploy(self.chain, bytes.fromhex(init) + self.tables[0].commitment)
        self._teach_caller()
        self.m = Count([Book(0, [0] * len(self.tables[0].seats)) for _ in range(3)])
        self.done = self.refused = 0
        for account in self.contracts:
            self._set_mode(account, dice.choice([ACCEPT, REVERT, BURN, BACK, BACK]))
        if dice.random() < 0.4:
            for seat in range(len(self.tables[0].seats)):
                if dice.random() < 0.5:
                    self.join(seat, False)

    # ---------------------------------------------------------------- tables

    def _table(self, version: int) -> Sheets:
        dice = self.dice
        pages = dice.choice([1, 2, 2, 3, 3, 4, 4, 5, 16, 17] if version == 0 else [1, 2, 3, 4])
        most = 4 if pages <= 5 else 2
        lengths = [dice.randint(1, most) for _ in range(pages)]
        full = dice.random() < 0.15 and pages <= 4
        if full:
            lengths[dice.randrange(pages)] = 32
        if dice.random() < 0.3:
            lengths[-1] = 1
        make = {
            "equal": lambda: 1,
            "various": lambda: dice.randint(1, 10_000),
            "steep": lambda: 2 ** dice.randint(0, 40),
            "full": lambda: dice.choice([1, 2**35, 2**41 - 1]),
            "none": lambda: dice.choice([0, 1, 97]),
        }[self.style]
        everybody = [*self.people, *self.contracts, self.caller]
        no_push = dice.choice([0, 0.1, 0.3, 1 if full else 0.5])
        seats = [
            Seat(dice.choice(everybody), make(), dice.random() < no_push)
            for _ in range(sum(lengths))
        ]
        last = seats[-1]
        more = 2**48 - 1 - sum(seat.shares for seat in seats[:-1])
        if self.style == "full" or not any(seat.shares for seat in seats):
            seats[-1] = Seat(last.account, more if self.style == "full" else 1, last.pull_only)
        terms = bytes(32) if version == 0 else version.to_bytes(32, "big")
        return Sheets(tuple(seats), tuple(lengths), terms)

    def _teach_caller(self) -> None:
        """Paid, it calls for a payout of the whole table in force."""
        table = self.tables[-1]
        data = calldata(PAYOUT_WHOLE, table.argument, table.pages[:16], ZERO)
        size = len(data).to_bytes(3, "big").hex()
        code = f"62{size}6100375f395f5f62{size}5f5f73{self.see[2:]}5af100"
        code = bytes.fromhex(code).ljust(0x37, b"\0") + data
        info = pyrevm.AccountInfo(balance=self.chain.balance(self.caller), nonce=1, code=code)
        self.chain.evm.insert_account_info(self.caller, info)

    # ---------------------------------------------------------------- the model

    def c(self, name: int, book: Book) -> int:
        if book.received is not None:
            return book.received
        return max(0, min(min(self.m.balance[name], CAP) + book.offset, CAP))

    def v(self, book: Book, received: int) -> int:
        total = self.tables[book.version & ~LATE].total
        return received if not book.gone else received * total // (total - book.gone)

    def entitled(self, name: int, book: Book, seat: int) -> int:
        table = self.tables[book.version & ~LATE]
        return self.v(book, self.c(name, book)) * table.seats[seat].shares // table.total

    def due(self, name: int, book: Book, seat: int) -> int:
        if seat in book.left:
            return book.left[seat]
        return max(0, self.entitled(name, book, seat) - book.had[seat])

    def _send(self, name: int, account: str, amount: int) -> bool:
        m = self.m
        to = m.redirects.get(account, account)
        mode = m.mode.get(to, ACCEPT) if name == 0 else ACCEPT
        if mode in (REVERT, BURN) or m.blocked.get((name, to)) or amount > m.balance[name]:
            return False
        back = amount >> 1 if mode == BACK else 0
        m.balance[name] += back - amount
        m.got[name, to] = m.got.get((name, to), 0) + amount - back
        return True

    def _claim(self, name: int, book: Book, seat: int) -> int:
        m, early = self.m, book.version & ~LATE
        key = early, seat
        if key not in m.joined and (book.version & LATE or key not in m.slots[name]):
            raise Refused("not joined")
        due = self.due(name, book, seat)
        if m.mute[name] and (due or book.received is None):
            raise Refused("mute")
        amount = min(due, m.balance[name])
        if not amount:
            return 0
        if not self._send(name, self.tables[early].seats[seat].account, amount):
            raise Refused("payment failed")
        book.had[seat] += amount
        if seat in book.left:
            book.left[seat] -= amount
        m.books[name].offset += amount
        return amount

    def _payout(self, name: int, pages: list[int]) -> None:
        m = self.m
        if m.mute[name]:
            raise Refused("mute")
        book = m.books[name]
        table = self.tables[book.version]
        reach = self.v(book, self.c(name, book))
        for at, (seat, (page, _)) in enumerate(zip(table.seats, table.places, strict=True)):
            due = reach * seat.shares // table.total - book.had[at]
            if page not in pages or at in book.left or due <= 0:
                continue
            if not seat.pull_only and self._send(name, seat.account, due):
                book.had[at] += due
                book.offset += due
            else:
                m.slots[name].add((book.version, at))
                if name == 0:
                    m.joined.add((book.version, at))

    def _catch_up(self, name: int) -> bool:
        m = self.m
        if m.mute[name]:
            return False
        book = m.books[name]
        if book.version != len(self.tables) - 1:
            book.received = self.c(name, book)
            m.closed[name, book.version] = book
            held = min(m.balance[name], CAP)
            m.books[name] = Book(len(self.tables) - 1, [0] * len(self.tables[-1].seats), -held)
        return True

    def _leave(self, name: int, seat: int) -> None:
        book = self.m.books[name]
        if seat in book.left:
            return
        shares = self.tables[book.version].seats[seat].shares
        entitled = self.entitled(name, book, seat)
        if book.gone + shares >= self.tables[book.version].total:
            raise Refused("last share")
        book.left[seat] = max(0, entitled - book.had[seat])
        book.offset -= entitled
        book.gone += shares

    # ---------------------------------------------------------------- both

    def do(self, signature: str, *arguments: Any, sender: str = ANYONE, value: int = 0) -> bool:
        return self.chain.send(sender, self.see, calldata(signature, *arguments), value)

    def alike(self, done: bool, act: Any, *arguments: Any) -> None:
        before, refused = deepcopy(self.m), None
        try:
            act(*arguments)
        except Refused as why:
            self.m, refused = before, why
        assert done == (refused is None), f"{act} {arguments}: done {done}, refused {refused}"
        self.done, self.refused = self.done + done, self.refused + (not done)

    def _set_mode(self, account: str, mode: int) -> None:
        assert self.chain.send(ANYONE, account, mode.to_bytes(32, "big"))
        self.m.mode[account] = mode

    def _hold(self, name: int, amount: int) -> None:
        data = calldata("set_balance(address,uint256)", self.see, amount)
        assert self.chain.send(ANYONE, self.tokens[name], data)
        self.m.balance[name] = amount

    def receive(self, name: int, amount: int) -> None:
        if name:
            self._hold(name, self.m.balance[name] + amount)
        else:
            assert self.chain.send(PAYER, self.see, b"", amount)
            self.m.balance[0] += amount

    def key(self, version: int, seat: int) -> int:
        table = self.tables[version & ~LATE]
        return version << 192 | table.index(seat) << 160 | int(table.seats[seat].account, 16)


def deploy_code(runtime: bytes) -> bytes:
    """Init code of a runtime of less than 256 bytes."""
    return bytes.fromhex(f"60{len(runtime):02x}8060095f395ff3") + runtime
