"""Tokens, odd ones too."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from web3 import IPCProvider, Web3

from seechain import SEE, AmountError, Registry, Token
from seechain.chain.reverts import NodeError, TokenError
from tests.direct import connected
from tests.faults.proxy import Exchange, Proxy, Reply, Strike
from tests.sdk.chain import deployed, key
from tests.sdk.conftest import make_agreement


def test_a_token_is_read(w3: Web3, usdc: Any) -> None:
    token = Token(w3, usdc.address)
    assert (token.symbol, token.decimals) == ("USDC", 6)
    assert token.balance(key(0).address) == 10**30
    assert token.format(1_500_000) == "1.5 USDC"


def test_an_old_token_is_borne_with(w3: Web3, registry: Registry) -> None:
    old = deployed(w3, "OldToken")
    token = Token(w3, old.address)
    assert (token.symbol, token.decimals) == ("OLD", None)
    splitter = registry.create_splitter({key(1).address: 1}, sender=key(0))
    old.functions.approve(splitter.address, 3).transact({"from": key(0).address})
    # The allowance is taken back first: three transactions.
    assert len(splitter.pay(5, currency=old.address, sender=key(0))) == 3
    splitter.claim(key(1).address, currency=old.address, sender=key(8))
    assert token.balance(key(1).address) == 5
    with pytest.raises(AmountError, match=r"decimals of 0x.* can't be read"):
        splitter.pay("5 OLD", currency=old.address, sender=key(0))


def test_what_is_no_token_has_no_name(w3: Web3, registry: Registry) -> None:
    token = Token(w3, registry.address)
    assert (token.symbol, token.decimals) == ("", None)
    with pytest.raises(TokenError, match="does not answer balanceOf"):
        token.balance(key(0).address)
    with pytest.raises(TokenError, match="is no contract on chain 31337"):
        Token(w3, key(1).address)


def test_two_tokens_of_one_name_must_be_told_apart(registry: Registry, usdc: Any) -> None:
    twin = deployed(registry.w3, "Token", "USDC", 18)
    agreement = make_agreement(currencies=["native", usdc.address, twin.address])
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    see = registry.register(agreement, consents, sender=key(0))
    with pytest.raises(AmountError, match="two currencies are called USDC"):
        see.pay("5 USDC", sender=key(0))
    see.pay("5 USDC", currency=twin.address, sender=key(0))
    assert see.received()[twin.address] == 5 * 10**18


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        (lambda exchange: Reply(b"too many requests", status=429), NodeError, "the node at"),
        (lambda exchange: exchange.error(-32005, "limit exceeded"), NodeError, "limit exceeded"),
        (lambda exchange: exchange.result(None), NodeError, "can't be read"),
        (lambda exchange: exchange.error(-32000, "a halt"), AmountError, "pay whole units"),
    ],
)
def test_what_the_node_fails_at_is_no_odd_token(
    fault: Strike, error: type[Exception], says: str, w3: Web3, see: SEE, usdc: Any
) -> None:
    def lacks_decimals(exchange: Exchange) -> Reply | None:
        return fault(exchange) if "0x313ce567" in str(exchange.parameters) else None

    with Proxy(w3.provider.endpoint_uri) as proxy:  # type: ignore[attr-defined]
        beside = SEE(connected(proxy.url), see.address)
        proxy.strike(lacks_decimals, ("eth_call",), times=None)
        with pytest.raises(error, match=says):
            beside.pay("5 USDC", currency=usdc.address, sender=key(0))


def test_a_socket_that_does_not_answer_is_the_nodes_fault(tmp_path: Path) -> None:
    path = tmp_path / "node.ipc"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        silent.listen()
        with pytest.raises(NodeError, match="does not answer in time"):
            Token(Web3(IPCProvider(path, timeout=1)), key(1).address)
