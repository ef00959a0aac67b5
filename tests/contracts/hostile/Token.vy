# pragma version 0.4.3
"""
A token that does as it is told: takes a fee, rebases, answers false, nothing or rubbish,
refuses an account, burns gas, tells its recipients.
"""
NO_ANSWER: constant(uint256) = 1
ANSWERS_FALSE: constant(uint256) = 2  # and moves nothing
BALANCE_REVERTS: constant(uint256) = 3
BURNS: constant(uint256) = 4  # all gas
ANSWERS_TWO: constant(uint256) = 5
THIEF: constant(uint256) = 6  # moves, and answers false
NO_ZERO: constant(uint256) = 7  # refuses a transfer of nothing
LONG: constant(uint256) = 8  # a long answer that starts with true
DECLINES: constant(uint256) = 9  # each transfer

balances: HashMap[address, uint256]
allowance: public(HashMap[address, HashMap[address, uint256]])
blocked: HashMap[address, bool]
mode: uint256
fee: uint256  # in percent
hooks: bool


@deploy
def __init__():
    self.balances[msg.sender] = 2**255


@external
def set(mode: uint256, fee: uint256, hooks: bool):
    self.mode = mode
    self.fee = fee
    self.hooks = hooks


@external
def refuse(account: address, blocked: bool):
    self.blocked[account] = blocked


@external
def rebase(account: address, amount: uint256):
    self.balances[account] = amount


@external
def approve(to: address, amount: uint256) -> bool:
    self.allowance[msg.sender][to] = amount
    return True


@external
@view
def balanceOf(account: address) -> uint256:
    assert self.mode != BALANCE_REVERTS, "no balance"
    return self.balances[account]


@external
@raw_return
def transfer(to: address, amount: uint256) -> Bytes[320]:
    return self._move(msg.sender, to, amount)


@external
@raw_return
def transferFrom(sender: address, to: address, amount: uint256) -> Bytes[320]:
    self.allowance[sender][msg.sender] -= amount
    return self._move(sender, to, amount)


@internal
def _move(sender: address, to: address, amount: uint256) -> Bytes[320]:
    assert not self.blocked[to], "blocked"
    assert self.mode != DECLINES, "declined"
    if self.mode == ANSWERS_FALSE:
        return abi_encode(False)
    if self.mode == BURNS:
        for i: uint256 in range(2**63):
            self.fee = i
    if self.mode == NO_ZERO:
        assert amount != 0, "nothing"
    self.balances[sender] -= amount
    self.balances[to] += amount - amount * self.fee // 100
    if self.hooks and to.is_contract and msg.sender.is_contract:
        raw_call(to, method_id("tokensReceived()"))
    if self.mode == NO_ANSWER:
        return b""
    if self.mode == THIEF:
        return abi_encode(False)
    if self.mode == ANSWERS_TWO:
        return abi_encode(convert(2, uint256))
    if self.mode == LONG:
        return abi_encode(True, empty(uint256[9]))
    return abi_encode(True)
