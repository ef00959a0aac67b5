"""What to know of a payment request before it is paid, or believed to be paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seechain.agreement.text import NATIVE
from seechain.chain.reverts import SeeEnded
from seechain.payment_requests.payment_request import PaymentRequest
from seechain.see.recovered import Recovered
from seechain.splitter import Splitter


def cautions(
    requests: Sequence[PaymentRequest], books: Mapping[str, Splitter], head: int
) -> list[str]:
    """What the chain says of requests that they do not say themselves, one sentence each.

    books: who is to be paid, by address. head: the latest block.

    Raises:
        NodeError: the node can't be asked.
    """
    ended = [each for each, one in books.items() if has_ended(one)]
    found = [f"{each} has ended and takes no further payment" for each in ended]
    asked = dict.fromkeys((each.see, each.currency, each.version) for each in requests)
    found += [unnamed(code) for see, code, of in asked if is_unnamed(books[see], code, of)]
    found += [later for each in requests if (later := starts_later(each, head))]
    return list(dict.fromkeys(found))


def has_ended(books: Splitter) -> bool:
    """Whether it is a SEE that takes no further payment."""
    try:
        if isinstance(books, Recovered):
            books.check_payable()
    except SeeEnded:
        return True
    return False


def is_unnamed(books: Splitter, currency: str, version: int | None = None) -> bool:
    """Whether the agreement by which a payment is divided does not name its token.

    version: by default the one in force.
    """
    if currency == NATIVE:
        return False
    if version is not None and isinstance(books, Recovered):
        for each in books.versions[version : version + 1]:
            return currency not in each.currencies
    return currency not in books.currencies


def unnamed(currency: str) -> str:
    """Says that no agreement names a currency."""
    return f"the agreement does not name {currency}: anyone can make a token of any symbol"


def starts_later(request: PaymentRequest, head: int) -> str:
    """Says that what is paid after block `head` does not count yet; empty where it does."""
    if request.first_block <= head + 1:
        return ""
    return (
        f"only what is paid from block {request.first_block} on counts for it, and the chain is at"
        f" block {head}"
    )
