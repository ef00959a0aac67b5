"""Logs by ranges that fit the node; events of every kind."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from web3 import Web3
from web3.exceptions import Web3RPCError

from seechain import SEE, AgreementError, NodeError, Registry
from seechain.chain import artifacts, decoding, events
from seechain.chain.decoding import decode_log, topic_of
from seechain.chain.events import Event
from seechain.chain.logs import read_events
from seechain.chain.published import REGISTERED_TOPIC
from tests.sdk.chain import key, rpc


class Narrow:
    """A node that gives few blocks at once, in front of the real one."""

    refusal: Exception = Web3RPCError("query exceeds max block range")

    def __init__(self, w3: Web3, most: int) -> None:
        self.asked: list[tuple[int, int]] = []
        self.most = most
        self.w3 = w3

    def __call__(self, make_request: Any, w3: Web3) -> Any:
        def request(method: Any, params: Any) -> Any:
            if method == "eth_getLogs":
                first, last = (int(params[0][at], 16) for at in ("fromBlock", "toBlock"))
                self.asked.append((first, last))
                if last - first + 1 > self.most:
                    raise self.refusal
            return make_request(method, params)

        return request


@pytest.fixture
def narrow(w3: Web3) -> Any:
    from web3.middleware import Web3Middleware

    front = Narrow(w3, 4)

    class Middleware(Web3Middleware):
        def wrap_make_request(self, make_request: Any) -> Any:
            return front(make_request, self._w3)

    w3.middleware_onion.inject(Middleware, name="narrow", layer=0)
    yield front
    w3.middleware_onion.remove("narrow")


def test_a_slow_node_is_soon_asked_for_little(see: SEE, registry: Registry, narrow: Narrow) -> None:
    """Each time that it does not answer takes long: 24 halvings would be many minutes."""
    rpc(see.w3, "anvil_mine", hex(5000))
    narrow.refusal, narrow.most = requests.Timeout("no answer"), 0
    with pytest.raises(NodeError, match="does not answer in time"):
        list(registry.sees())
    assert len(narrow.asked) <= 5


def test_a_narrow_node_is_read_in_small_ranges(
    see: SEE, registry: Registry, narrow: Narrow
) -> None:
    rpc(see.w3, "anvil_mine", hex(50))
    assert [record.see for record in registry.sees()] == [see.address]
    read = sorted(
        block
        for first, last in narrow.asked
        if last - first < narrow.most
        for block in range(first, last + 1)
    )
    assert set(read) >= set(range(see.w3.eth.block_number + 1))
    assert SEE(see.w3, see.address).members == see.members


def test_a_node_that_gives_no_logs_is_refused_after_one_block(
    see: SEE, registry: Registry, narrow: Narrow
) -> None:
    narrow.most = 0
    with pytest.raises(NodeError, match=r"refused reading the logs of block 0: query exceeds"):
        list(registry.sees())
    assert len(narrow.asked) < 20


def test_an_empty_range_is_empty(registry: Registry) -> None:
    assert list(read_events(registry.w3, registry.address, [REGISTERED_TOPIC], 5, 4)) == []


def test_the_events_are_those_of_the_contracts() -> None:
    declared = {
        f"{each['name']}({','.join(field['type'] for field in each['inputs'])})"
        for name in artifacts.NAMES
        for each in artifacts.load(name).abi
        if each["type"] == "event"
    }
    known = set(decoding._READERS)
    assert {topic_of(each) for each in declared} == known


def test_a_foreign_event_of_the_same_name_is_passed_over() -> None:
    log = {
        "address": key(1).address,
        "topics": [topic_of("Paid(address,bytes32,address,uint256)")],
        "data": b"\1",
        "blockNumber": 1,
        "transactionHash": bytes(32),
        "logIndex": 0,
    }
    assert decode_log(log) is None
    assert decode_log({**log, "topics": []}) is None
    assert decode_log({**log, "topics": [bytes(32)]}) is None


def test_an_event_knows_its_place(see: SEE) -> None:
    receipt = see.pay(5, sender=key(3))
    (event,) = receipt.events
    assert isinstance(event, Event)
    assert (event.name, event.address) == ("Paid", see.address)
    assert event.transaction_hash == receipt.transaction_hash
    assert event.block_number == receipt.block_number


def test_where_the_agreement_is_found_is_an_event(see: SEE) -> None:
    (event,) = see.locate("https://example.org/agreement", sender=key(8)).events
    assert isinstance(event, events.Located)
    assert (event.uri, event.publisher) == ("https://example.org/agreement", key(8).address)
    with pytest.raises(AgreementError, match="a URI says where the agreement is found, got none"):
        see.locate("", sender=key(8))
    with pytest.raises(AgreementError, match="a URI has at most 256 bytes, got 257"):
        see.locate("x" * 257, sender=key(8))
