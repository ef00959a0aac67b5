# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Quorum
@license MIT
@notice Whether those who are left of a roll have decided.
"""
from contracts.modules import consent
from contracts.modules import records
from contracts.modules import refusals
from contracts.modules import terms as terms_


@internal
@view
def _check(
    kind: bytes32,
    subject: bytes32,
    deadline: uint256,
    roll: Bytes[consent.ROLL_BYTES],
    signatures: Bytes[consent.SIGNATURES_BYTES],
    record: uint256,
    terms: terms_.Terms,
):
    """
    @notice Refuses what the quorum of the live voices has not signed. Where no voice is
            live, nobody decides.
    """
    yes: uint256 = 0
    live: uint256 = 0
    yes, live = consent._count(kind, subject, deadline, roll, signatures, record >> records.LEFT_AT)
    if yes == 0 or yes * terms.quorum_denominator < live * terms.quorum_numerator:
        refusals._no_quorum()
