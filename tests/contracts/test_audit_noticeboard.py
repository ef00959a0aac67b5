"""An audit of the Noticeboard: each attack against the contracts, none of which succeeds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.contracts.board_stage import CONTENT, NOTICE, POSTED, URI, Board, Notice, posted
from tests.contracts.consent import AMENDMENT, DAY, KEYS
from tests.contracts.evm import Kernel, Reverted, Tree, raw, refused
from tests.contracts.life import Life

DELEGATED = bytes.fromhex("ef0100")  # EIP-7702
POST = (
    "post((address,uint256,bytes32,string,uint256,uint256),"
    "(bytes32,uint256,uint256,bytes32),(bytes32,uint256,uint256,uint256,bytes32),"
    "bytes,bytes32,address,uint256,uint256,bytes)"
)
THIEF = KEYS[3]


@pytest.fixture
def board(kernel: Kernel) -> Board:
    return Board(kernel)


def calldata(board: Board, notice: Notice, signature: bytes, place: int = 0) -> bytes:
    a = board.life.agreement
    return board.board.data(
        "post",
        notice.fields,
        a.tree.table,
        a.terms,
        a.roll_words,
        keccak(b"".join(a.currencies)),
        KEYS[place].address,
        place,
        board.life.office.deadline,
        signature,
    )


def key_of(log: Any, board: str) -> bytes:
    """The key that an event's own fields make, its text as bytes."""
    see, author = (bytes.fromhex(topic[2:]) for topic in log["topics"][1:3])
    data = raw(log["data"])
    at = int.from_bytes(data[64:96], "big")
    size = int.from_bytes(data[at : at + 32], "big")
    uri = data[at + 32 : at + 32 + size]
    what = {1: "appeal", 2: "record"}[int.from_bytes(data[:32], "big")]
    subject = keccak(
        keccak(text=NOTICE)
        + raw(board).rjust(32, b"\0")
        + see
        + keccak(text=what)
        + data[32:64]
        + keccak(uri)
        + data[96:160]
    )
    return keccak(author + subject)


@contextmanager
def another_chain(board: Board) -> Iterator[None]:
    own = int(board.chain.rpc("eth_chainId"), 16)
    board.chain.rpc("anvil_setChainId", own + 1)
    try:
        yield
    finally:
        board.chain.rpc("anvil_setChainId", own)


# ---------------------------------------------------------------- calldata


@pytest.mark.parametrize("bit", [0, 5, 160, 255])
def test_no_bit_of_the_calldata_is_a_relayers(board: Board, bit: int) -> None:
    """Each word, offsets and lengths too: it is refused, or the notice is the same to the bit."""
    notice = board.appeal()
    data = calldata(board, notice, board.sign(notice, KEYS[0]))
    with board.chain.undone():
        meant = board.chain.send(board.board.address, data)["logs"]
    passed = set()
    for at in range(4, len(data), 32):
        word = int.from_bytes(data[at : at + 32], "big") ^ 1 << bit
        changed = data[:at] + word.to_bytes(32, "big") + data[at + 32 :]
        try:
            board.chain.call(board.board.address, changed)
        except Reverted:
            continue
        passed.add(at // 32)
        with board.chain.undone():
            (log,) = board.chain.send(board.board.address, changed)["logs"]
            assert (log["topics"], log["data"]) == (meant[0]["topics"], meant[0]["data"])
    # The hash of the terms, which are given themselves, and what fills up the text's last word.
    assert passed <= {4, 23}


def _laid_out(board: Board, uri_at: int, words: list[int]) -> bytes:
    """A record with a tail of one's own: its text is wherever one likes."""
    a = board.life.agreement
    root, shares, pages, _ = a.tree.table
    text, *terms, nonce = a.terms
    roll_at = (16 + 6 + len(words)) * 32
    values = [
        *(16 * 32, root, shares, pages, 0, text, *terms, nonce, roll_at),
        *(keccak(b"".join(a.currencies)), raw(KEYS[0].address), 0, 0),
        roll_at + 32 + len(a.roll_words),
        *(raw(board.see), 2, CONTENT, uri_at, 0, 0, *words, len(a.roll_words)),
    ]
    out = b"".join(
        value.rjust(32, b"\0") if isinstance(value, bytes) else value.to_bytes(32, "big")
        for value in values
    )
    return keccak(text=POST)[:4] + out + a.roll_words + bytes(32)


def test_whatever_the_layout_the_event_says_what_was_hashed(board: Board) -> None:
    """The text may be the roll's bytes, or lie before, or overlap its own length: what is logged
    is what the key is made of, so that no reader is told another notice."""
    plain = _laid_out(board, 6 * 32, [3, int.from_bytes(b"abc".ljust(32, b"\0"), "big")])
    me = KEYS[0].address
    (log,) = board.chain.send(board.board.address, plain, sender=me)["logs"]
    assert raw(log["topics"][3]) == key_of(log, board.board.address)
    assert posted({"logs": [log]})["uri"] == "abc"
    roll_at = 8 * 32  # behind the notice of six words and the two of this tail
    odd = [roll_at, 2**256 - 32 * 14, 2**256 - 32 * 13, 32, 64, 128, 160, 6 * 32 + 1]
    passed = 0
    for n, at in enumerate(odd):
        data = _laid_out(board, at, [40 + n, n])
        try:
            receipt = board.chain.send(board.board.address, data, sender=me)
        except Reverted:
            continue
        passed += 1
        (log,) = receipt["logs"]
        assert raw(log["topics"][3]) == key_of(log, board.board.address)
    assert passed


@pytest.mark.parametrize("size", [257, 2**32, 2**255, 2**256 - 1])
@pytest.mark.parametrize("which", ["uri", "roll", "signature"])
def test_what_is_longer_than_its_bound_is_refused(board: Board, which: str, size: int) -> None:
    bound = {"uri": 257, "roll": 2049, "signature": 1025}[which]
    size = max(size, bound)
    data = calldata(board, board.appeal(), bytes(64))
    at = {"uri": 22, "roll": 24, "signature": 28}[which]
    was = int.from_bytes(data[4 + at * 32 : 36 + at * 32], "big")
    assert was == {"uri": len(URI), "roll": 96, "signature": 64}[which]
    changed = data[: 4 + at * 32] + size.to_bytes(32, "big") + data[36 + at * 32 :]
    with refused():
        board.chain.call(board.board.address, changed + bytes(4096), KEYS[0].address)


def test_calldata_that_is_cut_short_says_nothing_else(board: Board) -> None:
    """What is missing at the end counts as zeros at most, which nobody has signed."""
    notice = board.appeal()
    data = calldata(board, notice, board.sign(notice, KEYS[0]))
    for cut in (1, 31, 32, 33, 64, 96, len(data) - 4 - 32, len(data) - 4):
        with refused():
            board.chain.call(board.board.address, data[:-cut])
    board.chain.send(board.board.address, data + b"\xff" * 64)


def test_a_text_of_256_bytes_is_the_longest(board: Board) -> None:
    said = posted(board.post(board.record(uri="u" * 256)))
    assert said["uri"] == "u" * 256
    with refused():
        board.post(board.record(uri="u" * 257))


# ---------------------------------------------------------------- voices


def test_a_voice_that_left_after_it_signed_is_not_heard(board: Board) -> None:
    """And only it: the places of the others are theirs."""
    notice = board.appeal()
    signatures = [board.sign(notice, key) for key in KEYS[:3]]
    board.life.leave(KEYS[1].address, 1)
    with refused("already left"):
        board.post(notice, KEYS[1].address, 1, signatures[1])
    for place in (0, 2):
        for wrong in (1, 3, 64, 65, 255, 256, 2**251, 2**256 - 1):
            with refused("wrong roll"):
                board.post(notice, KEYS[place].address, wrong, signatures[place])
        board.post(notice, KEYS[place].address, place, signatures[place])


def test_places_are_those_of_the_agreement_in_force(board: Board) -> None:
    """A signature outlives an amendment, if its voice does: at its new place, and once. Who had
    left is heard again where the next agreement gives it a voice."""
    notice = board.appeal()
    first, last = board.sign(notice, KEYS[1]), board.sign(notice, KEYS[2])
    gone = board.sign(notice, KEYS[0])
    board.life.leave(KEYS[2].address, 2)
    old = board.life.agreement
    board.life.office.keys = list(KEYS[:2])
    next_ = board.life.next(old.tree, voices=tuple((k.address, 1) for k in KEYS[1:3]))
    # The two that are left sign; zeros stand for the third.
    board.life.amend(next_, board.life.sign(AMENDMENT, board.life.succession(next_)) + bytes(64))
    with refused("wrong agreement"):
        board.post(notice, KEYS[0].address, 0, gone, agreement=old)
    with refused("wrong roll"):
        board.post(notice, KEYS[0].address, 0, gone)
    with refused("wrong roll"):
        board.post(notice, KEYS[1].address, 1, first)
    board.post(notice, KEYS[1].address, 0, first)
    with refused("already posted"):
        board.post(notice, KEYS[1].address, 0, first)
    board.post(notice, KEYS[2].address, 1, last)


def test_a_see_with_anothers_agreement_is_still_another(board: Board) -> None:
    """Its voices amend a SEE until its agreement is, to the bit, that of the victims. They give
    them voices there unasked, and get none of their signatures or of their places."""
    notice = board.appeal()
    signature = board.sign(notice, KEYS[0])
    board.life.leave(KEYS[1].address, 1)
    thief = Life.found(board.kernel, [(board.chain.account(), 1)], keys=[THIEF])
    thief.amend(board.life.agreement)
    assert thief.see.commitment() == board.life.see.commitment()
    there = notice.changed(see=thief.see.address)
    with refused("bad signature"):
        board.post(there, KEYS[0].address, 0, signature)
    with refused("wrong roll"):
        board.post(notice, THIEF.address, 0)
    with refused("already left"):
        board.post(notice, KEYS[1].address, 1)
    # Who left here and has a voice there may speak there.
    board.post(there, KEYS[1].address, 1)
    board.post(notice, KEYS[0].address, 0, signature)


def test_a_see_of_another_registry_is_none_here(board: Board) -> None:
    see_code = raw(board.chain.contracts["SEE"][1])
    registry = board.chain.deploy("Registry", see_code, board.kernel.splitter.address)
    other = Kernel(board.chain, board.kernel.splitter, registry)
    theirs = Board(other)
    notice = theirs.record()
    with refused("not registered"):
        board.post(notice, agreement=theirs.life.agreement)
    signature = theirs.sign(notice, KEYS[0])
    theirs.post(notice, signature=signature)
    # The same agreement here: another address, another domain, another board.
    mine = Notice(board.see, 2, notice.content, notice.uri, 0, 0)
    with refused("bad signature"):
        board.post(mine, signature=signature)


def test_a_second_board_of_the_same_registry_takes_no_signature_of_the_first(board: Board) -> None:
    notice = board.record()
    signature = board.sign(notice, KEYS[0])
    second = board.chain.deploy("Noticeboard", board.kernel.registry.address)
    first, board.board = board.board, second
    assert second.address != first.address
    with refused("bad signature"):
        board.post(notice, signature=signature)
    board.board = first
    board.post(notice, signature=signature)


def test_what_is_no_registered_see_has_no_board(board: Board) -> None:
    """The implementations, a Splitter, the Registry, an account, the zero address, the board; a
    contract that says it has the agreement."""
    agreement = board.life.agreement
    liar = board.chain.deploy("Forger", agreement.hash)
    tree = Tree.of([(board.chain.account(), 1)])
    others = [
        liar.address,
        board.kernel.split(tree).address,
        board.kernel.splitter.address,
        board.kernel.registry.see_implementation(),
        board.kernel.registry.address,
        board.board.address,
        KEYS[0].address,
        "0x" + "00" * 20,
    ]
    for see in others:
        with refused("not registered"):
            board.post(board.record(see=see))


def test_after_the_end_only_those_record_who_had_not_left(kernel: Kernel) -> None:
    """Its last voices; where the last voice's leaving was the end, nobody."""
    board = Board(kernel)
    board.life.leave(KEYS[0].address, 0)
    relayed = board.sign(board.record(uri=""), KEYS[1])
    board.chain.next_at(board.life.agreement.expiry + 7 * DAY)
    a = board.life.agreement
    kernel.registry.expire(board.see, *a.preimage)
    with refused("already ended"):
        board.post(board.appeal(until=board.chain.now() + DAY), KEYS[1].address, 1)
    with refused("already left"):
        board.post(board.record(), KEYS[0].address, 0)
    board.post(board.record(), KEYS[1].address, 1)
    with refused("too late"):
        board.post(board.record(uri=""), KEYS[1].address, 1, relayed)


def test_where_all_have_left_nobody_records(board: Board) -> None:
    for place in range(3):
        board.life.leave(KEYS[place].address, place)
    for place in range(3):
        with refused("already left"):
            board.post(board.record(), KEYS[place].address, place)


# ---------------------------------------------------------------- denial


def test_nobody_posts_a_notice_before_its_author(board: Board) -> None:
    """The key is of the author too: the same words of a thief, of its own SEE or relayed, leave
    the author's free. What is relayed first is the author's own notice, whole."""
    notice = board.appeal()
    thief = Life.found(board.kernel, [(board.chain.account(), 1)], keys=[THIEF])
    copy = notice.changed(see=thief.see.address)
    board.post(copy, THIEF.address, 0, agreement=thief.agreement)
    board.post(notice, KEYS[1].address, 1)
    signature = board.sign(notice, KEYS[0])
    said = posted(board.post(notice, signature=signature, sender=THIEF.address))
    assert (said["author"], said["uri"]) == (KEYS[0].address.lower(), URI)
    with refused("already posted"):
        board.post(notice, signature=signature)
    with refused("already posted"):
        board.post(notice)


def test_a_second_signature_with_a_longer_deadline_posts_nothing_twice(board: Board) -> None:
    notice = board.record()
    board.post(notice, signature=board.sign(notice, KEYS[0]))
    board.life.office.deadline += DAY
    with refused("already posted"):
        board.post(notice, signature=board.sign(notice, KEYS[0]))


def test_a_signature_of_one_side_of_a_fork_is_none_on_the_other(board: Board) -> None:
    notice = board.record()
    signature = board.sign(notice, KEYS[0])
    data = calldata(board, notice, signature)
    with another_chain(board):
        with refused("bad signature"):
            board.chain.call(board.board.address, data)
        board.chain.call(board.board.address, data, KEYS[0].address)
    board.post(notice, signature=signature)


# ---------------------------------------------------------------- events


def test_a_false_board_logs_under_its_own_address(board: Board) -> None:
    """All topics and data as the real one's: only the address tells them apart."""
    notice = board.record()
    (real,) = board.post(notice)["logs"]
    puppet = board.chain.deploy("audit_puppet")
    topics = [raw(each) for each in real["topics"]]
    assert topics[0] == POSTED
    receipt = puppet.forge(*topics, raw(real["data"])[:96])
    assert receipt["logs"][0]["address"] != board.board.address.lower()


def test_the_key_of_an_event_is_made_of_all_it_says(board: Board) -> None:
    for place, notice in enumerate((board.appeal(), board.record(uri=""), board.record())):
        (log,) = board.post(notice, KEYS[place].address, place)["logs"]
        assert raw(log["topics"][3]) == key_of(log, board.board.address)
        words = encode(
            ["address", "bytes32"], [KEYS[place].address, notice.hash(board.board.address)]
        )
        assert keccak(words) == raw(log["topics"][3])
