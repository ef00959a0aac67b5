# pragma version 0.4.3
"""
Tells its signing domain by ERC-5267 alone, as that of this contract or of another.
"""
DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
of: address


@deploy
def __init__(of: address):
    self.of = of


@external
@view
def DOMAIN_SEPARATOR() -> bytes32:
    return keccak256(
        abi_encode(DOMAIN_TYPE, keccak256("Told"), keccak256("7"), chain.id, self._of())
    )


@external
@view
def eip712Domain() -> (
    bytes1, String[8], String[1], uint256, address, bytes32, DynArray[uint256, 1]
):
    return 0x0f, "Told", "7", chain.id, self._of(), empty(bytes32), []


@internal
@view
def _of() -> address:
    if self.of == empty(address):
        return self
    return self.of
