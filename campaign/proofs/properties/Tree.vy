# pragma version 0.4.3
"""
@title Tree
@license MIT
@notice The Merkle-sum tree by itself: share_table, of any sums.
"""
from contracts.modules import share_table


@external
def check_two_pages_add_up(
    table: share_table.Table, first: bytes32, first_sum: uint256, second: bytes32,
    second_sum: uint256, right: Bytes[64], left: Bytes[64],
):
    """
    @notice Where both pages of a table are accepted, their sums are the total.
    """
    self._assume(table.pages == 2)
    share_table._check_page(table, 0, first, first_sum, right)
    share_table._check_page(table, 1, second, second_sum, left)
    self._prove(unsafe_add(first_sum, second_sum) == table.shares)


@external
def check_three_pages_add_up(
    table: share_table.Table, first: bytes32, first_sum: uint256, second: bytes32,
    second_sum: uint256, third: bytes32, third_sum: uint256,
    near: Bytes[128], far: Bytes[128], last: Bytes[64],
):
    """
    @notice Where all three pages of a table are accepted, their sums are the total.
    """
    self._assume(table.pages == 3)
    share_table._check_page(table, 0, first, first_sum, near)
    share_table._check_page(table, 1, second, second_sum, far)
    share_table._check_page(table, 2, third, third_sum, last)
    self._prove(unsafe_add(unsafe_add(first_sum, second_sum), third_sum) == table.shares)


@external
def check_a_page_has_one_sum(
    table: share_table.Table, page: bytes32, sum: uint256, again: bytes32, other: uint256,
    proof: Bytes[64], proof_again: Bytes[64],
):
    """
    @notice No two pages, nor sums, are accepted at one number.
    """
    self._assume(table.pages == 2)
    share_table._check_page(table, 0, page, sum, proof)
    share_table._check_page(table, 0, again, other, proof_again)
    same: uint256 = convert(page == again, uint256) & convert(sum == other, uint256)
    self._prove(same == 1)


@external
def check_the_whole_is_its_pages(
    table: share_table.Table, page: bytes32, sum: uint256, proof: Bytes[64],
    first: bytes32, first_sum: uint256, second: bytes32, second_sum: uint256,
):
    """
    @notice Two pages that are accepted whole, which is what Splitter.payout_whole asks of
            two, are those that are accepted by proof.
    """
    self._assume(table.pages == 2)
    self._assume((first_sum | second_sum) <= share_table.SUM)
    self._assume(share_table._node(first, first_sum, second, second_sum) == table.root)
    self._assume(first_sum + second_sum == table.shares)
    share_table._check_page(table, 0, page, sum, proof)
    same: uint256 = convert(page == first, uint256) & convert(sum == first_sum, uint256)
    self._prove(same & convert(first_sum + second_sum == table.shares, uint256) == 1)


@external
def check_a_pages_sum(first: uint256, second: uint256, third: uint256):
    """
    @notice The sum of a page is that of its words' lowest 48 bits.
    """
    words: Bytes[96] = concat(
        convert(first, bytes32), convert(second, bytes32), convert(third, bytes32)
    )
    expected: uint256 = first % 2**48 + second % 2**48 + third % 2**48
    self._prove(share_table._sum(words) == expected)


@external
def check_a_total_is_never_zero(table: share_table.Table):
    """
    @notice No table of no shares, nor of more than 48 bits, has a commitment.
    """
    commitment: bytes32 = share_table._commitment(table)
    self._prove(table.shares - 1 < 2**48 - 1)


@external
def false_one_page_is_all(
    table: share_table.Table, page: bytes32, sum: uint256, proof: Bytes[64]
):
    """
    @notice False: the other page has shares too.
    """
    self._assume(table.pages == 2)
    share_table._check_page(table, 0, page, sum, proof)
    self._prove(sum == table.shares)


@external
def false_a_pages_sum_fits(first: uint256, second: uint256):
    """
    @notice False: a page may have more than 48 bits of shares; its table then may not.
    """
    words: Bytes[64] = concat(convert(first, bytes32), convert(second, bytes32))
    self._prove(share_table._sum(words) < 2**48)


@internal
def _assume(condition: bool):
    if not condition:
        raw_revert(b"")


@internal
@pure
def _prove(condition: bool):
    if not condition:
        raw_revert(concat(0x4e487b71, convert(1, bytes32)))
