# pragma version 0.4.3
"""
@title Recipient
@license MIT
@notice A member of the tests that is a contract, and changes how it takes native coin. It has
        signed whatever anybody says it has (ERC-1271).
"""
ACCEPT: constant(uint256) = 0
REFUSE: constant(uint256) = 1
BURN: constant(uint256) = 2  # burns all the gas it is given
FUSSY: constant(uint256) = 3  # wants nearly all the gas that a push promises
GLUTTON: constant(uint256) = 4  # wants more than that
CALL: constant(uint256) = 5  # calls somebody, usually the payer itself
CALL_BACK: constant(uint256) = 6  # calls the payer, and nobody else, once while it is paid

mode: uint256
target: address
message: Bytes[2048]
calling: transient(bool)


@external
def set_mode(mode: uint256, target: address, message: Bytes[2048]):
    self.mode = mode
    self.target = target
    self.message = message


@external
@view
def isValidSignature(digest: bytes32, signature: Bytes[1024]) -> bytes4:
    return 0x1626ba7e


@external
@payable
def __default__():
    gas: uint256 = msg.gas
    mode: uint256 = self.mode
    assert mode != REFUSE
    assert mode != BURN, UNREACHABLE
    if mode == FUSSY:
        assert gas > 99_000
    if mode == GLUTTON:
        assert gas > 150_000
    if mode == CALL or (mode == CALL_BACK and msg.sender == self.target and not self.calling):
        self.calling = True
        # Half the gas, so that a burner at the end of a chain of calls starves nobody.
        done: bool = raw_call(
            self.target, self.message, gas=msg.gas // 2, revert_on_failure=False
        )
        self.calling = False
