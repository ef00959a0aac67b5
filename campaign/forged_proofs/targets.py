"""Contracts with money, and the ways into them by which a page is proven."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from eth_abi import decode
from eth_hash.auto import keccak

from campaign.forged_proofs.trees import Case, Tree, some_pages, some_words, word32
from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import Seat
from tests.properties.chain import Revm, raw
from tests.properties.life_world import Clone
from tests.properties.stage import CLAIM_VERSIONS, JOIN_PAGE, PAYOUT_PAGE

MONEY = 10**18
TABLE = "(bytes32,uint256,uint256,bytes32)"
PUBLISH = f"publish(address,{TABLE},uint256,bytes[],bytes[])"
# What a proof is refused for. Anything else would hide whether it counts.
REFUSALS = {"wrong table", "wrong page", "wrong sum", "wrong proof", "wrong total", "wrong version"}
UNREADABLE = "unreadable"  # the ABI's own bounds


@cache
def selector(signature: str) -> bytes:
    return keccak(signature.encode())[:4]


def padded(data: bytes) -> bytes:
    return word32(len(data)) + data + bytes(-len(data) % 32)


def _core(case: Case, number: int, before: int, last: bytes) -> bytes:
    """Table, number, words and proof as the ABI has them; `before`: bytes ahead of the table."""
    root, shares, pages, terms = case.table
    words = padded(case.words)
    at = before + 32 * 7 + len(last)
    head = root + word32(shares) + word32(pages) + terms + word32(number)
    return head + word32(at) + word32(at + len(words)) + last + words + padded(case.proof)


def join_page(case: Case) -> bytes:
    return selector(JOIN_PAGE) + _core(case, case.page * 32 + case.place, 0, word32(0))


def payout_page(case: Case) -> bytes:
    return selector(PAYOUT_PAGE) + _core(case, case.page, 0, word32(0))


def claim_versions(case: Case) -> bytes:
    """A seat to join, nothing to pay."""
    seat = word32(case.version) + _core(case, case.page * 32 + case.place, 32, b"")
    seats = word32(1) + word32(32) + seat
    head = word32(96) + word32(96 + len(seats)) + word32(128 + len(seats))
    return selector(CLAIM_VERSIONS) + head + seats + word32(0) + word32(0)


def publish(account: str) -> Callable[[Case], bytes]:
    def data(case: Case) -> bytes:
        root, shares, pages, terms = case.table
        words = word32(1) + word32(32) + padded(case.words)
        head = raw(account).rjust(32, b"\0") + root + word32(shares) + word32(pages) + terms
        head += word32(case.page) + word32(256) + word32(256 + len(words))
        return selector(PUBLISH) + head + words + word32(1) + word32(32) + padded(case.proof)

    return data


@dataclass
class Target:
    """A way into a contract, and what is true there."""

    name: str
    to: str
    data: Callable[[Case], bytes]
    cases: list[Case]
    of_versions: bool = False


class Mint:
    """A chain with Splitters of trees of all shapes, and a SEE of three versions."""

    SHAPES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 31, 33, 64, 100)

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.chain = Revm()
        self.world = w.World(self.chain)
        self.targets: list[Target] = []
        for shape in self.SHAPES:
            tree = Tree(some_pages(self.dice, shape))
            cases = [tree.some_case(self.dice) for _ in range(12)]
            self.targets += self.ways(self.split(tree), cases)
        self.targets += self._see()
        self.cases = [case for target in self.targets for case in target.cases]

    def split(self, tree: Tree) -> str:
        """The address of a Splitter of this table, whatever it promises."""
        root, shares, pages, _ = tree.table
        create = "create(bytes32,uint256,uint256,bytes32)"
        done = self.world.do(w.ANYONE, self.world.registry, create, root, shares, pages, bytes(32))
        assert done, "the Splitter was not created"
        hash_ = a.struct(a.TABLE, "bytes32 uint256 uint256", root, shares, pages)
        where = w.calldata("splitter_address(bytes32,bytes32)", hash_, bytes(32))
        account = "0x" + self.chain.view(self.world.registry, where)[12:].hex()
        self.chain.set_balance(account, MONEY)
        return account

    def ways(self, account: str, cases: list[Case]) -> list[Target]:
        return [
            Target("join_page", account, join_page, cases),
            Target("payout_page", account, payout_page, cases),
            Target("publish", self.world.registry, publish(account), cases),
        ]

    def _see(self) -> list[Target]:
        agreements = [self._agreement(seats, nonce) for nonce, seats in enumerate((40, 70, 100), 1)]
        clone = Clone(self.world, agreements[0])
        for next_ in agreements[1:]:
            assert clone.amend(next_, {0, 1, 2}, published=False)
        self.chain.set_balance(clone.address, MONEY)
        versions = [self._true(each, at) for at, each in enumerate(agreements)]
        every = [case for cases in versions for case in cases]
        return [
            *self.ways(clone.address, versions[-1]),
            # The only way to older versions: as often as the others together.
            *[Target("claim_versions", clone.address, claim_versions, every, True)] * 12,
        ]

    def _agreement(self, seats: int, nonce: int) -> a.Agreement:
        words = some_words(self.dice, seats)
        table = tuple(
            Seat("0x" + words[at : at + 20].hex(), int.from_bytes(words[at + 26 : at + 32], "big"))
            for at in range(0, len(words), 32)
        )
        return a.Agreement(a.Table(table), ((0, 1), (1, 1), (2, 1)), (w.ZERO,), nonce)

    def _true(self, agreement: a.Agreement, version: int) -> list[Case]:
        table = agreement.table
        return [
            Case(agreement.argument, page, 3, table.pages[page], table.proofs[page], version)
            for page in range(len(table.pages))
        ]

    # ------------------------------------------------------------ asking

    def refusal(self, target: Target, case: Case) -> str:
        """Why it was refused; empty where it was accepted."""
        try:
            self.chain.evm.message_call(w.ANYONE, target.to, target.data(case), 0, 30_000_000)
        except RuntimeError as error:
            return reason(str(error))
        finally:
            self.chain.evm.reset_transient_storage()
        return ""

    def is_live(self, target: Target, case: Case) -> bool:
        """Whether the true proof is accepted; it is undone."""
        before = self.chain.evm.snapshot()
        accepted = self.refusal(target, case) == ""
        self.chain.evm.revert(before)
        return accepted


_REASONS: dict[str, str] = {}


def reason(error: str) -> str:
    """The reason that a contract gave."""
    answer = error.partition("output: 0x")[2].partition(" ")[0]
    if answer not in _REASONS:
        text = UNREADABLE if "Revert" in error and not answer else error[:80]
        if answer.startswith("08c379a0"):
            (text,) = decode(["string"], bytes.fromhex(answer[8:]))
        _REASONS[answer] = text
    return _REASONS[answer]


__all__: list[Any] = ["REFUSALS", "UNREADABLE", "Mint", "Target"]
