"""What arrived, told from what a token says; C as the chain has it; and what each member gets."""

from __future__ import annotations

from typing import Any

import pytest
from web3 import Web3

from seechain import SEE, Registry
from seechain.beside.payer import Payer
from seechain.chain import interface
from seechain.explain import Explanation, explain
from seechain.money import Money
from seechain.payment_requests.receipt_making import receipt_of
from tests.sdk.chain import deployed, key, rpc
from tests.sdk.conftest import ADA, BEN, CLEO, DESK, PORT, make_agreement, register

FEE = 10  # percent


def told(w3: Web3, transaction: Any, **options: Any) -> Explanation:
    if not isinstance(transaction, str):
        transaction = w3.eth.wait_for_transaction_receipt(transaction)[
            "transactionHash"
        ].to_0x_hex()
    return explain(w3, transaction, money=Money(w3), **options)


@pytest.fixture
def gross(w3: Web3) -> Any:
    return deployed(w3, "GrossToken", FEE)


@pytest.fixture
def named(registry: Registry, gross: Any) -> SEE:
    """It names the token."""
    return register(registry, make_agreement(currencies=["native", gross.address]))


def by(token: Any, name: str, *arguments: object) -> Any:
    return getattr(token.functions, name)(*arguments).transact({"from": key(0).address})


def test_what_a_token_says_is_told_from_what_arrived(named: SEE, gross: Any, w3: Web3) -> None:
    """A fee was taken, then nothing moved at all, then a payout shows the same C."""
    said = told(w3, by(gross, "transfer", named.address, 100))
    text = "\n".join(said.sentences)
    assert f"The token {gross.address} says: {key(0).address} paid 0.0001 GRS" in text
    assert "of that 0.00009 GRS" in text
    assert "C = 90 received so far" in text
    assert said.steps[0].data["arrived"]["units"] == "90"

    said = told(w3, by(gross, "forge", PORT, named.address, 777))
    text = "\n".join(said.sentences)
    assert f"The token {gross.address} says: {PORT} paid " in text
    assert "of that 0 GRS" in text
    assert "C = 90 received so far" in text
    assert "C = 8" not in text
    assert "each member gets" not in text
    logged = f"the token {gross.address} has logged a transfer of 777 to {named.address}"
    assert said.faults == (
        f"{logged}, and 0 of it arrived, or the token changed the balance in this block",
    )
    assert said.sentences[-1].startswith("This differs: ")

    paid = told(w3, named.payout(gross.address, sender=key(8)).transaction_hash)
    assert "C = 90 received so far" in "\n".join(paid.sentences)
    assert named.received()[gross.address] == 90


def test_a_token_that_was_short_before_differs_no_more(named: SEE, gross: Any, w3: Web3) -> None:
    by(gross, "forge", PORT, named.address, 777)
    by(gross, "approve", named.address, 10**9)
    paid = named.pay(1000, currency=gross.address, sender=key(0))
    said = told(w3, paid.transaction_hash)
    assert not said.faults
    assert "paid 0.0009 GRS" in said.steps[0].sentences[0]
    assert said.steps[0].sentences[1].endswith("C = 900 received so far")


def test_several_in_one_block(named: SEE, gross: Any, w3: Web3) -> None:
    rpc(w3, "evm_setAutomine", False)
    try:
        sent = [
            by(gross, "transfer", named.address, 100),
            gross.functions.forge(PORT, named.address, 777).transact({"from": PORT}),
        ]
        rpc(w3, "evm_mine")
    finally:
        rpc(w3, "evm_setAutomine", True)
    for each in sent:
        text = "\n".join(told(w3, each).sentences)
        assert "C = 877" not in text
        assert "This differs" in text
    assert "C = 90 received so far" in text
    # Before the last payment of the block C is not known: it was told as -10 once.
    assert "received so far" not in "\n".join(told(w3, sent[0]).sentences)


def test_what_is_missing_may_have_been_taken_by_the_token(named: SEE, gross: Any, w3: Web3) -> None:
    by(gross, "transfer", named.address, 10_000)
    rpc(w3, "evm_setAutomine", False)
    try:
        sent = by(gross, "transfer", named.address, 1000)
        by(gross, "rebase", named.address, 9000)
        rpc(w3, "evm_mine")
    finally:
        rpc(w3, "evm_setAutomine", True)
    (fault,) = told(w3, sent).faults
    assert fault.endswith("and 0 of it arrived, or the token changed the balance in this block")


def test_a_token_that_nobody_names_speaks_for_itself(see: SEE, w3: Web3) -> None:
    """It names as payer whom it likes, through the Payer too."""
    payer = Payer.deploy(w3, sender=key(8))
    false = deployed(w3, "FalseToken")
    rest = (bytes(32), 2**256 - 1, bytes(32), 0, 2**255, 27, bytes(32), bytes(32))
    data = interface.of("Payer").encode(
        "pay_with_authorization", see.address, false.address, ADA, 5 * 10**12, *rest
    )
    call: Any = {"from": key(9).address, "to": payer.address, "data": data}
    said = told(w3, w3.eth.send_transaction(call), names={ADA: "Ada"})
    assert said.steps[0].sentences[0] == (
        f"The token {false.address}, which no agreement of {see.address} names, says: Ada ({ADA})"
        f" paid 5000000 USDC ({false.address}) (5000000000000) to {see.address} through the Payer,"
        " by a signature"
    )
    assert said.steps[0].data["is_named"] is False


def test_what_each_member_gets_is_what_the_receipt_says(see: SEE, w3: Web3) -> None:
    paid = see.pay(1_003, sender=key(3)).transaction_hash
    said = told(w3, paid, names={ADA: "Ada"})
    sentences = said.steps[0].sentences
    rule = "  each member gets floor(1003 x shares / 100); what is left over is carried to the next"
    assert sentences[2:] == (
        f"{rule} payment",
        f"    Ada ({ADA}): 40 shares, 0.000000000000000401 ether (401)",
        f"    {BEN}: 35 shares, 0.000000000000000351 ether (351)",
        f"    {CLEO}: 20 shares, 0.0000000000000002 ether (200)",
        f"    {DESK}: 5 shares, 0.00000000000000005 ether (50)",
    )
    see.leave(key(1))
    paid = see.pay(1_003, sender=key(3)).transaction_hash
    step = told(w3, paid).steps[0]
    assert step.sentences[2].startswith(
        "  each member gets floor(1671 x shares / 100), since 40 shares have left: 1671 ="
        " floor(1003 x 100 / 60)"
    )
    assert f"    {ADA}: 40 shares, nothing, it has left" in step.sentences
    parts = {each["account"]: each["units"] for each in step.data["parts"]}
    assert parts == {each.account: str(each.units) for each in receipt_of(see, paid).parts}


def test_of_many_members_the_largest_are_listed(registry: Registry, w3: Web3) -> None:
    seats = [(f"0x{number:040x}", number) for number in range(1_000, 1_130)]
    splitter = registry.create_splitter(seats, salt=77, sender=key(8))
    said = told(w3, splitter.pay(10**6, sender=key(3)).transaction_hash)
    listed = [line for line in said.steps[0].sentences if " shares, " in line]
    assert len(listed) == 40
    assert listed[0].startswith(f"    0x{1_129:040x}")
    assert "    90 further seats: " in said.steps[0].sentences[-1]
    assert len(said.steps[0].data["parts"]) == 130
