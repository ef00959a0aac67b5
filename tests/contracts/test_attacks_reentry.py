"""Who is paid and calls back, gets nothing by it, and sees no half-made books."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi import decode
from eth_utils import keccak

from tests.contracts.evm import ZERO, Contract, Kernel, Tree, kept, key, raw

TRIED = "0x" + keccak(text="Tried(bool,bytes)").hex()


def tried(receipt: dict[str, Any]) -> list[tuple[bool, bytes]]:
    """What came of the calls that the recipient made."""
    return [
        decode(["bool", "bytes"], bytes.fromhex(log["data"][2:]))
        for log in receipt["logs"]
        if log["topics"][0] == TRIED
    ]


class Scene:
    """A hostile recipient with one share of four, an honest one with three; 400 of each."""

    def __init__(self, kernel: Kernel, token: Contract, per_page: int = 32) -> None:
        self.kernel, self.token, self.chain = kernel, token, kernel.chain
        self.hostile = self.chain.deploy("Recipient")
        self.honest = self.chain.account()
        self.tree = Tree.of([(self.hostile.address, 1), (self.honest, 3)], per_page)
        self.other = 1 if per_page == 32 else 32  # the honest seat's index
        self.split = kernel.split(self.tree)
        kernel.pay(self.split, 400)
        kernel.pay(self.split, 400, token)
        token.set(0, 0, True)

    def enter(self, way: str) -> dict[str, Any]:
        """Let the hostile seat be paid, this way."""
        split, currency = self.split, self.token.address
        hostile, keys = self.hostile.address, [key(0, self.hostile.address)]
        ways = {
            "join": lambda: self.kernel.join(split, self.tree, 0),
            "claim": lambda: split.claim(0, hostile),
            "claim_many": lambda: split.claim_many(keys, [ZERO]),
            "payout": lambda: self.kernel.payout(split, self.tree),
            "payout_whole": lambda: split.payout_whole(self.tree.table, self.tree.pages, ZERO),
            "claim_token": lambda: split.claim_token(currency, 0, hostile),
            "claim_many of a token": lambda: split.claim_many(keys, [currency]),
            "payout of a token": lambda: self.kernel.payout(split, self.tree, 0, currency),
        }
        return dict(ways[way]())

    def acts(self) -> dict[str, bytes]:
        split, currency, tree = self.split, self.token.address, self.tree
        keys = [key(0, self.hostile.address), key(self.other, self.honest)]
        root_table, words, proof = tree.table, tree.pages[0], tree.proof(0)
        several = len(tree.pages) > 1
        return {
            "claim": split.data("claim", 0, self.hostile.address),
            "claim of another": split.data("claim", self.other, self.honest),
            "claim_token": split.data("claim_token", currency, 0, self.hostile.address),
            "claim_many": split.data("claim_many", keys, [ZERO, currency]),
            "join": split.data("join_page", root_table, 0, words, proof, True)
            if several
            else split.data("join", root_table, 0, words, True),
            "payout": split.data("payout_page", root_table, 0, words, proof, ZERO),
            "payout of a token": split.data("payout_page", root_table, 0, words, proof, currency),
            "payout_whole": split.data("payout_whole", root_table, tree.pages, ZERO),
            "pay": split.data("pay", ZERO, 0, bytes(32)),
        }

    def had(self) -> tuple[int, ...]:
        return (
            self.chain.balance(self.hostile.address),
            self.chain.balance(self.honest),
            self.token.balanceOf(self.hostile.address),
            self.token.balanceOf(self.honest),
        )

    def settle(self) -> None:
        self.hostile.aim(ZERO, b"", 0)
        for page in range(len(self.tree.pages)):
            self.kernel.payout(self.split, self.tree, page)
            self.kernel.payout(self.split, self.tree, page, self.token.address)


LOCKED = [
    "join",
    "claim_many",
    "payout",
    "payout_whole",
    "claim_token",
    "claim_many of a token",
    "payout of a token",
]


@pytest.mark.parametrize("way", ["claim", *LOCKED])
@pytest.mark.parametrize("per_page", [32, 1])
def test_who_calls_back_is_paid_once(
    kernel: Kernel, token: Contract, way: str, per_page: int
) -> None:
    """Any call, from any payment: nobody has more than its part, and in the end all have it."""
    for act, data in Scene(kernel, token, per_page).acts().items():
        with kernel.chain.undone():
            scene = Scene(kernel, token, per_page)
            if way != "join":
                kernel.join(scene.split, scene.tree, 0, claims=False)
                kernel.join(scene.split, scene.tree, scene.other, claims=False)
            scene.hostile.aim(scene.split.address, scene.acts()[act], 0)
            receipt = scene.enter(way)
            ((success, _),) = tried(receipt)[:1]
            assert not success or way == "claim", (act, data)
            assert all(a <= b for a, b in zip(scene.had(), (100, 300, 100, 300), strict=True)), act
            scene.settle()
            assert scene.had() == (100, 300, 100, 300), act


def test_a_claim_within_a_payout_is_locked_out(kernel: Kernel, token: Contract) -> None:
    """claim holds no lock of its own, and still respects that of a payout."""
    scene = Scene(kernel, token)
    kernel.join(scene.split, scene.tree, 1, claims=False)
    scene.hostile.aim(scene.split.address, scene.acts()["claim of another"], 0)
    receipt = scene.enter("payout")
    assert tried(receipt) == [(False, b"")]
    assert scene.had()[:2] == (100, 300)


@pytest.mark.parametrize("way", LOCKED)
def test_views_tell_nothing_while_books_are_being_made(
    kernel: Kernel, token: Contract, way: str
) -> None:
    """Read-only re-entry: a view that is asked in the middle of a payment reverts."""
    scene = Scene(kernel, token)
    if way != "join":
        kernel.join(scene.split, scene.tree, 0, claims=False)
    scene.hostile.aim(scene.split.address, scene.split.data("received", ZERO), 0)
    assert tried(scene.enter(way)) == [(False, b"")]


def test_views_in_the_middle_of_a_claim_tell_the_truth(kernel: Kernel, token: Contract) -> None:
    """A plain claim leaves the views open, and what they tell is what is so afterwards."""
    scene = Scene(kernel, token)
    kernel.join(scene.split, scene.tree, 0, claims=False)
    for view in (
        scene.split.data("received", ZERO),
        scene.split.data("seat", ZERO, key(0, scene.hostile.address)),
    ):
        with kernel.chain.undone():
            scene.hostile.aim(scene.split.address, view, 0)
            ((success, answer),) = tried(scene.enter("claim"))
            assert success
            assert kernel.chain.call(scene.split.address, view)[:96] == answer


@pytest.mark.parametrize("way", ["claim", "join", "claim_many", "payout", "payout of a token"])
@pytest.mark.parametrize("memo", [b"", b"memo!"])
def test_coin_that_comes_back_within_a_payment_is_a_payment(
    kernel: Kernel, token: Contract, way: str, memo: bytes
) -> None:
    """A recipient that pays in what it gets is counted as any payer, lock or not."""
    scene = Scene(kernel, token)
    if way != "join":
        kernel.join(scene.split, scene.tree, 0, claims=False)
    kernel.pay(scene.hostile, 60)
    scene.hostile.aim(scene.split.address, memo, 60)
    ((success, _),) = tried(scene.enter(way))
    assert success
    assert scene.split.received(ZERO) == 460
    scene.settle()
    assert scene.had()[1] == 345


def test_a_recipient_may_move_its_money_on_into_another_split(kernel: Kernel) -> None:
    """Splits in a ring: each pays the other, and both stay solvent."""
    chain = kernel.chain
    a, b, inner_seat = chain.account(), chain.account(), chain.account()
    inner = Tree.of([(a, 1)])
    inner_split = kernel.split(inner)
    chain.set_code(inner_seat, chain.code(inner_split.address))
    tree = Tree.of([(inner_seat, 1), (b, 1)])
    split = kernel.split(tree)
    kernel.pay(split, 100)
    assert not kept(kernel.payout(split, tree))
    kernel.payout(chain.at("Splitter", inner_seat), inner)
    assert (chain.balance(a), chain.balance(b)) == (50, 50)


def test_a_token_can_not_call_into_pay(kernel: Kernel) -> None:
    """A token that calls claim in the middle of its own transferFrom finds the lock."""
    chain = kernel.chain
    member = chain.account()
    tree = Tree.of([(member, 1)])
    split = kernel.split(tree)
    kernel.join(split, tree, 0, claims=False)
    kernel.pay(split, 100)
    trap = chain.deploy("CallingToken", split.address, split.data("claim", 0, member))
    split.pay(trap.address, 5, raw(ZERO).ljust(32, b"\0"))
    assert trap.failed()
    assert chain.balance(member) == 0
