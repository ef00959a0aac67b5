"""The life of a SEE as it is meant: amend, claim over versions, late invoices, leave, redirect."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.contracts.consent import KEYS, Agreement, Office
from tests.contracts.evm import ZERO, Contract, Kernel, Tree, key
from tests.contracts.life import LATE, Life

DAY = 86400


class Seat(NamedTuple):
    """One line of the table: its place, who has it, and shares of 100."""

    index: int
    account: str
    shares: int


@pytest.fixture
def life(kernel: Kernel, token: Contract) -> Life:
    """A SEE of three voices, who have seats, and a fourth seat. Native coin and a token."""
    office = Office.open(kernel)
    office.keys = list(KEYS[:3])
    seats = [(k.address, shares) for k, shares in zip(KEYS[:3], (40, 35, 5), strict=True)]
    seats.append((kernel.chain.account(), 20))
    office.agreement = Agreement(
        Tree.of(sorted(seats, key=lambda seat: int(seat[0], 16))),
        tuple((k.address, 1) for k in KEYS[:3]),
        kernel.chain.now() + 100 * DAY,
        currencies=(bytes(32), bytes.fromhex(token.address[2:]).rjust(32, b"\0")),
    )
    return Life(office)


def seats_of(life: Life) -> list[Seat]:
    words = life.agreement.tree.pages[0]
    return [
        Seat(
            at // 32,
            "0x" + words[at : at + 20].hex(),
            int.from_bytes(words[at + 26 : at + 32], "big"),
        )
        for at in range(0, len(words), 32)
    ]


def test_what_was_earned_stays_owed_and_what_comes_is_split_anew(
    life: Life, token: Contract
) -> None:
    """An amendment closes the books in both currencies; one claim takes both versions, and
    joins the new one on the way."""
    old = seats_of(life)[0]
    a, b = life.chain.account(), life.chain.account()
    life.kernel.pay(life.see, 1000)
    life.kernel.pay(life.see, 2000, token)
    life.join(old.index)
    life.amend(life.next(Tree.of([(a, 1), (b, 3)])))
    assert life.see.version() == 1
    assert life.see.received(ZERO) == life.see.received(token.address) == 0
    life.kernel.pay(life.see, 400)

    keys = [key(1, b, 1), key(old.index, old.account)]
    life.see.claim_versions([life.seat(1)], keys, [ZERO, token.address])

    assert life.chain.balance(b) == 300
    assert token.balanceOf(old.account) == 20 * old.shares


def test_a_late_invoice_pays_those_who_did_the_work(life: Life) -> None:
    """It goes by the table of its version, and the version in force receives nothing of it."""
    a, b = life.chain.account(), life.chain.account()
    life.amend(life.next(Tree.of([(a, 1), (b, 3)])))
    first = life.seat(0), life.seat(1)
    life.amend(life.next(Tree.of([(life.chain.account(), 1)])))

    life.see.pay_late(ZERO, 40, bytes(32), 1, value=40)
    life.see.claim_versions(list(first), [key(0, a, 1 | LATE), key(1, b, 1 | LATE)], [ZERO])

    assert (life.chain.balance(a), life.chain.balance(b)) == (10, 30)
    assert life.see.received(ZERO) == 0


def test_who_leaves_keeps_what_was_due_and_the_others_parts_rise(
    life: Life, token: Contract
) -> None:
    """1000 by 100 shares; then 600 by those that are left, in one payout that passes the
    leaver over; the leaver claims its own."""
    seats = seats_of(life)
    life.kernel.pay(life.see, 1000)
    life.kernel.pay(life.see, 2000, token)
    for seat in seats:
        life.join(seat.index)
        life.see.claim_token(token.address, seat.index, seat.account)
    before = {seat: life.chain.balance(seat.account) for seat in seats}
    life.kernel.pay(life.see, 1000)
    places = [k.address.lower() for k in KEYS[:3]]
    leaver = next(seat for seat in seats if seat.account in places)

    life.leave(leaver.account, places.index(leaver.account), leaver.index)
    life.kernel.pay(life.see, 600)
    life.payout()
    life.see.claim(leaver.index, leaver.account)

    live = 100 - leaver.shares
    for seat, held in before.items():
        got = life.chain.balance(seat.account) - held
        comes = 0 if seat == leaver else 600 * seat.shares // live
        assert 0 <= got - (10 * seat.shares + comes) <= 1


def test_a_members_money_goes_where_it_says(life: Life) -> None:
    """A payout, and whoever triggers it, follows the redirect."""
    seat, other = seats_of(life)[0], life.chain.account()
    life.kernel.pay(life.see, 1000)
    life.join(seat.index, False)

    life.redirect(seat.account, other, key(seat.index, seat.account))
    life.payout()

    assert life.chain.balance(other) == 10 * seat.shares
