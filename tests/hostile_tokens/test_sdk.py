"""What the SDK makes of tokens that send it to a gateway, or are particular about approvals."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from web3 import Web3

from seechain import Refused, Registry, SeechainError, Token
from tests.hostile_tokens import codes
from tests.rewind import rewind
from tests.sdk.chain import anvil, key, rpc
from tests.sdk.conftest import make_agreement, register

NOBODY = "0x" + "00" * 20


@pytest.fixture(scope="module")
def chain() -> Iterator[Web3]:
    with anvil() as w3:
        Registry.deploy(w3, sender=key(9))
        yield w3


@pytest.fixture
def w3(chain: Web3) -> Iterator[Web3]:
    snapshot = rpc(chain, "evm_snapshot")
    yield chain
    rewind(partial(rpc, chain), snapshot)


def deployed(w3: Web3, name: str) -> Any:
    """A hostile token, of which the first account has 1,000."""
    abi, _ = codes.compiled()[name]
    sent = w3.eth.send_transaction({"from": key(0).address, "data": codes.init_code(name)})
    where = w3.eth.wait_for_transaction_receipt(sent)["contractAddress"]
    token = w3.eth.contract(address=where, abi=abi)
    token.functions.set_balance(key(0).address, 1_000).transact({"from": key(0).address})
    return token


def turn(token: Any, on: bool) -> None:
    token.functions.turn(on, NOBODY, NOBODY).transact({"from": key(0).address})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The gateways that web3 was about to ask (EIP-3668): by itself it passes over local ones,
    so that a server on this machine would see nothing."""
    asked: list[Any] = []

    def ask(payload: Any, transaction: Any, **_: object) -> bytes:
        asked.append(payload["urls"])
        raise ConnectionError(transaction["to"])

    monkeypatch.setattr("web3.eth.eth.handle_offchain_lookup", ask)
    return asked


def test_a_gateway_is_never_asked(w3: Web3, asked: list[Any]) -> None:
    """Balance, payment, claim, payout, due: each is refused, none makes a request."""
    token = deployed(w3, "Offchain")
    splitter = Registry(w3).create_splitter({key(1).address: 1, key(2).address: 1}, sender=key(0))
    splitter.pay(100, currency=token.address, sender=key(0))
    splitter.join(key(1).address, sender=key(0))
    see = register(Registry(w3), make_agreement(currencies=["native", token.address]))
    token.functions.set_url("https://gateway.example/{sender}/{data}").transact(
        {"from": key(0).address}
    )
    turn(token, True)
    acts = (
        lambda: Token(w3, token.address).balance(key(0).address),
        lambda: splitter.pay(5, currency=token.address, sender=key(0)),
        lambda: splitter.claim(key(1).address, currency=token.address, sender=key(0)),
        lambda: splitter.payout(currency=token.address, sender=key(0)),
    )
    for act in acts:
        with pytest.raises(SeechainError):
            act()
    assert see.due(key(1).address).get(token.address, 0) == 0  # nothing is made up
    assert asked == []
    with pytest.raises(ConnectionError):  # web3 by itself would have asked
        token.functions.balanceOf(key(1).address).call()
    assert len(asked) == 1
    turn(token, False)
    splitter.payout(currency=token.address, sender=key(0))
    assert token.functions.held(key(1).address).call() == 50


def test_an_approval_is_taken_back_before_another(w3: Web3) -> None:
    """As USDT wants it: three transactions where there is a rest, two where there is none."""
    token = deployed(w3, "ZeroFirst")
    turn(token, True)
    splitter = Registry(w3).create_splitter({key(1).address: 1}, sender=key(0))
    assert len(splitter.pay(5, currency=token.address, sender=key(0))) == 2
    token.functions.approve(splitter.address, 3).transact({"from": key(0).address})
    assert len(splitter.pay(5, currency=token.address, sender=key(0))) == 3
    assert token.functions.held(splitter.address).call() == 10
    assert token.functions.allowance(key(0).address, splitter.address).call() == 0


def test_what_was_approved_for_a_refused_payment_serves_the_next(w3: Web3) -> None:
    """Exactly what is paid is approved, and nothing of it is left."""
    token = deployed(w3, "Pauses")
    splitter = Registry(w3).create_splitter({key(1).address: 1}, sender=key(0))
    turn(token, True)
    with pytest.raises(Refused):
        splitter.pay(7, currency=token.address, sender=key(0))
    assert token.functions.allowance(key(0).address, splitter.address).call() == 7
    turn(token, False)
    assert len(splitter.pay(7, currency=token.address, sender=key(0))) == 1  # approved already
    assert token.functions.allowance(key(0).address, splitter.address).call() == 0
