# pragma version 0.4.3
"""
@title Wallet
@license MIT
@notice A contract that signs by ERC-1271, for the tests: it accepts its key's signature with
        any bytes behind it, and coin only while it is open.
"""
owner: immutable(address)
open: public(bool)


@deploy
def __init__(key: address):
    owner = key


@external
def set_open(yes: bool):
    self.open = yes


@external
@payable
def __default__():
    assert self.open


@external
@view
def isValidSignature(digest: bytes32, signature: Bytes[1024]) -> bytes4:
    r: uint256 = convert(slice(signature, 0, 32), uint256)
    s: uint256 = convert(slice(signature, 32, 32), uint256)
    v: uint256 = convert(slice(signature, 64, 1), uint256)
    if ecrecover(digest, v, r, s) == owner:
        return 0x1626ba7e
    return 0xffffffff
