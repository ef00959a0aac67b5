# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Published
@license MIT
@notice Share tables in the log, checked against what was committed to.
"""
from contracts.modules import refusals
from contracts.modules import share_table

PUBLISHED: constant(bytes32) = keccak256("Published(address)")
PAGES: constant(uint256) = 4  # in one call


@internal
def _log_page(
    account: address,
    table: share_table.Table,
    page: uint256,
    words: Bytes[share_table.PAGE_BYTES],
    proof: Bytes[share_table.PROOF_BYTES],
):
    """
    @notice Logs the words of a page, checked against the table.
    """
    sum: uint256 = share_table._sum(words)
    share_table._check_page(table, page, keccak256(words), sum, proof)
    raw_log([PUBLISHED, convert(account, bytes32)], words)


@internal
def _log_whole(
    account: address,
    root: bytes32,
    shares: uint256,
    pages: uint256,
    words: Bytes[share_table.FEW_BYTES],
    sums: uint256,
):
    """
    @notice Logs all words of a table, checked against its root.
    """
    if pages == 1:
        if keccak256(words) != root:
            refusals._wrong_page()
    else:
        last: uint256 = unsafe_sub(pages, 1)
        if last >= 4:
            refusals._wrong_page()
        hashes: bytes32[4] = empty(bytes32[4])
        at: uint256 = 0
        for page: uint256 in range(last, bound=3):
            hashes[page] = keccak256(slice(words, at, share_table.PAGE_BYTES))
            at = unsafe_add(at, share_table.PAGE_BYTES)
        hashes[last] = keccak256(slice(words, at, unsafe_sub(len(words), at)))
        expected: bytes32 = share_table._root_of_few(
            pages, hashes[0], hashes[1], hashes[2], hashes[3], sums
        )
        if root != expected:
            refusals._wrong_page()
    raw_log([PUBLISHED, convert(account, bytes32)], words)
