"""Only a member gives up its seat or its voice, once, and those who are left can decide."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.contracts.consent import (
    AMENDMENT,
    DEREGISTRATION,
    KEYS,
    LEAVE,
    LEAVING,
    Office,
    compact,
    digest,
)
from tests.contracts.consent import domain as domain_of
from tests.contracts.evm import ZERO, Kernel, Tree, refused
from tests.contracts.life import REDIRECTION, Life, struct

DAY = 86400
FOUR = KEYS[:4]
SILENT = bytes(64)


class Club:
    """Four voices of one each; the first three have seats too, and there are three more."""

    def __init__(self, kernel: Kernel, **fields: Any) -> None:
        self.kernel, self.chain = kernel, kernel.chain
        others = [(kernel.chain.account(), shares) for shares in (7, 8, 9)]
        seats = sorted(
            [(k.address, 10 + n) for n, k in enumerate(FOUR[:3])] + others,
            key=lambda seat: int(seat[0], 16),
        )
        self.life = Life.found(kernel, seats, keys=FOUR, **fields)
        self.accounts = [account for account, _ in seats]
        self.office, self.registry, self.see = self.life.office, self.life.registry, self.life.see
        self.other = others[0][0]

    def index(self, account: str) -> int:
        return self.accounts.index(account)

    def signed(self, n: int, voice: bool, seat: bool, index: int | None = None) -> bytes:
        index = self.index(FOUR[n].address) if index is None else index
        return self.life.alone(LEAVING, self.life.leave_hash(voice, seat, index), FOUR[n])

    def end(self, *who: int) -> Any:
        """Deregister by these voices only."""
        subject = self.office.end_of(self.see.address, self.life.version)
        out = b"".join(
            self.life.sign(DEREGISTRATION, subject, [k]) if n in who else SILENT
            for n, k in enumerate(FOUR)
        )
        return self.office.deregister(out, self.life.agreement, self.see.address)

    def left(self) -> int:
        return int(self.registry.record(self.see.address)[5])

    def ended(self) -> bool:
        return bool(self.registry.record(self.see.address)[2])


@pytest.fixture
def club(kernel: Kernel) -> Club:
    return Club(kernel)


# ---------------------------------------------------------------- the seat


def test_a_seat_leaves_once(club: Club) -> None:
    """By itself, after it has joined; not twice, whoever sends it."""
    account = FOUR[0].address
    n = club.index(account)
    with refused("not joined"):
        club.life.leave_seat(account, n)
    club.life.join(n, False)
    signature = club.signed(0, False, True)
    club.life.leave_seat(account, n)
    for again in (b"", signature):
        with refused("already left"):
            club.life.leave_seat(account, n, signature=again)
    with refused("already joined"):
        club.life.join(n, False)


def test_nobody_leaves_for_another(club: Club) -> None:
    """Not a stranger, another member, the other's signature, or one of 64 zeros."""
    n = club.index(FOUR[0].address)
    club.life.join(n, False)
    forged = club.signed(1, False, True, n)
    for signature in (bytes(64), forged, club.signed(0, False, True)[:63], bytes(32) + b"\1" * 32):
        with refused("bad signature"):
            club.life.leave_seat(FOUR[0].address, n, signature=signature)
    club.chain.rpc("anvil_impersonateAccount", FOUR[1].address)
    for sender in (FOUR[1].address, club.chain.me):
        with refused("bad signature"):
            club.life.leave_seat(FOUR[0].address, n, sender=sender)
    with refused("bad signature"):  # ecrecover of rubbish answers the zero address
        club.life.leave_seat(ZERO, n, signature=bytes(64))
    assert club.see.book(ZERO)[1] == 0


def test_a_leave_of_a_seat_that_is_not_its_own(club: Club) -> None:
    """The seat of an account stands at its index; at another it has not joined."""
    for n in range(6):
        club.life.join(n, False)
    own = club.index(FOUR[0].address)
    for n in {*range(6)} - {own}:
        with refused("not joined"):
            club.life.leave_seat(FOUR[0].address, n)
    stranger = club.chain.account()
    with refused("not joined"):
        club.life.leave_seat(stranger, own)


FIELDS = [
    "see", "version", "index", "voice", "seat", "account", "deadline", "chain", "registry",
    "name", "kind", "high s",
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("voice", [False, True], ids=["seat", "voice and seat"])
def test_each_signed_field_counts(club: Club, field: str, voice: bool) -> None:
    """A signature for anything else, in one field, lets nobody leave."""
    life, n = club.life, club.index(FOUR[0].address)
    life.join(n, False)
    what = {"see": club.see.address, "version": 0, "voice": voice, "seat": True, "index": n}
    wrong = {
        "see": FOUR[1].address,
        "version": 1,
        "voice": not voice,
        "seat": False,
        "index": n + 1,
    }

    def signature(field: str) -> bytes:
        it = what | ({field: wrong[field]} if field in wrong else {})
        subject = struct(LEAVE, "address uint256 bool bool uint256", *it.values())
        chain_id = int(club.chain.rpc("eth_chainId"), 16)
        made = digest(
            domain_of(
                FOUR[2].address if field == "registry" else life.registry.address,
                chain_id + (field == "chain"),
                name="Seechain" if field == "name" else "seechain",
            ),
            REDIRECTION if field == "kind" else LEAVING,
            FOUR[1].address if field == "account" else FOUR[0].address,
            subject,
            life.office.deadline + (field == "deadline"),
        )
        return compact(FOUR[0].unsafe_sign_hash(made), high=field == "high s")

    def leave(signature: bytes) -> Any:
        if voice:
            return life.leave(FOUR[0].address, 0, n, signature)
        return life.leave_seat(FOUR[0].address, n, signature=signature)

    with refused("bad signature"):
        leave(signature(field))
    leave(signature(""))


def test_a_leave_has_its_deadline(club: Club) -> None:
    """At it a signature still counts, after it no more; the account itself needs none."""
    life = club.life
    first, second = club.index(FOUR[0].address), club.index(FOUR[1].address)
    life.join(first, False)
    life.join(second, False)
    signatures = club.signed(0, False, True), club.signed(1, False, True)
    club.chain.next_at(life.office.deadline)
    life.leave_seat(FOUR[0].address, first, signature=signatures[0])
    club.chain.next_at(life.office.deadline + 1)
    with refused("too late"):
        life.leave_seat(FOUR[1].address, second, signature=signatures[1])
    life.leave_seat(FOUR[1].address, second)


@pytest.mark.parametrize("voice", [False, True], ids=["seat", "voice and seat"])
def test_a_leave_is_of_one_version(club: Club, voice: bool) -> None:
    """Whoever is brought back by the next agreement is not put out by the old signature."""
    life, account, n = club.life, FOUR[0].address, club.index(FOUR[0].address)
    life.join(n, False)
    signature = club.signed(0, voice, True)
    if voice:
        life.leave(account, 0, n, signature)
        life.amend(
            life.next(life.agreement.tree),
            SILENT + life.sign(AMENDMENT, life.succession(life.agreement), FOUR[1:]),
        )
    else:
        life.leave_seat(account, n, signature=signature)
        life.amend(life.next(life.agreement.tree))
    assert club.left() == 0
    assert club.see.book(ZERO) == (1, 0)
    club.kernel.pay(club.see, 100)
    life.join(n, False)
    with refused("bad signature"):
        if voice:
            life.leave(account, 0, n, signature)
        else:
            life.leave_seat(account, n, signature=signature)


def test_a_contract_leaves_by_its_own_word(kernel: Kernel) -> None:
    """ERC-1271: a yes of the account's own code, and no other answer."""
    signer = kernel.chain.deploy("Signer")
    life = Life.found(kernel, [(signer.address, 1), (kernel.chain.account(), 1)])
    life.join(0, False)
    for mode in range(1, 6):
        signer.set(mode, bytes(32))
        with refused("bad signature"):
            life.leave_seat(signer.address, 0, signature=b"word")
    signer.set(0, bytes(32))
    life.leave_seat(signer.address, 0, signature=b"word")


# ---------------------------------------------------------------- the voice


def test_the_quorum_follows_the_voices_that_are_left(club: Club) -> None:
    """Two thirds of four are three; of three, two; of two, two; of one, one."""
    for gone, enough in ((None, 3), (0, 2), (1, 2), (2, 1)):
        if gone is not None:
            club.life.leave(FOUR[gone].address, gone)
        live = [n for n in range(4) if gone is None or n > gone]
        with refused("no quorum"):
            club.end(*live[: enough - 1])
        with club.chain.undone():
            club.end(*live[:enough])
            assert club.ended()
        with club.chain.undone():
            club.end(*live[-enough:])


def test_a_voice_that_left_counts_no_more(club: Club) -> None:
    """Neither its yes, nor its silence, nor a broken signature of it."""
    club.life.leave(FOUR[0].address, 0)
    club.life.leave(FOUR[1].address, 1)
    with refused("no quorum"):
        club.end(0, 1, 2)
    subject = club.office.end_of(club.see.address)
    rubbish = b"\1" * 128 + club.life.sign(DEREGISTRATION, subject, FOUR[2:])
    club.office.deregister(rubbish, club.life.agreement, club.see.address)
    assert club.ended()


@pytest.mark.parametrize("order", list(permutations(range(4)))[::3])
def test_in_any_order_the_others_can_decide(club: Club, order: tuple[int, ...]) -> None:
    """Whoever goes first, those who are left decide together; with the last voice it ends."""
    for at, n in enumerate(order):
        with club.chain.undone():
            club.end(*order[at:])
        with club.chain.undone():
            keep = [k for m, k in enumerate(FOUR) if m in order[at:]]
            signatures = b"".join(
                club.life.sign(AMENDMENT, club.life.succession(club.life.agreement), [k])
                if k in keep
                else SILENT
                for k in FOUR
            )
            club.registry.amend(
                club.see.address,
                *club.life.agreement.preimage,
                *club.life.agreement.preimage,
                club.office.deadline,
                signatures,
                b"",
                0,
            )
            assert club.see.version() == 1
        assert not club.ended()
        club.life.leave(FOUR[n].address, n)
    assert club.ended()
    assert club.see.ended()


def test_with_the_last_voice_it_ends(club: Club) -> None:
    """Nobody then amends, ends, leaves or expires it, whoever had signed; money goes on."""
    life = club.life
    club.kernel.pay(club.see, 57)
    life.join(0, False)
    for n in range(4):
        life.leave(FOUR[n].address, n)
    with refused("already ended"):
        life.amend(life.agreement)
    with refused("already ended"):
        club.end(0, 1, 2, 3)
    with refused("already ended"):
        life.leave(FOUR[0].address, 0)
    with refused("already ended"):
        life.leave_seat(club.accounts[0], 0)
    with refused("already ended"):
        club.office.expire(club.see.address)
    with refused("already registered"):
        club.office.register()
    with refused("see ended"):
        club.see.pay(ZERO, 1, bytes(32), value=1)
    life.payout()
    assert club.chain.balance(club.other) == 7


def test_a_voice_and_a_seat_go_together_or_not_at_all(club: Club) -> None:
    """The voice stays where the seat has not joined or has left already."""
    account, n = FOUR[1].address, club.index(FOUR[1].address)
    with refused("not joined"):
        club.life.leave(account, 1, n)
    assert club.left() == 0
    club.life.join(n, False)
    with refused("not joined"):
        club.life.leave(account, 1, n + 1)
    with club.chain.undone():
        club.life.leave_seat(account, n)
        with refused("already left"):
            club.life.leave(account, 1, n)
        club.life.leave(account, 1)
    with club.chain.undone():
        club.life.leave(account, 1)
        with refused("already left"):
            club.life.leave(account, 1, n)
        club.life.leave_seat(account, n)
    club.life.leave(account, 1, n)
    assert club.left() == 2
    assert club.see.book(ZERO)[1] == 11


def test_a_client_leaves_its_voice(club: Club) -> None:
    """It has no seat to leave; its voice it can."""
    with refused("not joined"):
        club.life.leave(FOUR[3].address, 3, 0)
    club.life.leave(FOUR[3].address, 3)
    assert club.left() == 8


def test_the_place_and_the_roll_are_the_signed_ones(club: Club) -> None:
    """Another's place, one beyond the roll, another roll, terms or table: refused."""
    for place in (1, 3, 4, 63, 64, 2**255):
        with refused("wrong roll"):
            club.life.leave(FOUR[0].address, place)
    table, terms, roll, currencies = club.life.agreement.preimage
    own = roll[:32]
    for other in (
        (table, terms, own, currencies),
        (table, terms, own + own, currencies),
        (table, terms, b"", currencies),
        (table, (terms[0], 1, 3, *terms[3:]), roll, currencies),
        ((table[0], table[1] + 1, *table[2:]), terms, roll, currencies),
        (table, terms, roll, currencies + bytes(32)),
    ):
        club.chain.rpc("anvil_impersonateAccount", FOUR[0].address)
        with refused("wrong agreement"):
            club.registry.leave(
                club.see.address, *other, FOUR[0].address, 0, False, 0, club.office.deadline, b"",
                sender=FOUR[0].address,
            )  # fmt: skip
    assert club.left() == 0


def test_no_see_no_leave(kernel: Kernel) -> None:
    """Of a clone that is not registered, a Splitter, an account: nobody leaves."""
    office = Office.open(kernel)
    a = office.agreement
    kernel.registry.deploy(a.table)
    life = Life(office, register=False)
    seat = "0x" + a.tree.pages[0][:20].hex()
    life.join(0, False)
    with refused("not registered"):
        life.leave_seat(seat, 0)
    with refused("not registered"):
        life.leave(KEYS[0].address, 0)
    splitter = kernel.split(Tree.of([(seat, 1)]))
    for other in (splitter.address, seat, kernel.registry.address, ZERO):
        with refused("not registered"):
            kernel.registry.leave_seat(
                other, seat, 0, 0, b"", office.deadline, b"", sender=kernel.chain.me
            )


def test_the_end_of_a_deregistered_see_stays(club: Club) -> None:
    """Nobody leaves what has ended, by a signature of before."""
    n = club.index(FOUR[0].address)
    club.life.join(n, False)
    signature = club.signed(0, False, True)
    both = club.signed(0, True, True)
    club.end(0, 1, 2)
    with refused("already ended"):
        club.life.leave_seat(FOUR[0].address, n, signature=signature)
    with refused("already ended"):
        club.life.leave(FOUR[0].address, 0, n, both)
