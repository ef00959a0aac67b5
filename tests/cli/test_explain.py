"""seechain explain: sentences for people, the same as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from web3 import Web3

from seechain import SEE
from tests.cli.conftest import EXAMPLE
from tests.cli.typing import Typed
from tests.sdk.chain import key
from tests.sdk.histories import made

TOKEN = Path(__file__).parents[1] / "properties" / "hostile" / "Token.vy"


def test_a_payment_and_a_claim(at: Typed, see: SEE) -> None:
    ada = key(1).address
    paid = see.pay("1.5 ether", memo="INV-7", sender=key(3)).transaction_hash
    claimed = see.claim(ada, sender=key(8)).transaction_hash
    said = at.well("explain", paid, "--agreement", EXAMPLE)
    assert f"Port of Delft ({key(3).address})" in said
    assert "memo 'INV-7'" in said
    said = at.well("explain", claimed, "--see", see.address)
    assert "floor(C x 40 / 100) = 600000000000000000; it had had 0; due 600000000000000000" in said
    told = at.json("explain", claimed)
    assert told["succeeded"]
    assert told["is_seechain"]
    assert not told["faults"]
    (step,) = told["steps"]
    assert (step["what"], step["account"], step["due"]) == ("claim", ada, "600000000000000000")
    assert step["amount"]["decimal"] == "0.6"
    assert told["sentences"][-1] in said


def test_what_is_no_transaction_of_ours(at: Typed, see: SEE, w3: Web3) -> None:
    sent = w3.eth.send_transaction({"from": key(3).address, "to": key(1).address, "value": 1})  # type: ignore[typeddict-item]
    w3.eth.wait_for_transaction_receipt(sent)
    said = at.well("explain", sent.to_0x_hex())
    assert "It did nothing with a SEE, a Splitter or a Registry of seechain" in said
    assert "shows no transaction" in at.refused("explain", "0x" + "1" * 64, code=4)
    assert "64 hex digits" in at.refused("explain", "0x12")


def test_a_figure_that_differs_is_told_by_the_exit_code(at: Typed, see: SEE, w3: Web3) -> None:
    fee = made(w3, TOKEN, 100, False)
    fee.functions.set_balance(key(0).address, 10**9).transact({"from": key(3).address})
    see.pay(1000, currency=fee.address, sender=key(0))
    paid = see.payout(fee.address, sender=key(8)).transaction_hash
    result = at("explain", paid)
    assert result.exit_code == 3
    assert f"This differs: the token {fee.address} has not logged a transfer" in result.stdout
    assert len(json.loads(at("explain", paid, "--json").stdout)["faults"]) == 4
