"""The history of a table of several pages, whose payouts leave no slot for each page."""

from __future__ import annotations

import pytest

from seechain import SEE, Agreement, Registry
from seechain.chain.events import Closed
from seechain.history import Fact
from tests.sdk.chain import key
from tests.sdk.conftest import make_agreement, register
from tests.sdk.histories import checked
from tests.sdk.life import amend, line, next_agreement


def large() -> Agreement:
    """Two pages: Ada and Ben with voices, and 38 more seats."""
    members = [line("Ada", key(1).address, 30, 1), line("Ben", key(2).address, 50, 1)]
    members += [line(f"Seat {at}", f"0x{at:040x}", at) for at in range(0x11000, 0x11026)]
    return make_agreement(members=members)


@pytest.fixture
def paged(registry: Registry) -> SEE:
    return register(registry, large(), 1, 2)


def closings(see: SEE) -> int:
    """How many books were closed with a log; the history agrees with the chain."""
    facts = [each for each in checked(see).entries if isinstance(each, Fact)]
    return sum(isinstance(each.event, Closed) for each in facts)


def test_what_was_paid_out_whole_closes_without_a_log(paged: SEE) -> None:
    for wei in (10**15 + 7, 10**12):
        paged.pay(wei, sender=key(3))
        paged.payout(sender=key(8))
        checked(paged)
    amend(paged, next_agreement())
    assert closings(paged) == 0
    paged.pay(10**9, sender=key(3))
    paged.payout(sender=key(8))
    checked(paged)


def test_what_one_page_is_owed_is_closed_with_a_log(paged: SEE) -> None:
    paged.pay(10**15, sender=key(3))
    paged.payout(pages=[0], sender=key(8))
    checked(paged)
    amend(paged, next_agreement())
    assert closings(paged) == 1
    paged.pay(10**9, sender=key(3))
    checked(paged)


def test_claims_between_payouts_of_the_whole(paged: SEE) -> None:
    for wei in (10**15, 10**14, 10**13):
        paged.pay(wei, sender=key(3))
        paged.payout(sender=key(8))
        paged.pay(wei + 1, sender=key(3))
        paged.claim(key(1).address, sender=key(8))
        checked(paged)
    paged.payout(pages=[1], sender=key(8))
    checked(paged)
    amend(paged, next_agreement())
    assert closings(paged) == 1
