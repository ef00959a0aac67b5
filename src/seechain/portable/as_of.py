"""A SEE as it was when a block was over: by the logs until then, whatever has come since."""

from __future__ import annotations

from collections.abc import Mapping

from web3 import Web3

from seechain.agreement.text import NATIVE
from seechain.chain import published
from seechain.chain.events import Registered
from seechain.chain.logs import latest_block
from seechain.chain.records import Record
from seechain.chain.reverts import ChainError, NotPublished
from seechain.history.replaying import held
from seechain.see import SEE
from seechain.see.versions import Version
from seechain.share_table import ShareTable


def starts_of(see: SEE, record: Record) -> list[Registered]:
    """The events that put its versions in force, the first first.

    Raises:
        NodeError: the node does not show them.
    """
    where = (see.w3, see.registry, see.address)
    return [
        published.registration_of(*where, record.block_number),
        *published.amendments_of(*where, record),
    ]


def table_of(
    see: SEE, version: Version, last: int, given: Mapping[bytes, ShareTable]
) -> ShareTable | None:
    """The share table of a version, where it is at hand or was published until block `last`.

    given: tables at hand, by their hashes.
    """
    table = given.get(version.table_hash)
    if table is not None:
        return table
    end = min(version.end or (last + 1, 0), (last + 1, 0))
    where = (see.w3, see.registry, see.address, version.table_hash, version.start or (0, 0))
    try:
        return published.table_of(*where, end, version.pages)
    except NotPublished:
        return None


def keeps_state(w3: Web3, address: str, block: int) -> bool:
    """Whether the node still has what an account held in a block, and so what contracts kept."""
    try:
        held(w3, address, NATIVE, block)
    except ChainError:
        latest_block(w3)  # a node that is not there has not forgotten
        return False
    return True
