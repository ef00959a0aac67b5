"""Recovering from the chain alone what a SEE was registered with, and share tables."""

from __future__ import annotations

from collections.abc import Iterable

from web3 import Web3

from seechain import messages
from seechain.accounts import account_bytes
from seechain.errors import ShareTableError
from seechain.events import REGISTERED, Published, Registered, topic_of
from seechain.logs import read_events
from seechain.messages import HashedTerms, Ratio
from seechain.reverts import NotPublished, NotRegistered
from seechain.share_table import PAGE_BYTES, PAGE_SEATS, ShareTable

_PUBLISHED = topic_of("Published(address)")
REGISTERED_TOPIC = topic_of(REGISTERED)


def topic(account: str) -> bytes:
    """An account as a topic."""
    return bytes(12) + account_bytes(account)


def registration_of(w3: Web3, registry: str, see: str, block: int) -> Registered:
    """The event by which a SEE was registered.

    Args:
        block: where its record says that it is; on some chains that is another chain's number,
            then all blocks are looked through.

    Raises:
        NotRegistered: there is none.
    """
    topics = [REGISTERED_TOPIC, topic(see)]
    for first, last in ((block, block), (0, None)):
        for event in read_events(w3, registry, topics, first, last):
            if isinstance(event, Registered):
                return event
    raise NotRegistered(f"{see} is not registered at {registry}")


def terms_of(event: Registered) -> HashedTerms:
    """The terms that were registered."""
    return HashedTerms(
        event.text_hash,
        event.roll,
        Ratio(event.quorum_numerator, event.quorum_denominator),
        event.expiry,
        event.currencies,
        event.nonce,
    )


def commitment_of(event: Registered) -> bytes:
    """The commitment of the agreement that was registered."""
    table = messages.table_hash(event.root, event.shares, event.pages)
    return messages.agreement_hash(table, messages.terms_hash(terms_of(event)))


def published_pages(w3: Web3, registry: str, account: str, first: int = 0) -> Iterable[bytes]:
    """The pages that were published of a table, from block `first` on, as they come."""
    topics = [_PUBLISHED, topic(account)]
    # Mostly all of it is in the first block: then no range of blocks is searched.
    for start, last in ((first, first), (first + 1, None)) if first else ((0, None),):
        for event in read_events(w3, registry, topics, start, last):
            if isinstance(event, Published):
                for at in range(0, len(event.words), PAGE_BYTES):
                    yield event.words[at : at + PAGE_BYTES]


def table_of(
    w3: Web3,
    registry: str,
    account: str,
    table_hash: bytes,
    first: int = 0,
    expected: int | None = None,
) -> ShareTable:
    """The share table with this hash, from what was published of it from block `first` on.

    expected: the number of its pages, where that is known: reading stops when all are there.

    Raises:
        NotPublished: nothing, or not all of it, was published.
    """
    pages: dict[bytes, bytes] = {}
    for page in published_pages(w3, registry, account, first):
        pages[page[:20]] = page
        if len(pages) == expected and (table := _table(pages, table_hash)):
            return table
    table = _table(pages, table_hash)
    if table is None:
        seats = len(pages) * PAGE_SEATS
        has = f"at most {seats} of its seats are" if pages else "nothing of it is"
        raise NotPublished(
            f"the share table of {account} can't be recovered from the chain: {has} published;"
            " give the table itself, as table=agreement.table"
        )
    return table


def _table(pages: dict[bytes, bytes], table_hash: bytes) -> ShareTable | None:
    # Pages may be published in any order and twice; in the table they ascend by account.
    words = b"".join(pages[first] for first in sorted(pages))
    try:
        table = ShareTable.from_words(words)
    except ShareTableError:
        return None
    return table if table.hash == table_hash else None
