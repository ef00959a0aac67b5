"""How a node is asked: one request for one question, through what its user put in between."""

from __future__ import annotations

from typing import Any

from web3 import Web3
from web3.middleware import Web3Middleware

from seechain import SEE
from seechain.chain.node import chain_id_of, eth_of, head_of
from seechain.sending.senders import estimate
from tests.sdk.chain import anvil, key


def heard(w3: Web3) -> list[str]:
    """The methods that are asked from now on, as its user's own middleware sees them."""
    methods: list[str] = []

    class Listening(Web3Middleware):
        def request_processor(self, method: Any, params: Any) -> Any:
            methods.append(method)
            return method, params

    w3.middleware_onion.add(Listening, "listening")
    return methods


def test_a_view_an_estimate_and_the_time_are_one_request_each(see: SEE) -> None:
    methods = heard(see.w3)
    try:
        assert see.version == 0
        assert methods == ["eth_call"]
        transaction = {"from": key(0).address, "to": see.address, "data": "0x", "value": 1}
        estimate(see.w3, transaction, "the payment")
        assert methods == ["eth_call", "eth_estimateGas"]
        assert head_of(see.w3).base_fee is not None
        assert methods == ["eth_call", "eth_estimateGas", "eth_getBlockByNumber"]
    finally:
        see.w3.middleware_onion.remove("listening")
    assert see.version == 0
    assert len(methods) == 3


def test_the_node_is_the_one_that_its_user_chose_last(w3: Web3) -> None:
    mine = Web3(w3.provider)
    assert chain_id_of(mine) == 31337
    with anvil("--chain-id", "7") as other:
        mine.provider = other.provider
        assert eth_of(mine).chain_id == 7


def test_what_a_view_is_asked_for_by_is_the_account_that_its_user_set(w3: Web3) -> None:
    mine = Web3(w3.provider)
    # Answers its caller: CALLER, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN.
    asked: Any = {"data": "0x335f5260205ff3"}
    mine.eth.default_account = key(3).address
    assert eth_of(mine).call(asked)[12:] == bytes.fromhex(key(3).address[2:])
