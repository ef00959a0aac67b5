"""Paying by command: requests, permits, authorisations that somebody else sends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from web3 import Web3

from seechain import SEE, Agreement, Registry
from seechain.explain import explain
from seechain.money import Money
from seechain.payment_requests.payment_request import PaymentRequest
from tests.cli.typing import Person
from tests.sdk.chain import deployed, key, warp
from tests.sdk.conftest import make_agreement, register
from tests.sdk.life import amend, next_agreement

MILLION = 10**6


@pytest.fixture(scope="module")
def dollar(w3: Web3) -> Any:
    token = deployed(w3, "SignedToken")
    sender = {"from": key(0).address}
    w3.eth.wait_for_transaction_receipt(
        token.functions.transfer(key(3).address, 1000 * MILLION).transact(sender)
    )
    return token


@pytest.fixture(scope="module")
def market(registry: Registry, dollar: Any) -> SEE:
    """The example, which expects dollars too."""
    path = Path(__file__).parents[2] / "examples" / "night-market.yaml"
    text = path.read_text().replace("[native]", f'[native, "{dollar.address}"]')
    agreement = Agreement.parse(text)
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    return registry.register(agreement, consents, sender=key(0))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_permit_is_one_signature_and_no_approval(
    people: dict[str, Person], market: SEE, dollar: Any
) -> None:
    people["desk"].well("deploy")
    words = ("pay", "--see", market.address, "--amount", "100 SIGN", "--memo", "INV-1", "--permit")
    dry = people["port"].json(*words, "--dry-run")
    assert [each["units"] for each in dry["moves"] if each["account"] == market.address] == [
        str(100 * MILLION)
    ]
    paid = people["port"].json(*words)
    assert len(paid["transactions"]) == 1
    assert market.received()[dollar.address] == 100 * MILLION
    assert dollar.functions.allowance(key(3).address, market.address).call() == 0


def test_an_authorized_payment_is_sent_by_anyone_once(
    people: dict[str, Person], market: SEE, dollar: Any
) -> None:
    people["desk"].well("deploy")
    before = market.received()[dollar.address]
    said = people["port"].well(
        *("pay", "--see", market.address, "--amount", "7 SIGN", "--memo", "INV-2"),
        *("--authorize", "signed.json"),
    )
    assert "anyone sends it until" in said
    assert market.received()[dollar.address] == before
    changed = json.loads(Path("signed.json").read_text())
    changed["memo"] = "0x" + "11" * 32
    Path("changed.json").write_text(json.dumps(changed))
    assert "is signed by" in people["desk"].refused("pay", "--relay", "changed.json")
    people["desk"].well("pay", "--relay", "signed.json")
    assert market.received()[dollar.address] == before + 7 * MILLION
    again = people["ada"].refused("pay", "--relay", "signed.json")
    assert "was used or cancelled before" in again
    words = ("pay", "--relay", "signed.json", "--see", market.address)
    assert "leave --see out" in people["desk"].refused(*words, code=2)


def test_a_request_is_paid_as_it_asks(
    people: dict[str, Person], market: SEE, dollar: Any, w3: Web3
) -> None:
    request = PaymentRequest(
        see=market.address,
        chain_id=31337,
        currency=dollar.address,
        amount=5 * MILLION,
        memo=b"INV-3".ljust(32, b"\0"),
        expires=w3.eth.get_block("latest")["timestamp"] + 1000,
        symbol="SIGN",
        decimals=6,
    )
    request.save("invoice.json")
    before = market.received()[dollar.address]
    said = people["port"].well("pay", "--request", "invoice.json")
    assert f"pays 5 SIGN ({dollar.address}) to" in said
    assert "  40/100       2\n" in said
    assert market.received()[dollar.address] == before + 5 * MILLION
    assert "Paid: 5 SIGN" in said
    again = people["port"].refused("pay", "--request", "invoice.json")
    assert "was paid before, by" in again
    assert market.received()[dollar.address] == before + 5 * MILLION
    people["port"].well("pay", "--request", "invoice.json", "--again")
    assert market.received()[dollar.address] == before + 10 * MILLION
    unknown = people["port"].refused("pay", "--see", market.address, "--amount", "5 NOPE")
    assert "a token needs --currency ADDRESS" in unknown
    words = ("pay", "--request", "invoice.json", "--memo", "other")
    assert "leave --memo out" in people["port"].refused(*words, code=2)
    request.model_copy(update={"chain_id": 1}).save("elsewhere.json")
    said = people["port"].refused("pay", "--request", "elsewhere.json")
    assert "on chain 1, and this node's is 31337" in said
    request.model_copy(update={"decimals": 9}).save("lies.json")
    said = people["port"].refused("pay", "--request", "lies.json")
    assert "has 9 decimals, and on chain it has 6" in said
    warp(w3, 2000)
    assert "asked for a payment until" in people["port"].refused("pay", "--request", "invoice.json")
    assert "name --see" in people["port"].refused("pay", "--amount", "1 wei", code=2)


def test_a_dry_run_signs_nothing_either(
    people: dict[str, Person], market: SEE, dollar: Any, tmp_path: Path
) -> None:
    """It wrote the signed payment, which anyone could have sent."""
    people["desk"].well("deploy")
    words = ("pay", "--see", market.address, "--currency", dollar.address, "--amount", "1 SIGN")
    said = people["port"].well(*words, "--authorize", "payment.json", "--dry-run")
    assert "Would be signed: this payment, into payment.json" in said
    assert "Nothing would be sent" in said
    people["ada"].well(
        "record", "--see", market.address, "--text", "So.", "--sign", "r.json", "--dry-run"
    )
    assert not list(tmp_path.iterdir())


def test_what_was_paid_before_with_the_memo_is_said_and_asked(
    people: dict[str, Person], market: SEE, dollar: Any
) -> None:
    people["desk"].well("deploy")
    words = ("pay", "--see", market.address, "--amount", "1 SIGN", "--memo", "RENT")
    port = people["port"]
    first = port.json(*words, "--permit")
    assert "paid_before" not in first
    assert "paid_before" not in people["port"].json(*words[:-1], "OTHER", "--permit")
    for other in (people["desk"], port):  # another account; another currency
        coin = ("pay", "--see", market.address, "--amount", "1 gwei", "--memo", "RENT")
        assert "paid_before" not in other.json(*coin)
    (paid,) = first["transactions"]
    before = market.received()[dollar.address]
    with mock.patch("click.testing._NamedTextIOWrapper.isatty", return_value=True):
        asked = port(*words, input="n\n")
        assert f"Note: {port.address} has paid with the memo RENT before, on 20" in asked.stdout
        assert f" UTC in {paid}\n" in asked.stdout
        assert asked.exit_code == 130
        assert market.received()[dollar.address] == before
        assert port(*words, "--yes").exit_code == 0
    assert market.received()[dollar.address] == before + MILLION
    again = port.json(*words)["paid_before"]
    assert again not in ("", paid)  # the last one


def test_a_memo_with_a_line_end_writes_no_line(people: dict[str, Person], see: SEE) -> None:
    memo = b"A\nPaid: 9999 ether".ljust(32, b"\0")
    fields = {"see": see.address, "chain_id": 31337, "currency": "native", "amount": 1}
    PaymentRequest(**fields, memo=memo).save("request.json")
    said = people["port"].well("pay", "--request", "request.json")
    assert f"Paid: 0.000000000000000001 ether, memo 0x{memo.hex()}\n" in said
    assert "9999" not in said


def test_of_a_token_the_parts_name_it_once(
    people: dict[str, Person], market: SEE, dollar: Any
) -> None:
    words = ("pay", "--see", market.address, "--currency", dollar.address, "--amount", "10 SIGN")
    said = people["port"].well(*words, "--dry-run")
    head = f"What each member will get of it, in SIGN ({dollar.address})"
    assert head in said
    rows = said.partition(head)[2].splitlines()[2:6]
    assert [row.split()[1:] for row in rows] == [
        ["40/100", "4"], ["35/100", "3.5"], ["20/100", "2"], ["5/100", "0.5"]
    ]  # fmt: skip


def test_what_was_paid_in_part_is_not_paid_again(
    people: dict[str, Person], market: SEE, dollar: Any
) -> None:
    """All that a request asked for was paid on top of what had been, without a word."""
    request = PaymentRequest(
        see=market.address,
        chain_id=31337,
        currency=dollar.address,
        amount=5 * MILLION,
        memo=b"INV-5".ljust(32, b"\0"),
        symbol="SIGN",
        decimals=6,
    )
    request.save("parts.json")
    port, before = people["port"], market.received()[dollar.address]
    port.well("pay", "--request", "parts.json", "--amount", "2 SIGN")
    said = port.refused("pay", "--request", "parts.json")
    assert said.startswith(f"of 5 SIGN ({dollar.address}) that parts.json asks for only 3 SIGN")
    assert said.endswith("to pay that add --amount '3 SIGN', to pay all of it again --again")
    port.well("pay", "--request", "parts.json", "--amount", "3 SIGN")
    assert market.received()[dollar.address] == before + 5 * MILLION
    assert "was paid before" in port.refused("pay", "--request", "parts.json", "--amount", "1 SIGN")


def test_a_late_payment_shows_who_had_left_then(
    people: dict[str, Person], registry: Registry
) -> None:
    """Who had left a version gets nothing of what is paid to it late."""
    see = register(registry, make_agreement(nonce=77))
    see.pay(1000, sender=key(3))
    see.leave(key(1))
    amend(see, next_agreement(), 2, 3)
    words = ("pay", "--see", see.address, "--amount", "600 wei", "--version", "0")
    shown = people["port"].json(*words)
    (step,) = explain(see.w3, shown["transactions"][0], money=Money(see.w3)).steps
    paid = {each["account"]: each["units"] for each in step.data["parts"] if each["units"] != "0"}
    assert key(1).address not in paid
    assert {each["account"]: each["units"] for each in shown["parts"]} == paid


def test_a_payment_that_was_sent_in_time_is_not_too_late_afterwards(
    people: dict[str, Person], market: SEE, w3: Web3
) -> None:
    """Interrupted before it was noted as done, it was refused when its request had expired."""
    PaymentRequest(
        see=market.address,
        chain_id=31337,
        currency="native",
        amount=7,
        memo=b"INV-6".ljust(32, b"\0"),
        expires=w3.eth.get_block("latest")["timestamp"] + 1000,
    ).save("late.json")
    port, before = people["port"], market.received()["native"]
    with mock.patch("seechain.journal.Journal._finish", side_effect=KeyboardInterrupt):
        assert port("pay", "--request", "late.json").exit_code == 130
    warp(w3, 2000)
    assert "Paid: " in port.well("pay", "--request", "late.json")
    assert market.received()["native"] == before + 7
    assert "asked for a payment until" in port.refused("pay", "--request", "late.json")


def test_copies_of_a_request_are_one_act(example: Path) -> None:
    """Typed at once from two folders, a request was paid twice by one account."""
    from seechain.cli.journalled import key_of

    for name in ("a", "b"):
        Path(name).mkdir()
        Path(name, "r.json").write_text('{"one": "request"}')
    keys = {
        key_of("pay", key(3).address, {"request": Path(name, "r.json")}, ()) for name in ("a", "b")
    }
    assert len(keys) == 1
    Path("b", "r.json").write_text('{"another": "request"}')
    other = key_of("pay", key(3).address, {"request": Path("b", "r.json")}, ())
    assert other not in keys
