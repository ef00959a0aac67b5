"""No table, whoever wrote it, promises more than it has, and nothing passes for a page."""

from __future__ import annotations

from typing import Any

import pytest
from eth_utils import keccak

from tests.contracts.consent import AGREEMENT, TABLE, TERMS
from tests.contracts.evm import (
    ZERO,
    Contract,
    Kernel,
    Tree,
    refused,
    seat_word,
    table_hash,
)

Table = tuple[bytes, int, int, bytes]


def made(kernel: Kernel, root: bytes, shares: int, pages: int) -> tuple[Contract, Table]:
    """A Splitter of whatever table, with money in it."""
    kernel.registry.create(root, shares, pages, bytes(32))
    address = kernel.registry.splitter_address(table_hash(root, shares, pages), bytes(32))
    split = kernel.chain.at("Splitter", address)
    kernel.pay(split, 1000)
    return split, (root, shares, pages, bytes(32))


def nothing_passes(
    split: Contract, table: Table, words: bytes, proof: bytes = b"", page: int = 0, reason: str = ""
) -> None:
    """Join, payout_page and the payouts of a whole table all refuse this page."""
    for claims in (True, False):
        with refused(reason):
            split.join_page(table, page * 32, words, proof, claims)
        with refused(reason if table[2] == 1 else "wrong page"):
            split.join(table, page * 32, words, claims)
    with refused(reason):
        split.payout_page(table, page, words, proof, ZERO)
    with refused():
        split.payout(table, words, ZERO)
    with refused():
        split.payout_whole(table, [words], ZERO)


def small(kernel: Kernel, pages: int, per_page: int = 1) -> Tree:
    return Tree.of([(kernel.chain.account(), n + 1) for n in range(pages * per_page)], per_page)


def test_an_inner_node_is_no_page(kernel: Kernel) -> None:
    """What a node hashes, with its last byte or without, is no page of four seats."""
    tree = small(kernel, 4)
    (left, right) = tree.levels()[1]
    inside = left[0] + left[1].to_bytes(32, "big") + right[0] + right[1].to_bytes(32, "big")
    shares = sum(int.from_bytes(inside[at + 26 : at + 32], "big") for at in range(0, 128, 32))
    for total in (tree.shares, shares):
        split, table = made(kernel, tree.root, total, 1)
        nothing_passes(split, table, inside, reason="wrong page")
        nothing_passes(split, table, inside + b"\x01", reason="wrong page")


def test_a_node_of_a_deeper_tree_is_no_page_of_a_shallower(kernel: Kernel) -> None:
    """The number of pages is committed to: half of the pages are not twice as large."""
    tree = small(kernel, 4)
    split, table = made(kernel, tree.root, tree.shares, 2)
    first, second = tree.levels()[0][:2]
    inside = first[0] + first[1].to_bytes(32, "big") + second[0] + second[1].to_bytes(32, "big")
    proof = b"".join((tree.levels()[1][1][0], tree.levels()[1][1][1].to_bytes(32, "big")))
    nothing_passes(split, table, inside + b"\x01", proof)
    nothing_passes(split, table, inside, proof)
    nothing_passes(split, table, tree.pages[0], tree.proof(0), reason="wrong proof")


def test_a_page_of_four_seats_is_no_inner_node(kernel: Kernel) -> None:
    """Nor does a page of four seats pass for the node above two pages."""
    seats = [(kernel.chain.account(), 5) for _ in range(4)]
    tree = Tree.of(seats)
    split, table = made(kernel, tree.root, 20, 2)
    words = tree.pages[0]
    nothing_passes(split, table, words[:32], words[64:128])
    nothing_passes(split, table, words, b"")


@pytest.mark.parametrize("size", [1, 31, 33, 63, 65, 127, 1023])
def test_a_page_is_whole_words(kernel: Kernel, size: int) -> None:
    """A page that ends within a word is refused, though its hash be the root."""
    words = (seat_word(kernel.chain.account(), 1) * 32)[:size]
    for shares in {max(1, size // 32), size // 32 + 1}:
        split, table = made(kernel, keccak(words), shares, 1)
        nothing_passes(split, table, words, reason="wrong page")


def test_a_page_without_seats_is_worth_nothing(kernel: Kernel) -> None:
    """The empty page, alone and beside another."""
    split, table = made(kernel, keccak(b""), 1, 1)
    nothing_passes(split, table, b"")
    tree = Tree([seat_word(kernel.chain.account(), 3), b""], [3, 0])
    split, table = made(kernel, tree.root, 3, 2)
    with refused("wrong page"):
        split.join_page(table, 32, b"", tree.proof(1))
    split.payout_page(table, 1, b"", tree.proof(1), ZERO)
    split.payout_whole(table, tree.pages, ZERO)
    assert kernel.chain.balance(split.address) == 0


@pytest.mark.parametrize("total", [1, 2, 199, 201, 2**48 - 1])
def test_a_page_adds_up_to_the_total(kernel: Kernel, total: int) -> None:
    """One page whose seats have more or less than the table's shares."""
    words = seat_word(kernel.chain.account(), 100) + seat_word(kernel.chain.account(), 100)
    split, table = made(kernel, keccak(words), total, 1)
    nothing_passes(split, table, words, reason="wrong sum")


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 29, 30, 31, 32])
def test_every_seat_of_a_page_is_added_up(kernel: Kernel, count: int) -> None:
    """The sum of a page counts the last seat too, whatever the number of seats."""
    words = b"".join(seat_word(kernel.chain.account(), 2**47 // 32, 1) for _ in range(count))
    split, table = made(kernel, keccak(words), count * (2**47 // 32), 1)
    for act in (
        lambda: split.join(table, count - 1, words, False),
        lambda: split.join_page(table, count - 1, words, b"", False),
    ):
        with kernel.chain.undone():
            act()
    split, table = made(kernel, keccak(words), max(1, (count - 1) * (2**47 // 32)), 1)
    for act in (
        lambda: split.join(table, count - 1, words, False),
        lambda: split.join_page(table, count - 1, words, b"", False),
    ):
        with refused("wrong sum"):
            act()


@pytest.mark.parametrize("lie", [0, 1, 99, 101])
def test_sums_that_lie_prove_nothing(kernel: Kernel, lie: int) -> None:
    """A tree that says less of a page than the page has."""
    words = [seat_word(kernel.chain.account(), 100) for _ in range(3)]
    for place in range(3):
        sums = [100, 100, 100]
        sums[place] = lie
        tree = Tree(words, sums)
        split, table = made(kernel, tree.root, tree.shares, 3)
        nothing_passes(split, table, words[place], tree.proof(place), place, "wrong page")
        with refused("wrong page"):
            split.payout_whole(table, words, ZERO)


@pytest.mark.parametrize("more", [2**48, 2**256 - 100, 2**256 - 1, 2**255])
def test_sums_do_not_wrap(kernel: Kernel, more: int) -> None:
    """A sibling's sum that would wrap the total round, or is more than shares can be."""
    words = seat_word(kernel.chain.account(), 200)
    other = keccak(b"whatever")
    for place in range(2):
        pair = [(keccak(words), 200), (other, more)]
        packed = b"".join(
            h + s.to_bytes(32, "big") for h, s in (pair if place == 0 else pair[::-1])
        )
        root = keccak(packed + b"\x01")
        total = min((more + 200) % 2**256, 2**48 - 1)
        split, table = made(kernel, root, total, 2)
        proof = other + more.to_bytes(32, "big")
        nothing_passes(split, table, words, proof, place, "wrong sum")


@pytest.mark.parametrize("pages", [0, 2**17 + 1, 2**32, 2**128, 2**256 - 1])
def test_a_number_of_pages_that_no_proof_reaches_is_not_created(kernel: Kernel, pages: int) -> None:
    """No pages, or more than proofs reach, would lock what is paid in."""
    tree = small(kernel, 2)
    with refused("wrong page"):
        kernel.registry.create(tree.root, tree.shares, pages, bytes(32))


@pytest.mark.parametrize("pages", [0, 2**17 + 1, 2**32, 2**128, 2**256 - 1])
def test_a_number_of_pages_that_no_proof_reaches_pays_nobody(kernel: Kernel, pages: int) -> None:
    """A clone that nobody registered may claim any number: nothing passes its checks."""
    tree = small(kernel, 2)
    for root in (tree.root, bytes(32), keccak(b"")):
        table = (root, tree.shares, pages, keccak(b"terms"))
        kernel.registry.deploy(table)
        commitment = keccak(
            keccak(text=AGREEMENT + TABLE + TERMS) + table_hash(*table[:3]) + table[3]
        )
        split = kernel.chain.at("SEE", kernel.registry.see_address(commitment))
        for page in range(2):
            nothing_passes(split, table, tree.pages[page], tree.proof(page), page)
        with refused():
            split.payout_whole(table, [], ZERO)


@pytest.mark.parametrize("pages", [1, 2, 3, 5, 7, 8, 9, 16])
def test_a_proof_has_one_length(kernel: Kernel, pages: int) -> None:
    """Bytes behind a proof, or missing from it, refuse it; also for a lone node."""
    tree = small(kernel, pages)
    split = kernel.split(tree)
    kernel.pay(split, 100)
    for page in {0, pages - 1}:
        proof, words = tree.proof(page), tree.pages[page]
        for bad in (proof + b"\0", proof + bytes(32), proof + bytes(64), proof + proof[-64:]):
            if bad == proof:
                continue
            with refused():
                split.payout_page(tree.table, page, words, bad, ZERO)
            with refused():
                split.join_page(tree.table, page * 32, words, bad)
        for short in (proof[:-1], proof[:-32], proof[:-64], proof[64:], b""):
            if short != proof:
                with refused():
                    split.payout_page(tree.table, page, words, short, ZERO)
                with refused():
                    split.join_page(tree.table, page * 32, words, short)


@pytest.mark.parametrize("pages", [*range(1, 10), 15, 16])
def test_every_page_of_every_shape_is_paid_once(kernel: Kernel, pages: int) -> None:
    """By proofs or as a whole, each page of a table of this many gets its part."""
    tree = small(kernel, pages)
    split = kernel.split(tree)
    kernel.pay(split, tree.shares)
    for page in range(pages):
        kernel.payout(split, tree, page)
    kernel.pay(split, tree.shares)
    split.payout_whole(tree.table, tree.pages, ZERO)
    for page, words in enumerate(tree.pages):
        assert kernel.chain.balance("0x" + words[:20].hex()) == 2 * (page + 1)


def test_a_whole_table_is_all_its_pages_in_order(kernel: Kernel) -> None:
    """payout_whole refuses pages that are missing, added, doubled or exchanged."""
    tree = small(kernel, 5)
    split = kernel.split(tree)
    kernel.pay(split, 100)
    p = tree.pages
    for pages in ([], p[:1], p[:4], [*p, b""], [*p, p[4]], [p[1], p[0], *p[2:]], [p[0]] * 5):
        with refused():
            split.payout_whole(tree.table, pages, ZERO)
    with refused():
        split.payout_whole(tree.table, p * 4, ZERO)


@pytest.mark.parametrize("shares", [0, 2**48, 2**255, 2**256 - 1])
def test_total_shares_are_within_bounds(kernel: Kernel, shares: int) -> None:
    """No Splitter of no shares, nor of more than fit."""
    words = seat_word(kernel.chain.account(), 5)
    with refused("wrong total"):
        kernel.registry.create(keccak(words), shares, 1, bytes(32))
    with refused("wrong total"):
        kernel.registry.deploy((keccak(words), shares, 1, bytes(32)))


def test_each_field_of_a_table_is_committed_to(kernel: Kernel) -> None:
    """Root, shares, pages and terms: change one, and it is the wrong table."""
    tree = small(kernel, 2)
    split = kernel.split(tree)
    kernel.pay(split, 100)
    fields: list[Any] = list(tree.table)
    struct = table_hash(*tree.table[:3])
    for at, bad in [(0, bytes(32)), (1, 5), (2, 1), (2, 3), (3, b"\1" * 32), (3, struct)]:
        table = (*fields[:at], bad, *fields[at + 1 :])
        for act in (
            lambda t: split.join(t, 0, tree.pages[0]),
            lambda t: split.join_page(t, 0, tree.pages[0], tree.proof(0)),
            lambda t: split.payout_page(t, 0, tree.pages[0], tree.proof(0), ZERO),
            lambda t: split.payout_whole(t, tree.pages, ZERO),
        ):
            with refused("wrong table"):
                act(table)


def test_a_table_and_an_agreement_are_never_taken_for_each_other(kernel: Kernel) -> None:
    """The clone of an agreement takes no bare table, nor a Splitter an agreement's."""
    tree = small(kernel, 1)
    terms = keccak(b"terms")
    agreed = (*tree.table[:3], terms)
    kernel.registry.deploy(agreed)
    see = kernel.chain.at("SEE", kernel.registry.see_address(commitment(agreed)))
    split = kernel.split(tree)
    for pot in (see, split):
        kernel.pay(pot, 100)
    with refused("wrong table"):
        see.payout(tree.table, tree.pages[0], ZERO)
    with refused("wrong table"):
        split.payout(agreed, tree.pages[0], ZERO)
    for forged in (
        (table_hash(*tree.table[:3]), tree.shares, 1, terms),
        (table_hash(*tree.table[:3]), tree.shares, 1, bytes(32)),
        (terms, tree.shares, 1, table_hash(*tree.table[:3])),
    ):
        for pot in (see, split):
            with refused():
                pot.payout(forged, tree.pages[0], ZERO)
    see.payout(agreed, tree.pages[0], ZERO)


def commitment(table: Table) -> bytes:
    return keccak(keccak(text=AGREEMENT + TABLE + TERMS) + table_hash(*table[:3]) + table[3])


AGREEMENT_TYPE = keccak(
    text="Agreement(Table table,Terms terms)Table(bytes32 root,uint256 shares,uint256 pages)"
    "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,"
    "uint256 expiry,address[] currencies,bytes32 nonce)"
)


@pytest.mark.parametrize("index", [2, 31, 32, 33, 2**32, 2**255, 2**256 - 1])
def test_a_seat_is_on_the_page(kernel: Kernel, index: int) -> None:
    """An index behind the last seat of a page, or of a page that is not there."""
    tree = small(kernel, 1, per_page=2)
    split = kernel.split(tree)
    with refused("wrong page"):
        split.join(tree.table, index, tree.pages[0])
    with refused("wrong page"):
        split.join_page(tree.table, index, tree.pages[0], b"")


def test_the_implementation_has_no_table(kernel: Kernel) -> None:
    """Called by itself, it knows no table and gives away nothing that was forced on it."""
    tree = small(kernel, 1)
    kernel.chain.set_balance(kernel.splitter.address, 1000)
    for call in (
        lambda: kernel.join(kernel.splitter, tree, 0),
        lambda: kernel.payout(kernel.splitter, tree),
        lambda: kernel.splitter.claim(0, kernel.chain.me),
    ):
        with refused():
            call()
    see = kernel.chain.at("SEE", kernel.registry.see_implementation())
    with refused("not registry"):
        see.end()
    with refused("not payable"):
        see.pay(ZERO, 5, bytes(32), value=5)
