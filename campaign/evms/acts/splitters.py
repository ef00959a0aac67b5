"""Fixed Splitters, clones that are deployed before they are registered, and what is published."""

from __future__ import annotations

from typing import Any

from eth_utils import to_checksum_address

from campaign.evms.acts import cast
from campaign.evms.stage import Stage, refused
from tests.contracts.consent import KEYS
from tests.contracts.evm import ETHER, ZERO, Kernel, Tree, key
from tests.contracts.life import PUBLICATION

MEMO = b"INV-3".ljust(32, b"\0")
URI = "ipfs://agreement"


def splitters(stage: Stage) -> None:
    """Splitters of one page and of several, created with and without their words."""
    cast.voices(stage)
    kernel = stage.kernel()
    coin = stage.deploy("Coin", 10**30, as_="coin")
    tree = Tree.of(cast.seats(stage, [], 5))
    stage.note("create a Splitter")
    split = kernel.split(tree)
    stage.name(split.address, "splitter")
    stage.note("create it again")
    with refused("no reason"):
        kernel.split(tree)
    stage.note("create one of no pages")
    with refused("wrong page"):
        kernel.registry.create(tree.root, tree.shares, 0, bytes(32))
    used(stage, kernel, split, tree, coin)
    several(stage, kernel)
    stage.note("call the implementation, which is locked")
    with refused("not payable"):
        stage.send(kernel.splitter.address, value=5)
    unregistered(stage, kernel)


def used(stage: Stage, kernel: Kernel, split: Any, tree: Tree, coin: Any) -> None:
    account = [to_checksum_address(tree.pages[0][at : at + 20]) for at in range(0, 160, 32)]
    stage.note("pay it, plainly and by reference")
    kernel.pay(split, ETHER + 1)
    split.pay(ZERO, 77, MEMO, value=77)
    coin.approve(split.address, 10**20)
    split.pay(coin.address, 10**20, MEMO)
    stage.note("join and claim, for oneself and many")
    kernel.join(split, tree, 0)
    kernel.join(split, tree, 3, False)
    split.claim(3, account[3])
    kernel.pay(split, ETHER // 3)
    split.claim_many([key(0, account[0]), key(3, account[3])], [ZERO, coin.address])
    with refused("nothing due"):
        split.claim_many([key(0, account[0])], [ZERO, coin.address])
    stage.note("claim many, of which one has not joined, or is of another version")
    with refused("not joined"):
        split.claim_many([key(1, account[1])], [ZERO])
    with refused("wrong version"):
        split.claim_many([key(0, account[0], 1)], [ZERO])
    stage.note("pay out both currencies")
    kernel.payout(split, tree)
    kernel.payout(split, tree, 0, coin.address)
    cast.ask(stage, split, "seat", ZERO, key(0, account[0]))


def several(stage: Stage, kernel: Kernel) -> None:
    tree = Tree.of(cast.seats(stage, [], 40))
    words, salt = b"".join(tree.pages), b"\5" * 32
    sums = tree.sums[0] | tree.sums[1] << 48
    stage.note("create and publish one of two pages by other sums")
    with refused("wrong page"):
        kernel.registry.create_published(*tree.table[:3], salt, words, sums + 1)
    stage.note("create and publish it")
    kernel.registry.create_published(*tree.table[:3], salt, words, sums)
    split = kernel.chain.at("Splitter", kernel.address(tree, int.from_bytes(salt, "big")))
    stage.name(split.address, "splitter of two pages")
    stage.note("publish a page again, and both")
    kernel.registry.publish(split.address, tree.table, 1, tree.pages[1:], [tree.proof(1)])
    proofs = [tree.proof(0), tree.proof(1)]
    kernel.registry.publish(split.address, tree.table, 0, tree.pages, proofs)
    with refused("wrong table"):
        kernel.registry.publish(split.address, (*tree.table[:3], b"\1" * 32), 0, [], [])
    kernel.pay(split, ETHER)
    kernel.payout(split, tree, 1)
    kernel.payout(split, tree, 0)


def unregistered(stage: Stage, kernel: Kernel) -> None:
    life = cast.found(stage, kernel, cast.seats(stage, [], 2))
    stage.note("coin is paid to where a SEE will stand")
    stage.send(life.see.address, value=ETHER)
    stage.note("deploy it, use it as a Splitter")
    kernel.registry.deploy(life.agreement.table)
    life.payout()
    stage.note("say where the agreement is, before it is registered")
    where = (life.see.address, KEYS[0].address, URI, life.office.deadline)
    signed = life.alone(PUBLICATION, life.location_hash(URI), KEYS[0])
    with refused("not registered"):
        kernel.registry.locate(*where, signed)
    stage.note("register it, and say so by signature and by oneself")
    life.office.register()
    kernel.registry.locate(*where, signed)
    kernel.registry.locate(*where, b"", sender=KEYS[0].address)
    cast.ask(stage, kernel.registry, "eip712Domain")
