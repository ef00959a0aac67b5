"""A rehearsal says what would be sent, and sends nothing."""

from __future__ import annotations

from typing import Any

import pytest
from web3 import EthereumTesterProvider, Web3

from seechain import SEE, Registry
from seechain.beside.payer import Payer
from seechain.chain.reverts import NoFunds, NoRegistry, NothingDue
from seechain.sending.rehearsal import rehearsing
from tests.direct import connected
from tests.sdk.chain import key
from tests.sdk.conftest import make_agreement, register
from tools.anvil import running

ETHER = 10**18


def test_what_is_rehearsed_is_what_is_done_afterwards(w3: Web3, see: SEE) -> None:
    ada, port = key(1).address, key(3)
    assert not see.received()["native"]
    head = w3.eth.block_number
    with rehearsing() as rehearsal:
        see.pay("1.5 ether", memo="INV-7", sender=port)
    (step,) = rehearsal.steps
    assert rehearsal.moved == {
        "native": {port.address: -15 * ETHER // 10, see.address: 15 * ETHER // 10}
    }
    assert w3.eth.block_number == head
    receipts = see.pay("1.5 ether", memo="INV-7", sender=port)
    assert receipts.gas_used == pytest.approx(step.gas, abs=60)

    with rehearsing() as rehearsal:
        see.payout(sender=key(9))
    assert rehearsal.moved["native"][ada] == 6 * ETHER // 10
    before = w3.eth.get_balance(ada)
    see.payout(sender=key(9))
    assert w3.eth.get_balance(ada) - before == 6 * ETHER // 10


def test_what_needs_several_transactions_is_simulated_in_a_row(see: SEE, usdc: Any) -> None:
    with rehearsing() as rehearsal:
        see.pay("1000 USDC", sender=key(0))
    assert [step.what.split()[0] for step in rehearsal.steps] == ["approving", "the"]
    assert rehearsal.is_whole
    assert rehearsal.moved[usdc.address] == {key(0).address: -(10**9), see.address: 10**9}
    assert usdc.functions.balanceOf(see.address).call() == 0


def test_what_would_be_refused_is_refused(see: SEE) -> None:
    with rehearsing(), pytest.raises(NothingDue):
        see.claim(key(1).address, sender=key(9))
    with rehearsing(), pytest.raises(NoFunds):
        see.pay("1000000 ether", sender=key(9))


def test_a_node_that_can_not_simulate_says_the_gas_of_the_first() -> None:
    w3 = Web3(EthereumTesterProvider())
    registry = Registry.deploy(w3, sender=w3.eth.accounts[0])
    agreement = make_agreement()
    with rehearsing() as rehearsal:
        registry.deploy_clone(agreement, sender=w3.eth.accounts[0])
    assert not rehearsal.is_whole
    assert rehearsal.gas > 80_000
    assert not w3.eth.get_code(registry.address_of(agreement))  # type: ignore[arg-type]


def test_what_was_simulated_is_read_by_what_comes_after_it(w3: Web3, see: SEE) -> None:
    ada, contributor = key(1), key(7).address
    see.pay("1 ether", sender=key(3))
    with rehearsing() as rehearsal:
        splitter = see.share_seat(ada, contributor, "1/4")
        assert see.redirected(ada.address) == splitter.address
        see.payout(sender=key(9))
        splitter.payout(sender=key(9))
    assert rehearsal.is_whole
    moved = rehearsal.moved["native"]
    assert moved[contributor] == ETHER // 10
    assert see.redirected(ada.address) == ada.address
    assert not w3.eth.get_code(splitter.address)
    done = [*see.share_seat(ada, contributor, "1/4").receipts, *see.payout(sender=key(9))]
    done += splitter.payout(sender=key(9))
    assert len(done) == len(rehearsal.steps)
    assert sum(each.gas_used for each in done) == pytest.approx(rehearsal.gas, rel=0.01)


def test_a_deployment_is_rehearsed_whole() -> None:
    with running() as url:
        w3 = connected(url)
        with rehearsing() as rehearsal:
            registry = Registry.deploy(w3, sender=key(0))
            Payer.deploy(w3, sender=key(0))
            see = register(registry, make_agreement())
            see.pay(1000, sender=key(3))
            assert see.in_force.number == 0
        assert rehearsal.is_whole
        assert rehearsal.moved["native"][see.address] == 1000
        assert not w3.eth.get_code(registry.address)
        assert w3.eth.block_number == 0


def test_a_rehearsal_deploys_no_deployer() -> None:
    w3 = Web3(EthereumTesterProvider())
    with rehearsing(), pytest.raises(NoRegistry, match="can't be simulated"):
        Registry.deploy(w3, sender=w3.eth.accounts[0])
    assert w3.eth.block_number == 0
