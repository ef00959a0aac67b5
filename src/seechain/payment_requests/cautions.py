"""What to know of a payment request before it is paid, or believed to be paid."""

from __future__ import annotations

from web3 import Web3

from seechain.agreement.text import NATIVE
from seechain.chain.logs import latest_block
from seechain.chain.reverts import SeeEnded
from seechain.payment_requests.payment_request import PaymentRequest
from seechain.see.recovered import Recovered
from seechain.splitter import Splitter


def cautions(request: PaymentRequest, books: Splitter) -> list[str]:
    """What the chain says of a request that it does not say itself, one sentence each.

    books: who is to be paid.

    Raises:
        NodeError: the node can't be asked.
    """
    found = []
    if has_ended(books):
        found.append(f"{books.address} has ended and takes no further payment")
    if is_unnamed(books, request.currency, request.version):
        found.append(unnamed(request.currency))
    if later := starts_later(request, books.w3):
        found.append(later)
    return found


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


def starts_later(request: PaymentRequest, w3: Web3) -> str:
    """Says that what is paid now does not count; empty where it does."""
    head = latest_block(w3)
    if request.first_block <= head + 1:
        return ""
    return (
        f"only what is paid from block {request.first_block} on counts for it, and the chain is at"
        f" block {head}"
    )
