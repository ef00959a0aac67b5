"""Any order of any calls pays each seat its part: not more at any time, and all in the end."""

from __future__ import annotations

import random

import pytest

from tests.contracts.evm import ZERO, Contract, Kernel, Reverted, Tree, key, parts

REVERTS = bytes.fromhex("5f5ffd")


class Mix:
    """One table, one currency, and any calls at all, in an order that a seed gives."""

    def __init__(self, kernel: Kernel, tree: Tree, token: Contract | None, seed: int) -> None:
        self.kernel, self.tree, self.token = kernel, tree, token
        self.chain, self.random = kernel.chain, random.Random(seed)
        self.split = kernel.split(tree)
        self.currency = token.address if token else ZERO
        self.received = 0
        words = [
            (page * 32 + at // 32, "0x" + page_words[at : at + 20].hex())
            for page, page_words in enumerate(tree.pages)
            for at in range(0, len(page_words), 32)
        ]
        self.indexes = [index for index, _ in words]
        self.accounts = [account for _, account in words]
        self.before = self.balances()

    def balances(self) -> list[int]:
        return [self._balance(account) for account in self.accounts]

    def _balance(self, account: str) -> int:
        return int(self.token.balanceOf(account)) if self.token else self.chain.balance(account)

    def had(self) -> list[int]:
        return [now - then for now, then in zip(self.balances(), self.before, strict=True)]

    def step(self) -> None:
        place = self.random.randrange(len(self.indexes))
        index, account = self.indexes[place], self.accounts[place]
        act = self.random.choice(["pay", "join", "claim", "many", "push", "whole", "refuse"])
        try:
            if act == "pay":
                amount = self.random.choice([1, 7, 10**6, self.random.randrange(10**20)])
                self.kernel.pay(self.split, amount, self.token)
                self.received += amount
            elif act == "join":
                self.kernel.join(self.split, self.tree, index, self.random.random() < 0.7)
            elif act == "claim" and self.token:
                self.split.claim_token(self.currency, index, account)
            elif act == "claim":
                self.split.claim(index, account)
            elif act == "many":
                chosen = self.random.choices(range(len(self.indexes)), k=3)
                keys = [key(self.indexes[at], self.accounts[at]) for at in chosen]
                self.split.claim_many(keys, [self.currency] * self.random.choice([1, 2]))
            elif act == "push":
                page = self.random.randrange(len(self.tree.pages))
                self.kernel.payout(self.split, self.tree, page, self.currency)
            elif act == "whole":
                self.split.payout_whole(self.tree.table, self.tree.pages, self.currency)
            elif act == "refuse":
                self.refuse(account, self.random.random() < 0.5)
        except Reverted as reverted:
            if str(reverted) not in REFUSALS:
                raise

    def refuse(self, account: str, refuses: bool) -> None:
        if self.token:
            self.token.refuse(account, refuses)
        else:
            self.chain.set_code(account, REVERTS if refuses else b"")

    def settle(self) -> None:
        for account in self.accounts:
            self.refuse(account, False)
        for page in range(len(self.tree.pages)):
            self.kernel.payout(self.split, self.tree, page, self.currency)


REFUSALS = {
    "nothing due",
    "not joined",
    "already joined",
    "payment failed",
    "blocked",
}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("coin", ["native", "token"])
@pytest.mark.parametrize("per_page", [32, 3])
def test_no_mix_of_calls_pays_a_seat_anything_but_its_part(
    kernel: Kernel, token: Contract, per_page: int, coin: str, seed: int
) -> None:
    """Any order of pay, join, claims, payouts and refusals: never more, and in the end all."""
    dice = random.Random(seed)
    seats = [
        (kernel.chain.account(), dice.choice([1, 3, 10**6, 2**40]), dice.random() < 0.15)
        for _ in range(10)
    ]
    tree = Tree.of(seats, per_page)
    mix = Mix(kernel, tree, token if coin == "token" else None, seed)
    for _ in range(70):
        mix.step()
        assert all(a <= b for a, b in zip(mix.had(), parts(tree, mix.received), strict=True))
    mix.settle()
    due = parts(tree, mix.received)
    assert all(
        had == part or pull_only
        for had, part, (_, _, pull_only) in zip(mix.had(), due, seats, strict=True)
    )
