# pragma version 0.4.3
"""
What all hostile tokens have: who holds how much, who may take it, and a switch. Until it is
turned on each of them is an honest token.
"""
balances: HashMap[address, uint256]
allowance: public(HashMap[address, HashMap[address, uint256]])
on: bool
see: address  # whom it is after
other: address  # who is to gain by it, or to be harmed


@external
def turn(on: bool, see: address, other: address):
    self.on = on
    self.see = see
    self.other = other


@external
def set_balance(account: address, amount: uint256):
    self.balances[account] = amount


@external
@view
def held(account: address) -> uint256:
    """
    @notice What an account has in truth, whatever balanceOf says.
    """
    return self.balances[account]


@external
@view
def balanceOf(account: address) -> uint256:
    return self.balances[account]


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
    self._spend(owner, amount)
    self._move(owner, to, amount)
    return True


@internal
def _spend(owner: address, amount: uint256):
    self.allowance[owner][msg.sender] -= amount


@internal
def _move(owner: address, to: address, amount: uint256):
    self.balances[owner] -= amount
    self.balances[to] += amount
