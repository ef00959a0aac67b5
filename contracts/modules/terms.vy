# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Terms
@license MIT
@notice The terms of an agreement as the chain sees them, and what makes them fit to be
        put in force: the same code checks the first agreement and each later one.
"""
from contracts.modules import consent
from contracts.modules import refusals
from contracts.modules import share_table

struct Terms:
    text: bytes32  # hash of the readable agreement
    quorum_numerator: uint256
    quorum_denominator: uint256
    expiry: uint256  # unix seconds
    nonce: bytes32

MAX_CURRENCIES: constant(uint256) = 8
CURRENCIES_BYTES: constant(uint256) = 256  # a word each, ascending; zero is the native coin
MAX_TERM: constant(uint256) = 10 * 366 * 86400  # ten years, in seconds

# EIP-712 (https://eips.ethereum.org/EIPS/eip-712)
TERMS_TYPE: constant(bytes32) = keccak256(
    "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,"
    "uint256 expiry,address[] currencies,bytes32 nonce)"
)


@internal
@view
def _check(terms: Terms, currencies: Bytes[CURRENCIES_BYTES]):
    """
    @notice Refuses terms under which nobody could decide, or that end at once or never.
    """
    if terms.quorum_numerator == 0:
        refusals._wrong_quorum()
    if terms.quorum_numerator > terms.quorum_denominator:
        refusals._wrong_quorum()
    if terms.quorum_denominator > consent.VOICES:  # products can't overflow
        refusals._wrong_quorum()
    if block.timestamp >= terms.expiry:
        refusals._wrong_expiry()
    if terms.expiry > block.timestamp + MAX_TERM:
        refusals._wrong_expiry()
    size: uint256 = len(currencies)
    if size == 0 or size & 31 != 0:
        refusals._wrong_currencies()
    least: uint256 = 0
    for i: uint256 in range(size >> 5, bound=MAX_CURRENCIES):
        currency: uint256 = extract32(currencies, i << 5, output_type=uint256)
        if currency < least or currency >= 2**160:
            refusals._wrong_currencies()
        least = unsafe_add(currency, 1)


@internal
@pure
def _agreement(
    table: share_table.Table, terms: Terms, roll_hash: bytes32, currencies_hash: bytes32
) -> bytes32:
    """
    @notice The EIP-712 struct hash of the agreement: its commitment.
    @param table Without the hash of the terms, which are given themselves.
    """
    full: share_table.Table = table
    full.terms = keccak256(
        abi_encode(
            TERMS_TYPE,
            terms.text,
            roll_hash,
            terms.quorum_numerator,
            terms.quorum_denominator,
            terms.expiry,
            currencies_hash,
            terms.nonce,
        )
    )
    return share_table._commitment(full)


@internal
@view
def _check_agreement(
    table: share_table.Table,
    terms: Terms,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: Bytes[CURRENCIES_BYTES],
) -> bytes32:
    """
    @notice Refuses what can't be put in force: the same for the first agreement and the next.
    """
    if unsafe_sub(table.pages, 1) >= share_table.MAX_PAGES:
        refusals._wrong_page()
    self._check(terms, currencies)
    consent._check_roll(roll)
    return self._agreement(table, terms, keccak256(roll), keccak256(currencies))
