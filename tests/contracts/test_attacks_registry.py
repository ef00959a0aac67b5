"""Who comes first gains nothing, and what the Registry publishes is so."""

from __future__ import annotations

from typing import Any

import pytest
from eth_utils import keccak

from tests.contracts.consent import Office
from tests.contracts.evm import ZERO, Kernel, Tree, refused, table_hash

PUBLISHED = "0x" + keccak(text="Published(address)").hex()


@pytest.fixture
def office(kernel: Kernel) -> Office:
    return Office.open(kernel)


def published(receipt: dict[str, Any]) -> list[tuple[str, bytes]]:
    return [
        ("0x" + log["topics"][1][26:], bytes.fromhex(log["data"][2:]))
        for log in receipt["logs"]
        if log["topics"][0] == PUBLISHED
    ]


def with_terms(office: Office) -> tuple[bytes, int, int, bytes]:
    """The table of the agreement as a clone wants it: with the hash of the terms."""
    a = office.agreement
    terms = keccak(
        keccak(
            text="Terms(string text,bytes32[] roll,uint256 quorum_numerator,"
            "uint256 quorum_denominator,uint256 expiry,address[] currencies,bytes32 nonce)"
        )
        + a.text
        + keccak(a.roll_words)
        + b"".join(n.to_bytes(32, "big") for n in (*a.quorum, a.expiry))
        + keccak(b"".join(a.currencies))
        + a.nonce
    )
    return (*a.tree.table[:3], terms)


def test_who_deploys_first_deploys_the_same(office: Office) -> None:
    """A clone that a stranger deployed, and used, is registered at its address all the same."""
    kernel, table, tree = office.kernel, with_terms(office), office.agreement.tree
    kernel.registry.deploy(table)
    see = office.see()
    assert see.commitment() == office.agreement.hash
    kernel.pay(see, 100)
    see.join(table, 1, tree.pages[0])
    with refused("not registry"):
        see.end()
    with refused():
        kernel.registry.deploy(table)
    office.register()
    kernel.pay(see, 100)
    see.payout(table, tree.pages[0], ZERO)
    assert kernel.chain.balance("0x" + tree.pages[0][32:52].hex()) == 150
    office.deregister(office.end())


def test_coin_that_waits_at_the_address_is_split(office: Office) -> None:
    """Money sent before anything stands there is the members'."""
    kernel, table, tree = office.kernel, with_terms(office), office.agreement.tree
    kernel.chain.send(office.see().address, value=100)
    office.register()
    assert office.see().received(ZERO) == 100
    office.see().payout(table, tree.pages[0], ZERO)
    assert kernel.chain.balance("0x" + tree.pages[0][:20].hex()) == 25


def test_an_ended_see_takes_no_pay_and_still_splits(office: Office) -> None:
    """pay is refused; what comes by itself is split; what is due is claimed for ever."""
    kernel, table, tree = office.kernel, with_terms(office), office.agreement.tree
    office.register()
    see = office.see()
    see.pay(ZERO, 100, bytes(32), value=100)
    see.join(table, 0, tree.pages[0], False)
    office.deregister(office.end())
    with refused("see ended"):
        see.pay(ZERO, 100, bytes(32), value=100)
    kernel.pay(see, 100)
    see.claim(0, "0x" + tree.pages[0][:20].hex())
    see.payout(table, tree.pages[0], ZERO)
    assert kernel.chain.balance(see.address) == 0


def test_an_end_waits_for_no_lock(office: Office) -> None:
    """A recipient that is being paid can't end the SEE half-way, nor hold its end up."""
    kernel = office.kernel
    hostile = kernel.chain.deploy("Recipient")
    tree = Tree.of([(hostile.address, 1)])
    office.agreement = office.agreement.changed(tree=tree)
    office.register()
    table = with_terms(office)
    kernel.pay(office.see(), 100)
    a = office.agreement
    data = kernel.registry.data(
        "deregister",
        office.see().address,
        tree.table,
        a.terms,
        office.deadline,
        a.roll_words,
        b"".join(a.currencies),
        office.end(),
    )
    hostile.aim(kernel.registry.address, data, 0)
    office.see().join(table, 0, tree.pages[0])
    assert not office.see().ended()
    office.deregister(office.end())


@pytest.mark.parametrize("pages", [1, 2, 3, 4])
def test_what_is_published_is_the_table(kernel: Kernel, pages: int) -> None:
    """A table that is published as it is created: its words, or nothing."""
    seats = [(kernel.chain.account(), n + 1) for n in range(32 * pages - 5)]
    tree = Tree.of(seats)
    words = b"".join(tree.pages)
    sums = sum(total << 48 * at for at, total in enumerate(tree.sums))
    root, shares, count, _ = tree.table

    def create(words: bytes, sums: int, pages: int = count) -> Any:
        return kernel.registry.create_published(root, shares, pages, bytes(32), words, sums)

    for bad in (words[:-32], words[:-1], words + b"\0", words[32:] + words[:32], b"", words[:1024]):
        if bad != words:
            with refused():
                create(bad, sums)
    if pages > 1:
        for at in range(pages):
            with refused("wrong page"):
                create(words, sums ^ 1 << 48 * at)
    for number in (0, 5, 2**256 - 1, *(n for n in range(1, 5) if n != pages)):
        with refused():
            create(words, sums, number)
    receipt = create(words, sums)
    assert published(receipt) == [(kernel.address(tree).lower(), words)]


def test_who_creates_first_creates_the_same(kernel: Kernel) -> None:
    """Who comes before with the same table takes nothing: it is there, and can be published."""
    tree = Tree.of([(kernel.chain.account(), 1), (kernel.chain.account(), 3)])
    split = kernel.split(tree)
    with refused():
        kernel.registry.create_published(*tree.table[:3], bytes(32), tree.pages[0], 0)
    receipt = kernel.registry.publish(split.address, tree.table, 0, tree.pages, [b""])
    assert published(receipt) == [(split.address.lower(), tree.pages[0])]


def test_pages_are_published_as_they_stand(kernel: Kernel) -> None:
    """publish takes true pages at their numbers only, of the account that is committed to them."""
    tree = Tree.of([(kernel.chain.account(), n + 1) for n in range(5)], per_page=1)
    split = kernel.split(tree)
    p = tree.pages
    publish = kernel.registry.publish
    proofs = [tree.proof(n) for n in range(5)]
    for account, table, first, words, proof in (
        (split.address, tree.table, 1, [p[0]], [proofs[0]]),
        (split.address, tree.table, 0, [p[1], p[0]], [proofs[1], proofs[0]]),
        (split.address, tree.table, 0, [p[0]], [proofs[1]]),
        (split.address, tree.table, 0, [p[0] + p[1]], [proofs[0]]),
        (split.address, tree.table, 4, [p[4], p[0]], [proofs[4], proofs[0]]),
        (split.address, tree.table, 2**256 - 1, [p[4], p[0]], [proofs[4], proofs[0]]),
        (split.address, tree.table, 0, [p[0], p[1]], [proofs[0]]),
        (split.address, (*tree.table[:3], b"\1" * 32), 0, [p[0]], [proofs[0]]),
        (kernel.registry.address, tree.table, 0, [p[0]], [proofs[0]]),
        (kernel.chain.me, tree.table, 0, [p[0]], [proofs[0]]),
    ):
        with refused():
            publish(account, table, first, words, proof)
    receipt = publish(split.address, tree.table, 3, p[3:], proofs[3:])
    assert published(receipt) == [(split.address.lower(), p[3]), (split.address.lower(), p[4])]


def test_a_forger_publishes_under_its_own_name_only(kernel: Kernel) -> None:
    """A contract that claims a Splitter's table is not the Splitter."""
    tree = Tree.of([(kernel.chain.account(), 1)])
    split = kernel.split(tree)
    forger = kernel.chain.deploy("Forger", split.commitment())
    receipt = kernel.registry.publish(forger.address, tree.table, 0, tree.pages, [b""])
    assert [account for account, _ in published(receipt)] == [forger.address.lower()]


def test_salts_and_kinds_have_addresses_of_their_own(office: Office) -> None:
    """Splitter or SEE, table or agreement, this salt or that: never one address."""
    registry, tree = office.kernel.registry, office.agreement.tree
    struct = table_hash(*tree.table[:3])
    addresses = {
        registry.see_address(struct),
        registry.see_address(office.agreement.hash),
        registry.splitter_address(struct, bytes(32)),
        registry.splitter_address(struct, b"\1" * 32),
        registry.splitter_address(office.agreement.hash, bytes(32)),
    }
    assert len(addresses) == 5


def test_signatures_are_good_for_words_or_none(office: Office) -> None:
    """A stranger may submit without the words, and anyone may publish them afterwards."""
    tree = office.agreement.tree
    with refused("wrong page"):
        office.register(words=tree.pages[0][:-32])
    assert published(office.register()) == []
    table = with_terms(office)
    receipt = office.kernel.registry.publish(office.see().address, table, 0, tree.pages, [b""])
    assert published(receipt) == [(office.see().address.lower(), tree.pages[0])]


def test_dirty_and_overlapping_calldata_is_read_as_written(kernel: Kernel) -> None:
    """An account with high bits is refused; pages that share bytes are two equal pages."""
    a = kernel.chain.account()
    tree = Tree.of([(a, 3), (a, 3)], per_page=1)
    split = kernel.split(tree)
    kernel.pay(split, 100)
    kernel.join(split, tree, 0, claims=False)
    data = split.data("claim", 0, a)
    for at in (36, 40, 47):
        dirty = data[:at] + b"\1" + data[at + 1 :]
        with refused():
            kernel.chain.send(split.address, dirty)
    head = split.data("payout_whole", tree.table, tree.pages, ZERO)[: 4 + 32 * 6]
    word = (1).to_bytes(32, "big")
    shared = (2).to_bytes(32, "big") + (64).to_bytes(32, "big") * 2
    shared += (32).to_bytes(32, "big") + tree.pages[0]
    kernel.chain.send(split.address, head + shared)
    assert kernel.chain.balance(a) == 100
    for count, offset in ((2, 2**256 - 32), (2, 2**255), (17, 64), (2**255, 64)):
        bad = count.to_bytes(32, "big") + offset.to_bytes(32, "big") * 2 + word + tree.pages[0]
        with refused():
            kernel.chain.send(split.address, head + bad)
    long = split.data("payout_page", tree.table, 0, tree.pages[0], tree.proof(0), ZERO)
    for cut in (1, 32, 64, 200):
        with refused():
            kernel.chain.send(split.address, long[:-cut])
