"""Publishing share tables, so that anyone recovers them from the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seechain.chain import interface
from seechain.chain.published import published_pages
from seechain.chain.receipts import Receipt, Receipts
from seechain.sending.senders import Call, Sender, send
from seechain.share_table import ShareTable

if TYPE_CHECKING:
    from seechain.splitter import Splitter

AT_ONCE = 4  # pages in one call
_INTERFACE = interface.of("Registry")


def sums_of(table: ShareTable) -> int:
    """The shares of each page, 48 bits each from the lowest; 0 for one page."""
    if table.pages == 1:
        return 0
    return sum(table.page_shares(page) << 48 * page for page in range(table.pages))


def publish(splitter: Splitter, sender: Sender) -> Receipts:
    """See `Splitter.publish`."""
    table = splitter.table
    where = (splitter.w3, splitter.registry, splitter.address)
    there = set(published_pages(*where, splitter.publication_start))
    missing = [page for page in range(table.pages) if table.page(page) not in there]
    receipts: list[Receipt] = []
    while missing:
        run = [missing.pop(0)]
        while missing and missing[0] == run[-1] + 1 and len(run) < AT_ONCE:
            run.append(missing.pop(0))
        pages = [table.page(page) for page in run]
        proofs = [table.proof(page) for page in run]
        data = _INTERFACE.encode(
            "publish", splitter.address, splitter.table_key, run[0], pages, proofs
        )
        what = f"publishing pages {run[0]} to {run[-1]} of {splitter.address}"
        receipts.append(send(splitter.w3, Call(splitter.registry, data, what), sender))
    return Receipts(receipts)
