"""Claims: the first one and later ones, by a member itself and by anybody for it."""

from __future__ import annotations

from typing import Any

import pytest
from eth_utils import keccak
from web3 import Web3

from seechain import SEE, NothingDue, Registry, Splitter
from seechain.chain.events import Claimed, Joined
from seechain.chain.reverts import TokenError
from tests.sdk.chain import key, rpc

ADA, BEN = key(1).address, key(2).address
WHOEVER = pytest.mark.parametrize("number", [1, 8], ids=["by itself", "by anybody"])

TABLE = "(bytes32,uint256,uint256,bytes32)"
JOIN = f"join({TABLE},uint256,bytes)"
MANY = f"claim_versions((uint256,{TABLE},uint256,bytes,bytes)[],uint256[],address[])"
OWN = ["claim(uint256)", "claim_token(address,uint256)"]  # by the member itself
OTHERS = ["claim(uint256,address)", "claim_token(address,uint256,address)"]
CALLS = [*OWN, *OTHERS, MANY, JOIN]


@pytest.fixture
def splitter(registry: Registry) -> Splitter:
    return registry.create_splitter({ADA: 60, BEN: 40}, sender=key(0))


def called(see: Splitter, receipt: Any) -> str:
    """The function that was called, of those that a claim may call."""
    data = bytes(see.w3.eth.get_transaction(receipt.transaction_hash)["input"])
    return {keccak(text=each)[:4]: each for each in CALLS}[data[:4]]


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
    """By the call that costs least."""
    sender, token = key(number), usdc.address
    native, of_token = OWN if number == 1 else OTHERS
    for call in (JOIN, native):
        splitter.pay(100, sender=key(3))
        (receipt,) = splitter.claim(ADA, sender=sender)
        assert heard(receipt)[-1] == (ADA, "native", 60)
        assert called(splitter, receipt) == call
    for _ in range(2):
        splitter.pay(100, currency=token, sender=key(0))
        (receipt,) = splitter.claim(ADA, currency=token, sender=sender)
        assert heard(receipt) == [(ADA, token, 60)]
        assert called(splitter, receipt) == of_token
    assert usdc.functions.balanceOf(ADA).call() == 120
    for currency in (None, token):
        with pytest.raises(NothingDue, match=rf"nothing is due to {ADA}"):
            splitter.claim(ADA, currency=currency, sender=sender)


@WHOEVER
def test_so_it_does_of_a_see(see: SEE, usdc: Any, number: int) -> None:
    token = usdc.address
    native, of_token = OWN if number == 1 else OTHERS
    for call in (JOIN, native):
        see.pay(100, sender=key(3))
        (receipt,) = see.claim(ADA, sender=key(number))
        assert heard(receipt)[-1] == (ADA, "native", 40)
        assert called(see, receipt) == call
    for _ in range(2):
        see.pay(100, currency=token, sender=key(0))
        (receipt,) = see.claim(ADA, sender=key(number))
        assert heard(receipt) == [(ADA, token, 40)]
        assert called(see, receipt) == of_token
    see.pay(100, sender=key(3))
    see.pay(100, currency=token, sender=key(0))
    assert see.due(ADA.lower()) == see.due(ADA) == {"native": 40, token: 40}
    (receipt,) = see.claim(ADA.lower(), sender=key(number))
    assert sorted(heard(receipt)) == sorted([(ADA, "native", 40), (ADA, token, 40)])
    assert called(see, receipt) == MANY
    see.pay(100, currency=token, sender=key(0))
    (receipt,) = see.claim(BEN, currency=token, sender=key(number))  # which joins it on the way
    assert heard(receipt) == [(BEN, "joined", 35), (BEN, token, 4 * 35)]
    assert called(see, receipt) == MANY


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


@WHOEVER
def test_several_currencies_are_claimed_at_once(
    w3: Web3, splitter: Splitter, usdc: Any, number: int
) -> None:
    """Of a Splitter to whose users a token means something too."""

    class Known(Splitter):
        currencies = ("native", usdc.address)

    known = Known(w3, splitter.address)
    known.pay(100, sender=key(3))
    known.claim(ADA, sender=key(8))
    known.pay(100, sender=key(3))
    known.pay(100, currency=usdc.address, sender=key(0))
    assert known.due(ADA) == {"native": 60, usdc.address: 60}
    (receipt,) = known.claim(ADA, sender=key(number))
    assert heard(receipt) == [(ADA, "native", 60), (ADA, usdc.address, 60)]
    receipts = known.claim(BEN, sender=key(number))
    assert heard(receipts) == [(BEN, "native", 80), (BEN, usdc.address, 40)]
