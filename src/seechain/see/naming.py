"""Whether an agreement that is at hand says who is who: anyone can write one with any names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seechain.chain.reverts import NotPublished, NotRegistered, NotSeechain
from seechain.see import SEE
from seechain.see.recovered import Recovered

if TYPE_CHECKING:
    from seechain.agreement import Agreement
    from seechain.splitter import Splitter

_SHARED = 2  # seats of a Splitter that a seat was shared by


def is_named_by(books: Splitter, agreement: Agreement) -> bool:
    """Whether an agreement names the members of a SEE or a Splitter.

    Of a SEE: it is or was in force there. Of a Splitter that a seat was shared by: the seat is of
    a SEE where it is or was in force, and its money goes to the Splitter. Of another: never.

    Raises:
        NodeError: the node can't be asked.
    """
    if isinstance(books, Recovered):
        try:
            return any(each.commitment == agreement.commitment for each in books.versions)
        except NotRegistered:
            return False
    from seechain.registry import Registry

    try:
        members = books.members
    except NotPublished:
        return False
    if len(members) != _SHARED:
        return False
    for address in Registry(books.w3, books.registry).titles([agreement]):
        try:
            see = SEE(books.w3, address)
        except NotSeechain:
            continue
        is_registered = see.registered is not None
        if is_registered and any(see.redirected(each.account) == books.address for each in members):
            return True
    return False
