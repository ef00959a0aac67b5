# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Clone
@license MIT
@notice The code of a clone: it answers a plain payment itself, passes everything else to
        its implementation, and ends with 32 bytes of its own, the commitment.

        init code: returns what follows it
        00  6083 80 6009 3d 39 3d f3   PUSH1 131 DUP1 PUSH1 9 RETURNDATASIZE CODECOPY
                                       RETURNDATASIZE RETURN
        a payment: no data, and less than 2**96
        00  36 34 6060 1c 17           CALLDATASIZE CALLVALUE PUSH1 96 SHR OR
        06  6036 57                    PUSH1 54 JUMPI
        09  34 33 6060 1b 17           CALLVALUE CALLER PUSH1 96 SHL OR
        0f  5f 52                      PUSH0 MSTORE                  payer | amount
        11  7f topic                   PUSH32 keccak256("Received(uint256)")
        32  59 5f a1 00                MSIZE PUSH0 LOG1 STOP
        all else
        36  5b 36 5f 5f 37             JUMPDEST CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY
        3b  5f 5f 36 5f                PUSH0 PUSH0 CALLDATASIZE PUSH0
        3f  73 implementation 5a f4    PUSH20 GAS DELEGATECALL
        56  3d 5f 5f 3e                RETURNDATASIZE PUSH0 PUSH0 RETURNDATACOPY
        5a  5f 3d 91 6061 57           PUSH0 RETURNDATASIZE SWAP2 PUSH1 97 JUMPI
        60  fd 5b f3                   REVERT JUMPDEST RETURN
        63  commitment

        PUSH0 needs Shanghai. The call path is that of ERC-1167 with PUSH0.
"""

DEPLOY: constant(Bytes[9]) = x"60838060093d393df3"
IS_CALL: constant(Bytes[9]) = x"363460601c17603657"
PAYMENT: constant(Bytes[9]) = x"343360601b175f527f"
RECEIVED: constant(bytes32) = keccak256("Received(uint256)")
LOG: constant(Bytes[4]) = x"595fa100"
CALL: constant(Bytes[10]) = x"5b365f5f375f5f365f73"
ANSWER: constant(Bytes[15]) = x"5af43d5f5f3e5f3d91606157fd5bf3"
CODE_BYTES: constant(uint256) = 108  # of the init code, but for the commitment


@internal
@pure
def _code(implementation: address) -> Bytes[CODE_BYTES]:
    """
    @notice The init code of an implementation's clones, but for the commitment.
    """
    payment: Bytes[63] = concat(DEPLOY, IS_CALL, PAYMENT, RECEIVED, LOG)
    return concat(payment, CALL, slice(convert(implementation, bytes32), 12, 20), ANSWER)


@internal
def _deploy(code: Bytes[CODE_BYTES], commitment: bytes32, salt: bytes32) -> address:
    """
    @notice Deploys a clone (CREATE2). Reverts where it stands already.
    """
    return raw_create(concat(code, commitment), salt=salt)


@internal
@view
def _address(code: Bytes[CODE_BYTES], commitment: bytes32, salt: bytes32) -> address:
    """
    @notice Where the clone stands or would stand (EIP-1014).
    """
    init_code_hash: bytes32 = keccak256(concat(code, commitment))
    hashed: bytes32 = keccak256(concat(0xff, convert(self, bytes20), salt, init_code_hash))
    return convert(convert(hashed, uint256) & (2**160 - 1), address)
