"""What the tests of a history share: that it adds up to what the chain says."""

from __future__ import annotations

from collections import Counter
from typing import Any

from seechain import SEE, Splitter
from seechain.history import History, history


def checked(books: Splitter, fresh: bool = True, **options: Any) -> History:
    """The history of a contract, which is the chain's to the unit, by currency and member."""
    if fresh and isinstance(books, SEE):
        books = SEE(books.w3, books.address)
    past = history(books, **options)
    held: Counter[str] = Counter(dict.fromkeys(past.balances, 0))
    for payment in past.payments:
        held[payment.currency] += payment.amount
    for portion in past.portions:
        held[portion.currency] -= portion.amount
        _reckoned(portion)
    assert dict(held) == dict(past.balances)
    for account in {each.account for each in books.members if each.shares}:
        due = books.due(account)
        assert _both(past.due(account), due)
    assert _both(past.due(), books.due())
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


def _both(ours: dict[str, int], theirs: dict[str, int]) -> bool:
    """A SEE says what is due of the currencies of its agreements."""
    return all(ours[each] == theirs[each] for each in ours.keys() & theirs.keys())


def _reckoned(portion: Any) -> None:
    """The figures of a portion are those of DESIGN.md, 'Books' and 'Leaving'."""
    live = portion.total - portion.left
    assert portion.divided == portion.received * portion.total // live
    entitled = portion.divided * portion.shares // portion.total
    assert portion.due == entitled - portion.had > 0
    assert portion.amount == (0 if portion.how == "kept" else portion.due)
