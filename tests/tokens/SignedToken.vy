# pragma version 0.4.3
"""
A token with permits (ERC-2612) and authorisations (ERC-3009); it can be told to be odd.
"""
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

FEE: constant(uint256) = 1  # a hundredth of what is moved
ANSWERS_FALSE: constant(uint256) = 2  # and moves nothing
NO_ANSWER: constant(uint256) = 3
ZERO_FIRST: constant(uint256) = 4  # approves only where nothing was approved
ROUNDS: constant(uint256) = 5  # one unit stays behind
KEEPS: constant(uint256) = 6  # half of it stays behind
TAKES_MORE: constant(uint256) = 7  # one unit more than arrives
STICKY: constant(uint256) = 8  # an allowance is not used up
CALLS: constant(uint256) = 9  # a target, whenever it is moved
NO_PERMIT: constant(uint256) = 10
PHANTOM: constant(uint256) = 11  # takes any signature, and does nothing by it
FALSE_APPROVAL: constant(uint256) = 12
BURNS_PERMIT: constant(uint256) = 13  # all gas that the permit is given
ANY_PAYEE: constant(uint256) = 15  # not as ERC-3009 says: who sends it is not asked
OTHER_DOMAIN: constant(uint256) = 14  # signs in a domain that it does not tell

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    value: uint256

name: public(String[32])
symbol: public(String[8])
decimals: public(uint8)
version: public(String[8])
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
nonces: public(HashMap[address, uint256])
authorizationState: public(HashMap[address, HashMap[bytes32, bool]])
mode: public(uint256)
target: address
call: Bytes[2048]
failed: public(bool)


@deploy
def __init__():
    self.name = "Signed Dollar"
    self.symbol = "SIGN"
    self.decimals = 6
    self.version = "2"
    self.balanceOf[msg.sender] = 2**100


@external
def set(mode: uint256, target: address, call: Bytes[2048]):
    self.mode = mode
    self.target = target
    self.call = call


@external
def give(account: address, amount: uint256):
    self.balanceOf[account] += amount


@external
@raw_return
def approve(spender: address, amount: uint256) -> Bytes[32]:
    if self.mode == ZERO_FIRST:
        assert amount == 0 or self.allowance[msg.sender][spender] == 0, "approved"
    if self.mode == FALSE_APPROVAL:
        return abi_encode(False)
    self.allowance[msg.sender][spender] = amount
    return self._answer()


@external
@raw_return
def transfer(to: address, amount: uint256) -> Bytes[32]:
    self._move(msg.sender, to, amount)
    return self._answer()


@external
@raw_return
def transferFrom(owner: address, to: address, amount: uint256) -> Bytes[32]:
    if self.mode == ANSWERS_FALSE:
        return abi_encode(False)
    if self.mode != STICKY:
        assert self.allowance[owner][msg.sender] >= amount, "allowance"
        self.allowance[owner][msg.sender] -= amount
    self._move(owner, to, amount)
    return self._answer()


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
    if self.mode == PHANTOM:
        return
    if self.mode == BURNS_PERMIT:
        for i: uint256 in range(2**63):
            self.mode = BURNS_PERMIT
    assert self.mode != NO_PERMIT, "no permit"
    assert block.timestamp <= deadline, "late"
    hashed: bytes32 = keccak256(
        abi_encode(PERMIT_TYPE, owner, spender, amount, self.nonces[owner], deadline)
    )
    digest: bytes32 = keccak256(concat(0x1901, self._domain(), hashed))
    assert owner != empty(address) and ecrecover(digest, v, r, s) == owner, "bad permit"
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
    if self.mode == PHANTOM:
        return
    if self.mode != ANY_PAYEE:
        assert msg.sender == to, "not the payee"
    assert block.timestamp > valid_after, "not yet valid"
    assert block.timestamp < valid_before, "expired"
    assert not self.authorizationState[payer][nonce], "used"
    hashed: bytes32 = keccak256(
        abi_encode(RECEIVE_TYPE, payer, to, amount, valid_after, valid_before, nonce)
    )
    digest: bytes32 = keccak256(concat(0x1901, self._domain(), hashed))
    assert payer != empty(address) and ecrecover(digest, v, r, s) == payer, "bad authorization"
    self.authorizationState[payer][nonce] = True
    self._move(payer, to, amount)


@internal
@view
def _domain() -> bytes32:
    name: bytes32 = keccak256(self.name)
    if self.mode == OTHER_DOMAIN:
        name = keccak256("something else")
    return keccak256(abi_encode(DOMAIN_TYPE, name, keccak256(self.version), chain.id, self))


@internal
def _move(owner: address, to: address, amount: uint256):
    assert self.balanceOf[owner] >= amount, "balance"
    taken: uint256 = amount
    if self.mode == ROUNDS:
        taken = amount - 1
    if self.mode == KEEPS:
        taken = amount // 2
    self.balanceOf[owner] -= taken
    if self.mode == TAKES_MORE:
        self.balanceOf[owner] -= 1
    if self.mode == FEE:
        taken -= taken // 100
    self.balanceOf[to] += taken
    log Transfer(sender=owner, receiver=to, value=taken)
    if self.mode == CALLS:
        self.failed = not raw_call(self.target, self.call, revert_on_failure=False)


@internal
@view
def _answer() -> Bytes[32]:
    if self.mode == NO_ANSWER:
        return b""
    return abi_encode(True)
