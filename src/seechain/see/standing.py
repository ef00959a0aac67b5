"""What stands at an address: a SEE, a Splitter, or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web3 import Web3

from seechain.accounts import account_bytes, checksum
from seechain.chain import clones, interface
from seechain.chain.node import asking, code_of, eth_of
from seechain.chain.published import topic
from seechain.chain.raw_logs import read_logs
from seechain.chain.reverts import NoRegistry, NotSeechain, WrongAgreement
from seechain.see import SEE
from seechain.splitter import Splitter

if TYPE_CHECKING:
    from seechain.agreement import Agreement

_REGISTRY = interface.of("Registry")


def books_at(w3: Web3, address: str, agreement: Agreement | None = None) -> Splitter:
    """The SEE, or the Splitter, at an address.

    Args:
        agreement: at hand, for the SEE of which it is: it names members, and has a share table
            that was not published.

    Raises:
        NotSeechain: neither stands there. AccountError: the address is none.
        NodeError: the node can't be asked.
    """
    address = checksum(account_bytes(address))
    try:
        return _see(w3, address, agreement)
    except NotSeechain as error:
        try:
            return Splitter(w3, address, salt=_salt(w3, address))
        except (NotSeechain, NoRegistry):
            raise error from None


def _see(w3: Web3, address: str, agreement: Agreement | None) -> SEE:
    if agreement is not None:
        try:
            return SEE.of(w3, address, agreement)
        except WrongAgreement:
            pass
    return SEE(w3, address)


def _salt(w3: Web3, address: str) -> bytes:
    """The salt with which a Splitter was created, from the call that did."""
    clone = clones.read_clone(code_of(w3, address))
    implementation = clones.splitter_implementation()
    if clone is None or clone.implementation != implementation:
        return clones.NO_SALT
    registry = clones.registry_address()
    where = registry, implementation, clone.commitment
    if clones.clone_address(*where, clones.NO_SALT) == address:
        return clones.NO_SALT
    for log in read_logs(w3, [registry], [None, topic(address)]):
        with asking(w3, f"reading how {address} was created"):
            sent = eth_of(w3).get_transaction(log["transactionHash"])
        for name, count in (("create", 4), ("create_published", 6)):
            for arguments in _REGISTRY.arguments(name, count, bytes(sent["input"])):
                if clones.clone_address(*where, arguments[3]) == address:
                    return bytes(arguments[3])
    return clones.NO_SALT
