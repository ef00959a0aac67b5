"""The life of a SEE of very many seats on a chain, through the SDK, checked to the unit.

It is registered with its table unpublished, paid in two currencies, members join and claim from
a store on disk, pages are paid out, it is amended to a table of as many other seats, one member
leaves, it is paid and members claim again.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from web3 import Web3

from bench.chain import BenchError
from bench.ledger import NATIVE
from bench.scene import Scene
from scale import people
from scale.books import Books, name_of
from seechain import SEE, Agreement, Receipt, Receipts, Registry, ShareStore, ShareTable


class Life:
    """One SEE, its tables in stores, and the books it ought to keep."""

    def __init__(self, scene: Scene, w3: Web3, folder: Path, seats: int, seed: int) -> None:
        self.w3, self.folder = w3, folder
        self.registry = Registry(w3, Web3.to_checksum_address(scene.registry.address))
        self.token = Web3.to_checksum_address(scene.token.address)
        self.desk, self.payer = scene.chain.accounts[:2]
        self.rng = random.Random(seed)
        self.books = Books(scene, (NATIVE, self.token), self.rng)
        self.leaver = people.signer("the one who leaves", seats)
        self.voices = [people.signer(each, seats) for each in people.VOICES]
        self.gas: defaultdict[str, list[int]] = defaultdict(list)
        self.seconds: dict[str, float] = {}
        self.see: SEE

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Takes the time of what is done inside."""
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 2)

    def account(self, index: int) -> str:
        """Whose seat it is in the version in force."""
        return self.see.table.seat(index).account

    def agreement(self, crowd: people.Crowd, name: str) -> Agreement:
        """An agreement of a crowd, read from its files as people do."""
        now = int(self.w3.eth.get_block("latest")["timestamp"])
        with self.step(f"{name} table: write its seats file"):
            path = people.write_agreement(self.folder, crowd, name, self.token)
        with self.step(f"{name} table: load it, its tree and its commitment"):
            made = Agreement.load(path, now=now)
            _ = made.commitment
        return made

    def stored(self, table: ShareTable, name: str) -> ShareStore:
        """The table's store on disk."""
        with self.step(f"{name} table: write its store"):
            path = ShareStore.write(self.folder / f"{name}.seats", table)
        return ShareStore(path, signed=table.hash)

    # ------------------------------------------------------------ the acts

    def register(self, agreement: Agreement) -> None:
        """Registers it, its table unpublished, by the consent of all voices."""
        consents = [self.registry.sign(agreement, each) for each in self.voices]
        with self.step("register"):
            see = self.registry.register(agreement, consents, sender=self.desk, publish=False)
        self._note("register", see.receipts)
        # From here on as one who has its address and the store, and nothing else.
        self.see = SEE(self.w3, see.address, table=self.stored(agreement.table, "first"))
        self.books.open(self.see.table)

    def amend(self, agreement: Agreement) -> None:
        """Two of the three voices put the next agreement in force."""
        amendment = self.see.amendment(agreement)
        consents = [self.see.sign(amendment, each) for each in self.voices[:2]]
        with self.step("amend"):
            receipts = self.see.amend(agreement, consents, sender=self.desk, publish=False)
        self._note("amend", receipts)
        first = self.see.table_of(self.see.versions[0])
        self.see = SEE(self.w3, self.see.address, table=self.stored(agreement.table, "next"))
        self.see.give(first)
        self.books.open(self.see.table)

    def pay(self) -> None:
        """Pays in both currencies."""
        for currency, act in zip(self.books.currencies, ("native", "token"), strict=True):
            amount = 10**21 + self.rng.randrange(10**18)
            receipts = self.see.pay(amount, sender=self.payer, currency=name_of(currency))
            self._note(f"pay, {act}", receipts[-1:])
            self.books.receive(currency, amount)

    def join(self, indices: Iterable[int]) -> None:
        """Members join, which pays them what is due in native coin."""
        for index in indices:
            self._note(
                "first claim, native (joins)", self.see.join(self.account(index), sender=self.desk)
            )
            self.books.take(NATIVE, index)

    def claim(self, act: str, accounts: Iterable[str], currency: str | None = None) -> None:
        """Members claim what all versions owe them, in one currency or in both."""
        for account in accounts:
            named = None if currency is None else name_of(currency)
            self._note(act, self.see.claim(account, named, sender=self.desk))
            self.books.take_all(account, self.books.currencies if currency is None else [currency])

    def payout(self, pages: list[int]) -> None:
        """Pages are paid out in both currencies."""
        for currency, act in zip(self.books.currencies, ("native", "token"), strict=True):
            receipts = self.see.payout(name_of(currency), sender=self.desk, pages=pages)
            if len(receipts) != len(pages):
                raise BenchError(f"{len(receipts)} of {len(pages)} pages were paid out")
            for receipt in receipts:
                self._note(f"payout of a page, {act}", [receipt])
            for page in pages:
                for place in range(len(self.see.table.page(page)) // 32):
                    self.books.take(currency, 32 * page + place)

    def leave(self) -> None:
        """A member leaves with its seat: it signs, the desk pays the gas."""
        receipts = self.see.leave(self.leaver, seat=True, voice=False, sender=self.desk)
        self._note("leave (after its join)", receipts[-1:])
        self.books.leave(self.see.table.index(self.leaver.address))

    def _note(self, act: str, receipts: Iterable[Receipt]) -> None:
        self.gas[act].append(Receipts(receipts).gas_used)


def live(
    scene: Scene, w3: Web3, folder: Path, seats: int, *, members: int, pages: int, seed: int
) -> dict[str, Any]:
    """The whole life; its gas, its times and how much was checked.

    members: who join and claim. pages: that are paid out.

    Raises:
        BenchError: a balance or a due is not that of the model.
    """
    life = Life(scene, w3, folder, seats, seed)
    before, after = people.crowds(seats, seed, life.leaver.address)
    life.register(life.agreement(before, "first"))
    few = max(min(5, members // 3), members // 20)
    # Some who will be no members any more are among those who are drawn.
    going = [before.account(at) for at in range(few)]
    drawn = [life.account(at) for at in life.rng.sample(range(len(life.see.table)), members)]
    drawn = [each for each in drawn if each != life.leaver.address and each not in going]
    steady, others = drawn[:few], drawn[few : members - few]
    life.pay()
    with life.step(f"{members} members join and claim"):
        life.join(map(life.see.table.index, steady))
        life.claim("claim, token", steady, life.token)
        life.claim("first claim, both (joins)", [*others, *going])
    life.pay()
    with life.step(f"{few} of them claim again"):
        life.claim("claim again, native", steady, NATIVE)
        life.claim("claim again, token", steady, life.token)
    with life.step(f"{pages} pages are paid out in both"):
        life.payout(sorted(life.rng.sample(range(life.see.table.pages), pages)))
    life.pay()
    life.amend(life.agreement(after, "next"))
    life.leave()
    life.pay()
    with life.step(f"{4 * few + 1} members of one or both versions claim"):
        life.claim(
            "claim, both, of two versions",
            [each for each in others if each in life.see.table][: 2 * few],
        )
        coming = [after.account(-2 - at) for at in range(few)]
        life.claim("first claim, both, in the next version", coming)
        life.claim("claim, both, of a closed version", going)
        life.claim("claim, both, of the one who left", [life.leaver.address])
    with life.step("check all sums"):
        checked = life.books.check(life.see)
    return {
        "seats": len(life.see.table),
        "table_pages": life.see.table.pages,
        "members": len(steady) + len(others) + len(going),
        "pages_paid": pages,
        "proof_bytes": len(life.see.table.proof(0)),
        "gas": {act: _spread(each) for act, each in life.gas.items()},
        "seconds": life.seconds,
        "checked": checked,
    }


def _spread(gas: list[int]) -> dict[str, int]:
    return {
        "times": len(gas),
        "least": min(gas),
        "median": int(median(gas)),
        "most": max(gas),
    }
