"""What the tests of a history share: that it adds up to what the chain says."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from web3 import Web3

from seechain import SEE, Splitter
from seechain.history import History, history
from seechain.see.arrears import debts
from seechain.splitter.dues import AT_ONCE, dues_of
from tests.sdk.chain import key

HOSTILE = Path(__file__).parents[1] / "contracts" / "hostile" / "recipients"


def made(w3: Web3, path: Path, *arguments: object) -> Any:
    """A contract of other tests, on the chain."""
    done = subprocess.run(
        ["vyper", "-f", "abi,bytecode", str(path)], capture_output=True, text=True, check=True
    )
    abi, bytecode = done.stdout.strip().split("\n")
    constructor = w3.eth.contract(abi=json.loads(abi), bytecode=bytecode).constructor(*arguments)
    receipt = w3.eth.wait_for_transaction_receipt(constructor.transact({"from": key(0).address}))
    return w3.eth.contract(address=receipt["contractAddress"], abi=json.loads(abi))


def checked(books: Splitter, fresh: bool = True, is_odd: bool = False, **options: Any) -> History:
    """The history of a contract, which is the chain's to the unit, by currency and member.

    is_odd: a balance may have fallen, so that less was paid than was due.
    """
    if fresh and isinstance(books, SEE):
        books = SEE(books.w3, books.address)
    past = history(books, **options)
    held: Counter[str] = Counter(dict.fromkeys(past.balances, 0))
    for payment in past.payments:
        held[payment.currency] += payment.amount
    for portion in past.portions:
        held[portion.currency] -= portion.amount
        _reckoned(portion, is_odd)
    assert dict(held) == dict(past.balances)
    due = _due(books, past)
    assert past.due() == {each: sum(due[each].values()) for each in past.currencies}
    for account in {who for owed in due.values() for who in owed} | {
        each.account for each in books.members
    }:
        assert past.due(account) == {each: due[each][account] for each in past.currencies}
    places = [(each.block_number, each.log_index) for each in past.entries if each.log_index >= 0]
    assert places == sorted(places)
    return past


def unlogged(past: History) -> dict[str, int]:
    """What came without a log, by currency."""
    found: Counter[str] = Counter()
    for payment in past.payments:
        if payment.how == "unlogged":
            found[payment.currency] += payment.amount
    return dict(found)


def gained(past: History, account: str, currency: str = "native") -> int:
    """What an address was paid."""
    return sum(
        each.amount for each in past.portions if each.to == account and each.currency == currency
    )


def _due(books: Splitter, past: History) -> dict[str, Counter[str]]:
    """What the contract says is due, by currency and account."""
    due: dict[str, Counter[str]] = {}
    for currency in past.currencies:
        owed = due[currency] = Counter[str]()
        if isinstance(books, SEE):
            for debt in debts(books, currency, None):
                owed[debt.account] += debt.amount
        else:
            for at in range(0, len(books.table), AT_ONCE):
                for place, amount in enumerate(dues_of(books, currency, at), at):
                    owed[books.table.seat(place).account] += amount
    return due


def _reckoned(portion: Any, is_odd: bool) -> None:
    """The figures of a portion are those of DESIGN.md, 'Books' and 'Leaving'."""
    live = portion.total - portion.left
    assert portion.divided == portion.received * portion.total // live
    entitled = portion.divided * portion.shares // portion.total
    assert portion.due == entitled - portion.had > 0
    if portion.how == "kept":
        assert portion.amount == 0
    elif is_odd and portion.how == "claim" and portion.currency != "native":
        assert 0 < portion.amount <= portion.due
    else:
        assert portion.amount == portion.due
