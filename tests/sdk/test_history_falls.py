"""Histories of a token whose balance falls by itself: what is due is the chain's all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, Registry
from tests.sdk.chain import key
from tests.sdk.conftest import ADA, BEN, make_agreement, register
from tests.sdk.histories import checked, made
from tests.sdk.life import amend, next_agreement

MUTE = Path(__file__).parents[1] / "properties" / "hostile" / "Token.vy"


@pytest.fixture
def falling(registry: Registry, w3: Web3) -> tuple[SEE, Any, Any]:
    """A SEE of a token whose balances change by themselves, the token, and how to set its own."""
    token = made(w3, MUTE, 0, False)
    see = register(registry, make_agreement(currencies=["native", token.address]))

    def holds(amount: int, account: str = see.address) -> None:
        token.functions.set_balance(account, amount).transact({"from": key(3).address})

    holds(10**9, key(0).address)
    return see, token.address, holds


def test_a_balance_that_fell_below_what_older_versions_are_owed(
    falling: tuple[SEE, str, Any],
) -> None:
    see, token, holds = falling
    amend(see, next_agreement(currencies=["native", token]))
    see.pay(8, version=0, currency=token, sender=key(0))
    holds(4)  # by no log: C stays at zero, and the next books start with 4, not 8
    amend(see, make_agreement(currencies=["native", token], nonce=3), 1, 3, 6)
    see.pay(5, currency=token, sender=key(0))
    holds(9 + 78)
    past = checked(see)
    assert past.due(BEN)[token] == 8 * 35 // 100 + (5 + 78) * 35 // 100
    see.payout(token, sender=key(8))
    see.pay(33, currency=token, sender=key(0))
    checked(see, is_odd=True)  # less was there than was due


def test_a_balance_that_fell_to_nothing_owed_as_its_books_closed(
    falling: tuple[SEE, str, Any],
) -> None:
    see, token, holds = falling
    see.pay(100, currency=token, sender=key(0))
    see.payout(token, sender=key(8))
    see.pay(60, currency=token, sender=key(0))
    holds(0)
    amend(see, next_agreement(currencies=["native", token]))
    see.pay(200, currency=token, sender=key(0))
    past = checked(see)
    paid = [(each.amount, each.version, each.how) for each in past.payments]
    assert paid == [(100, 0, "pay"), (60, 0, "pay"), (-60, 0, "unlogged"), (200, 1, "pay")]
    see.payout(token, sender=key(8))
    checked(see)


def test_a_balance_that_had_fallen_as_a_seat_left(falling: tuple[SEE, str, Any]) -> None:
    see, token, holds = falling
    see.pay(100, currency=token, sender=key(0))
    see.claim(ADA, token, sender=key(8))
    holds(0)
    see.leave(key(1), voice=False)  # entitled to 16 of 40, having had 40: nothing is owed
    see.pay(60, currency=token, sender=key(0))
    past = checked(see)
    assert past.due(ADA)[token] == 0
    see.payout(token, sender=key(8))
    see.pay(7, currency=token, sender=key(0))
    checked(see)


def test_a_seat_that_left_with_more_due_than_was_there(falling: tuple[SEE, str, Any]) -> None:
    see, token, holds = falling
    see.pay(1000, currency=token, sender=key(0))
    see.claim(BEN, token, sender=key(8))  # 350, of 1000
    holds(150)
    see.leave(key(1), voice=False)
    see.claim(ADA, token, sender=key(8))
    past = checked(see, is_odd=True)
    assert [(each.due, each.amount) for each in past.portions] == [(350, 350), (200, 150)]
