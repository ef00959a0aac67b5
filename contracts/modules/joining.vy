# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Joining
@license MIT
@notice Proves a seat of any version once, so that its later claims need no proof. For a
        table of one page in force this is written out in Splitter.vy, where it costs least.
"""
from contracts.modules import books
from contracts.modules import refusals
from contracts.modules import share_table

uses: books

event Joined:  # a first claim joins too
    seat: indexed(uint256)  # its key
    shares: uint256


@internal
def _join(
    version: uint256,
    table: share_table.Table,
    index: uint256,
    words: Bytes[share_table.PAGE_BYTES],
    proof: Bytes[share_table.PROOF_BYTES],
) -> uint256:
    """
    @notice Joins a seat of any version, unless it has joined.
    @return Its key; zero if it had joined.
    """
    if version > (books.native & books.VERSION) >> 8:
        refusals._wrong_version()
    if share_table._commitment(table) != books._commitment(version << 8):
        refusals._wrong_table()
    at: uint256 = (index & 31) << 5
    if at >= len(words):
        refusals._wrong_page()
    sum: uint256 = share_table._sum(words)
    share_table._check_page(table, index >> 5, keccak256(words), sum, proof)
    word: uint256 = extract32(words, at, output_type=uint256)
    key: uint256 = books._key(version << 8, index, convert(word >> 96, address))
    if books.seats[key] != 0:
        return 0
    books.seats[key] = books._fresh(word & books.SHARES, table.shares, table.pages)
    unlike: uint256 = books.VERSION | books.PUSHED | books.BASE
    if table.pages != 1 and books.native & unlike == version << 8:
        books.native |= books.CLAIMED
    log Joined(seat=key, shares=word & books.SHARES)
    return key
