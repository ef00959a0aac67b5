"""Statements in each format are read back by others' rules, whatever texts they hold."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seechain.statements.beancount import to_beancount
from seechain.statements.comma import to_csv
from seechain.statements.entries import commodity
from seechain.statements.hledger import to_hledger
from seechain.statements.paper import to_html
from seechain.statements.parquet import to_parquet
from seechain.statements.rows import Row
from seechain.statements.statement import Asked, Currency, Statement
from tests.unit.statements import (
    ADA,
    BEN,
    PORT,
    SEE,
    TOKEN,
    USDC,
    member_account,
    read_beancount,
    read_hledger,
    see_account,
    statement,
)

NAMES = {ADA: "Ada", BEN: "Ben", SEE: "Night Market"}
WILD = (
    '"',
    "'",
    "\\",
    '\\"',
    "\n2027-02-02 * x\n    Assets:Mine  9",
    "\r\n",
    ";",
    "|",
    "  ",
    "\t",
    "=1+1",
    "@x",
    "-1",
    "+1",
    "date:2020-01-01",
    "[2020-01-01]",
    ",",
    "<script>",
    "&lt;",
    "\u202e",
    "\u2028",
    "\x1b[31m",
    "\0",
    "\ud800",
    "\u00a0=1",
    "\uff1d1",
    '"""',
    "0x",
    "א",
)
hostile = st.lists(st.one_of(st.sampled_from(WILD), st.text(max_size=8)), max_size=5).map("".join)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_has_stable_columns_and_every_figure() -> None:
    made = statement(see_account(), names=NAMES)
    text = to_csv(made)
    assert text.split("\r\n")[0] == (
        "record,see,see_name,currency,symbol,time,block_number,transaction_hash,log_index,account,"
        "name,to,reference,version,amount,units,balance,balance_units,whole,whole_units,note,request"
    )
    rows = read(text)
    assert [each["record"] for each in rows] == [
        *("opening", "payment", "claim", "kept"),
        *("due opening", "earned", "received", "due closing") * 2,
        *("undivided opening", "undivided closing", "closing"),
    ]
    payment, claim = rows[1:3]
    assert (payment["amount"], payment["units"], payment["reference"]) == ("1", "1000000", "INV-7")
    assert (claim["units"], claim["balance_units"], claim["name"]) == ("-399999", "600011", "Ada")
    assert claim["time"] == "2027-02-03T04:05:06Z"
    assert rows[-1]["balance"] == "0.600011"


def test_csv_of_payment_requests() -> None:
    asked = Asked(SEE, "INV-7", USDC, 10, 4, "partly", date(2027, 2, 1))
    row = read(to_csv(statement(requests=(asked,))))[-1]
    assert (row["record"], row["units"], row["balance_units"], row["request"], row["time"]) == (
        ("request", "10", "4", "partly", "2027-02-01")
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\u00a0@", "\uff1d", "|", "%"])
def test_no_cell_of_csv_is_a_formula(start: str) -> None:
    made = statement(see_account(reference=f"{start}cmd"), names={ADA: f"{start}name"})
    rows = read(to_csv(made))
    assert rows[1]["reference"] == f"'{start}cmd"
    assert rows[2]["name"] == f"'{start}name"
    assert rows[2]["units"] == "-399999"  # a number stays one


@pytest.mark.parametrize("start", ["=", " =", '"=', "@", "\uff0b"])
def test_no_cell_is_a_formula_where_semicolons_part_cells(start: str) -> None:
    (row,) = (
        each
        for each in read(to_csv(statement(see_account(reference=f"a;{start}cmd"))))
        if each["reference"]
    )
    assert row["reference"] == f"a;'{start}cmd"


def test_parquet_reads_back_with_units_beyond_64_bits() -> None:
    wide, wider = 2**111 - 1, 2**200
    accounts = [see_account(most=wide), see_account(most=wider)]
    table = pq.read_table(io.BytesIO(to_parquet(statement(*accounts, names=NAMES))))
    assert table.column_names == [
        name
        for field in Row._fields
        for name in ([field, f"{field}_text"] if field.endswith("units") else [field])
    ]
    rows = [each for each in table.to_pylist() if each["record"] == "payment"]
    assert rows[0]["units"] == Decimal(wide)
    assert rows[0]["units_text"] == str(wide)
    assert rows[1]["units"] is None
    assert rows[1]["units_text"] == str(wider)
    assert rows[0]["time"].isoformat() == "2027-02-03T04:05:06+00:00"
    assert rows[0]["version"] == 0


def test_beancount_of_a_see_adds_up_and_asserts_its_balances() -> None:
    made = statement(see_account(), see_account(currency=Currency.native()), names=NAMES)
    text = to_beancount(made)
    books = read_beancount(text)
    assert books.entries == 8  # opening, payment, claim and what was earned, of each
    assert books.asserted == 2 * 2 * 3
    held = "Assets:SEE:Night-Market-99999999"
    assert books.balances[held, commodity(USDC)] == Decimal("0.600011")
    assert "2027-01-01 balance Assets:SEE:Night-Market-99999999  0.00001 USDC-5555555555555555" in (
        text.split("\n")
    )
    assert f'  transaction: "0x{"ab" * 32}"' in text.split("\n")


def test_hledger_of_a_see_adds_up_and_asserts_its_balances() -> None:
    books = read_hledger(to_hledger(statement(see_account(), names=NAMES)))
    assert (books.entries, books.asserted) == (4, 6)
    due = "Liabilities:SEE:Night-Market-99999999:Ben-22222222"
    assert books.balances[due, commodity(USDC)] == Decimal("-0.600005")


@pytest.mark.parametrize(
    ("to", "reader"), [(to_beancount, read_beancount), (to_hledger, read_hledger)]
)
def test_journals_of_a_member_add_up(to: object, reader: object) -> None:
    text = to(statement(member_account(), kind="member", names=NAMES))  # type: ignore[operator]
    books = reader(text)  # type: ignore[operator]
    unit = commodity(USDC)
    assert books.balances["Assets:Wallet:Ada-11111111", unit] == Decimal("0.000008")
    assert books.balances["Assets:SEE:Night-Market-99999999:Due", unit] == Decimal("0.000002")
    assert books.balances["Income:SEE:Night-Market-99999999:Payments", unit] == Decimal("-0.000006")


def test_two_tokens_and_two_members_of_one_name_stay_apart() -> None:
    other = Currency("0x" + "5" * 15 + "6" * 25, "USDC", 6)
    twin = ADA[:12] + "7" * 30
    accounts = see_account(), see_account(currency=other)
    text = to_beancount(statement(*accounts, names={ADA: "Ada", twin: "Ada"}))
    read_beancount(text)
    assert len({commodity(USDC), commodity(other)}) == 2
    assert f"Liabilities:SEE:{SEE}:{ADA}" in text  # by its whole address


@settings(max_examples=60)
@given(reference=hostile, name=hostile, symbol=hostile, note=hostile)
def test_no_text_breaks_out_of_any_format(
    reference: str, name: str, symbol: str, note: str
) -> None:
    currency = Currency(TOKEN, symbol, 6)
    calm = statement(see_account(), names=NAMES)
    names = {ADA: name, BEN: name, PORT: name, SEE: name}
    wild = statement(see_account(reference, currency), names=names, notes=(note,))
    for made in (wild, statement(member_account(currency), kind="member", names=names)):
        _check(made)
    # As many rows, entries and assertions as of names that are plain.
    assert len(read(to_csv(wild))) == len(read(to_csv(calm)))
    for to, reader in ((to_beancount, read_beancount), (to_hledger, read_hledger)):
        ours, plain = reader(to(wild)), reader(to(calm))
        assert (ours.entries, ours.asserted) == (plain.entries, plain.asserted)
        assert sorted(map(str, ours.balances.values())) == sorted(map(str, plain.balances.values()))


def _check(made: Statement) -> None:
    for cells in read(to_csv(made)):
        assert None not in cells  # no cell too many
        for column, cell in cells.items():
            if not column.endswith(("units", "amount", "balance", "whole")):
                assert not re.match(r"\s*[=+\-@\t\r|%]", cell)
    html = to_html(made)
    assert "<script" not in html
    for text in (to_csv(made), to_beancount(made), to_hledger(made), html):
        text.encode()
        assert not re.search(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2028]", text.replace("\r\n", "\n")
        )
    assert len(pq.read_table(io.BytesIO(to_parquet(made)))) == len(read(to_csv(made)))
