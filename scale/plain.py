"""The share table as one would write it first: what ours is compared with.

eth_utils for hashes and checksums, one object for each seat, one proof for each seat that is
built from the tree. It checks what ours checks, and its output is the same.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from eth_utils.address import is_checksum_address
from eth_utils.conversions import to_bytes
from eth_utils.crypto import keccak

PAGE = 32
MAX_SHARES = 2**48 - 1


@dataclass(frozen=True)
class Seat:
    """One line of the seats file."""

    account: str
    shares: int

    def word(self) -> bytes:
        """Account, flags, shares."""
        return to_bytes(hexstr=self.account) + bytes(6) + self.shares.to_bytes(6, "big")


@dataclass(frozen=True)
class Node:
    """A node of the tree."""

    hash: bytes
    sum: int

    def packed(self) -> bytes:
        """As its parent hashes it, and as a proof holds it."""
        return self.hash + self.sum.to_bytes(32, "big")


def read(path: Path) -> list[Seat]:
    """The seats of a file, ascending by account."""
    seats = []
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            account, shares = row["account"], int(row["shares"])
            if not is_checksum_address(account):
                raise ValueError(f"the checksum of {account} is wrong")
            if not 0 < shares <= MAX_SHARES:
                raise ValueError(f"{account} has {shares} shares")
            seats.append(Seat(account, shares))
    seats.sort(key=lambda seat: int(seat.account, 16))
    for before, seat in pairwise(seats):
        if before.account == seat.account:
            raise ValueError(f"{seat.account} has two seats")
    return seats


def tree(seats: list[Seat]) -> list[list[Node]]:
    """All levels, from the pages up."""
    level = []
    for at in range(0, len(seats), PAGE):
        page = seats[at : at + PAGE]
        level.append(
            Node(keccak(b"".join(seat.word() for seat in page)), sum(seat.shares for seat in page))
        )
    levels = [level]
    while len(level) > 1:
        above = []
        for at in range(0, len(level) - 1, 2):
            left, right = level[at], level[at + 1]
            above.append(
                Node(keccak(left.packed() + right.packed() + b"\x01"), left.sum + right.sum)
            )
        if len(level) % 2:
            above.append(level[-1])
        level = above
        levels.append(level)
    return levels


def proof(levels: list[list[Node]], index: int) -> list[Node]:
    """The siblings of a seat's page, from the pages up."""
    found = []
    at = index // PAGE
    for level in levels[:-1]:
        if at ^ 1 < len(level):
            found.append(level[at ^ 1])
        at //= 2
    return found
