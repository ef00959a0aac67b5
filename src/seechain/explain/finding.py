"""Which contracts of a transaction are seechain's, and which only look so."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.chain import clones, genuine
from seechain.chain.events import (
    Amended,
    Created,
    Deregistered,
    Endorsed,
    Event,
    Located,
    PaidFor,
    Posted,
    Published,
    Registered,
    VoiceLeft,
)
from seechain.chain.reverts import NoRegistry, NotSeechain
from seechain.see.standing import books_at
from seechain.splitter import Splitter

if TYPE_CHECKING:
    from seechain.agreement import Agreement

_OF_REGISTRY = (
    Registered,
    Amended,
    VoiceLeft,
    Endorsed,
    Located,
    Published,
    Deregistered,
    Created,
)


@dataclass
class Found:
    """Contracts by address. beside: Registries, the Payer and Noticeboards. only: a SEE that is
    asked for alone. forged: sentences about those that only look like a contract of seechain."""

    only: str | None
    books: dict[str, Splitter] = field(default_factory=dict)
    beside: set[str] = field(default_factory=set)
    forged: list[str] = field(default_factory=list)

    def wants(self, event: Event) -> bool:
        """Whether an event is about what is asked for."""
        return self.only is None or about(event) == self.only


def about(event: Event) -> str:
    """The SEE or Splitter that an event is about."""
    if isinstance(event, Published):
        return event.account
    if isinstance(event, Created):
        return event.splitter
    return str(getattr(event, "see", event.address))


def find(
    w3: Web3,
    events: Iterable[Event],
    paid: Iterable[str],
    see: str | None,
    agreement: Agreement | None,
) -> Found:
    """What stands behind these events. paid: who was paid a token, a SEE maybe.

    Raises:
        NodeError: the node can't be asked.
    """
    found = Found(None if see is None else checksum(account_bytes(see)))
    for event in events:
        if event.address in found.beside or event.address in found.books:
            continue
        if isinstance(event, (*_OF_REGISTRY, PaidFor, Posted)):
            _add_beside(w3, found, event)
        else:
            _add_books(w3, found, event, agreement)
    for address in paid:
        if address not in found.books and found.only in (None, address):
            with suppress(NotSeechain):
                found.books[address] = books_at(w3, address, agreement)
    for event in events:
        address = about(event)
        if not isinstance(event, Amended) or event.address not in found.beside:
            continue
        if address not in found.books and found.wants(event):
            with suppress(NotSeechain):
                found.books[address] = books_at(w3, address, agreement)
    return found


def _add_beside(w3: Web3, found: Found, event: Event) -> None:
    known = {clones.payer_address(), clones.noticeboard_address(clones.registry_address())}
    if isinstance(event, PaidFor | Posted):
        if event.address in known:
            found.beside.add(event.address)
            return
        what = "Payer" if isinstance(event, PaidFor) else "Noticeboard"
    else:
        try:
            genuine.check_registry(w3, event.address)
            found.beside.add(event.address)
            return
        except NoRegistry:
            what = "Registry"
    _forged(found, event, what, "something else stands there")


def _add_books(w3: Web3, found: Found, event: Event, agreement: Agreement | None) -> None:
    if found.only not in (None, event.address):
        return
    try:
        found.books[event.address] = books_at(w3, event.address, agreement)
    except NotSeechain as error:
        _forged(found, event, "SEE", str(error))


def _forged(found: Found, event: Event, what: str, why: str) -> None:
    said = (
        f"{event.address} logged {event.name}, as a {what} does, and is none, so that it says"
        f" nothing here: {why}"
    )
    if not any(each.startswith(event.address) for each in found.forged):
        found.forged.append(said)
