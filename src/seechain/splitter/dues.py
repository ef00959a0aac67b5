"""What is due, by the contract's own reckoning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from seechain.agreement.text import NATIVE
from seechain.chain.decoding import currency_of
from seechain.chain.node import ask
from seechain.chain.reverts import OutOfGas, Refused
from seechain.chain.tokens import Token
from seechain.share_table import PAGE_SEATS, PULL_ONLY, WORD, ShareTable

if TYPE_CHECKING:
    from seechain.splitter import Splitter

Reader: TypeAlias = Callable[[str], int]

AT_ONCE = 512  # seats that one call reads


def due(splitter: Splitter, currency: str, account: str | None) -> int:
    """What is due of a currency to one account, or to all together, in its smallest unit.

    Raises:
        TokenError: the currency is no token. ShareTableError: the account has no seat.
    """
    table = splitter.table
    if account is None:
        return sum(sum(dues_of(splitter, currency, at)) for at in range(0, len(table), AT_ONCE))
    index = table.index(account)
    return dues_of(splitter, currency, index, 1)[0]


def dues_of(splitter: Splitter, currency: str, first: int, count: int = AT_ONCE) -> list[int]:
    """What is due to `count` seats of the table in force from index `first` on.

    Raises:
        TokenError: the currency is no token.
    """
    return read_dues(splitter, splitter.dues_key(currency), splitter.table, first, count)


def read_dues(
    splitter: Splitter,
    key: tuple[object, ...],
    table: ShareTable,
    first: int,
    count: int = AT_ONCE,
) -> list[int]:
    """As `dues_of`, of a table. key: the currency's address and, of a SEE, the version."""
    words = table.seat_words(first, count)
    numbers = [int.from_bytes(words[at : at + WORD], "big") for at in range(0, len(words), WORD)]
    arguments = (*key, table.shares, table.pages, first, numbers)
    currency = currency_of(str(key[0]))
    try:
        return [
            int(each)
            for each in ask(splitter.w3, splitter.address, splitter.interface, "dues", *arguments)
        ]
    except (Refused, OutOfGas):
        if currency != NATIVE:
            # What no token answers to has no reason of its own.
            Token(splitter.w3, currency).balance(splitter.address)
        raise


def pages_due(splitter: Splitter, currency: str, among: Iterable[int] | None = None) -> list[int]:
    """The pages on which something can be pushed to somebody, of all or among some.

    Raises:
        TokenError: the currency is no token. ShareTableError: there is no such page.
    """
    table = splitter.table
    if among is None:
        parts = [(first, AT_ONCE) for first in range(0, len(table), AT_ONCE)]
    else:
        parts = [(PAGE_SEATS * page, len(table.page(page)) // WORD) for page in sorted(set(among))]
    pages: set[int] = set()
    for first, count in parts:
        for place, amount in enumerate(dues_of(splitter, currency, first, count)):
            index = first + place
            if amount and not is_pull_only(table, index):
                pages.add(index // PAGE_SEATS)
    return sorted(pages)


def is_pull_only(table: ShareTable, index: int) -> bool:
    """Whether a seat is never pushed to."""
    return bool(table.seat_words(index, 1)[25] & PULL_ONLY)
