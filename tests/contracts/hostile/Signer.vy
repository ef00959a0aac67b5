# pragma version 0.4.3
"""
A contract that has a voice (ERC-1271) and does as it is told.
"""
JUNK: constant(uint256) = 1
REVERTS: constant(uint256) = 2
BURNS: constant(uint256) = 3
SHORT: constant(uint256) = 4  # the four bytes alone
ONE: constant(uint256) = 5  # answers true
LONG: constant(uint256) = 6  # the right word, and more
DIRTY: constant(uint256) = 7  # the four bytes, and rubbish behind
ECHO: constant(uint256) = 8
STRICT: constant(uint256) = 9  # says yes to one signature only

mode: uint256
expected: bytes32
asked: address
question: Bytes[100]


@external
def set(mode: uint256, expected: bytes32):
    self.mode = mode
    self.expected = expected


@external
def ask(asked: address, question: Bytes[100]):
    self.asked = asked
    self.question = question


@external
@view
@raw_return
def isValidSignature(digest: bytes32, signature: Bytes[1024]) -> Bytes[320]:
    yes: bytes32 = 0x1626ba7e00000000000000000000000000000000000000000000000000000000
    if self.asked != empty(address):
        raw_call(self.asked, self.question, is_static_call=True)
    if self.mode == JUNK:
        return abi_encode(digest)
    if self.mode == REVERTS:
        raise "no"
    if self.mode == BURNS:
        at: uint256 = 0
        for i: uint256 in range(2**63):
            at = i
    if self.mode == SHORT:
        return slice(yes, 0, 4)
    if self.mode == ONE:
        return abi_encode(True)
    if self.mode == LONG:
        return abi_encode(yes, empty(uint256[9]))
    if self.mode == DIRTY:
        return concat(slice(yes, 0, 4), slice(digest, 0, 28))
    if self.mode == ECHO:
        return slice(msg.data, 0, 32)
    if self.mode == STRICT and keccak256(signature) != self.expected:
        return abi_encode(empty(bytes32))
    return abi_encode(yes)
