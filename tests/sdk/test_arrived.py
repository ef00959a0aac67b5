"""Tokens whose log says more than arrived: what counts is what the SEE can divide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from web3 import HTTPProvider, Web3

from seechain import SEE, Registry
from seechain.chain.node import now_of
from seechain.chain.reverts import NodeError
from seechain.errors import PaymentReceiptError
from seechain.history import history
from seechain.history.incoming import arrived, incoming
from seechain.payment_requests.payment_request import PaymentRequest
from seechain.payment_requests.receipt_making import differences, doubts, receipt_of
from seechain.payment_requests.watching import as_message
from seechain.statements.making import member_statement, see_statement
from seechain.statements.periods import Period
from tests.faults.proxy import SILENCE, Exchange, Proxy, Reply
from tests.sdk.chain import deployed, key, rpc
from tests.sdk.conftest import ADA, PORT, make_agreement, register
from tests.sdk.watches import asked, texts, watch

FEE = 10  # percent
BANK = {"from": key(0).address}


@pytest.fixture
def gross(w3: Web3) -> Any:
    return deployed(w3, "GrossToken", FEE)


@pytest.fixture
def see(registry: Registry, gross: Any) -> SEE:
    """It names the token."""
    return register(registry, make_agreement(currencies=["native", gross.address]))


def sent(call: Any) -> str:
    """The transaction of a token's call by the bank."""
    return "0x" + call.transact(BANK).hex()


def in_token(see: SEE, token: Any, amount: int, memo: str = "INV-7") -> PaymentRequest:
    return asked(see, amount, memo, currency=token.address, symbol="GRS", decimals=6)


def amounts(see: SEE, token: Any) -> list[int]:
    """What came, which is what the history knows but for what the token's log makes up."""
    found = incoming(see, 0, currencies=[token.address])
    assert [each.amount for each in found] == [
        each.amount for each in arrived(see.w3, history(see).payments) if each.how != "unlogged"
    ]
    return [each.amount for each in found]


@contextmanager
def one_block(w3: Web3) -> Iterator[None]:
    rpc(w3, "evm_setAutomine", False)
    try:
        yield
        rpc(w3, "evm_mine")
    finally:
        rpc(w3, "evm_setAutomine", True)


def test_of_a_token_with_a_fee_what_arrived_is_paid(see: SEE, gross: Any) -> None:
    requests = (
        in_token(see, gross, 100, "INV-1"),
        in_token(see, gross, 45, "INV-2"),
    )
    looking, told = watch(see, *requests)
    sent(gross.functions.transfer(see.address, 100))
    assert not looking.look().all_paid
    told.clear()
    sent(gross.functions.transfer(see.address, 50))
    looking.look()
    assert texts(told) == ["the request 'INV-2' is paid: 0.000045 GRS, matched by amount"]
    assert amounts(see, gross) == [90, 45]


def test_what_arrived_of_a_payment_of_the_very_amount_is_told(see: SEE, gross: Any) -> None:
    """Payer and payee could not find out why it counted for nothing."""
    looking, told = watch(see, in_token(see, gross, 100), in_token(see, gross, 45, "INV-2"))
    first = sent(gross.functions.transfer(see.address, 100))
    looking.look()
    open_ = "the request 'INV-7' is open: 0.0001 GRS to be paid"
    arrived_ = "arrived, or the token changed the balance in that block"
    logged = f"a payment of 0.0001 GRS was logged in {first}, of which 0.00009 GRS {arrived_}"
    assert texts(told) == [f"{open_}, {logged}"]
    assert as_message(looking.matched.standings[0], 1)["short"][0]["logged"] == "100"
    looking.look()
    assert len(told) == 1
    forged = sent(gross.functions.forge(PORT, see.address, 100))
    looking.look()
    last = f"2 payments of 0.0001 GRS were logged, the last in {forged}, of which nothing"
    assert texts(told)[1:] == [f"{open_}, {last} {arrived_}"]
    gross.functions.transfer(see.address, 111).transact(BANK)  # of which 100 arrive
    assert not looking.look().all_paid
    assert texts(told)[2:] == ["the request 'INV-7' is paid: 0.0001 GRS, matched by amount"]


def test_what_arrived_less_is_remembered(see: SEE, gross: Any, tmp_path: Path) -> None:
    state = tmp_path / "watch.json"
    sent(gross.functions.transfer(see.address, 100))
    watch(see, in_token(see, gross, 100), state=state)[0].look()
    again, told = watch(see, in_token(see, gross, 100), state=state)
    again.look()
    assert told == []
    assert [each.logged for each in again.matched.standings[0].short] == [100]


def test_a_log_that_is_made_up_pays_nothing(see: SEE, gross: Any) -> None:
    looking, told = watch(see, in_token(see, gross, 100))
    forged = sent(gross.functions.forge(PORT, see.address, 100))
    assert not looking.look().all_paid
    assert [each.endswith("block") and "of which nothing" in each for each in texts(told)] == [True]
    assert amounts(see, gross) == []
    with pytest.raises(PaymentReceiptError, match="nothing: what its log says is made up, or the"):
        receipt_of(see, forged)
    with one_block(see.w3):
        sent(gross.functions.forge(PORT, see.address, 100))
        sent(gross.functions.forge(see.address, see.address, 100))  # is nothing that was sent on
    assert amounts(see, gross) == []


def test_what_was_sent_on_in_the_same_block_did_arrive(see: SEE, gross: Any) -> None:
    sent(gross.functions.transfer(see.address, 1000))
    with one_block(see.w3):
        sent(gross.functions.transfer(see.address, 100))
        rpc(see.w3, "evm_setIntervalMining", 1)
        paid_out = see.payout(gross.address, sender=key(0))
        rpc(see.w3, "evm_setIntervalMining", 0)
    assert amounts(see, gross) == [900, 90]
    block = paid_out[0].block_number
    assert [each.amount for each in incoming(see, block, block, [gross.address])] == [90]


def test_what_pay_has_counted_is_no_transfers(see: SEE, gross: Any) -> None:
    sent(gross.functions.approve(see.address, 100))
    with one_block(see.w3):
        sent(gross.functions.forge(PORT, see.address, 90))
        rpc(see.w3, "evm_setIntervalMining", 1)
        see.pay(100, currency=gross.address, memo="INV-7", sender=key(0))
        rpc(see.w3, "evm_setIntervalMining", 0)
    assert amounts(see, gross) == [90]
    (payment,) = incoming(see, 0, currencies=[gross.address])
    assert payment.how == "pay"


def test_several_in_a_block_share_what_came(see: SEE, gross: Any) -> None:
    with one_block(see.w3):
        for amount in (100, 50):
            sent(gross.functions.transfer(see.address, amount))
        sent(gross.functions.forge(PORT, see.address, 150))
    assert amounts(see, gross) == [45, 22, 68]
    assert sum(amounts(see, gross)) == gross.functions.balanceOf(see.address).call()


def test_a_receipt_of_what_a_block_shares_is_doubted(see: SEE, gross: Any) -> None:
    """Of 100, 90 arrived: a log that was made up beside it had half of that."""
    with one_block(see.w3):
        payments = [
            sent(gross.functions.transfer(see.address, 100)),
            sent(gross.functions.forge(PORT, see.address, 100)),
        ]
    for each in payments:
        receipt = receipt_of(see, each)
        assert (receipt.amount, differences(receipt, see.w3)) == (45, [])
        (doubt,) = doubts(receipt, see)
        assert doubt == (
            "the log says 0.0001 GRS, and 0.000045 GRS arrived: what came in its block is shared"
            " by the logs of 2 payments, of which the token may have made one up"
        )
    alone = receipt_of(see, sent(gross.functions.transfer(see.address, 100)))
    (doubt,) = doubts(alone, see)
    assert doubt.endswith("the token takes a fee, or it changed the balance in this block")


def test_a_balance_that_only_rose_is_no_transfers(see: SEE, gross: Any) -> None:
    with one_block(see.w3):
        sent(gross.functions.transfer(see.address, 100))
        sent(gross.functions.rebase(see.address, 1000))
    assert amounts(see, gross) == [100]


def test_a_receipt_is_of_what_arrived(see: SEE, gross: Any) -> None:
    receipt = receipt_of(see, sent(gross.functions.transfer(see.address, 100)))
    assert (receipt.amount, sum(each.units for each in receipt.parts)) == (90, 89)
    assert {each.account: each.units for each in receipt.parts}[ADA] == see.due(ADA)[gross.address]
    assert differences(receipt, see.w3) == []


def test_a_statement_says_paid_of_what_arrived(see: SEE, gross: Any) -> None:
    requests = [in_token(see, gross, 100, "INV-1"), in_token(see, gross, 90, "INV-2")]
    sent(gross.functions.transfer(see.address, 100))
    sent(gross.functions.forge(PORT, see.address, 100))
    today = datetime.fromtimestamp(now_of(see.w3), UTC).date()
    period = Period(today - timedelta(days=1), today + timedelta(days=1))
    for statement in (
        see_statement(see, period, requests=requests),
        member_statement(ADA, [see], period, requests=requests),
    ):
        assert [(each.status, each.paid) for each in statement.requests] == [
            ("open", 0),
            ("paid, matched by amount", 90),
        ]


# ---------------------------------------------------------------- a node that does not know


def is_old_balance(exchange: Exchange) -> bool:
    """Whether the balance in another block than the latest is asked for."""
    if exchange.method != "eth_call":
        return False
    asked, block = exchange.parameters[:2]
    return "70a08231" in str(asked) and block != "latest"


def forgetful(exchange: Exchange) -> Reply | None:
    if not is_old_balance(exchange):
        return None
    return exchange.error(-32000, "missing trie node 0xab")


@pytest.fixture
def proxy(w3: Web3) -> Iterator[Proxy]:
    provider: Any = w3.provider
    with Proxy(provider.endpoint_uri) as proxy:
        yield proxy


def through(proxy: Proxy, see: SEE) -> SEE:
    return SEE(Web3(HTTPProvider(proxy.url, {"timeout": 2})), see.address)


def test_a_node_that_has_forgotten_is_said(see: SEE, gross: Any, proxy: Proxy) -> None:
    far = through(proxy, see)
    looking, told = watch(far, in_token(see, gross, 100))
    sent(gross.functions.transfer(see.address, 100))
    proxy.strike(forgetful, times=None)
    assert looking.look().all_paid
    (said,) = texts(told)
    assert said.endswith("is paid: 0.0001 GRS, matched by amount, as the token's log has it")
    (payment,) = looking.matched.standings[0].matches
    (doubt,) = doubts(receipt_of(far, payment.payment.transaction_hash), far)
    assert doubt.startswith("the amount is as the token's log has it: this node does not show")
    today = datetime.fromtimestamp(now_of(see.w3), UTC).date()
    period = Period(today - timedelta(days=1), today + timedelta(days=1))
    statement = see_statement(far, period, requests=looking.requests)
    said = "paid, matched by amount, as the token's log has it"
    assert [each.status for each in statement.requests] == [said]


def test_a_node_that_is_gone_has_not_forgotten(see: SEE, gross: Any, proxy: Proxy) -> None:
    far = through(proxy, see)
    sent(gross.functions.transfer(see.address, 100))
    gone = []

    def dies(exchange: Exchange) -> Reply | None:
        gone.append(is_old_balance(exchange))
        return SILENCE if any(gone) else None

    proxy.strike(dies, times=None)
    with pytest.raises(NodeError):
        incoming(far, 0, currencies=[gross.address])
