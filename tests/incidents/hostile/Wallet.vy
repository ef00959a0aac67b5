# pragma version 0.4.3
"""
A smart account of one owner, who signs for it (ERC-1271). An owner may have several.
"""
OWNER: immutable(address)


@deploy
def __init__(owner: address):
    OWNER = owner


@external
@payable
def __default__():
    pass


@external
@view
def isValidSignature(digest: bytes32, signature: Bytes[65]) -> bytes4:
    r: bytes32 = extract32(signature, 0)
    s: bytes32 = extract32(signature, 32)
    v: uint256 = convert(slice(signature, 64, 1), uint256)
    if ecrecover(digest, v, r, s) == OWNER:
        return 0x1626ba7e
    return 0xffffffff
