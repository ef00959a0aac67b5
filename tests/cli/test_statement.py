"""`seechain statement`: typed as people type it, in every format."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from web3 import Web3

from seechain import SEE, Registry
from seechain.chain.node import now_of
from seechain.payment_requests.payment_request import PaymentRequest
from tests.cli.conftest import EXAMPLE
from tests.cli.typing import Typed
from tests.sdk.chain import key
from tests.unit.statements import read_beancount, read_hledger

ADA = key(1).address


@pytest.fixture(scope="module")
def paid(see: SEE) -> SEE:
    """The example, with two payments, a claim and a payout, today."""
    see.pay("1.5 ether", memo="INV-7", sender=key(3))
    see.claim(ADA, sender=key(8))
    see.pay(1001, memo=b"\xff" * 32, sender=key(3))
    see.payout(sender=key(8))
    return see


@pytest.fixture
def period(w3: Web3, paid: SEE) -> list[str]:
    today = datetime.fromtimestamp(now_of(w3), UTC).date()
    return ["--from", f"{today - timedelta(days=1)}", "--to", f"{today}"]


def test_a_table_for_people(at: Typed, paid: SEE, period: list[str]) -> None:
    said = at.well("statement", "--see", paid.address, *period, "--agreement", EXAMPLE)
    assert said.startswith(f"Statement of Night Market ({paid.address})\n")
    assert "INV-7" in said
    assert "0xffffffff" in said
    assert "Port of Delft" in said
    assert "0.900000000000001001" in said  # its balance, to the unit
    assert "held at the closing" in said
    unit = "0.000000000000000001"
    assert said.splitlines()[-1].split() == ["undivided", "0", unit, unit]


def test_json_has_all_of_it(at: Typed, paid: SEE, period: list[str]) -> None:
    result = at.json("statement", "--see", paid.address, *period)
    (account,) = result["accounts"]
    assert account["payments"]["units"] == str(15 * 10**17 + 1001)
    assert account["closing"]["units"] == account["undivided"]["closing"]["units"]
    assert [each["kind"] for each in account["lines"]][:3] == ["payment", "claim", "payment"]


def test_every_format_as_a_file(at: Typed, paid: SEE, period: list[str], tmp_path: Path) -> None:
    def made(name: str, *options: object) -> Path:
        path = tmp_path / name
        said = at.well("statement", "--see", paid.address, *period, "--out", path, *options)
        assert said == f"Written: {path}\n"
        return path

    rows = list(csv.DictReader(io.StringIO(made("a.csv").read_text())))
    table = pq.read_table(made("a.parquet")).to_pylist()
    assert [each["record"] for each in rows] == [each["record"] for each in table]
    assert read_beancount(made("a.beancount").read_text()).asserted
    assert read_hledger(made("a.journal").read_text()).asserted
    assert read_hledger(made("a.txt", "--format", "hledger").read_text()).asserted
    assert json.loads(made("a.json").read_text())["statement"] == "see"
    assert made("a.pdf").read_bytes().startswith(b"%PDF-")
    assert "<svg" in made("a.html").read_text()


def test_text_goes_to_the_standard_output(at: Typed, paid: SEE, period: list[str]) -> None:
    said = at.well("statement", "--see", paid.address, *period, "--format", "csv")
    assert said.startswith("record,see,")
    written = at.well("statement", "--see", paid.address, *period, "--format", "json")
    assert json.loads(written) == at.json("statement", "--see", paid.address, *period)


def test_a_member_over_all_sees(at: Typed, paid: SEE, period: list[str]) -> None:
    result = at.json("statement", "--member", ADA, *period)
    assert result["accounts"][0]["earned"]["units"] == str((15 * 10**17 + 1001) * 40 // 100)
    alone = at.json("statement", "--member", ADA, "--see", paid.address, *period)
    assert alone == result
    said = at.well("statement", "--member", ADA, *period, "--agreement", EXAMPLE)
    assert said.startswith(f"Statement of member Ada ({ADA})\n")
    nobody = at.well("statement", "--member", key(9).address, *period)
    assert "has never had a seat in these SEEs: check the address." in nobody


def test_a_splitter_has_one_too(
    at: Typed, registry: Registry, w3: Web3, period: list[str], tmp_path: Path
) -> None:
    seats = [(ADA, 3), (key(2).address, 1)]
    splitter = registry.create_splitter(seats, salt=41, sender=key(8))
    splitter.pay(1003, memo="INV-9", sender=key(3))
    splitter.claim(ADA, sender=key(8))
    words = ("statement", "--see", splitter.address, *period)
    made = at.json(*words)
    (account,) = made["accounts"]
    assert made["statement"] == "splitter"
    assert any("shown when it is asked for by its address" in each for each in made["notes"])
    assert (account["payments"]["units"], account["closing"]["units"]) == ("1003", "251")
    assert {each["account"]: each["earned"]["units"] for each in account["shares"]} == {
        ADA: "752",
        key(2).address: "250",
    }
    assert "held at the closing" in at.well(*words)
    assert f"of member {ADA}" in at.well(*words, "--member", ADA)
    for name in ("a.beancount", "a.html", "a.csv"):
        at.well(*words, "--out", tmp_path / name)
    assert read_beancount((tmp_path / "a.beancount").read_text()).asserted
    assert "Splitter" in (tmp_path / "a.html").read_text()


def test_payment_requests_by_file(
    at: Typed, paid: SEE, period: list[str], tmp_path: Path, w3: Web3
) -> None:
    fields = {"see": paid.address, "chain_id": w3.eth.chain_id, "currency": "native"}
    files = [
        PaymentRequest(**fields, amount=amount, memo=memo).save(tmp_path / f"{memo}.json")
        for amount, memo in ((15 * 10**17, "INV-7"), (5, "INV-8"))
    ]
    options = [word for path in files for word in ("--requests", path)]
    result = at.json("statement", "--see", paid.address, *period, *options)
    assert [(each["reference"], each["status"]) for each in result["requests"]] == [
        ("INV-7", "paid"),
        ("INV-8", "open"),
    ]
    assert "INV-8" in at.well("statement", "--see", paid.address, *period, *options)


def test_nothing_in_it_is_said(at: Typed, paid: SEE) -> None:
    far = ["--from", "2090-01-01", "--to", "2090-03-31"]
    said = at.well("statement", "--see", paid.address, *far)
    assert "The period has not begun" in said
    assert "Nothing was received or paid in this period." in said


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((), 2, "name one SEE, or a member: --see ADDRESS or --member ADDRESS"),
        (
            ("--see", "0x" + "11" * 20),
            1,
            "no SEE stands at 0x1111111111111111111111111111111111111111",
        ),
        (("--member", "Ada"), 1, "an account is 0x and 40 hex digits, got 'Ada'"),
        (("--see", "SEE", "--out", "a.doc"), 2, "name the format of a.doc: --format csv|"),
        (("--see", "SEE", "--format", "pdf"), 2, "name the file for the pdf: --out FILE"),
        (("--see", "SEE", "--out", "no/such/a.csv"), 5, "no/such/a.csv can't be written"),
        (("--see", "SEE", "--requests", "none.json"), 5, "none.json can't be read"),
        (("--see", "SEE", "--to", "2020-01-01"), 1, "a period ends when it began or later, got"),
        (
            ("--see", "SEE", "--from", "2027-02-30"),
            2,
            "a day is written as 2027-01-31, got '2027-02-30'",
        ),
        (
            ("--see", "SEE", "--from", "20270201"),
            2,
            "a day is written as 2027-01-31, got '20270201'",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    at: Typed, paid: SEE, period: list[str], words: tuple[str, ...], code: int, says: str
) -> None:
    typed = [paid.address if each == "SEE" else each for each in words]
    said = at.refused("statement", *period, *typed, code=code)
    assert says in said


def test_a_journal_continues_only_where_there_are_journals(at: Typed, see: SEE) -> None:
    days = ("--from", "2027-01-01", "--to", "2027-01-31")
    said = at.refused("statement", "--see", see.address, *days, "--continues", code=2)
    assert said == "--continues is for beancount and hledger, the journals of a ledger"
    words = ("statement", "--see", see.address, *days, "--format", "beancount", "--continues")
    assert " open Assets" not in at.well(*words)
