# pragma version 0.4.3
"""
A token with ERC-2612 permits, which also takes the word of a contract (ERC-1271).
"""
DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
PERMIT_TYPE: constant(bytes32) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)
MAGIC: constant(bytes32) = 0x1626ba7e00000000000000000000000000000000000000000000000000000000

balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
nonces: public(HashMap[address, uint256])


@deploy
def __init__():
    self.balanceOf[msg.sender] = 2**100


@external
def transfer(to: address, amount: uint256) -> bool:
    self.balanceOf[msg.sender] -= amount
    self.balanceOf[to] += amount
    return True


@external
def transferFrom(sender: address, to: address, amount: uint256) -> bool:
    self.allowance[sender][msg.sender] -= amount
    self.balanceOf[sender] -= amount
    self.balanceOf[to] += amount
    return True


@external
@view
def DOMAIN_SEPARATOR() -> bytes32:
    return self._domain()


@external
def permit(
    owner: address, spender: address, amount: uint256, deadline: uint256, signature: Bytes[512]
):
    assert block.timestamp <= deadline, "late"
    permit: bytes32 = keccak256(
        abi_encode(PERMIT_TYPE, owner, spender, amount, self.nonces[owner], deadline)
    )
    digest: bytes32 = keccak256(concat(0x1901, self._domain(), permit))
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        owner,
        abi_encode(digest, signature, method_id=method_id("isValidSignature(bytes32,bytes)")),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    assert success and len(answer) == 32 and convert(answer, bytes32) == MAGIC, "no permit"
    self.nonces[owner] += 1
    self.allowance[owner][spender] = amount


@internal
@view
def _domain() -> bytes32:
    return keccak256(
        abi_encode(DOMAIN_TYPE, keccak256("Permit"), keccak256("1"), chain.id, self)
    )
