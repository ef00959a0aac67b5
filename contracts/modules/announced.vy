# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Announced
@license MIT
@notice Agreements in the log, as they come into force: all but their text and their seats.
"""
from contracts.modules import consent
from contracts.modules import records
from contracts.modules import share_table
from contracts.modules import terms as terms_

event Registered:
    see: indexed(address)
    agreement: indexed(bytes32)  # EIP-712 struct hash
    submitter: address
    root: bytes32
    shares: uint256
    pages: uint256
    text: bytes32  # hash of the readable agreement
    quorum_numerator: uint256
    quorum_denominator: uint256
    expiry: uint256
    nonce: bytes32
    roll: Bytes[consent.ROLL_BYTES]
    currencies: Bytes[terms_.CURRENCIES_BYTES]

event Amended:  # the next agreement is in force
    see: indexed(address)
    agreement: indexed(bytes32)
    version: uint256
    previous: uint256  # the block of the amendment before this, or of the registration
    submitter: address
    root: bytes32
    shares: uint256
    pages: uint256
    text: bytes32
    quorum_numerator: uint256
    quorum_denominator: uint256
    expiry: uint256
    nonce: bytes32
    roll: Bytes[consent.ROLL_BYTES]
    currencies: Bytes[terms_.CURRENCIES_BYTES]


@internal
def _log_amended(
    see: address,
    agreement: bytes32,
    table: share_table.Table,
    terms: terms_.Terms,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: Bytes[terms_.CURRENCIES_BYTES],
    record: uint256,
):
    previous: uint256 = record >> records.AMENDED_AT & records.BLOCK
    if previous == 0:
        previous = record >> records.BLOCK_AT & records.BLOCK
    log Amended(
        see=see,
        agreement=agreement,
        version=(record & records.VERSION) + 1,
        previous=previous,
        submitter=msg.sender,
        root=table.root,
        shares=table.shares,
        pages=table.pages,
        text=terms.text,
        quorum_numerator=terms.quorum_numerator,
        quorum_denominator=terms.quorum_denominator,
        expiry=terms.expiry,
        nonce=terms.nonce,
        roll=roll,
        currencies=currencies,
    )


@internal
def _log_registered(
    see: address,
    agreement: bytes32,
    table: share_table.Table,
    terms: terms_.Terms,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: Bytes[terms_.CURRENCIES_BYTES],
):
    log Registered(
        see=see,
        agreement=agreement,
        submitter=msg.sender,
        root=table.root,
        shares=table.shares,
        pages=table.pages,
        text=terms.text,
        quorum_numerator=terms.quorum_numerator,
        quorum_denominator=terms.quorum_denominator,
        expiry=terms.expiry,
        nonce=terms.nonce,
        roll=roll,
        currencies=currencies,
    )
