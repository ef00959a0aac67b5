"""What a request's file says is held against the chain, wherever a node is at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, Registry
from seechain.payment_requests.payment_request import PaymentRequest
from tests.cli.typing import Person, Typed
from tests.sdk.chain import deployed, key, rpc
from tests.sdk.conftest import make_agreement, register

BANK = {"from": key(0).address}
MILLION = 10**6


@pytest.fixture(scope="module")
def usdc(w3: Web3) -> Any:
    return deployed(w3, "Token", "USDC", 6)


@pytest.fixture(scope="module")
def named(registry: Registry, usdc: Any) -> SEE:
    """It names the token."""
    return register(registry, make_agreement(currencies=["native", usdc.address], nonce=61))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def request(see: SEE, token: Any, **changed: Any) -> PaymentRequest:
    fields = {"see": see.address, "chain_id": 31337, "currency": token.address, "memo": "INV-1"}
    fields |= {"amount": 5000 * MILLION, "symbol": "USDC", "decimals": 6}
    made = PaymentRequest(**{**fields, **changed})
    made.save("i.json")
    return made


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"decimals": 12}, "has 12 decimals, and on chain it has 6: ask for another request"),
        ({"symbol": "ZIM"}, "is called 'ZIM', and on chain it is 'USDC': ask for another request"),
    ],
)
def test_a_file_that_lies_about_its_token_is_refused_wherever_a_node_is_at_hand(
    named: SEE,
    usdc: Any,
    at: Typed,
    run: Typed,
    people: dict[str, Person],
    changed: dict[str, Any],
    says: str,
) -> None:
    """5000 USDC were shown as 0.005 of them, and the link asked a wallet for all."""
    request(named, usdc, **changed)
    paid = named.pay(7, currency=usdc.address, memo="INV-1", sender=key(0)).transaction_hash
    where = ("--see", named.address)
    for words in (
        ("request", "i.json"),
        ("watch", "i.json", "--once"),
        ("receipt", paid, *where, "--request", "i.json"),
        ("statement", *where, "--from", "2020-01-01", "--to", "2040-12-31", "--requests", "i.json"),
    ):
        assert says in at.refused(*words)
    assert says in people["port"].refused("pay", "--request", "i.json")
    at.well("receipt", paid, *where, "--out", "r.json")
    assert says in at.refused("receipt", "r.json", "--check", "--request", "i.json")
    offline = run.well("request", "i.json")
    assert "Symbol and decimals are what the file says: --rpc holds them against" in offline
    assert f"uint256={5000 * MILLION}\n" in offline


def test_a_token_of_the_same_symbol_that_no_agreement_names_is_said(
    named: SEE, w3: Web3, at: Typed, people: dict[str, Person]
) -> None:
    fake = deployed(w3, "Token", "USDC", 6)
    fake.functions.transfer(key(3).address, 10**12).transact(BANK)
    request(named, fake)
    says = f"Note: the agreement does not name {fake.address}: anyone can make a token of any"
    assert says in at.well("request", "i.json")
    assert at.json("request", "i.json")["cautions"] == [f"{says[6:]} symbol"]
    assert says in people["port"]("pay", "--request", "i.json", "--dry-run").stderr
    assert says in at("watch", "i.json", "--once").stderr
    assert f"{says[6:]} symbol" in at("watch", "i.json", "--once", "--json").stdout
    words = ("pay", "--see", named.address, "--currency", fake.address, "--amount", "1 USDC")
    assert says in people["port"](*words, "--dry-run").stderr


def test_a_request_to_a_see_that_has_ended_is_said_and_has_no_code(
    registry: Registry, at: Typed
) -> None:
    see = register(registry, make_agreement(nonce=62))
    end = see.deregistration()
    see.deregister([see.sign(end, key(number)) for number in (1, 2, 3)], sender=key(0))
    fields = {"see": see.address, "chain_id": 31337, "currency": "native", "amount": 5}
    PaymentRequest(**fields, memo="INV-2").save("i.json")
    said = at.well("request", "i.json")
    assert f"Note: {see.address} has ended and takes no further payment" in said
    assert "ethereum:" not in said
    assert "\u2588" not in said
    assert "takes no further payment: write no" in at.refused("request", "i.json", "--qr", "c.png")
    assert not Path("c.png").exists()


def test_a_request_of_a_block_to_come_is_said_and_not_paid(
    see: SEE, at: Typed, people: dict[str, Person]
) -> None:
    """What is paid before that block counts for nothing."""
    fields = {"see": see.address, "chain_id": 31337, "currency": "native", "amount": 5}
    PaymentRequest(**fields, memo="INV-3", first_block=10**6).save("i.json")
    says = "only what is paid from block 1000000 on counts for it, and the chain is at block "
    assert f"Note: {says}" in at.well("request", "i.json")
    assert f"Note: {says}" in at("watch", "i.json", "--once").stderr
    for again in ((), ("--again",)):
        assert says in people["port"].refused("pay", "--request", "i.json", *again)


def test_what_only_a_log_says_was_paid_is_refused_with_that_doubt(
    registry: Registry, w3: Web3, at: Typed, people: dict[str, Person]
) -> None:
    gross = deployed(w3, "GrossToken", 0)
    see = register(registry, make_agreement(currencies=["native", gross.address], nonce=63))
    fields = {"see": see.address, "chain_id": 31337, "currency": gross.address, "amount": 1000}
    PaymentRequest(**fields, memo="INV-4", symbol="GRS", decimals=6).save("i.json")
    gross.functions.transfer(see.address, 1000).transact(BANK)
    said = people["port"].refused("pay", "--request", "i.json")
    assert ", matched by amount: to pay it once more add --again" in said
    rpc(w3, "evm_setAutomine", False)
    try:
        gross.functions.transfer(see.address, 2000).transact(BANK)
        gross.functions.rebase(see.address, 1000).transact(BANK)
        rpc(w3, "evm_mine")
    finally:
        rpc(w3, "evm_setAutomine", True)
    PaymentRequest(**{**fields, "amount": 2000}, memo="INV-5", decimals=6).save("i.json")
    said = at.well("request", "i.json")
    assert "It is open: 0.002 of 0x" in said
    assert "of which nothing arrived, or the token changed the balance in that block" in said
