"""Recovering from the chain alone what a SEE was registered with, and share tables."""

from __future__ import annotations

from collections.abc import Iterable

from web3 import Web3

from seechain.accounts import account_bytes
from seechain.chain.decoding import AMENDED, REGISTERED, topic_of
from seechain.chain.events import Amended, Published, Registered
from seechain.chain.logs import read_events
from seechain.chain.node import url_of
from seechain.chain.records import Record
from seechain.chain.reverts import NodeError, NotPublished
from seechain.consent.messages import HashedTerms, Ratio
from seechain.errors import ShareTableError
from seechain.share_table import PAGE_BYTES, PAGE_SEATS, ShareTable

_PUBLISHED = topic_of("Published(address)")
REGISTERED_TOPIC = topic_of(REGISTERED)
_AMENDED = topic_of(AMENDED)


def topic(account: str) -> bytes:
    """An account as a topic."""
    return bytes(12) + account_bytes(account)


def registration_of(w3: Web3, registry: str, see: str, block: int) -> Registered:
    """The event by which a SEE was registered.

    Args:
        block: where its record says that it is; on some chains that is another chain's number,
            then all blocks are looked through.

    Raises:
        NodeError: the node does not show it.
    """
    topics = [REGISTERED_TOPIC, topic(see)]
    for first, last in ((block, block), (0, None)):
        for event in read_events(w3, registry, topics, first, last):
            if isinstance(event, Registered):
                return event
    raise NodeError(
        f"the node at {url_of(w3)} does not show how {see} was registered, which its Registry has"
        f" noted in block {block}: try again, or ask another node"
    )


def amendments_of(w3: Web3, registry: str, see: str, record: Record) -> list[Amended]:
    """The events by which a SEE was amended, the first first. Each says where the one before is."""
    found: dict[int, Amended] = {}
    topics = [_AMENDED, topic(see)]

    def read(first: int, last: int | None) -> list[Amended]:
        events = read_events(w3, registry, topics, first, last)
        return [event for event in events if isinstance(event, Amended)]

    block, wanted = record.amended, record.version
    while wanted and block:
        events = read(block, block)
        found |= {event.version: event for event in events}
        if not events or events[-1].version != wanted:
            # On some chains a record counts another chain's blocks: look through all.
            found = {
                event.version: event for event in read(record.block_number, None) or read(0, None)
            }
            break
        block, wanted = events[0].previous, events[0].version - 1
    return [found[version] for version in sorted(found) if version <= record.version]


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


def published_pages(
    w3: Web3,
    registry: str,
    account: str,
    start: tuple[int, int] = (0, 0),
    end: tuple[int, int] | None = None,
) -> Iterable[bytes]:
    """The pages that were published of a table, as they come.

    start, end: block and place in its log from which on, and until where.
    """
    topics = [_PUBLISHED, topic(account)]
    first, last = start[0], end[0] if end else None
    # Mostly all of it is in the first block: then no range of blocks is searched.
    for low, high in ((first, first), (first + 1, last)) if first else ((0, last),):
        for event in read_events(w3, registry, topics, low, high):
            place = (event.block_number, event.log_index)
            if isinstance(event, Published) and place >= start and (end is None or place < end):
                for at in range(0, len(event.words), PAGE_BYTES):
                    yield event.words[at : at + PAGE_BYTES]


def table_of(
    w3: Web3,
    registry: str,
    account: str,
    table_hash: bytes,
    start: tuple[int, int] = (0, 0),
    end: tuple[int, int] | None = None,
    expected: int | None = None,
) -> ShareTable:
    """The share table with this hash, from what was published of it.

    start, end: as `published_pages`. expected: the number of its pages, where that is known:
    reading stops when all are there.

    Raises:
        NotPublished: nothing, or not all of it, was published.
    """
    pages: dict[bytes, bytes] = {}
    for page in published_pages(w3, registry, account, start, end):
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
