"""Who is paid may do what it likes with it: the others are paid in full, and it loses nothing.

A closed page, a whole table, claims in force and of closed versions; coin, and a token that
tells its recipients; contracts, and accounts that delegate to them (EIP-7702).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contracts.evm import ZERO, Contract, Kernel, Tree, kept, refused
from tests.contracts.recipients import (
    BACK,
    CLAIMS,
    KEPT,
    KINDS,
    PAGE,
    PAGES,
    PAID,
    PARTS,
    PAYOUTS,
    SOME_GAS,
    Scene,
    compiled,
    seated,
)
from tests.contracts.wire import short_wire

BOTH = [False, True]
COINS = ["native", "token"]


@pytest.fixture(autouse=True)
def _compiled(kernel: Kernel, request: pytest.FixtureRequest) -> Iterator[None]:
    assert request.config.cache is not None
    kernel.chain.contracts.update(compiled(request.config.cache.mkdir("recipients")))
    with short_wire(kernel.chain):
        yield


def settled(scene: Scene, coin: str, fate: str) -> None:
    """The honest seats have their parts, and the hostile one what its kind makes of its own."""
    assert [scene.had(account, coin) for account in scene.honest] == list(PARTS[:2])
    held = scene.had(scene.see.address, coin)
    assert scene.had(scene.hostile, coin) == (PARTS[2] if fate == PAID else 0)
    assert held == (PARTS[2] if fate in (KEPT, BACK) else 0)
    due = scene.dues(coin)
    if fate == KEPT:
        assert due == [0, 0, PARTS[2]]
    elif fate == BACK and not scene.life.version:  # income like any other
        assert due == [250, 625, 125]
    else:
        assert due == [0, 0, 0]


def what_is_kept_can_be_had(scene: Scene, coin: str) -> None:
    """At its own address once it takes it, or at another of its choice; once."""
    for elsewhere in BOTH:
        with scene.chain.undone():
            to = scene.chain.account() if elsewhere else scene.hostile
            if elsewhere:
                scene.life.redirect(scene.hostile, to, scene.key(), [scene.token.address])
            else:
                scene.chain.set_code(scene.hostile, b"")
            scene.claim(coin)
            assert scene.had(to, coin) == PARTS[2]
            assert scene.dues(coin) == [0, 0, 0]
            with refused("nothing due"):
                scene.claim(coin)


def pushed(scene: Scene, way: str, coin: str, fate: str) -> None:
    receipts = PAYOUTS[way](scene, coin)
    told = [index for receipt in receipts for index in kept(receipt)]
    assert told == ([scene.index] if fate == KEPT else [])
    settled(scene, coin, fate)


def claimed(scene: Scene, way: str, coin: str, fate: str) -> None:
    if fate == KEPT:
        before = scene.dues(coin)
        with refused():
            CLAIMS[way](scene, coin)
        assert scene.dues(coin) == before
    for seat in (0, 1):
        scene.claim(coin, seat)
    if fate != KEPT:
        CLAIMS[way](scene, coin)
    settled(scene, coin, fate)


# Each way with each coin, and with tables of one page and of several.
PUSHES = [
    (PAGE, "payout", "native"),
    (PAGES, "payout_whole", "token"),
    (PAGES, "payout", "native"),
    (PAGES, "payout", "token"),
    (PAGES, "payout_whole", "native"),
]

ASKED = [(way, coin) for coin in COINS for way in CLAIMS]


@pytest.mark.parametrize("delegated", BOTH, ids=["contract", "delegated"])
@pytest.mark.parametrize("name", KINDS)
def test_no_recipient_stops_others_or_loses_its_part(
    kernel: Kernel, token: Contract, name: str, delegated: bool
) -> None:
    """Rule: a payout pays the others all of theirs, and it, or keeps for it, its own."""
    kind = KINDS[name]
    hostile = seated(kernel.chain, kind, delegated)
    for per_page in (PAGE, PAGES):
        with kernel.chain.undone():
            scene = Scene(kernel, token, hostile, per_page)
            for of, way, coin in PUSHES[: 2 if delegated else 5]:
                with kernel.chain.undone():
                    if of == per_page:
                        pushed(scene, way, coin, fate := kind.becomes(way, coin))
                        if fate == KEPT:
                            if coin == "token":  # what is kept of coin is a seat that joined
                                scene.life.join(scene.index, False)
                            what_is_kept_can_be_had(scene, coin)


@pytest.mark.parametrize("delegated", BOTH, ids=["contract", "delegated"])
@pytest.mark.parametrize("name", KINDS)
def test_no_recipient_stops_the_claims_of_others(
    kernel: Kernel, token: Contract, name: str, delegated: bool
) -> None:
    """Rule: a claim for it pays it or changes nothing, in force and of a closed version."""
    kind = KINDS[name]
    hostile = seated(kernel.chain, kind, delegated)
    scene = Scene(kernel, token, hostile, PAGES if delegated else PAGE)
    with kernel.chain.undone():
        if kind.becomes("join", "native") == KEPT:
            with refused("payment failed"):
                scene.life.join(scene.index, gas=SOME_GAS)
        else:
            scene.life.join(scene.index)
            assert scene.had(hostile, "native") in (PARTS[2], 0)
    scene.join()
    for way, coin in ASKED[: 1 if delegated else 4]:
        with kernel.chain.undone():
            claimed(scene, way, coin, kind.becomes(way, coin))
    scene.close()
    for coin in COINS[delegated:]:
        with kernel.chain.undone():
            fate = kind.becomes("claim_versions", coin)
            claimed(scene, "claim_versions", coin, fate)
            if fate == KEPT:
                what_is_kept_can_be_had(scene, coin)


@pytest.mark.parametrize("per_page", [PAGE, PAGES])
def test_an_unsorted_table_pays_all_the_same(
    kernel: Kernel, token: Contract, per_page: int
) -> None:
    """Rule: seats from behind, or in no order, have their parts, pushed and claimed."""
    accounts = sorted((kernel.chain.account() for _ in range(5)), reverse=True)
    tree = Tree.of(list(zip(accounts, (1, 2, 3, 4, 6), strict=True)), per_page)
    split = kernel.split(tree)
    for round_ in (1, 2):
        kernel.pay(split, 160)
        if round_ == 1:
            split.payout_whole(tree.table, tree.pages, ZERO)
        for seat, account in enumerate(accounts):
            if round_ == 2:
                kernel.join(split, tree, seat if per_page == PAGE else seat * 32)
            assert kernel.chain.balance(account) == 10 * round_ * (1, 2, 3, 4, 6)[seat]
