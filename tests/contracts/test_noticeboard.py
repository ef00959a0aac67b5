"""The Noticeboard: who has a voice posts, nobody else, and nothing twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.board_stage import APPEAL, CONTENT, POSTING, URI, Board, posted
from tests.contracts.consent import DAY, KEYS, LOCATION, PUBLICATION, compact, digest
from tests.contracts.consent import domain as domain_of
from tests.contracts.evm import Kernel, Tree, refused
from tests.contracts.life import Life, struct
from tests.contracts.nest import BLOCK, Nest

YEAR = 366 * DAY


@pytest.fixture
def board(kernel: Kernel) -> Board:
    return Board(kernel)


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_voice_posts_an_appeal(board: Board, place: int) -> None:
    author, notice = KEYS[place].address, board.appeal()
    receipt = board.post(notice, author, place)
    assert posted(receipt) == {
        "see": board.see.lower(),
        "author": author.lower(),
        "key": board.key_of(notice, author),
        "what": APPEAL,
        "content": CONTENT,
        "uri": URI,
        "shares": 50,
        "until": board.until,
    }
    block = int(receipt["blockNumber"], 16)
    assert board.board.posted(board.key_of(notice, author)) == block


def test_a_voice_posts_a_record(board: Board) -> None:
    said = posted(board.post(board.record(uri="")))
    assert (said["what"], said["uri"], said["shares"], said["until"]) == (2, "", 0, 0)


@pytest.mark.parametrize("what", ["appeal", "record"])
def test_anyone_relays_what_a_voice_has_signed(board: Board, what: str) -> None:
    notice = getattr(board, what)()
    said = posted(board.post(notice, KEYS[1].address, 1, board.sign(notice, KEYS[1])))
    assert said["author"] == KEYS[1].address.lower()


def test_a_stranger_does_not_post(board: Board) -> None:
    """Nor at a place of another, nor beyond the roll."""
    for place in (0, 2, 3, 2**255, 2**256 - 1):
        with refused("wrong roll"):
            board.post(board.appeal(), KEYS[3].address, place)
    with refused("wrong roll"):
        board.post(board.appeal(), KEYS[0].address, 1)


def test_a_seat_without_a_voice_does_not_post(board: Board) -> None:
    seat = "0x" + board.life.agreement.tree.pages[0][:20].hex()
    board.chain.rpc("anvil_impersonateAccount", seat)
    with refused("wrong roll"):
        board.post(board.appeal(), seat)


def test_nobody_posts_for_another(board: Board) -> None:
    notice = board.appeal()
    with refused("bad signature"):
        board.post(notice, KEYS[0].address, sender=KEYS[1].address)
    with refused("bad signature"):
        board.post(notice, KEYS[0].address, signature=board.sign(notice, KEYS[1]))
    forged = board.sign(notice, KEYS[1], account=KEYS[0].address)
    with refused("bad signature"):
        board.post(notice, KEYS[0].address, signature=forged)


def test_a_roll_of_ones_own_is_not_the_agreements(board: Board) -> None:
    """Who writes itself into a roll has another agreement than the one in force."""
    mine = board.life.agreement.changed(voices=((KEYS[3].address, 1),))
    with refused("wrong agreement"):
        board.post(board.appeal(), KEYS[3].address, agreement=mine)


@pytest.mark.parametrize("field", ["table", "terms", "roll", "currencies"])
def test_any_other_agreement_is_refused(board: Board, field: str) -> None:
    changed: dict[str, Any] = {
        "table": {"tree": Tree.of([(board.chain.account(), 1)])},
        "terms": {"expiry": board.life.agreement.expiry + 1},
        "roll": {"voices": tuple((k.address, 2) for k in KEYS[:3])},
        "currencies": {"currencies": (b"\0" * 31 + b"\1",)},
    }[field]
    with refused("wrong agreement"):
        board.post(board.appeal(), agreement=board.life.agreement.changed(**changed))


def test_a_voice_of_a_version_before_does_not_post(board: Board) -> None:
    """By neither agreement, once the next is in force; who has a voice in it does."""
    old = board.life.agreement
    board.life.amend(board.life.next(old.tree, voices=((KEYS[3].address, 1),)))
    with refused("wrong agreement"):
        board.post(board.appeal(), agreement=old)
    with refused("wrong roll"):
        board.post(board.appeal())
    board.post(board.appeal(), KEYS[3].address)


def test_a_voice_that_has_left_does_not_post(board: Board) -> None:
    board.life.leave(KEYS[1].address, 1)
    with refused("already left"):
        board.post(board.appeal(), KEYS[1].address, 1)
    with refused("already left"):
        signature = board.sign(board.appeal(), KEYS[1])
        board.post(board.appeal(), KEYS[1].address, 1, signature)
    board.post(board.appeal(), KEYS[2].address, 2)


# ---------------------------------------------------------------- of which SEE


def test_what_is_not_registered_has_no_notices(board: Board) -> None:
    """A clone that stands and was never registered is no SEE yet; nor is a contract that says
    the right word, nor nothing at all."""
    agreement = board.life.agreement.changed(nonce=b"\7" * 32)
    see = board.life.office.see(agreement).address
    with refused("not registered"):
        board.post(board.appeal(see=see), agreement=agreement)
    board.kernel.registry.deploy(agreement.table)
    with refused("not registered"):
        board.post(board.appeal(see=see), agreement=agreement)
    with refused("not registered"):
        board.post(board.appeal(see=board.chain.account()))


def test_another_sees_agreement_proves_nothing(board: Board) -> None:
    other = Life.found(board.kernel, [(board.chain.account(), 1)], keys=KEYS[3:])
    with refused("wrong agreement"):
        board.post(board.appeal(), KEYS[3].address, agreement=other.agreement)
    board.post(board.appeal(see=other.see.address), KEYS[3].address, agreement=other.agreement)


def test_after_its_end_there_are_records_and_no_appeals(board: Board) -> None:
    """What was learned is recorded when the work is done, by its last voices."""
    board.life.office.deregister(board.life.office.end())
    with refused("already ended"):
        board.post(board.appeal())
    board.post(board.record())
    with refused("wrong roll"):
        board.post(board.record(), KEYS[3].address)


# ---------------------------------------------------------------- what


def test_what_it_says_is_in_order(board: Board) -> None:
    now = board.chain.now()
    for notice in (
        board.appeal(what=0),
        board.appeal(what=3),
        board.appeal(what=2**255 | 1),
        board.appeal(content=bytes(32)),
        board.record(content=bytes(32)),
        board.appeal(shares=2**48),
        board.record(shares=1),
        board.record(until=board.until),
    ):
        with refused("wrong message"):
            board.post(notice)
    for until in (0, now, now + YEAR + DAY, 2**256 - 1):
        with refused("wrong expiry"):
            board.post(board.appeal(until=until))
    board.post(board.appeal(shares=2**48 - 1))
    board.post(board.appeal(shares=0))
    board.post(board.appeal(uri="x" * 256))
    with refused():
        board.post(board.appeal(uri="x" * 257))


@pytest.mark.parametrize("late", [False, True])
def test_an_appeal_is_ahead_when_it_is_posted(board: Board, late: bool) -> None:
    until = board.chain.now() + 100
    board.chain.next_at(until - 1 + late)
    if late:
        with refused("wrong expiry"):
            board.post(board.appeal(until=until))
    else:
        board.post(board.appeal(until=until))


# ---------------------------------------------------------------- once


@pytest.mark.parametrize("by_signature", [False, True])
def test_nothing_is_posted_twice(board: Board, by_signature: bool) -> None:
    """Else anyone could fill the board with what a voice has signed once."""
    notice = board.appeal()
    signature = board.sign(notice, KEYS[0])
    board.post(notice, signature=signature if by_signature else b"")
    for again in (b"", signature):
        with refused("already posted"):
            board.post(notice, signature=again)
    board.post(notice, KEYS[1].address, 1)
    for other in (board.appeal(uri=""), board.appeal(shares=51), board.record()):
        board.post(other)


@pytest.mark.parametrize(
    "field", ["what", "see", "content", "uri", "shares", "until", "deadline", "board"]
)
def test_who_relays_changes_nothing(board: Board, field: str) -> None:
    notice, signature = board.appeal(), board.sign(board.appeal(), KEYS[0])
    posted_as = notice
    if field == "deadline":
        board.life.office.deadline += 1
    elif field == "board":
        signature = board.sign(notice, KEYS[0], board=board.chain.account())
    elif field == "see":
        # The same voices have another SEE of the same agreement, but for its nonce.
        twin = board.life.agreement.changed(nonce=b"\7" * 32)
        board.life.office.register(twin)
        posted_as = notice.changed(see=board.life.office.see(twin).address)
        with refused("bad signature"):
            board.post(posted_as, signature=signature, agreement=twin)
        return
    else:
        other: dict[str, Any] = {
            "what": board.record(),
            "content": notice.changed(content=b"\1" * 32),
            "uri": notice.changed(uri=URI + " "),
            "shares": notice.changed(shares=51),
            "until": notice.changed(until=notice.until - 1),
        }
        posted_as = other[field]
    with refused("bad signature"):
        board.post(posted_as, signature=signature)


def test_a_signature_is_over_after_its_deadline(board: Board) -> None:
    notice = board.record()
    signature = board.sign(notice, KEYS[0])
    board.chain.next_at(board.life.office.deadline + 1)
    with refused("too late"):
        board.post(notice, signature=signature)


def test_a_signature_counts_on_one_chain(board: Board) -> None:
    notice = board.record()
    other = domain_of(board.kernel.registry.address, 1)
    made = digest(
        other,
        POSTING,
        KEYS[0].address,
        notice.hash(board.board.address),
        board.life.office.deadline,
    )
    with refused("bad signature"):
        board.post(notice, signature=compact(KEYS[0].unsafe_sign_hash(made)))


def test_a_signature_for_the_registry_is_none_for_the_board(board: Board) -> None:
    """One domain, but a type of its own: neither takes what is signed for the other."""
    notice = board.record()
    where = struct(LOCATION, "address bytes32", board.see, notice.content)
    signature = board.life.alone(PUBLICATION, where, KEYS[0])
    with refused("bad signature"):
        board.post(notice, signature=signature)
    subject = notice.hash(board.board.address)
    swapped = board.life.alone(PUBLICATION, subject, KEYS[0])
    with refused("bad signature"):
        board.post(notice, signature=swapped)
    posting = board.sign(notice, KEYS[0])
    with refused("bad signature"):
        board.kernel.registry.locate(
            board.see, KEYS[0].address, URI, board.life.office.deadline, posting
        )


@pytest.mark.parametrize("bad", ["high s", "65 bytes", "none", "long"])
def test_a_signature_has_one_form(board: Board, bad: str) -> None:
    notice = board.record()
    subject = notice.hash(board.board.address)
    made = digest(
        board.life.office.domain, POSTING, KEYS[0].address, subject, board.life.office.deadline
    )
    signed = KEYS[0].unsafe_sign_hash(made)
    signature = {
        "high s": compact(signed, high=True),
        "65 bytes": bytes(signed.signature),
        "none": bytes(64),
        "long": compact(signed) + b"\0",
    }[bad]
    with refused("bad signature"):
        board.post(notice, signature=signature)


# ---------------------------------------------------------------- contracts that sign


@pytest.mark.parametrize("mode", [0, 2, 3, 4])
def test_a_contract_with_a_voice_signs(board: Board, mode: int) -> None:
    """By ERC-1271 with bounded gas: one that reverts, burns or answers less says no."""
    wallet = board.chain.deploy("Signer")
    agreement = board.life.agreement.changed(voices=((wallet.address, 1),), nonce=b"\1" * 32)
    from_wallet = bytes(32) + (64 << 32).to_bytes(32, "big") + bytes(BLOCK)
    board.life.office.register(agreement, signatures=from_wallet)
    notice = board.appeal(see=board.life.office.see(agreement).address)
    wallet.set(mode, bytes(32))

    def post() -> Any:
        return board.post(notice, wallet.address, 0, b"any", agreement)

    if mode == 0:
        assert posted(post())["author"] == wallet.address.lower()
    else:
        with refused("bad signature"):
            post()


def test_a_see_that_has_a_voice_posts_by_endorsing(kernel: Kernel) -> None:
    """The domain is the Registry's, so a SEE signs a notice as it signs all else."""
    nest = Nest(kernel).formed()
    board = Board(kernel, nest.outer)
    notice = board.record()
    roll = [account for account, _ in nest.outer.agreement.voices]
    place = roll.index(nest.me)
    with refused("bad signature"):
        board.post(notice, nest.me, place, b"\0")
    nest.endorse(POSTING, notice.hash(board.board.address))
    assert posted(board.post(notice, nest.me, place, b"\0"))["author"] == nest.me.lower()


def test_the_domain_is_its_registrys(board: Board) -> None:
    told = board.board.eip712Domain()
    assert told == board.kernel.registry.eip712Domain()
    assert board.board.registry() == board.kernel.registry.address.lower()


def test_gas_of_a_notice(board: Board) -> None:
    """Of three voices: by a voice itself, and relayed."""
    itself = int(board.post(board.appeal())["gasUsed"], 16)
    notice = board.record()
    relayed = int(board.post(notice, signature=board.sign(notice, KEYS[0]))["gasUsed"], 16)
    assert itself < 72_000
    assert relayed < 77_500
