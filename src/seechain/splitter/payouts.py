"""Payouts (push): everyone is paid what is due, page by page or the whole table at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from seechain.agreement.text import NATIVE, currency_address
from seechain.chain import interface
from seechain.chain.receipts import Receipt, Receipts
from seechain.chain.reverts import NothingDue, OutOfGas, TokenError
from seechain.errors import ShareTableError
from seechain.sending.senders import Call, Sender, send
from seechain.splitter.dues import pages_due

if TYPE_CHECKING:
    from seechain.splitter import Splitter

WHOLE_PAGES = 16  # of a table that is handed over whole
_INTERFACE = interface.of("Splitter")


def payout(
    splitter: Splitter,
    currency: str | None,
    sender: Sender,
    currencies: Iterable[str] | None = None,
    among: Sequence[int] | None = None,
) -> Receipts:
    """See `Splitter.payout`.

    currencies: to look at, by default those that are named. among: these pages, by default all.
    """
    receipts: list[Receipt] = []
    for each in splitter.named(currency) if currencies is None else currencies:
        try:
            pages = pages_due(splitter, each, among)
        except TokenError:
            if currency is not None:
                raise
            continue  # one broken token does not stop the others
        if pages:
            receipts += _payout(splitter, each, pages, sender, among is None)
    if not receipts:
        what = "" if currency is None else f" in {currency}"
        where = "" if among is None else " on these pages"
        raise NothingDue(
            f"nothing of {splitter.address} can be paid out{what}{where} now: wait for the next"
            " payment"
        )
    return Receipts(receipts)


def chosen(splitter: Splitter, pages: Iterable[int] | None) -> list[int] | None:
    """The pages that an act is about, each once; None for all.

    Raises:
        ShareTableError: there is no such page.
    """
    if pages is None:
        return None
    found = set(pages)
    for page in found:
        if type(page) is not int:
            raise ShareTableError(f"a page is a whole number from 0 on, got {page!r}")
        splitter.table.page(page)
    return sorted(found)


def _payout(
    splitter: Splitter, currency: str, pages: list[int], sender: Sender, others_too: bool
) -> list[Receipt]:
    table, key = splitter.table, splitter.table_key
    of_token = [] if currency == NATIVE else [currency_address(currency)]
    what = f"the payout of {'native coin' if currency == NATIVE else currency}"

    def act(name: str, *arguments: object) -> Receipt:
        data = _INTERFACE.encode(name, key, *arguments, *of_token)
        return send(splitter.w3, Call(splitter.address, data, what), sender)

    if table.pages == 1:
        return [act("payout", table.words)]
    # The whole table needs no proofs, and touches every page: it pays where most have a due.
    if others_too and table.pages <= WHOLE_PAGES and 2 * len(pages) > table.pages:
        try:
            return [act("payout_whole", [table.page(page) for page in range(table.pages)])]
        except OutOfGas:
            pass  # new accounts and failing ones cost more: page by page
    return [act("payout_page", page, table.page(page), table.proof(page)) for page in pages]
