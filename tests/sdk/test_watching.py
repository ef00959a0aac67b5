"""Payment requests that are paid on a real chain, and who is told of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from web3 import HTTPProvider, Web3

from seechain import SEE, Registry
from seechain.beside.payer import Payer
from seechain.chain.reverts import NodeError, NotSeechain, WrongChain
from seechain.errors import FileError, PaymentRequestError
from seechain.history import history
from seechain.history.incoming import incoming
from seechain.payment_requests.payment_request import PaymentRequest
from seechain.payment_requests.receipt_making import differences, receipt_of
from seechain.payment_requests.watch_state import state_path
from seechain.payment_requests.watching import Watch
from tests.rewind import rewind
from tests.sdk.chain import deployed, key, rpc, warp
from tests.sdk.conftest import make_agreement, register
from tests.sdk.life import amend, next_agreement
from tests.sdk.watches import ETHER, asked, texts, watch

# ---------------------------------------------------------------- what came


def test_what_came_is_what_the_history_knows(
    see: SEE, usdc: Any, port: LocalAccount, anyone: LocalAccount
) -> None:
    owner = key(0)
    see.pay("1 ether", memo="INV-7", sender=port)
    see.w3.eth.send_transaction({"from": owner.address, "to": see.address, "value": 5})
    see.pay(5_000_000, currency=usdc.address, memo="INV-8", sender=owner)
    usdc.functions.transfer(see.address, 7).transact({"from": owner.address})
    amend(see, next_agreement(currencies=["native", usdc.address]))
    see = SEE(see.w3, see.address)
    see.pay("3 ether", memo="INV-9", sender=port, version=0)
    see.pay("4 ether", memo="INV-10", sender=port)
    found = incoming(see, 0, currencies=[usdc.address])
    assert found == tuple(replace(each, received=0) for each in history(see).payments)
    assert [each.version for each in found] == [0, 0, 0, 0, 0, 1]
    assert [each.how for each in found] == ["pay", "transfer", "pay", "transfer", "late", "pay"]
    middle = found[2].block_number
    assert incoming(see, middle, middle) == (found[2],)


def test_what_came_through_the_payer_is_its_payers(registry: Registry, w3: Web3) -> None:
    dollar = deployed(w3, "SignedToken")
    dollar.functions.give(key(6).address, 1000).transact({"from": key(0).address})
    see = register(registry, make_agreement(currencies=["native", dollar.address]))
    payer = Payer.deploy(w3, sender=key(8))
    payer.pay_with_permit(see, 7, currency=dollar.address, memo="INV-7", sender=key(6))
    (found,) = incoming(see, 0, currencies=[dollar.address])
    assert (found.payer, found.how, found.amount) == (key(6).address, "payer", 7)
    assert (found,) == tuple(replace(each, received=0) for each in history(see).payments)
    receipt = receipt_of(see, found.transaction_hash)
    assert (receipt.payer, receipt.how) == (key(6).address, "payer")
    assert differences(receipt, w3) == []


# ---------------------------------------------------------------- told


def test_what_is_paid_is_told_once_and_ends_the_watch(see: SEE, port: LocalAccount) -> None:
    looking, told = watch(see)
    assert not looking.look().all_paid
    assert told == []
    see.pay("0.4 ether", memo="INV-7", sender=port)
    looking.look()
    see.pay("0.6 ether", memo="INV-7", sender=port)
    assert looking.look().all_paid
    looking.look()
    assert texts(told) == [
        "the request 'INV-7' is partly paid: 0.6 ether is missing of 1 ether",
        "the request 'INV-7' is paid: 1 ether",
    ]
    assert looking.run(every=0, timeout=5)


def test_too_much_too_late_by_amount_and_in_another_currency(
    see: SEE, usdc: Any, port: LocalAccount
) -> None:
    now = int(see.w3.eth.get_block("latest")["timestamp"])
    requests = (
        asked(see, memo="INV-1"),
        asked(see, memo="INV-2", expires=now + 500),
        asked(see, 7, memo="INV-3", currency=usdc.address, symbol="USDC", decimals=6),
        asked(see, memo="INV-4"),
        asked(see, memo="INV-5", expires=now + 500, first_block=10_000),
    )
    looking, told = watch(see, *requests)
    see.pay("1.5 ether", memo="INV-1", sender=port)
    see.pay("1 ether", memo="INV-4", sender=port)
    usdc.functions.transfer(see.address, 7).transact({"from": key(0).address})
    warp(see.w3, 1000)
    see.pay("1 ether", memo="INV-2", sender=port)
    see.pay(7, currency=usdc.address, memo="INV-4", sender=key(0))
    looking.look()
    assert texts(told) == [
        "the request 'INV-1' is over-paid: 0.5 ether more than 1 ether",
        "the request 'INV-2' is paid: 1 ether, late",
        "the request 'INV-3' is paid: 0.000007 USDC, matched by amount",
        "the request 'INV-4' is paid: 1 ether, a payment with its memo in the wrong currency",
        told[4].text,
    ]
    assert told[4].text.startswith("the request 'INV-5' is expired: nothing was paid until ")
    assert not looking.run(every=0, timeout=0)


def test_a_payment_counts_when_it_is_deep_enough(see: SEE, port: LocalAccount) -> None:
    looking, told = watch(see, confirmations=3)
    see.pay("1 ether", memo="INV-7", sender=port)
    looking.look()
    looking.look()
    assert len(told) == 1
    assert told[0].text.startswith("seen, 1 of 3 blocks deep: 1 ether from 0x90F79bf6")
    rpc(see.w3, "anvil_mine", "0x1")
    assert not looking.look().all_paid
    rpc(see.w3, "anvil_mine", "0x1")
    assert looking.look().all_paid
    assert [each.kind for each in told] == ["seen", "state"]


def test_a_payment_that_the_chain_has_no_more_is_told(see: SEE, port: LocalAccount) -> None:
    looking, told = watch(see)
    looking.look()
    snapshot = rpc(see.w3, "evm_snapshot")
    see.pay("1 ether", memo="INV-7", sender=port)
    assert looking.look().all_paid
    rewind(partial(rpc, see.w3), snapshot)
    with pytest.raises(NodeError, match=r"is at block .* before: it is asked again"):
        looking.look()  # perhaps another node, which is behind
    assert looking.matched.all_paid
    rpc(see.w3, "anvil_mine", "0x3")
    assert not looking.look().all_paid
    assert [each.kind for each in told] == ["state", "gone", "state"]
    assert "a payment is gone from the chain: 1 ether from" in told[1].text
    assert told[2].text == "the request 'INV-7' is open: 1 ether to be paid"


def test_a_payment_that_only_moved_to_another_block_is_not_gone(
    see: SEE, port: LocalAccount
) -> None:
    looking, told = watch(see)
    looking.look()
    snapshot = rpc(see.w3, "evm_snapshot")
    sent = see.pay("1 ether", memo="INV-7", sender=port)
    raw = see.w3.eth.get_raw_transaction(sent.transaction_hash)  # type: ignore[arg-type]
    looking.look()
    rewind(partial(rpc, see.w3), snapshot)
    rpc(see.w3, "anvil_mine", "0x2")
    see.w3.eth.wait_for_transaction_receipt(see.w3.eth.send_raw_transaction(raw))
    assert looking.look().all_paid
    assert [each.kind for each in told] == ["state"]


def test_only_a_see_on_its_own_chain_is_watched(see: SEE, registry: Registry) -> None:
    with pytest.raises(WrongChain, match=r"is for chain 5, the node at .* is of chain 31337"):
        watch(see, asked(see, chain_id=5))
    with pytest.raises(NotSeechain):
        watch(see, PaymentRequest(**{**asked(see).model_dump(), "see": key(7).address}))
    with pytest.raises(PaymentRequestError, match="no payment request to watch"):
        Watch(see.w3, [], tell=print)


# ---------------------------------------------------------------- typed again


def test_typed_again_it_goes_on_and_tells_nothing_twice(
    see: SEE, port: LocalAccount, tmp_path: Path
) -> None:
    state = tmp_path / "watch.json"
    looking, told = watch(see, state=state)
    see.pay("0.4 ether", memo="INV-7", sender=port)
    looking.look()
    assert len(told) == 1
    again, told = watch(see, state=state, confirmations=1)
    again.look()
    again, told = watch(see, state=state, confirmations=2)
    rpc(see.w3, "evm_mine")
    again.look()
    assert told == []
    see.pay("0.6 ether", memo="INV-7", sender=port)
    again, told = watch(see, state=state)
    assert again.look().all_paid
    assert texts(told) == ["the request 'INV-7' is paid: 1 ether"]


def test_payments_of_others_are_not_kept(see: SEE, port: LocalAccount, tmp_path: Path) -> None:
    looking, told = watch(see, state=tmp_path / "watch.json")
    see.pay("1 ether", memo="INV-8", sender=port)
    for wei in (1, ETHER):
        see.w3.eth.send_transaction({"from": port.address, "to": see.address, "value": wei})
    looking.look()
    assert [each.amount for each in looking.state.payments] == [ETHER]
    assert texts(told) == ["the request 'INV-7' is paid: 1 ether, matched by amount"]


def test_a_state_that_is_none_or_of_other_requests_is_refused(see: SEE, tmp_path: Path) -> None:
    state = tmp_path / "watch.json"
    watch(see, state=state)[0].look()
    assert state.stat().st_mode & 0o077 == 0
    with pytest.raises(PaymentRequestError, match="is the state of a watch of other requests"):
        watch(see, asked(see, memo="INV-8"), state=state)
    for text in ("", "[]", "{}", '{"format": "seechain watch", "format_version": 9}'):
        state.write_text(text)
        with pytest.raises(FileError, match="no state of a watch"):
            watch(see, state=state)


def test_each_set_of_requests_and_each_webhook_has_a_state_of_its_own(
    see: SEE, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    one, two = asked(see), asked(see, memo="INV-8")
    assert state_path([one, two]) == state_path([two, one])
    assert len({state_path([one]), state_path([two]), state_path([one], "https://a.org")}) == 3


# ---------------------------------------------------------------- a node that does not answer


def test_a_node_that_stops_answering_is_asked_again(see: SEE, port: LocalAccount) -> None:
    provider: Any = see.w3.provider
    url = provider.endpoint_uri
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            provider.endpoint_uri = url
            see.pay("1 ether", memo="INV-7", sender=port)

    looking, told = watch(see, sleep=sleep)
    provider.endpoint_uri = "http://127.0.0.1:1"
    try:
        assert looking.run(every=2)
    finally:
        provider.endpoint_uri = url
    assert pauses == [2, 4, 8]
    assert [each.kind for each in told] == ["node", "node", "node", "state"]
    assert "can not be reached" in told[0].text
    assert told[0].text.endswith("(again in 2 s)")


def test_it_looks_again_until_its_time_is_over(see: SEE, port: LocalAccount) -> None:
    def sleep(seconds: float) -> None:
        assert seconds == 3
        see.pay("1 ether", memo="INV-7", sender=port)

    looking, _ = watch(see, sleep=sleep)
    assert looking.run(every=3, timeout=600)


def test_a_node_that_is_silent_to_the_end_is_an_error(see: SEE) -> None:
    looking, _ = watch(see, sleep=lambda seconds: None)
    silent = Web3(HTTPProvider("http://127.0.0.1:1", exception_retry_configuration=None))
    looking.w3 = silent
    with pytest.raises(NodeError, match="can not be reached"):
        looking.run(timeout=0.01)
    with pytest.raises(NodeError):
        looking.run(once=True)
