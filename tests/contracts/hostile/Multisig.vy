# pragma version 0.4.3
"""
An honest wallet of three owners, two of whom sign for it (ERC-1271): r, s, v of two
owners, ascending.
"""
owners: DynArray[address, 3]


@deploy
def __init__(first: address, second: address, third: address):
    self.owners = [first, second, third]


@external
@view
def isValidSignature(digest: bytes32, signature: Bytes[192]) -> bytes4:
    assert len(signature) == 192, "two"
    last: uint256 = 0
    for i: uint256 in range(2):
        at: uint256 = i * 96
        owner: address = ecrecover(
            digest,
            extract32(signature, at + 64, output_type=uint256),
            extract32(signature, at, output_type=uint256),
            extract32(signature, at + 32, output_type=uint256),
        )
        assert owner in self.owners and convert(owner, uint256) > last, "not signed"
        last = convert(owner, uint256)
    return 0x1626ba7e
