"""What everyone must have of a SEE of very many seats, worked out apart from the contracts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bench.chain import BenchError
from bench.ledger import NATIVE, Book
from bench.scene import Scene
from seechain import SEE, ShareTable
from seechain.agreement.text import currency_address
from seechain.splitter.dues import AT_ONCE, read_dues

BATCH = 500  # questions in one request
SAMPLES = 40  # times 512 seats of each book, whose dues are compared with the chain's


class Books:
    """The books of each version in each currency, what each account was paid, what is held."""

    def __init__(self, scene: Scene, currencies: tuple[str, ...], rng: random.Random) -> None:
        self.currencies = currencies
        self._scene, self._rng = scene, rng
        self._versions: list[dict[str, Book]] = []
        self._paid: Counter[tuple[str, str]] = Counter()
        self._held: Counter[str] = Counter()

    def open(self, table: ShareTable) -> None:
        """Expects that an agreement is in force."""
        self._versions.append({each: Book(table) for each in self.currencies})

    def receive(self, currency: str, amount: int) -> None:
        """Expects a payment."""
        self._versions[-1][currency].received += amount
        self._held[currency] += amount

    def take(self, currency: str, index: int, version: int = -1) -> None:
        """Expects that a seat is paid what is due to it in one book."""
        book = self._versions[version][currency]
        amount = book.take(index)
        self._paid[currency, book.table.seat(index).account] += amount
        self._held[currency] -= amount

    def take_all(self, account: str, currencies: Iterable[str]) -> None:
        """Expects that an account is paid what all versions owe it."""
        for currency in currencies:
            for version, books in enumerate(self._versions):
                table = books[currency].table
                if account in table:
                    self.take(currency, table.index(account), version)

    def leave(self, index: int) -> None:
        """Expects that a seat has left the version in force."""
        for book in self._versions[-1].values():
            book.leave(index)

    def check(self, see: SEE) -> dict[str, int]:
        """Compares all balances of those who acted, what the SEE holds, and a sample of dues.

        What the SEE holds is also compared with what is due to all of its seats.

        Returns:
            How much was compared.

        Raises:
            BenchError: one figure is another.
        """
        accounts = sorted({account for _, account in self._paid})
        for currency in self.currencies:
            found = self._balances(currency, [*accounts, see.address])
            expected = [self._paid[currency, each] for each in accounts]
            if found != [*expected, self._held[currency]]:
                raise BenchError(f"balances of {currency} are not those of the model")
            self._check_undivided(currency)
        dues = sum(
            self._check_dues(see, version, currency)
            for version in range(len(self._versions))
            for currency in self.currencies
        )
        return {"balances": 2 * len(accounts) + 2, "dues": dues}

    def _check_undivided(self, currency: str) -> None:
        owed = seats = 0
        for books in self._versions:
            owed += sum(_dues(books[currency]))
            seats += len(books[currency].table) + 1  # one unit more where a seat has left
        if not 0 <= self._held[currency] - owed < seats:
            raise BenchError(f"{self._held[currency]} of {currency} are held, {owed} are due")

    def _check_dues(self, see: SEE, version: int, currency: str) -> int:
        book = self._versions[version][currency]
        table = book.table
        size = min(AT_ONCE, len(table))
        key = currency_address(name_of(currency)), version
        for _ in range(SAMPLES):
            first = self._rng.randrange(len(table) - size + 1)
            if read_dues(see, key, table, first, size) != list(_dues(book, first, size)):
                raise BenchError(f"dues from seat {first} of version {version} on differ")
        return SAMPLES * size

    def _balances(self, currency: str, accounts: list[str]) -> list[int]:
        def asked(account: str) -> tuple[str, list[Any]]:
            if currency == NATIVE:
                return "eth_getBalance", [account, "latest"]
            data = "0x" + self._scene.token.data("balanceOf", account).hex()
            return "eth_call", [{"to": currency, "input": data}, "latest"]

        found: list[int] = []
        for at in range(0, len(accounts), BATCH):
            batch = [asked(each) for each in accounts[at : at + BATCH]]
            found += [int(answer, 16) for answer in self._scene.chain.batch(batch)]
        return found


def name_of(currency: str) -> str:
    """A currency as the SDK calls it."""
    return "native" if currency == NATIVE else currency


def _dues(book: Book, first: int = 0, count: int | None = None) -> Iterator[int]:
    """What is due to seats from an index on: as `Book.due` says it of one."""
    table = book.table
    words = table.words if count is None else table.seat_words(first, count)
    had, left = book._taken, book._left
    gone = sum(table.seat(index).shares for index in left)
    divided = (book.received - sum(left.values())) * table.shares // (table.shares - gone)
    for at in range(0, len(words), 32):
        index = first + at // 32
        shares = int.from_bytes(words[at + 26 : at + 32], "big")
        yield left.get(index, divided * shares // table.shares) - had.get(index, 0)
