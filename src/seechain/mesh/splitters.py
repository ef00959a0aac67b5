"""The Splitters of a Registry, found by its log alone, also those that were created with a salt."""

from __future__ import annotations

from seechain.chain import interface
from seechain.chain.decoding import topic_of
from seechain.chain.events import Created, Published
from seechain.chain.logs import read_events
from seechain.chain.node import asking
from seechain.chain.reverts import NotSeechain
from seechain.registry import Registry
from seechain.splitter import Splitter

_CREATED = topic_of("Created(address,bytes32,uint256,uint256)")
_PUBLISHED = topic_of("Published(address)")
_REGISTRY = interface.of("Registry")


def splitters_of(registry: Registry, last: int | None = None) -> dict[str, str]:
    """All that may be a Registry's Splitters: created, or with a table that was published, until
    a block; each with the hash of the transaction that did so first."""
    found: dict[str, str] = {}
    for topic in (_CREATED, _PUBLISHED):
        for event in read_events(registry.w3, registry.address, [topic], 0, last):
            if isinstance(event, Created | Published):
                address = event.splitter if isinstance(event, Created) else event.account
                found.setdefault(address, event.transaction_hash)
    return found


def splitter_at(registry: Registry, address: str, transaction: str | None = None) -> Splitter:
    """The Splitter at an address.

    transaction: the hash of the one that created it, which names the salt; where another contract
    was told to, and has named the salt itself, it can't be told.

    Raises:
        NotSeechain: it is none of this Registry.
    """
    try:
        return Splitter(registry.w3, address, registry=registry.address)
    except NotSeechain:
        if transaction is None:
            raise
        for salt in _salts(registry, transaction):
            try:
                return Splitter(registry.w3, address, registry=registry.address, salt=salt)
            except NotSeechain:
                continue
        raise


def _salts(registry: Registry, transaction: str) -> list[bytes]:
    with asking(registry.w3, f"reading the transaction {transaction}"):
        found = registry.w3.eth.get_transaction(transaction)  # type: ignore[arg-type]
        data = bytes(found["input"])
    return [
        bytes(arguments[3])
        for name, takes in (("create", 4), ("create_published", 6))
        for arguments in _REGISTRY.arguments(name, takes, data)
    ]
