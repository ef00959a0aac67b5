"""Claims (pull): one member is paid what is due to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seechain.agreement.text import NATIVE, currency_address
from seechain.chain import interface
from seechain.chain.node import ask
from seechain.chain.receipts import Receipt, Receipts
from seechain.chain.reverts import NothingDue, TokenError
from seechain.sending.senders import Call, Sender, address_of, send
from seechain.share_table import PAGE_SEATS
from seechain.splitter.dues import due

if TYPE_CHECKING:
    from seechain.see.recovered import Recovered
    from seechain.see.versions import Version
    from seechain.share_table import ShareTable
    from seechain.splitter import Splitter

_INTERFACE = interface.of("Splitter")


def claim(splitter: Splitter, account: str, currency: str | None, sender: Sender) -> Receipts:
    """See `Splitter.claim`."""
    account = address_of(account)
    index = splitter.table.index(account)
    who = splitter.named_text(account)
    wanted = [
        each for each in splitter.named(currency) if _is_due(splitter, each, account, currency)
    ]
    if not wanted:
        what = "" if currency is None else f" in {currency}"
        raise NothingDue(f"nothing is due to {who}{what} now: wait for the next payment")
    receipts = []
    if not has_joined(splitter, account, index):
        native = NATIVE in wanted
        receipts.append(join(splitter, account, sender, native))
        wanted = [each for each in wanted if each != NATIVE]
    if wanted:
        receipts.append(_claim(splitter, account, index, wanted, sender))
    return Receipts(receipts)


def join(splitter: Splitter, account: str, sender: Sender, claims_native: bool) -> Receipt:
    """See `Splitter.join`."""
    account = address_of(account)
    table = splitter.table
    seat = table.proven(account)
    arguments: list[object] = [splitter.table_key, seat.index, seat.words]
    if table.pages > 1:
        arguments.append(seat.proof)
    if not claims_native:
        arguments.append(False)
    data = _INTERFACE.encode("join_page" if table.pages > 1 else "join", *arguments)
    what = f"the first claim for {splitter.named_text(account)}"
    return send(splitter.w3, Call(splitter.address, data, what), sender)


def key_of(account: str, index: int, version: int = 0) -> int:
    """The key of a seat, as the contracts take it."""
    return version << 192 | index << 160 | int(account, 16)


def has_joined(splitter: Splitter, account: str, index: int, version: int | None = None) -> bool:
    """Whether a seat has been proven, by default in the version in force."""
    number = splitter.version if version is None else version
    arguments = (currency_address(NATIVE), key_of(account, index, number))
    return bool(ask(splitter.w3, splitter.address, _INTERFACE, "seat", *arguments)[1])


def proof_of(version: Version, table: ShareTable, index: int) -> tuple[object, ...]:
    """A seat of a version as claim_versions joins it."""
    page = index // PAGE_SEATS
    return version.number, version.key, index, table.page(page), table.proof(page)


def seat_of(see: Recovered, account: str) -> tuple[int, int]:
    """The version and index of a member's latest seat.

    Raises:
        ShareTableError: it never had one.
    """
    for version in reversed(see.versions):
        table = see.table_of(version)
        if account in table:
            return version.number, table.index(account)
    see.table.index(account)  # which says so
    raise AssertionError


def _is_due(splitter: Splitter, currency: str, account: str, asked: str | None) -> bool:
    try:
        return due(splitter, currency, account) > 0
    except TokenError:
        if asked is not None:
            raise
        return False  # one broken token does not stop the others


def _claim(
    splitter: Splitter, account: str, index: int, wanted: list[str], sender: Sender
) -> Receipt:
    for_other = [] if address_of(sender) == account else [account]
    if wanted == [NATIVE]:
        data = _INTERFACE.encode("claim", index, *for_other)
    elif len(wanted) == 1:
        data = _INTERFACE.encode("claim_token", wanted[0], index, *for_other)
    else:
        currencies = [currency_address(each) for each in wanted]
        data = _INTERFACE.encode("claim_many", [key_of(account, index)], currencies)
    what = f"the claim for {splitter.named_text(account)}"
    return send(splitter.w3, Call(splitter.address, data, what), sender)
