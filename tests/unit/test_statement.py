"""A statement adds up to the unit, or is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from seechain.errors import StatementError
from seechain.statements.periods import Period
from seechain.statements.statement import Currency, Share, stamp
from tests.unit.statements import ADA, BEN, SEE, USDC, WHEN, member_account, see_account, statement


def test_it_adds_up() -> None:
    statement(see_account()).check()
    statement(member_account(), kind="member").check()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"closing": 600_010}, "the closing balance is 0.60001 USDC and should be 0.600011 USDC"),
        ({"opening": 11}, "the closing balance is 0.600011 USDC and should be 0.600012 USDC"),
        ({"undivided": (1, 3)}, "what is due and undivided at the closing is"),
        ({"undivided": (0, 2)}, "what was due and undivided at the opening is"),
        (
            {"shares": (Share(ADA, 4, 399_999, 399_999, 5), Share(BEN, 5, 600_000, 0, 600_005))},
            f"what is due to {ADA} is 0.000005 USDC and should be 0.000004 USDC",
        ),
    ],
)
def test_what_does_not_add_up_is_refused_with_the_difference(
    changed: dict[str, object], says: str
) -> None:
    account = replace(see_account(), **changed)  # type: ignore[arg-type]
    with pytest.raises(StatementError) as caught:
        statement(account).check()
    assert str(caught.value).startswith(f"the statement of {SEE} in USDC does not add up: {says}")
    assert str(caught.value).endswith("a difference of 1 units: ask another node")


def test_a_claim_that_no_member_received_is_refused() -> None:
    account = see_account()
    ada, ben = account.shares
    shares = (replace(ada, earned=ada.earned - 1, received=ada.received - 1), ben)
    with pytest.raises(StatementError, match="what the members received is"):
        replace(account, shares=shares).check()


def test_the_result_has_every_amount_in_decimals_and_in_units() -> None:
    made = statement(see_account(), names={ADA: "Ada", SEE: "Night Market"})
    result = json.loads(json.dumps(made.result()))
    (account,) = result["accounts"]
    assert (result["from"], result["to"], result["name"]) == (
        "2027-01-01",
        "2027-03-31",
        "Night Market",
    )
    amount = {"units": "1000000", "decimal": "1", "currency": USDC.code}
    assert account["payments"] == amount
    assert account["undivided"]["closing"]["units"] == "2"
    assert [each["balance"]["units"] for each in account["lines"]] == [
        "1000010",
        "600011",
        "600011",
    ]
    assert account["lines"][0]["reference"] == "INV-7"
    assert account["lines"][0]["time"] == "2027-02-03T04:05:06Z" == stamp(WHEN)
    assert account["shares"][0]["name"] == "Ada"


def test_a_currency_without_decimals_is_shown_in_units() -> None:
    bare = Currency(USDC.code)
    assert bare.text(1_000_000) == f"1000000 units of {USDC.code}"
    assert Currency.native().text(1) == "0.000000000000000001 ether"


def test_a_period_is_whole_days_in_utc() -> None:
    quarter = Period(date(2027, 1, 1), date(2027, 3, 31))
    assert (quarter.start, quarter.end) == (1798761600, 1806537600)


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (date(2027, 3, 1), date(2027, 2, 1), "got 2027-03-01 to 2027-02-01: check the two days"),
        (date(1969, 12, 31), date(2027, 2, 1), "lies between 1970 and 9998, got 1969-12-31"),
        (date(2027, 1, 1), date(9999, 1, 1), "lies between 1970 and 9998, got 2027-01-01"),
    ],
)
def test_a_period_that_is_none_is_refused(first: date, last: date, says: str) -> None:
    with pytest.raises(StatementError) as caught:
        Period(first, last)
    assert says in str(caught.value)
