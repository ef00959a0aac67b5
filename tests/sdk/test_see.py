"""What a SEE does with money: pay, due, claim, pay out."""

from __future__ import annotations

from typing import Any

import pytest

from seechain import SEE, AmountError, NothingDue, Registry, ShareTableError
from seechain.accounts import checksum
from seechain.chain.events import Claimed, Joined, Kept, Paid, PaidOut, Received
from seechain.chain.interface import of
from seechain.chain.reverts import (
    AlreadyJoined,
    NoFunds,
    NotJoined,
    PaymentFailed,
    TokenError,
    WrongPage,
    WrongTable,
)
from seechain.sending.senders import Call, send
from tests.sdk.chain import deployed, key
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT, make_agreement, register

SPLITTER = of("Splitter")


# ---------------------------------------------------------------- pay


def test_a_plain_payment_costs_least_and_names_the_payer(see: SEE, registry: Registry) -> None:
    splitter = registry.create_splitter({ADA: 60, BEN: 40}, sender=key(0))
    (paid,) = splitter.pay("1.5 ether", sender=key(3))
    # Any wallet's plain transfer: of a SEE too it takes what a Splitter's `pay` is.
    receipt = send(see.w3, Call(see.address, b"", "the payment", 15 * 10**17), key(3))
    assert (paid.gas_used, receipt.gas_used) == (22_060, 22_060)
    (event,) = paid.events
    assert isinstance(event, Received)
    assert (event.payer, event.amount) == (PORT, 15 * 10**17)
    (event,) = receipt.events
    assert isinstance(event, Received)
    assert (event.payer, event.amount, event.currency) == (PORT, 15 * 10**17, "native")
    assert see.received() == {"native": 15 * 10**17, see.currencies[1]: 0}


def test_a_payment_without_a_memo_says_which_version_it_is_for(see: SEE) -> None:
    (event,) = see.pay("1.5 ether", sender=key(3)).events
    assert isinstance(event, Paid)
    assert (event.payer, event.amount, event.text) == (PORT, 15 * 10**17, "")


def test_a_memo_goes_with_a_payment(see: SEE) -> None:
    (event,) = see.pay(7, memo="Rechnung 7/ü", sender=key(3)).events
    assert isinstance(event, Paid)
    assert (event.text, event.amount, event.payer) == ("Rechnung 7/ü", 7, PORT)
    (event,) = see.pay(7, memo=b"\x01" * 32, sender=key(3)).events
    assert isinstance(event, Paid)
    assert event.memo == b"\x01" * 32
    with pytest.raises(AmountError, match="a memo has at most 32 bytes"):
        see.pay(7, memo="ü" * 17, sender=key(3))


@pytest.mark.parametrize(
    ("amount", "named"), [("250 USDC", False), ("250 USDC", True), (250_000_000, True)]
)
def test_a_token_is_approved_and_paid(see: SEE, usdc: Any, amount: int | str, named: bool) -> None:
    chosen = {"currency": usdc.address} if named else {}
    receipts = see.pay(amount, memo="INV-8", sender=key(0), **chosen)
    assert len(receipts) == 2
    (event,) = receipts.events
    assert isinstance(event, Paid)
    assert (event.currency, event.amount, event.text) == (usdc.address, 250 * 10**6, "INV-8")
    assert usdc.functions.allowance(key(0).address, see.address).call() == 0
    assert see.due(ADA) == {"native": 0, usdc.address: 100 * 10**6}
    assert see.due(DESK)[usdc.address] == 12_500_000


def test_what_is_approved_already_takes_one_transaction(see: SEE, usdc: Any) -> None:
    usdc.functions.approve(see.address, 10**9).transact({"from": key(0).address})
    assert len(see.pay(10**9, currency=usdc.address, sender=key(0))) == 1


@pytest.mark.parametrize(
    ("amount", "currency", "says"),
    [
        ("1 EURC", None, "the unit 'EURC' of '1 EURC' is not known here: use one of"),
        ("1 ether", "usdc", "is native coin, the currency is 0x"),
        ("1 USDC", "native", "the unit 'USDC'"),
        ("0.0000001 USDC", None, "USDC has 6 decimals"),
        (0, None, "an amount is above zero"),
        (-1, None, "an amount is above zero"),
        (1.5, None, "an amount is a whole number"),
        ("", None, "an amount is digits"),
    ],
)
def test_an_amount_that_is_wrong_is_not_paid(
    see: SEE, usdc: Any, amount: Any, currency: str | None, says: str
) -> None:
    with pytest.raises(AmountError, match=says):
        see.pay(amount, currency=usdc.address if currency == "usdc" else currency, sender=key(0))


def test_a_token_that_is_no_contract_is_refused(see: SEE) -> None:
    for act in (
        lambda: see.pay(5, currency=ADA, sender=key(0)),
        lambda: see.claim(ADA, currency=BEN, sender=key(0)),
        lambda: see.payout(currency=BEN, sender=key(0)),
    ):
        with pytest.raises(TokenError, match=r"the token 0x.* is no contract on chain 31337"):
            act()


def test_a_contract_that_is_no_token_is_refused(see: SEE, registry: Registry) -> None:
    with pytest.raises(TokenError, match="does not answer balanceOf as a token does"):
        see.pay(5, currency=registry.address, sender=key(0))


def test_a_token_that_the_payer_lacks_is_not_approved(see: SEE, usdc: Any) -> None:
    with pytest.raises(NoFunds, match=r"has 0 USDC and can't pay 250 USDC"):
        see.pay("250 USDC", sender=key(3))


# ---------------------------------------------------------------- due, claim


def test_a_first_claim_joins_and_later_ones_need_no_proof(see: SEE) -> None:
    see.pay("1 ether", sender=key(3))
    (first,) = see.claim(ADA, sender=key(8)).events
    assert isinstance(first, Claimed)
    assert (first.account, first.amount, first.version) == (ADA, 4 * 10**17, 0)
    see.pay("1 ether", sender=key(3))
    (event,) = see.claim(ADA, sender=key(1)).events
    assert isinstance(event, Claimed)
    assert (event.account, event.amount, event.currency) == (ADA, 4 * 10**17, "native")
    assert event.index == see.table.index(ADA)
    with pytest.raises(NothingDue, match=r"nothing is due to Ada \(0x7099.*wait for the next"):
        see.claim(ADA, sender=key(8))


@pytest.mark.parametrize("joined", [False, True])
def test_a_claim_takes_all_currencies(see: SEE, usdc: Any, joined: bool) -> None:
    see.pay("1 ether", sender=key(3))
    if joined:
        see.join(BEN, sender=key(8))
    see.pay("1 ether", sender=key(3))
    see.pay("100 USDC", sender=key(0))
    before = see.w3.eth.get_balance(BEN)
    receipts = see.claim(BEN, sender=key(8))
    assert len(receipts) == 1  # a SEE joins and pays in one transaction
    assert receipts.gas_used == sum(each.gas_used for each in receipts)
    assert receipts.transaction_hash == receipts[-1].transaction_hash
    assert see.w3.eth.get_balance(BEN) - before == (35 if joined else 70) * 10**16
    assert usdc.functions.balanceOf(BEN).call() == 35 * 10**6
    assert see.due(BEN) == {"native": 0, usdc.address: 0}


def test_one_currency_is_claimed_alone(see: SEE, usdc: Any) -> None:
    see.pay("1 ether", sender=key(3))
    see.pay("100 USDC", sender=key(0))
    see.claim(BEN, currency=usdc.address, sender=key(8))
    assert see.due(BEN) == {"native": 35 * 10**16, usdc.address: 0}
    see.claim(BEN, currency="native", sender=key(2))
    with pytest.raises(NothingDue, match="in native now"):
        see.claim(BEN, currency="native", sender=key(2))


def test_two_tokens_and_none_broken_stop_each_other(registry: Registry, usdc: Any) -> None:
    eurc = deployed(registry.w3, "Token", "EURC", 6)
    gone = checksum(b"\xee" * 20)
    see = register(
        registry, make_agreement(currencies=["native", usdc.address, eurc.address, gone])
    )
    for token in ("USDC", "EURC"):
        see.pay(f"100 {token}", sender=key(0))
    see.pay("1 ether", sender=key(3))
    assert gone not in see.due(CLEO)
    assert len(see.claim(CLEO, sender=key(8))) == 1
    assert len(see.payout(sender=key(8))) == 3
    assert set(see.due().values()) == {0}


def test_joining_twice_is_refused_by_the_contract(see: SEE) -> None:
    (event,) = see.join(ADA, sender=key(8)).events
    assert isinstance(event, Joined)
    assert (event.account, event.index, event.shares) == (ADA, see.table.index(ADA), 40)
    with pytest.raises(AlreadyJoined, match=r"the first claim for Ada \(0x.*claim without a proof"):
        see.join(ADA, sender=key(8))


def test_strangers_have_no_seat(see: SEE) -> None:
    for stranger in (PORT, key(8).address):
        for act in (see.due, lambda account: see.claim(account, sender=key(8))):
            with pytest.raises(ShareTableError, match="has no seat in this share table"):
                act(stranger)


def test_the_contract_refuses_a_stranger_and_a_wrong_share(see: SEE) -> None:
    see.pay("1 ether", sender=key(3))
    stranger = Call(see.address, SPLITTER.encode("claim", 0), "the claim")
    with pytest.raises(NotJoined, match="the claim was refused: the seat has not joined yet"):
        send(see.w3, stranger, key(8))
    words = bytearray(see.table.words)
    words[31] += 1
    more = SPLITTER.encode("join", see.table_key, 0, bytes(words))
    with pytest.raises(WrongPage, match="the page is not in the share table"):
        send(see.w3, Call(see.address, more, "the claim"), key(8))
    other = (*see.table_key[:1], 99, 1, see.table_key[3])
    with pytest.raises(WrongTable, match="not the share table it is committed to"):
        send(
            see.w3,
            Call(see.address, SPLITTER.encode("join", other, 0, see.table.words), "the claim"),
            key(8),
        )


# ---------------------------------------------------------------- pay out


def test_a_payout_pays_everyone_in_all_currencies(see: SEE, usdc: Any) -> None:
    see.pay("1 ether", sender=key(3))
    see.claim(ADA, sender=key(8))
    see.pay("10 USDC", sender=key(0))
    receipts = see.payout(sender=key(8))
    assert [type(each) for each in receipts.events] == [PaidOut, PaidOut]
    assert see.due() == {"native": 0, usdc.address: 0}
    assert usdc.functions.balanceOf(DESK).call() == 500_000
    with pytest.raises(NothingDue, match="can be paid out now"):
        see.payout(sender=key(8))
    with pytest.raises(NothingDue, match="can be paid out in native now"):
        see.payout(currency="native", sender=key(8))


def test_who_refuses_or_pulls_stops_nobody(registry: Registry) -> None:
    wallet = deployed(registry.w3, "Wallet", key(5).address)
    see = register(
        registry,
        make_agreement(
            members=[
                {"name": "Ada", "role": "core", "account": ADA, "shares": 1, "voices": 1},
                {"name": "Shut", "role": "core", "account": wallet.address, "shares": 1},
                {"name": "Pull", "role": "core", "account": BEN, "shares": 2, "pull_only": True},
            ]
        ),
        1,
    )
    see.pay(400, sender=key(3))
    with pytest.raises(PaymentFailed, match=r"Shut .* refuses the payment: it stays due"):
        see.claim(wallet.address, sender=key(8))
    kept = [each for each in see.payout(sender=key(8)).events if isinstance(each, Kept)]
    assert {(each.account, each.amount) for each in kept} == {(wallet.address, 100), (BEN, 200)}
    assert see.due() == {"native": 300}
    see.claim(BEN, sender=key(8))
    wallet.functions.set_open(True).transact({"from": ADA})
    see.payout(sender=key(8))
    assert see.due() == {"native": 0}
    assert see.w3.eth.get_balance(wallet.address) == 100
    see.pay(400, sender=key(3))
    see.payout(sender=key(8))
    with pytest.raises(NothingDue):  # what is left is only pulled
        see.payout(sender=key(8))
