"""A statement on paper: each transaction once, with its day, and a picture for a member too."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from seechain.statements.paper import to_html
from tests.unit.statements import ADA, BEN, line, member_account, see_account, statement

HASHES = [f"0x{each * 32}" for each in ("ab", "cd", "ef")]


def rows(html: str, heading: str) -> list[list[str]]:
    """The table below a heading."""
    table = html[html.index(f">{heading}<") :].split("</table>")[0]
    found = [
        re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", each) for each in re.split(r"<tr[^>]*>", table)[1:]
    ]
    return [[re.sub(r"<[^>]*>", "", cell) for cell in each] for each in found]


def test_a_transaction_stands_once_with_all_that_it_did_and_its_day() -> None:
    account = see_account()
    one = line("payout", -1, transaction=HASHES[1], log_index=5, block_number=8)
    later = replace(one, time=one.time + timedelta(days=1), transaction=HASHES[2], block_number=9)
    lines = (*account.lines, one, replace(one, account=BEN), later)
    whole = replace(account, lines=lines, closing=account.closing - 3)
    assert rows(to_html(statement(whole)), "Transactions") == [
        ["no.", "day", "time", "block", "transaction"],
        ["1 to 3", "2027-02-03", "04:05:06", "7", HASHES[0]],
        ["4 to 5", "", "04:05:06", "8", HASHES[1]],
        ["6", "2027-02-04", "04:05:06", "9", HASHES[2]],
    ]


def test_the_statement_of_a_member_has_the_picture_of_its_parts() -> None:
    made = to_html(statement(member_account(), kind="member", names={ADA: "Ada"}))
    (figure,) = re.findall(r"<figure.*?</figure>", made, re.DOTALL)
    assert "All payments in the period in which it has a part, as one" in figure
    for said in ("Ada", "All others", "40.00 %", "60.00 %", "0.000006", "0.000009", "0.000015"):
        assert said in figure
    alone = replace(member_account(), lines=(line("payment", 6, whole=6), line("payout", -8)))
    assert "<figure" not in to_html(statement(alone, kind="member"))
