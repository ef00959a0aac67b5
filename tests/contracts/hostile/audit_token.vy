# pragma version 0.4.3
"""
A token with all of ERC-3009 and permits, whose units are shares at a price: it takes the word of
contracts (ERC-1271), and tells accounts with code before their token moves. It can be told not
to ask who calls receiveWithAuthorization, or to take any signature.
"""
ANY_CALLER: constant(uint256) = 1
ANY_SIGNATURE: constant(uint256) = 2

DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
PERMIT_TYPE: constant(bytes32) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)
RECEIVE_TYPE: constant(bytes32) = keccak256(
    "ReceiveWithAuthorization(address from,address to,uint256 value,"
    "uint256 validAfter,uint256 validBefore,bytes32 nonce)"
)
TRANSFER_TYPE: constant(bytes32) = keccak256(
    "TransferWithAuthorization(address from,address to,uint256 value,"
    "uint256 validAfter,uint256 validBefore,bytes32 nonce)"
)
MAGIC: constant(bytes32) = 0x1626ba7e00000000000000000000000000000000000000000000000000000000

shares: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
nonces: public(HashMap[address, uint256])
authorizationState: public(HashMap[address, HashMap[bytes32, bool]])
price: uint256
per: uint256
up: bool
loose: uint256


@deploy
def __init__():
    self.price = 1
    self.per = 1


@external
def set(price: uint256, per: uint256, up: bool, loose: uint256):
    self.price = price
    self.per = per
    self.up = up
    self.loose = loose


@external
def give(account: address, amount: uint256):
    self.shares[account] += amount


@external
@view
def balanceOf(account: address) -> uint256:
    return self.shares[account] * self.price // self.per


@external
def approve(spender: address, amount: uint256) -> bool:
    self.allowance[msg.sender][spender] = amount
    return True


@external
def transfer(to: address, amount: uint256) -> bool:
    self._move(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    assert self.allowance[owner][msg.sender] >= amount, "allowance"
    self.allowance[owner][msg.sender] -= amount
    self._move(owner, to, amount)
    return True


@external
@view
def DOMAIN_SEPARATOR() -> bytes32:
    return self._domain()


@external
def permit(
    owner: address,
    spender: address,
    amount: uint256,
    deadline: uint256,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    assert block.timestamp <= deadline, "late"
    hashed: bytes32 = keccak256(
        abi_encode(PERMIT_TYPE, owner, spender, amount, self.nonces[owner], deadline)
    )
    self._check(owner, hashed, v, r, s)
    self.nonces[owner] += 1
    self.allowance[owner][spender] = amount


@external
def receiveWithAuthorization(
    payer: address,
    to: address,
    amount: uint256,
    valid_after: uint256,
    valid_before: uint256,
    nonce: bytes32,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    assert msg.sender == to or self.loose == ANY_CALLER, "not the payee"
    self._authorised(RECEIVE_TYPE, payer, to, amount, valid_after, valid_before, nonce, v, r, s)


@external
def transferWithAuthorization(
    payer: address,
    to: address,
    amount: uint256,
    valid_after: uint256,
    valid_before: uint256,
    nonce: bytes32,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    self._authorised(TRANSFER_TYPE, payer, to, amount, valid_after, valid_before, nonce, v, r, s)


@internal
def _authorised(
    kind: bytes32,
    payer: address,
    to: address,
    amount: uint256,
    valid_after: uint256,
    valid_before: uint256,
    nonce: bytes32,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    assert block.timestamp > valid_after and block.timestamp < valid_before, "not now"
    assert not self.authorizationState[payer][nonce], "used"
    hashed: bytes32 = keccak256(
        abi_encode(kind, payer, to, amount, valid_after, valid_before, nonce)
    )
    self._check(payer, hashed, v, r, s)
    self.authorizationState[payer][nonce] = True
    self._move(payer, to, amount)


@internal
@view
def _check(account: address, hashed: bytes32, v: uint8, r: bytes32, s: bytes32):
    if self.loose == ANY_SIGNATURE:
        return
    digest: bytes32 = keccak256(concat(0x1901, self._domain(), hashed))
    if account != empty(address) and ecrecover(digest, v, r, s) == account:
        return
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        account,
        abi_encode(
            digest, concat(r, s), method_id=method_id("isValidSignature(bytes32,bytes)")
        ),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    assert success and len(answer) == 32 and convert(answer, bytes32) == MAGIC, "bad signature"


@internal
@view
def _domain() -> bytes32:
    return keccak256(
        abi_encode(DOMAIN_TYPE, keccak256("Shares"), keccak256("1"), chain.id, self)
    )


@internal
def _move(owner: address, to: address, amount: uint256):
    assert self.shares[owner] * self.price // self.per >= amount, "balance"
    moved: uint256 = amount * self.per // self.price
    if self.up:
        moved = min(self.shares[owner], (amount * self.per + self.price - 1) // self.price)
    if owner.is_contract:
        _told: bool = raw_call(
            owner, method_id("tokensToSend(address,uint256)"), revert_on_failure=False
        )
    self.shares[owner] -= moved
    self.shares[to] += moved
