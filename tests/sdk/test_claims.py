"""Claims: the first one and later ones, by a member itself and by anybody for it."""

from __future__ import annotations

from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, NothingDue, Registry, Splitter
from seechain.events import Claimed, Joined
from seechain.reverts import TokenError
from tests.sdk.chain import key, rpc

ADA, BEN = key(1).address, key(2).address
WHOEVER = pytest.mark.parametrize("number", [1, 8], ids=["by itself", "by anybody"])


@pytest.fixture
def splitter(registry: Registry) -> Splitter:
    return registry.create_splitter({ADA: 60, BEN: 40}, sender=key(0))


def heard(receipts: Any) -> list[tuple[str, str, int]]:
    """Account, currency and amount of what was claimed; the shares of who joined."""
    found = []
    for each in receipts.events:
        if isinstance(each, Claimed):
            found.append((each.account, each.currency, each.amount))
        elif isinstance(each, Joined):
            found.append((each.account, "joined", each.shares))
    return found


@WHOEVER
def test_a_later_claim_takes_what_came_since(splitter: Splitter, usdc: Any, number: int) -> None:
    sender, token = key(number), usdc.address
    for _ in range(2):
        splitter.pay(100, sender=key(3))
        (receipt,) = splitter.claim(ADA, sender=sender)
        assert heard(receipt)[-1] == (ADA, "native", 60)
    for _ in range(2):
        splitter.pay(100, currency=token, sender=key(0))
        (receipt,) = splitter.claim(ADA, currency=token, sender=sender)
        assert heard(receipt) == [(ADA, token, 60)]
    assert usdc.functions.balanceOf(ADA).call() == 120
    for currency in (None, token):
        with pytest.raises(NothingDue, match=rf"nothing is due to {ADA}"):
            splitter.claim(ADA, currency=currency, sender=sender)


@WHOEVER
def test_so_it_does_of_a_see(see: SEE, usdc: Any, number: int) -> None:
    token = usdc.address
    for _ in range(2):
        see.pay(100, sender=key(3))
        (receipt,) = see.claim(ADA, sender=key(number))
        assert heard(receipt)[-1] == (ADA, "native", 40)
    for _ in range(2):
        see.pay(100, currency=token, sender=key(0))
        (receipt,) = see.claim(ADA, sender=key(number))
        assert heard(receipt) == [(ADA, token, 40)]
    see.pay(100, sender=key(3))
    see.pay(100, currency=token, sender=key(0))
    assert see.due(ADA.lower()) == see.due(ADA) == {"native": 40, token: 40}
    (receipt,) = see.claim(ADA.lower(), sender=key(number))
    assert sorted(heard(receipt)) == sorted([(ADA, "native", 40), (ADA, token, 40)])


def test_a_first_claim_of_a_token_alone_joins_and_then_takes_it(
    w3: Web3, splitter: Splitter, usdc: Any
) -> None:
    splitter.pay(100, sender=key(3))
    splitter.pay(100, currency=usdc.address, sender=key(0))
    receipts = splitter.claim(BEN, currency=usdc.address, sender=key(8))
    assert heard(receipts) == [(BEN, "joined", 40), (BEN, usdc.address, 40)]
    assert splitter.due(BEN)["native"] == 40
    with pytest.raises(NothingDue, match=f"in {usdc.address} now"):
        splitter.claim(BEN, currency=usdc.address, sender=key(8))
    rpc(w3, "anvil_setCode", usdc.address, "0xfe")
    (receipt,) = splitter.claim(BEN, sender=key(8))
    assert heard(receipt) == [(BEN, "native", 40)]


def test_a_token_that_can_not_be_read_is_named_where_it_is_asked_for(
    w3: Web3, splitter: Splitter, see: SEE, usdc: Any
) -> None:
    """Without it the rest is claimed."""
    for each in (splitter, see):
        each.pay(100, sender=key(3))
    rpc(w3, "anvil_setCode", usdc.address, "0xfe")
    for each in (splitter, see):
        with pytest.raises(TokenError):
            each.claim(ADA, currency=usdc.address, sender=key(8))
        with pytest.raises(TokenError):
            each.payout(currency=usdc.address, sender=key(8))
        assert heard(each.claim(ADA, sender=key(8)))
        assert each.due(ADA)["native"] == 0
