# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Publishing
@license MIT
@notice What anyone may add to the log later: pages of a table, checked, and where the
        readable agreement may be found.
"""
from contracts.modules import consent
from contracts.modules import kinds
from contracts.modules import published
from contracts.modules import records
from contracts.modules import refusals
from contracts.modules import share_table

uses: records

event Located:  # where the readable agreement may be found; its hash tells whether it is the one
    see: indexed(address)
    publisher: indexed(address)
    uri: String[256]


@external
def publish(
    account: address,
    table: share_table.Table,
    first: uint256,
    words: DynArray[Bytes[share_table.PAGE_BYTES], published.PAGES],
    proofs: DynArray[Bytes[share_table.PROOF_BYTES], published.PAGES],
):
    """
    @notice Publishes pages of the table that a SEE or a Splitter is committed to. Anyone.
    @param first The number of the first of these pages, which follow each other.
    @param words The seat words of each page.
    @param proofs Of each page.
    """
    if share_table._commitment(table) != records._commitment_of(account):
        refusals._wrong_table()
    if len(words) != len(proofs):
        refusals._wrong_proof()
    for i: uint256 in range(len(words), bound=published.PAGES):
        published._log_page(account, table, first + i, words[i], proofs[i])


@external
def locate(
    see: address,
    account: address,
    uri: String[256],
    deadline: uint256,
    signature: Bytes[consent.BLOCK_BYTES],
):
    """
    @notice Says where the readable agreement of a SEE may be found. Anyone: its hash tells
            whether it is the one.
    @param account Who says so: the sender, or who has signed Publication(account, location,
           deadline).
    @param signature See modules/consent.vy; not read where the account itself calls.
    """
    records._of(see)
    location: bytes32 = keccak256(abi_encode(kinds.LOCATION_TYPE, see, keccak256(uri)))
    consent._check_alone(self, account, kinds.PUBLICATION_TYPE, location, deadline, signature)
    log Located(see=see, publisher=account, uri=uri)
