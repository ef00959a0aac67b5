"""What the SDK and the contracts must hold alike: bounds, places of fields, sizes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seechain import share_table, splitter
from seechain.agreement import roll
from seechain.consent import signatures
from seechain.see import arrears, holdings, versions
from seechain.splitter import payments

CONTRACTS = Path(__file__).parents[2] / "contracts"
CONSTANT = re.compile(r"^([A-Z_0-9]+): constant\(uint256\) = ([^#\n(]*)", re.MULTILINE)
BOUND = r"{}: DynArray\[\w+, (\d+)\]"


def constants(name: str) -> dict[str, int]:
    """Of a contract's source, those that are written with numbers alone."""
    text = (CONTRACTS / f"{name}.vy").read_text("utf-8")
    found = {key: value.strip() for key, value in CONSTANT.findall(text)}
    return {
        key: int(eval(value, {"__builtins__": {}}))
        for key, value in found.items()
        if re.fullmatch(r"[\d_x*<+\- a-fA-F]+", value)
    }


def bound(name: str, argument: str) -> int:
    """How many a call takes of an argument."""
    text = (CONTRACTS / f"{name}.vy").read_text("utf-8")
    (most,) = {int(each) for each in re.findall(BOUND.format(argument), text)}
    return most


TABLE, CONSENT = constants("modules/share_table"), constants("modules/consent")
VERSIONS, BOOKS = constants("modules/versions"), constants("modules/books")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (share_table.PAGE_SEATS, TABLE["PAGE_SEATS"]),
        (share_table.PAGE_BYTES, TABLE["PAGE_BYTES"]),
        (share_table.MAX_SHARES, TABLE["SHARES"]),
        (share_table.MAX_SEATS, TABLE["PAGE_SEATS"] * TABLE["MAX_PAGES"]),
        (share_table.PULL_ONLY << 48, TABLE["PULL_ONLY"]),
        (roll.MAX_ROLL, CONSENT["MAX_VOICES"]),
        (roll.MAX_ROLL * roll.WORD, CONSENT["ROLL_BYTES"]),
        (roll.MAX_VOICES, CONSENT["VOICES"]),
        (signatures.BLOCK, CONSENT["BLOCK_BYTES"]),
        (signatures.MAX_BYTES, CONSENT["SIGNATURES_BYTES"]),
        (versions.LATE, VERSIONS["LATE"]),
        (splitter.LAST_VERSION, VERSIONS["LAST_VERSION"]),
        (holdings.MAX_AMOUNT, BOOKS["MAX_AMOUNT"]),
        (payments.MAX_MEMO, 32),
        (arrears.MOST_SEATS, bound("SEE", "seats")),
    ],
)
def test_both_hold_it_alike(ours: int, theirs: int) -> None:
    assert ours == theirs


def test_no_call_asks_for_more_than_it_takes() -> None:
    assert bound("SEE", "keys") >= arrears.MOST_KEYS
