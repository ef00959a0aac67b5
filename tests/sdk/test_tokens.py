"""Tokens, odd ones too."""

from __future__ import annotations

from typing import Any

import pytest
from web3 import Web3

from seechain import AmountError, Registry, Token
from seechain.chain.reverts import TokenError
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
