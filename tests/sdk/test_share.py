"""Sharing a seat: a member gives a contributor a part of its own, and asks nobody."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from seechain import SEE, AccountError, Registry, ShareTableError, Splitter
from seechain.chain.reverts import WrongMessage
from tests.sdk.chain import key
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT, make_agreement, register
from tests.sdk.life import amend, line, next_agreement, worth

FAY = key(7).address


def shares(splitter: Splitter) -> dict[str, int]:
    return {each.account: each.shares for each in splitter.members}


def test_contributor_and_member_get_theirs_to_the_unit(see: SEE, usdc: Any) -> None:
    splitter = see.share_seat(key(1), FAY, "1/4")
    assert shares(splitter) == {ADA: 3, FAY: 1}
    assert see.redirected(ADA) == splitter.address
    see.pay(1_000_003, sender=key(3))
    see.pay(1_000_003, currency=usdc.address, sender=key(0))
    worths = {each: worth(see, each) for each in (ADA, FAY, BEN, CLEO, DESK)}
    see.payout(sender=key(8))
    assert worth(see, splitter.address) == 400_001
    for currency in ("native", usdc.address):
        splitter.payout(currency, sender=key(8))
    gained = {each: worth(see, each) - had for each, had in worths.items()}
    assert gained == {ADA: 300_000, FAY: 100_000, BEN: 350_001, CLEO: 200_000, DESK: 50_000}
    assert usdc.functions.balanceOf(FAY).call() == 100_000
    assert usdc.functions.balanceOf(ADA).call() == 300_000
    # The unit that was undivided is carried.
    see.pay(3 * 10, sender=key(3))
    see.payout(sender=key(8))
    splitter.payout("native", sender=key(8))
    assert worth(see, FAY) - worths[FAY] == (400_001 + 12) // 4


def test_someone_else_pays_the_gas(see: SEE) -> None:
    before = worth(see, ADA)
    splitter = see.share_seat(key(1), FAY, Fraction(1, 10), sender=key(8))
    assert worth(see, ADA) == before
    assert shares(splitter) == {ADA: 9, FAY: 1}
    assert len(splitter.receipts) == 3  # the Splitter, the seat that joins, the redirect


def test_it_is_undone_for_what_comes_and_what_came_stays_split(see: SEE) -> None:
    splitter = see.share_seat(key(1), FAY, "1/4")
    see.pay(1000, sender=key(3))
    see.payout(sender=key(8))
    see.redirect(key(1), ADA)
    see.pay(1000, sender=key(3))
    before = worth(see, ADA), worth(see, FAY)
    see.payout(sender=key(8))
    splitter.payout(sender=key(8))
    assert worth(see, ADA) - before[0] == 400 + 300
    assert worth(see, FAY) - before[1] == 100
    # And shared once more: the same Splitter is found again.
    again = see.share_seat(key(1), FAY, "1/4")
    assert again.address == splitter.address
    assert see.redirected(ADA) == splitter.address
    assert see.share_seat(key(1), FAY, "2/8").receipts == ()


def test_it_holds_in_the_next_version_too(see: SEE) -> None:
    splitter = see.share_seat(key(1), FAY, "1/4")
    see.pay(1000, sender=key(3))
    amend(see, next_agreement())
    see.pay(1000, sender=key(3))
    see.payout(sender=key(8))
    assert worth(see, splitter.address) == 400 + 300


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("0", "a part is above 0 and below 1, got 0"),
        ("1", "a part is above 0 and below 1, got 1"),
        ("-1/4", "a part is above 0 and below 1, got -1/4"),
        ("5/4", "a part is above 0 and below 1, got 5/4"),
        ("a quarter", "a part is written like \"1/4\", got 'a quarter'"),
        ("1/0", "a part is written like \"1/4\", got '1/0'"),
        (None, 'a part is written like "1/4", got None'),
        ("25 %", "a part is written like \"1/4\", got '25 %'"),
        (Fraction(1, 2**50), "a part of at most 281474976710655 shares can be had"),
    ],
)
def test_a_part_that_is_none_is_refused(see: SEE, part: Any, says: str) -> None:
    with pytest.raises(ShareTableError) as caught:
        see.share_seat(key(1), FAY, part)
    assert str(caught.value).startswith(says)


def test_parts_are_read_as_they_are_written(see: SEE) -> None:
    wanted = see.share_seat(key(1), FAY, "1/10").address
    part: Any
    for part in ("0.1", 0.1, " 2/20 "):
        assert see.share_seat(key(1), FAY, part).address == wanted


def test_who_has_no_seat_shares_none_and_creates_nothing(see: SEE) -> None:
    sent = see.w3.eth.get_transaction_count(PORT)  # type: ignore[arg-type]
    with pytest.raises(ShareTableError, match="has no seat in this share table"):
        see.share_seat(key(3), FAY, "1/4")
    assert see.w3.eth.get_transaction_count(PORT) == sent  # type: ignore[arg-type]
    with pytest.raises(ShareTableError, match=r"Ada \(0x.* can't share its seat with itself"):
        see.share_seat(key(1), ADA, "1/4")
    with pytest.raises(AccountError):
        see.share_seat(key(1), "Fay", "1/4")


def test_a_see_shares_no_seat_of_its_own(see: SEE, registry: Registry) -> None:
    members = [line("Ada", ADA, 1, 1), line("Crew", see.address, 1)]
    outer = register(registry, make_agreement(members=members, nonce=8), 1)
    with pytest.raises(WrongMessage) as caught:
        outer.share_seat(see, FAY, "1/4", sender=key(8))
    assert str(caught.value) == (
        f"{see.address} can't share its seat: a SEE redirects no money: what it is paid is its own"
        " members'"
    )


def test_a_seat_is_shared_before_the_registration_too(registry: Registry) -> None:
    clone = registry.deploy_clone(make_agreement(nonce=8), sender=key(8))
    assert isinstance(clone, SEE)
    splitter = clone.share_seat(key(1), FAY, "1/4")
    clone.pay(1000, sender=key(3))
    clone.payout(sender=key(8))
    assert worth(clone, splitter.address) == 400
