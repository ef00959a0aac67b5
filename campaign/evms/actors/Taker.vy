# pragma version 0.4.3
"""
@title Taker
@license MIT
@notice A member that is a contract: it takes coin as it is told to, and signs (ERC-1271) for
        the one key that owns it. An account delegated to it (EIP-7702) starts as one that
        takes whatever comes.
"""
REFUSES: constant(uint256) = 1
BURNS: constant(uint256) = 2
BOMBS: constant(uint256) = 3
REENTERS: constant(uint256) = 4

event Took:
    amount: uint256
    gas_was_there: uint256

owner: address
mode: uint256
target: address
message: Bytes[1024]


@deploy
def __init__(owner: address, mode: uint256):
    self.owner = owner
    self.mode = mode


@external
def become(mode: uint256, target: address, message: Bytes[1024]):
    self.mode = mode
    self.target = target
    self.message = message


@external
@view
def isValidSignature(digest: bytes32, signature: Bytes[65]) -> bytes4:
    r: uint256 = extract32(signature, 0, output_type=uint256)
    s: uint256 = extract32(signature, 32, output_type=uint256)
    v: uint256 = convert(slice(signature, 64, 1), uint256)
    if ecrecover(digest, v, r, s) == self.owner:
        return 0x1626ba7e
    return 0xffffffff


@external
@payable
def __default__():
    # What gas is left shows in the log: so the four must agree on it to the last unit.
    log Took(amount=msg.value, gas_was_there=msg.gas)
    if self.mode == REFUSES:
        raise "no, thanks"
    assert self.mode != BURNS, UNREACHABLE
    if self.mode == BOMBS:
        raw_revert(abi_encode(empty(uint256[600])))
    if self.mode == REENTERS:
        done: bool = raw_call(self.target, self.message, revert_on_failure=False)
        log Took(amount=convert(done, uint256), gas_was_there=msg.gas)
