"""Logs in bulk: what a node gives them with, and what must be asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from web3 import Web3
from web3.exceptions import Web3RPCError
from web3.middleware import Web3Middleware

from seechain import SEE, NodeError
from seechain.chain.raw_logs import read_logs, timed, times_of
from tests.sdk.chain import key, rpc

Change = Callable[[str, Any, Any], Any]


@pytest.fixture
def between(w3: Web3) -> Iterator[Callable[[Change], None]]:
    """Changes what the node answers: change(method, parameters, ask)."""

    def put(change: Change) -> None:
        class Middleware(Web3Middleware):
            def wrap_make_request(self, make_request: Any) -> Any:
                return lambda method, params: change(
                    method, params, lambda: make_request(method, params)
                )

        w3.middleware_onion.inject(Middleware, name="between", layer=0)

    yield put
    w3.middleware_onion.remove("between")


def paid(see: SEE, times: int) -> None:
    for _ in range(times):
        see.pay(5, sender=key(3))


def test_logs_are_read_in_their_order_with_their_time(see: SEE, w3: Web3) -> None:
    paid(see, 3)
    rpc(w3, "evm_increaseTime", 1000)
    paid(see, 1)
    logs = [*read_logs(w3, [see.address, see.registry], [])]
    places = [(each["blockNumber"], each["logIndex"]) for each in logs]
    assert places == sorted(places)
    assert len(set(places)) == len(places) == 2 + 4
    times = timed(w3, logs)
    for number, time in times.items():
        assert time == w3.eth.get_block(number)["timestamp"]
    assert [*read_logs(w3, [see.address], [], 2**60)] == []


def test_times_that_the_node_does_not_give_are_asked_for(
    see: SEE, w3: Web3, between: Callable[[Change], None]
) -> None:
    paid(see, 4)

    def change(method: str, params: Any, ask: Any) -> Any:
        answer = ask()
        if method == "eth_getLogs":
            logs = [dict(each) for each in answer["result"]]
            for log in logs:
                log.pop("blockTimestamp", None)
            answer = {**answer, "result": logs}
        return answer

    expected = timed(w3, [*read_logs(w3, [see.address], [])])
    other = Web3(w3.provider)  # it knows no times yet
    between(change)
    logs = [*read_logs(w3, [see.address], [])]
    assert {each["blockTimestamp"] for each in logs} == {None}
    assert timed(other, logs) == expected
    assert dict(times_of(w3, [*expected, *expected])) == expected  # in one request, or several


def test_a_node_that_takes_no_batches(see: SEE, w3: Web3, monkeypatch: Any) -> None:
    paid(see, 2)
    head = w3.eth.block_number
    expected = dict(times_of(w3, [head - 1, head]))
    monkeypatch.setattr(w3.provider, "make_batch_request", lambda requests: {"error": "none"})
    assert dict(times_of(w3, [head - 1, head])) == expected


def test_a_narrow_node_and_logs_of_others(
    see: SEE, w3: Web3, between: Callable[[Change], None]
) -> None:
    paid(see, 3)
    expected = [*read_logs(w3, [see.address], [])]
    other = {**expected[0], "address": "0x" + "ab" * 20}

    def change(method: str, params: Any, ask: Any) -> Any:
        if method != "eth_getLogs":
            return ask()
        first, last = (int(params[0][at], 16) for at in ("fromBlock", "toBlock"))
        if last - first > 2:
            raise Web3RPCError("query exceeds max block range")
        answer = ask()
        strange = [{**each, "address": other["address"]} for each in answer["result"]]
        removed = [{**each, "removed": True} for each in answer["result"]]
        return {**answer, "result": [*strange, *answer["result"], *removed, *answer["result"]]}

    between(change)
    assert [*read_logs(w3, [see.address], [])] == expected


def test_a_node_that_has_no_such_block(w3: Web3) -> None:
    with pytest.raises(NodeError) as caught:
        dict(times_of(w3, [2**40, 2**40 + 1]))
    assert "\n" not in str(caught.value)
