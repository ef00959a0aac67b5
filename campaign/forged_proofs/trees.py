"""Trees of any number of small pages, honest ones and ones that lie."""

from __future__ import annotations

import random
from dataclasses import dataclass

from eth_hash.auto import keccak

Node = tuple[bytes, int]  # hash and sum
Table = tuple[bytes, int, int, bytes]  # root, shares, pages, terms


def word32(number: int) -> bytes:
    return (number % 2**256).to_bytes(32, "big")


def above(left: Node, right: Node) -> Node:
    packed = left[0] + word32(left[1]) + right[0] + word32(right[1]) + b"\x01"
    return keccak(packed), (left[1] + right[1]) % 2**256


@dataclass(frozen=True)
class Case:
    """A page and what is said to prove it."""

    table: Table
    page: int
    place: int  # on the page
    words: bytes
    proof: bytes
    version: int = 0

    def but(self, **changed: object) -> Case:
        return Case(**{**self.__dict__, **changed})  # type: ignore[arg-type]  # as replace, at half


class Tree:
    """Pages of seat words; a lie says another sum of a page than its shares add up to."""

    def __init__(self, pages: list[bytes], lies: dict[int, int] | None = None) -> None:
        self.pages = pages
        leaves = [
            (keccak(words), (lies or {}).get(at, shares_of(words)))
            for at, words in enumerate(pages)
        ]
        self.levels = [leaves]
        while len(level := self.levels[-1]) > 1:
            pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
            self.levels.append([above(*p) if len(p) == 2 else p[0] for p in pairs])
        self.root, self.shares = self.levels[-1][0]
        self.terms = bytes(32)

    @property
    def table(self) -> Table:
        return self.root, self.shares, len(self.pages), self.terms

    def proof(self, page: int) -> bytes:
        out = b""
        for level in self.levels[:-1]:
            if page ^ 1 < len(level):
                out += level[page ^ 1][0] + word32(level[page ^ 1][1])
            page >>= 1
        return out

    def case(self, page: int, place: int = 0, version: int = 0) -> Case:
        return Case(self.table, page, place, self.pages[page], self.proof(page), version)

    def some_case(self, dice: random.Random) -> Case:
        page = dice.randrange(len(self.pages))
        return self.case(page, dice.randrange(len(self.pages[page]) // 32))


def shares_of(words: bytes) -> int:
    return sum(int.from_bytes(words[at + 26 : at + 32], "big") for at in range(0, len(words), 32))


def some_words(dice: random.Random, seats: int) -> bytes:
    """Seats of accounts that nobody has, ascending."""
    accounts = sorted(dice.getrandbits(160) | 1 << 100 for _ in range(seats))
    return b"".join(
        word32(account << 96 | dice.choice((1, dice.randrange(1, 10**6)))) for account in accounts
    )


def some_pages(dice: random.Random, pages: int, most: int = 4) -> list[bytes]:
    """Small pages, but for one that is full."""
    full = dice.randrange(pages)
    return [some_words(dice, 32 if at == full else dice.randint(1, most)) for at in range(pages)]
