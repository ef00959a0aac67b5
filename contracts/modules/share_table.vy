# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Share table
@license MIT
@notice The seat words, pages and Merkle-sum tree of a share table.

        seat word   account (160) | flags (48) | shares (48)
        page hash   keccak256 of up to 32 seat words
        node        keccak256(left hash | left sum | right hash | right sum | 0x01)

        The tree's shape follows from the number of pages alone: a lone node rises
        unchanged, and a page's proof has exactly one length. Every proof adds up to
        the total, so no table, whoever wrote it, can promise more than it has.
"""
from contracts.modules import refusals

# ---------------------------------------------------------------- words

struct Table:
    root: bytes32  # of the tree over the pages
    shares: uint256  # total shares, 1 to 2**48 - 1
    pages: uint256
    terms: bytes32  # EIP-712 hash of the agreement's terms; zero for a fixed split

PAGE_SEATS: constant(uint256) = 32
PAGE_BYTES: constant(uint256) = 1024
MAX_PAGES: constant(uint256) = 2**17
WHOLE_PAGES: constant(uint256) = 16  # of a table that is handed over whole
WHOLE_LEVELS: constant(uint256) = 4
FEW_BYTES: constant(uint256) = 4096  # of a table that is published as it is created
PROOF_BYTES: constant(uint256) = 1088  # 17 levels of hash and sum: up to 2**22 seats

SHARES: constant(uint256) = 2**48 - 1
SUM: constant(uint256) = 2**53 - 1  # of the shares of a page, before it is checked
PULL_ONLY: constant(uint256) = 1 << 48
PULL_ONLY_AT: constant(uint256) = 48

# EIP-712 (https://eips.ethereum.org/EIPS/eip-712)
TABLE_TYPE: constant(bytes32) = keccak256("Table(bytes32 root,uint256 shares,uint256 pages)")
AGREEMENT_TYPE: constant(bytes32) = keccak256(
    "Agreement(Table table,Terms terms)"
    "Table(bytes32 root,uint256 shares,uint256 pages)"
    "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,"
    "uint256 expiry,address[] currencies,bytes32 nonce)"
)


@internal
@pure
def _commitment(table: Table) -> bytes32:
    """
    @notice The EIP-712 struct hash of a table, or of the agreement that nests it.
    """
    if unsafe_sub(table.shares, 1) >= SHARES:  # zero wraps
        refusals._wrong_total()
    struct_hash: bytes32 = keccak256(
        abi_encode(TABLE_TYPE, table.root, table.shares, table.pages)
    )
    if table.terms == empty(bytes32):
        return struct_hash
    return keccak256(abi_encode(AGREEMENT_TYPE, struct_hash, table.terms))


@internal
@pure
def _sum(words: Bytes[PAGE_BYTES]) -> uint256:
    """
    @notice The shares of a page.
    """
    if len(words) & 31 != 0:
        refusals._wrong_page()
    # Four words a step, the last step filled up with zeros: a third of the gas of a
    # loop over single words. 32 shares of 48 bits can't overflow.
    steps: DynArray[uint256[4], 9] = abi_decode(
        concat(
            convert(32, bytes32),
            convert((len(words) + 127) >> 7, bytes32),
            words,
            empty(bytes32),
            empty(bytes32),
            empty(bytes32),
            empty(bytes32),
        ),
        DynArray[uint256[4], 9],
    )
    sum: uint256 = 0
    for four: uint256[4] in steps:
        sum = unsafe_add(
            sum,
            unsafe_add(
                unsafe_add(four[0] & SHARES, four[1] & SHARES),
                unsafe_add(four[2] & SHARES, four[3] & SHARES),
            ),
        )
    return sum


@internal
@pure
def _node(left: bytes32, left_sum: uint256, right: bytes32, right_sum: uint256) -> bytes32:
    # The last byte keeps a node apart from a page of four seats.
    return keccak256(
        concat(left, convert(left_sum, bytes32), right, convert(right_sum, bytes32), b"\x01")
    )


@internal
@pure
def _check_page(
    table: Table, page: uint256, page_hash: bytes32, page_sum: uint256, proof: Bytes[PROOF_BYTES]
):
    """
    @notice Checks that the page stands in the table at this number, and that the sums
            beside its path add up to the total.
    @param proof Sibling hash and sum of each level at which there is a sibling, from
           the leaves up, 64 bytes each.
    """
    if page >= table.pages:
        refusals._wrong_page()
    node: bytes32 = page_hash
    total: uint256 = page_sum
    index: uint256 = page
    width: uint256 = table.pages
    at: uint256 = 0
    for _: uint256 in range(17):
        if width == 1:
            break
        if index ^ 1 < width:
            if at + 64 > len(proof):
                refusals._wrong_proof()
            sibling: bytes32 = extract32(proof, at)
            sibling_sum: uint256 = extract32(proof, at + 32, output_type=uint256)
            if index & 1 == 0:
                node = self._node(node, total, sibling, sibling_sum)
            else:
                node = self._node(sibling, sibling_sum, node, total)
            if sibling_sum > SHARES:  # a sum that wraps would promise too much
                refusals._wrong_sum()
            total += sibling_sum
            at += 64
        index >>= 1
        width = (width + 1) >> 1
    if width != 1 or at != len(proof):
        refusals._wrong_proof()
    if node != table.root:
        refusals._wrong_page()
    if total != table.shares:
        refusals._wrong_sum()


@internal
@pure
def _root_of_few(
    pages: uint256, first: bytes32, second: bytes32, third: bytes32, fourth: bytes32, sums: uint256
) -> bytes32:
    """
    @notice The root over two to four pages.
    @param sums The shares of each page, 48 bits each, the first page's lowest.
    """
    first_sum: uint256 = sums & SHARES
    second_sum: uint256 = sums >> 48 & SHARES
    node: bytes32 = self._node(first, first_sum, second, second_sum)
    if pages == 2:
        return node
    right: bytes32 = third
    right_sum: uint256 = sums >> 96 & SHARES
    if pages == 4:
        fourth_sum: uint256 = sums >> 144 & SHARES
        right = self._node(third, right_sum, fourth, fourth_sum)
        right_sum += fourth_sum
    return self._node(node, first_sum + second_sum, right, right_sum)
