"""Receipts as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from web3 import Web3

from seechain import SEE
from seechain.payment_requests.payment_receipt import PaymentReceipt
from tests.cli.typing import Typed
from tests.sdk.chain import deployed, key


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which all is typed."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def paid(see: SEE) -> str:
    return see.pay("1.5 ether", memo="INV-7", sender=key(3)).transaction_hash


def test_a_receipt_is_written_and_checked(see: SEE, at: Typed, run: Typed, here: Path) -> None:
    asked = ("request", "--see", see.address, "--amount", "1.5 ether", "--memo", "INV-8")
    at.well(*asked, "--out", "invoice.json")
    paid = see.pay("1.5 ether", memo="INV-8", sender=key(3)).transaction_hash
    made = ("receipt", paid, "--see", see.address, "--request", "invoice.json")
    said = at.well(*made, "--out", "receipt.json")
    assert "Receipt of a payment of 1.5 ether" in said
    assert "0.6 ether" in said
    assert "request    INV-8" in said
    assert PaymentReceipt.load(here / "receipt.json").payer == key(3).address
    check = ("receipt", "receipt.json", "--check")
    said = at.well(*check)
    assert "compared with the chain: nothing differs, but:" in said
    assert "- what it says of the request is on no chain and was not checked" in said
    whole = at.well(*check, "--request", "invoice.json")
    assert whole.endswith("compared with the chain: nothing differs\n")
    assert "recomputed: nothing differs" in run.well(*check)
    assert "nothing differs" not in run.well("receipt", "receipt.json")
    checked = at.json("receipt", "receipt.json", "--check")
    assert (checked["right"], checked["online"], checked["differences"]) == (True, True, [])
    assert len(checked["doubts"]) == 1
    at.well("request", *asked[1:4], "2 ether", "--memo", "INV-8", "--out", "other.json")
    other = at(*check, "--request", "other.json")
    assert other.exit_code == 3
    assert "- the amount of the request differs: the receipt says '15000" in other.stdout


def test_a_token_that_the_agreement_does_not_name_is_said_when_it_is_checked(
    see: SEE, w3: Web3, at: Typed, here: Path
) -> None:
    forged = deployed(w3, "Token", "USDC", 6)
    paid = see.pay(10**6, currency=forged.address, memo="INV-9", sender=key(0)).transaction_hash
    says = f"the agreement does not name {forged.address}: anyone can make a token"
    made = at("receipt", paid, "--see", see.address, "--out", "receipt.json")
    assert f"Note: {says}" in made.stderr
    assert f"- {says}" in at.well("receipt", "receipt.json", "--check")


def test_what_differs_is_named_and_the_exit_code_is_3(
    see: SEE, at: Typed, run: Typed, here: Path, paid: str
) -> None:
    written = at.well("receipt", paid, "--see", see.address, "--out", "-")
    fields = json.loads(written)
    (here / "payer.json").write_text(json.dumps({**fields, "payer": key(7).address}))
    lie = at("receipt", "payer.json", "--check")
    assert lie.exit_code == 3
    assert f"- the payer differs: the receipt says '{key(7).address}'" in lie.stdout
    assert run("receipt", "payer.json", "--check").exit_code == 0  # only the chain knows
    fields["parts"][0]["units"] = "1"
    (here / "part.json").write_text(json.dumps(fields))
    lie = run("receipt", "part.json", "--check", "--json")
    assert lie.exit_code == 3
    assert len(json.loads(lie.stdout)["differences"]) == 2


def test_what_has_no_receipt_is_one_sentence(
    see: SEE, at: Typed, run: Typed, here: Path, paid: str
) -> None:
    where = ("--see", see.address)
    assert "no transaction 0xabab" in at.refused("receipt", "0x" + "ab" * 32, *where)
    assert "pays" in at.refused("receipt", paid, *where, "--log-index", 77)
    assert "needs --rpc" in run.refused("receipt", paid, *where, code=2)
    assert "needs --rpc" in at.refused("receipt", paid, code=2)
    assert "--check is for" in at.refused("receipt", paid, *where, "--check", code=2)
    assert "can't be read" in run.refused("receipt", "none.json", code=5)
    (here / "a.json").write_text("[]")
    assert "so it is none" in run.refused("receipt", "a.json", "--check")
    assert "--see is for" in run.refused("receipt", "a.json", *where, code=2)
