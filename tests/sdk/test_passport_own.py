"""The mark "paid by itself": nobody can put it on another, and nobody gets round it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, Registry, Splitter
from seechain.beside.payer import Payer
from seechain.chain import interface
from seechain.portable.passport import Entry
from seechain.portable.passport_reading import issue
from seechain.portable.verifying import verify
from tests.sdk.cascades import see_of
from tests.sdk.chain import deployed, key
from tests.sdk.conftest import ADA, BEN, CLEO, make_agreement, register
from tests.sdk.life import line
from tests.sdk.test_passport import amounts, entry_of

ETHER, MARK = 10**18, "paid by itself"


@pytest.fixture
def see(registry: Registry) -> SEE:
    return register(registry, make_agreement())


def ada_in(see: SEE) -> Entry:
    return entry_of(issue(Registry(see.w3), ADA), see)


def pair(registry: Registry, nonce: int, ada: int, other: SEE, *, voice: int = 1) -> SEE:
    """A SEE of Ada and another SEE, of 100 shares; the voice is of anvil's account `voice`."""
    return register(registry, pair_of(nonce, ada, other, voice=voice), voice)


def pair_of(nonce: int, ada: int, other: SEE, *, voice: int = 1) -> Any:
    has_voice = {"voices": 1} if voice == 1 else {}
    members = [line("Ada", ADA, ada, **has_voice), line("Z", other.address, 100 - ada)]
    members += [] if voice == 1 else [line("Voice", key(voice).address, 0, 1)]
    return make_agreement(members=members, nonce=nonce)


# ---------------------------------------------------------------- not by others


def test_a_made_up_transfer_of_an_unnamed_token_is_not_its_own(see: SEE, w3: Web3) -> None:
    token = deployed(w3, "GrossToken", 0)
    see.pay(10**6, currency=token.address, sender=key(0))
    token.functions.forge(ADA, see.address, 10**13).transact({"from": key(0).address})
    entry = ada_in(see)
    assert entry.marks == ()
    assert [each.own for each in entry.earned] == ["0"]


def test_a_token_that_a_stranger_names_is_not_its_own(registry: Registry, w3: Web3) -> None:
    token = deployed(w3, "GrossToken", 0)
    members = [line("Ada", ADA, 40), line("Six", key(6).address, 60, 1)]
    agreement = make_agreement(members=members, currencies=["native", token.address], nonce=9)
    see = register(registry, agreement, 6)
    token.functions.forge(ADA, see.address, 10**13).transact({"from": key(0).address})
    assert ada_in(see).marks == ("never acted",)


def test_a_made_up_authorization_is_not_its_own(see: SEE, w3: Web3) -> None:
    payer, token = Payer.deploy(w3, sender=key(8)), deployed(w3, "FalseToken")
    rest = (bytes(32), 2**256 - 1, bytes(32), 0, 2**255, 27, bytes(32), bytes(32))
    data = interface.of("Payer").encode(
        "pay_with_authorization", see.address, token.address, ADA, 5 * 10**12, *rest
    )
    call: Any = {"from": key(9).address, "to": payer.address, "data": data}
    w3.eth.wait_for_transaction_receipt(w3.eth.send_transaction(call))
    entry = ada_in(see)
    assert entry.marks == ()
    assert amounts(entry) == {token.address: (0, 0, 2 * 10**12)}


def test_a_splitter_or_see_in_which_it_did_nothing_is_not_its_own(
    see: SEE, registry: Registry
) -> None:
    splitter = registry.create_splitter({ADA: 51, see.address: 49}, sender=key(8))
    stranger = pair(registry, 5, 51, see, voice=6)
    for each in (splitter, stranger):
        each.pay("1 ether", sender=key(8))
        each.payout(sender=key(8))
    assert ada_in(see).marks == ()
    assert ada_in(stranger).marks == ("never acted",)


def test_the_coin_and_named_tokens_and_what_it_called_itself_are_its_own(
    registry: Registry, usdc: Any, w3: Web3
) -> None:
    other = deployed(w3, "GrossToken", 0)
    for token in (usdc, other):
        token.functions.transfer(ADA, 1000).transact({"from": key(0).address})
    named = register(registry, make_agreement(currencies=["native", usdc.address]))
    usdc.functions.transfer(named.address, 1000).transact({"from": ADA})
    assert amounts(ada_in(named))[usdc.address] == (0, 400, 400)
    see = register(registry, make_agreement(nonce=8))
    see.pay(1000, currency=other.address, sender=key(1))
    assert ada_in(see).marks == (MARK,)
    assert amounts(ada_in(see)) == {other.address: (0, 400, 400)}


# ---------------------------------------------------------------- not round it


def test_the_version_at_the_time_of_the_payment_counts(see: SEE, registry: Registry) -> None:
    mine = pair(registry, 5, 60, see)
    mine.pay("1 ether", sender=key(3))
    mine.payout(sender=key(8))
    before = ada_in(see)
    assert before.marks == (MARK,)
    assert amounts(before) == {"native": (0, 16 * ETHER // 100, 16 * ETHER // 100)}
    amendment = mine.amendment(less := pair_of(6, 40, see))
    mine.amend(less, [mine.sign(amendment, key(1))], sender=key(1))
    assert ada_in(see) == before
    mine.pay("1 ether", sender=key(3))  # the majority is another's now
    mine.payout(sender=key(8))
    assert amounts(ada_in(see))["native"] == (0, 16 * ETHER // 100, 40 * ETHER // 100)


def test_what_it_pays_through_contracts_of_others_is_its_own(see: SEE, registry: Registry) -> None:
    first = registry.create_splitter({see.address: 99, BEN: 1}, sender=key(8))
    second = registry.create_splitter({first.address: 99, ADA: 1}, sender=key(8), salt=7)
    middle = see_of(registry, "Middle", {CLEO: 1, second.address: 99})
    for payer, share in ((first, 1), (second, 2), (middle, 3)):
        payer.pay("1 ether", sender=key(1))
        for each in (middle, second, first)[3 - share :]:
            each.payout(sender=key(8))
    whole = [Fraction(99, 100) ** share for share in (1, 2, 3)]
    entry = ada_in(see)
    assert entry.marks == (MARK,)
    (_, own, due) = amounts(entry)["native"]
    assert abs(own - sum(whole) * ETHER * 4 / 10) < 10
    assert abs(own - due) < 10


def test_of_what_came_since_it_last_paid_its_own_is_a_part(see: SEE, registry: Registry) -> None:
    shared = registry.create_splitter({see.address: 99, BEN: 1}, sender=key(8))
    for others, ada in ((3, 0), (3, 1), (0, 1)):
        for amount, sender in ((others, key(3)), (ada, key(1))):
            if amount:
                shared.pay(f"{amount} ether", sender=sender)
        shared.payout(sender=key(8))
    part = 99 * ETHER // 100
    own = 4 * part // 4 * 4 // 10 + part * 4 // 10  # a quarter of the second, all of the third
    assert abs(amounts(ada_in(see))["native"][1] - own) < 10


def test_money_that_goes_in_circles_comes_to_an_end(see: SEE, registry: Registry) -> None:
    one = pair(registry, 5, 10, see)
    two = registry.create_splitter({one.address: 50, see.address: 50}, sender=key(8))
    amendment = one.amendment(
        ring := make_agreement(
            members=[line("Ada", ADA, 10, 1), line("Two", two.address, 90)], nonce=6
        )
    )
    one.amend(ring, [one.sign(amendment, key(1))], sender=key(1))
    one.pay("1 ether", sender=key(1))
    for _ in range(3):
        one.payout(sender=key(8))
        two.payout(sender=key(8))
    assert ada_in(see).marks == (MARK,)
    found = issue(registry, ADA)
    assert verify(found.to_bytes(), see.w3).is_right


def test_a_splitter_that_it_created_for_itself_is_its_own(see: SEE, registry: Registry) -> None:
    for salt, sender in ((1, 8), (2, 1)):
        splitter = registry.create_splitter({see.address: 1, ADA: 3}, sender=key(sender), salt=salt)
        splitter.pay("4 ether", sender=key(3))
        splitter.payout(sender=key(8))
    assert amounts(ada_in(see))["native"] == (0, 4 * ETHER // 10, 8 * ETHER // 10)
    assert MARK not in issue(registry, BEN).sees[0].marks


def test_where_a_seat_is_shared_its_splitter_pays_as_oneself(registry: Registry) -> None:
    top = register(registry, make_agreement())
    below = register(registry, make_agreement(nonce=8))
    splitter: Splitter = below.share_seat(key(1), top.address, "1/2")
    below.pay("1 ether", sender=key(3))
    below.payout(sender=key(8))
    splitter.payout(sender=key(8))
    assert ada_in(top).marks == (MARK,)
