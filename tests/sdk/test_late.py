"""Which version a payment is for: a late invoice, and an agreement that changed under the payer."""

from __future__ import annotations

from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, AmountError
from seechain.chain.events import Paid, PaidLate
from seechain.chain.interface import of
from seechain.chain.reverts import SeeEnded, WrongVersion
from seechain.sending.senders import Call, send
from tests.sdk.chain import key
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT
from tests.sdk.life import EVE, amend, next_agreement, worth


def test_a_late_invoice_is_paid_to_those_who_did_the_work(see: SEE, usdc: Any) -> None:
    amend(see, next_agreement(currencies=["native", usdc.address]))
    receipts = see.pay(1000, memo="INV-7", version=0, sender=key(3))
    (event,) = receipts.events
    assert isinstance(event, PaidLate)
    assert (event.payer, event.amount, event.text, event.version) == (PORT, 1000, "INV-7", 0)
    (_, paid) = see.pay("100 USDC", version=0, sender=key(0))
    assert isinstance(paid.events[0], PaidLate)
    assert see.due(CLEO) == {"native": 200, usdc.address: 20_000_000}
    assert see.due(EVE) == {"native": 0, usdc.address: 0}
    assert see.received() == {"native": 0, usdc.address: 0}
    see.payout(sender=key(8))
    assert set(see.due().values()) == {0}
    assert usdc.functions.balanceOf(DESK).call() == 5_000_000


def test_what_is_late_adds_to_what_was_owed(see: SEE) -> None:
    see.pay(1000, sender=key(3))
    see.claim(ADA, sender=key(8))
    amend(see, next_agreement())
    for _ in range(2):
        see.pay(500, version=0, sender=key(3))
    see.pay(1000, sender=key(3))
    assert see.due(ADA)["native"] == 0 + 400 + 300
    assert see.due(CLEO)["native"] == 200 + 200
    (receipt,) = see.claim(ADA, sender=key(8))
    assert see.due(ADA)["native"] == 0
    assert {event.name for event in receipt.events} == {"Joined", "Claimed"}


def test_who_had_left_by_then_gets_nothing_of_what_is_late(see: SEE) -> None:
    see.pay(1000, sender=key(3))
    see.leave(key(1))
    amend(see, next_agreement(), 2, 3)
    see.pay(600, version=0, sender=key(3))
    assert see.due(ADA)["native"] == 400
    assert see.due(BEN)["native"] == 350 + 350
    assert see.due(DESK)["native"] == 50 + 50


# ---------------------------------------------------------------- changed under the payer


def test_nothing_is_sent_when_the_version_changed_under_the_payer(
    see: SEE, w3: Web3, usdc: Any
) -> None:
    client = SEE(w3, see.address)
    assert DESK in {each.account for each in client.members}
    amend(see, next_agreement(currencies=["native", usdc.address]))
    sent, balance = w3.eth.get_transaction_count(key(0).address), worth(see, see.address)  # type: ignore[arg-type]
    # Trying again is no looking.
    for amount in ("1 ether", "100 USDC", "100 USDC", 5):
        with pytest.raises(WrongVersion) as caught:
            client.pay(amount, sender=key(0))
        assert str(caught.value) == (
            f"the payment to {see.address} was not made: version 1 of its agreement is in force,"
            " and not 0: look again at who is paid, or name version=0 to pay those who were"
            " members then"
        )
    assert w3.eth.get_transaction_count(key(0).address) == sent  # type: ignore[arg-type]
    assert worth(see, see.address) == balance
    client.pay(5, version=0, sender=key(0))
    with pytest.raises(WrongVersion):
        client.pay(5, sender=key(0))
    assert EVE in {each.account for each in client.members}
    (event,) = client.pay(5, sender=key(0)).events
    assert type(event) is Paid


def test_the_contract_refuses_what_changed_on_the_way(see: SEE) -> None:
    late = of("SEE").encode("pay", "0x" + "00" * 20, 5, bytes(32), 0)
    amend(see, next_agreement())
    with pytest.raises(WrongVersion) as caught:
        send(see.w3, Call(see.address, late, "the payment", 5), key(3))
    assert str(caught.value) == (
        "the payment was refused: another version of the agreement is in force now: look at it,"
        " then do it again"
    )


def test_who_never_looked_pays_those_who_are_members_now(see: SEE, w3: Web3) -> None:
    client = SEE(w3, see.address)
    amend(see, next_agreement())
    client.pay(1000, sender=key(3))
    assert see.due(EVE)["native"] == 150


def test_an_amendment_of_one_s_own_is_looked_at(see: SEE) -> None:
    amend(see, next_agreement())
    see.pay(1000, sender=key(3))
    assert see.due(EVE)["native"] == 150


@pytest.mark.parametrize("version", [1, 8192, 2**256])
def test_a_version_that_is_not_yet_is_not_paid(see: SEE, version: int) -> None:
    with pytest.raises(WrongVersion, match=r"version 0 of its agreement is in force, there is no"):
        see.pay(5, version=version, sender=key(3))


@pytest.mark.parametrize("version", [-1, "0", 1.0, True])
def test_what_is_no_version_is_refused(see: SEE, version: Any) -> None:
    with pytest.raises(WrongVersion, match="versions are counted from 0, up to 0 now, got"):
        see.pay(5, version=version, sender=key(3))


def test_an_ended_see_takes_no_late_payment(see: SEE) -> None:
    amend(see, next_agreement())
    end = see.deregistration()
    see.deregister([see.sign(end, key(number)) for number in (1, 2, 3)], sender=key(8))
    with pytest.raises(SeeEnded, match="has ended and takes no further payment"):
        see.pay(5, version=0, sender=key(3))


def test_amounts_are_read_for_late_invoices_too(see: SEE) -> None:
    amend(see, next_agreement())
    for amount in (0, -1, "1 EURC", "1.5"):
        with pytest.raises(AmountError):
            see.pay(amount, version=0, sender=key(3))
    with pytest.raises(AmountError, match="a memo has at most 32 bytes"):
        see.pay(1, version=0, memo="x" * 33, sender=key(3))
