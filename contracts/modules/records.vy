# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Records
@license MIT
@notice What the Registry notes of each SEE, in one word:

        left (64) | amended block (48) | block (48) | registered (40) | ended (40) | version (16)

        left: places of the roll whose voice has left, as bits; times in unix seconds.
"""
from contracts.modules import refusals

interface ISee:
    def commitment() -> bytes32: view

ENDED_AT: constant(uint256) = 16
REGISTERED_AT: constant(uint256) = 56
BLOCK_AT: constant(uint256) = 96
AMENDED_AT: constant(uint256) = 144
LEFT_AT: constant(uint256) = 192
TIME: constant(uint256) = 2**40 - 1
BLOCK: constant(uint256) = 2**48 - 1
VERSION: constant(uint256) = 2**16 - 1
NOT_AMENDED: constant(uint256) = 2**144 - 1 - VERSION  # of a record, what an amendment keeps

struct Record:
    block_number: uint256  # in which it was registered
    registered: uint256
    ended: uint256  # zero while it lives
    version: uint256
    amended: uint256  # the block of the latest amendment; zero before
    left: uint256  # places of the roll whose voice has left, as bits

of: HashMap[address, uint256]


@external
@view
@reentrant
def record(see: address) -> Record:
    """
    @notice When a SEE was registered and ended; zeros for what is no SEE of this Registry.
            The log of its registration is in the block that is named.
    """
    word: uint256 = self.of[see]
    return Record(
        block_number=word >> BLOCK_AT & BLOCK,
        registered=word >> REGISTERED_AT & TIME,
        ended=word >> ENDED_AT & TIME,
        version=word & VERSION,
        amended=word >> AMENDED_AT & BLOCK,
        left=word >> LEFT_AT,
    )


@internal
@view
def _of(see: address) -> uint256:
    record: uint256 = self.of[see]
    if record == 0:
        refusals._not_registered()
    return record


@internal
@view
def _live(see: address) -> uint256:
    record: uint256 = self._of(see)
    if record >> ENDED_AT & TIME != 0:
        refusals._already_ended()
    return record


@internal
@view
def _commitment_of(see: address) -> bytes32:
    """
    @notice What a SEE, or a Splitter, is committed to.
    """
    return staticcall ISee(see).commitment()


@internal
@view
def _check_live(see: address, agreement: bytes32) -> uint256:
    record: uint256 = self._live(see)
    if agreement != self._commitment_of(see):
        refusals._wrong_agreement()
    return record
