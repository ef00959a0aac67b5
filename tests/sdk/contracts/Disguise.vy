# pragma version 0.4.3
"""
@title Disguise
@license MIT
@notice A contract of the tests that passes for a Splitter in the Registry's log, logs payments
        that were never made, and calls others among data that were never called.
"""

commitment: public(bytes32)


@deploy
def __init__(commitment: bytes32):
    self.commitment = commitment


@external
@payable
def pay_as(payer: address, amount: uint256, to: address):
    payment: bytes32 = convert(convert(payer, uint256) << 96 | amount, bytes32)
    raw_log([keccak256("Received(uint256)")], payment)
    raw_call(to, b"", value=msg.value)


@external
def call(decoy: Bytes[8192], to: address, data: Bytes[8192]):
    raw_call(to, data)
