"""What an act is: begun as it is gone on with, and done when all that was begun came by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any
from unittest import mock

import pytest
from web3 import Web3
from web3.exceptions import Web3RPCError

from seechain import SEE, Journal, JournalError, NodeError, Registry, Token
from seechain.chain.reverts import NotMined
from seechain.journal.lease import Lease
from seechain.journal.steps import State, Step
from seechain.sending.delivery import Delivery
from seechain.sending.senders import Call, send
from tests.rewind import rewind
from tests.sdk.chain import anvil, key, rpc
from tests.sdk.conftest import make_agreement, register
from tests.sdk.journals import PAYER, die, dies, mine, paid, pay, raw_of, sent


class Interrupted(Exception):
    """What ends a run after all was sent."""


@pytest.fixture
def other(registry: Registry, usdc: Any) -> SEE:
    """Another SEE of the same people."""
    return register(registry, make_agreement(nonce=1, currencies=["native", usdc.address]))


def received(*sees: SEE) -> list[int]:
    """What was paid to them, in wei."""
    return [see.received()["native"] for see in sees]


def test_another_see_under_a_begun_key_is_not_paid(see: SEE, other: SEE, tmp_path: Path) -> None:
    def act(to: SEE, *, dies: bool = False) -> None:
        with Journal("INV-7", directory=tmp_path):
            SEE(to.w3, to.address).pay("1 ether", memo="INV-7", sender=PAYER)
            if dies:
                raise Interrupted

    with pytest.raises(Interrupted):
        act(see, dies=True)
    with pytest.raises(JournalError, match=rf"was begun with 'pay {see.address} .* another key"):
        act(other)
    act(see)
    assert received(see, other) == [10**18, 0]


def test_another_payment_past_the_sees_is_not_made_either(w3: Web3, tmp_path: Path) -> None:
    def act() -> None:
        with Journal("INV-7", directory=tmp_path):
            send(w3, Call(key(9).address, b"", "the payment", 5), PAYER)
            raise Interrupted

    before = paid(w3)
    with pytest.raises(Interrupted):
        act()
    with pytest.raises(JournalError, match=r"was begun with 'the payment' .* run it as it was"):
        pay(w3, tmp_path, value=6)
    pay(w3, tmp_path)
    assert paid(w3) == before + 5


def test_what_was_begun_is_not_done_without_it(see: SEE, tmp_path: Path) -> None:
    def act(*, all_of_it: bool) -> None:
        with Journal("INV-7", directory=tmp_path):
            if all_of_it:
                SEE(see.w3, see.address).pay("1 ether", sender=PAYER)
                raise Interrupted

    with pytest.raises(Interrupted):
        act(all_of_it=True)
    with pytest.raises(JournalError, match=r"'INV-7' is not done: it never came to 'pay .* begun"):
        act(all_of_it=False)
    assert not Journal("INV-7", directory=tmp_path).is_done


def test_an_act_of_several_payments_goes_on_in_its_order(
    see: SEE, other: SEE, tmp_path: Path
) -> None:
    def act(dies_before: SEE | None = None) -> None:
        with Journal("both", directory=tmp_path):
            for each in (see, other):
                if each is dies_before:
                    raise Interrupted
                SEE(each.w3, each.address).pay("1 ether", sender=PAYER)

    with pytest.raises(Interrupted):
        act(dies_before=other)
    act()
    assert received(see, other) == [10**18, 10**18]


# ------------------------------------------------------------ what may be forgotten


@pytest.fixture
def waiting(w3: Web3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Step]:
    """A payment that waits in the pool."""
    rpc(w3, "evm_setAutomine", False)
    with monkeypatch.context() as patch:
        patch.setattr("seechain.sending.senders.WAIT", 0.3)
        with pytest.raises(NotMined):
            pay(w3, tmp_path)
    (step,) = Journal("INV-7", directory=tmp_path).steps
    yield step
    rpc(w3, "evm_setAutomine", True)


def test_what_waits_in_the_pool_is_not_forgotten(w3: Web3, tmp_path: Path, waiting: Step) -> None:
    before, journal = paid(w3), Journal("INV-7", directory=tmp_path)
    with pytest.raises(JournalError, match="was used by nothing yet: run the act again"):
        journal.forget(1, w3)
    mine(w3)
    with pytest.raises(JournalError, match=rf"it was mined, as {waiting.hash}: run the act again"):
        journal.forget(1, w3)
    pay(w3, tmp_path)
    assert paid(w3) == before + 5


def test_what_a_wallet_has_sped_up_is_not_forgotten(
    w3: Web3, tmp_path: Path, waiting: Step
) -> None:
    before = paid(w3)
    w3.eth.send_raw_transaction(raw_of(waiting.nonce, 5, 9 * 10**9))
    mine(w3)
    with pytest.raises(JournalError, match="it was mined, as 0x"):
        Journal("INV-7", directory=tmp_path).forget(1, w3)
    pay(w3, tmp_path)
    assert paid(w3) == before + 5


def test_what_was_replaced_is_forgotten_when_that_is_deep_and_on_its_chain(
    w3: Web3, tmp_path: Path, waiting: Step
) -> None:
    w3.eth.send_raw_transaction(raw_of(waiting.nonce, 1, 9 * 10**9))
    mine(w3)
    with anvil() as other, pytest.raises(JournalError, match="this is another: connect"):
        Journal("INV-7", directory=tmp_path).forget(1, other)
    deep = Journal("INV-7", directory=tmp_path, confirmations=2)
    with pytest.raises(JournalError, match="is not deep enough yet: try again later"):
        deep.forget(1, w3)
    mine(w3, 2)
    deep.forget(1, w3)
    assert [step.state for step in deep.steps] == [State.FORGOTTEN]


def test_a_done_act_keeps_its_nonce_when_a_reorganisation_drops_it(
    w3: Web3, tmp_path: Path
) -> None:
    before, count, snapshot = paid(w3), sent(w3), rpc(w3, "evm_snapshot")
    pay(w3, tmp_path, once=False)
    rewind(partial(rpc, w3), snapshot)
    pay(w3, tmp_path, once=False)  # tells the first again, and sends the next
    assert (paid(w3), sent(w3)) == (before + 10, count + 2)


# ------------------------------------------------------------ approvals


def test_an_approval_that_another_act_has_used_up_is_given_again(
    see: SEE, usdc: Any, tmp_path: Path
) -> None:
    usdc.functions.transfer(PAYER.address, 1000).transact({"from": key(0).address})

    def act(w3: Web3, name: str, amount: int) -> None:
        with Journal(name, directory=tmp_path):
            SEE(w3, see.address).pay(amount, currency=usdc.address, memo=name, sender=PAYER)

    def dying(w3: Web3) -> None:
        # after it has approved
        with mock.patch("seechain.splitter.payments.Call", side_effect=die):
            act(w3, "INV-7", 100)

    dies("before the act is done", see.w3, dying)
    act(see.w3, "INV-8", 60)  # takes of what was approved
    for _ in range(2):
        act(see.w3, "INV-7", 100)
    assert see.received()[usdc.address] == 160
    assert usdc.functions.allowance(PAYER.address, see.address).call() == 0


def test_an_approval_of_its_own_is_done_once(see: SEE, usdc: Any, tmp_path: Path) -> None:
    usdc.functions.transfer(PAYER.address, 1000).transact({"from": key(0).address})

    def act(*, is_whole: bool) -> None:
        with Journal("INV-7", directory=tmp_path):
            Token(see.w3, usdc.address).approve(see.address, 100, sender=PAYER)
            SEE(see.w3, see.address).pay(100, currency=usdc.address, sender=PAYER)
            if not is_whole:
                raise Interrupted

    with pytest.raises(Interrupted):
        act(is_whole=False)
    act(is_whole=True)
    assert see.received()[usdc.address] == 100
    assert usdc.functions.allowance(PAYER.address, see.address).call() == 0


# ------------------------------------------------------------ what is nothing, and what was refused


def test_an_act_of_nothing_is_not_done(w3: Web3, tmp_path: Path) -> None:
    with Journal("INV-7", directory=tmp_path) as journal:
        thread = Thread(target=send, args=(w3, Call(key(9).address, b"", "it", 5), PAYER))
        thread.start()  # it is not within the Journal: nothing of it is noted
        thread.join()
    assert not journal.is_done
    before = paid(w3)
    pay(w3, tmp_path)
    assert Journal("INV-7", directory=tmp_path).is_done
    assert paid(w3) == before + 5


def test_what_a_node_refused_is_sent_again_with_its_nonce(w3: Web3, tmp_path: Path) -> None:
    """The node that answers refuses it, and another one behind it has taken it."""
    before, count, taken = paid(w3), sent(w3), list[bytes]()

    def refuse(delivery: Delivery) -> None:
        assert delivery.sent.raw is not None
        taken.append(delivery.sent.raw)
        raise Web3RPCError("transaction underpriced")

    with (
        mock.patch.object(Delivery, "_told", refuse),
        mock.patch.object(
            Lease,
            "_counts",
            return_value=(count, count + 1),  # and it counts one too many
        ),
        pytest.raises(NodeError, match="underpriced"),
    ):
        pay(w3, tmp_path)
    with mock.patch("seechain.sending.senders.WAIT", 0.5), pytest.raises(NotMined):
        pay(w3, tmp_path)
    w3.eth.wait_for_transaction_receipt(w3.eth.send_raw_transaction(raw_of(count, 1, 10**9)))
    with suppress(Web3RPCError):
        w3.eth.send_raw_transaction(taken[0])
    pay(w3, tmp_path)
    assert (paid(w3), sent(w3)) == (before + 6, count + 2)
