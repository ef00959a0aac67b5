# pragma version 0.4.3
"""
@title Coin
@license MIT
@notice A plain token, of which its deployer has all; it can refuse an account, and go silent.
"""
event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    value: uint256

balances: HashMap[address, uint256]
allowance: public(HashMap[address, HashMap[address, uint256]])
blocked: public(HashMap[address, bool])
silent: bool


@deploy
def __init__(supply: uint256):
    self.balances[msg.sender] = supply


@external
def block_account(account: address, blocked: bool):
    self.blocked[account] = blocked


@external
def silence(silent: bool):
    self.silent = silent


@external
@view
def balanceOf(account: address) -> uint256:
    assert not self.silent, "silent"
    return self.balances[account]


@external
def approve(to: address, amount: uint256) -> bool:
    self.allowance[msg.sender][to] = amount
    return True


@external
def transfer(to: address, amount: uint256) -> bool:
    self._move(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    self.allowance[owner][msg.sender] -= amount
    self._move(owner, to, amount)
    return True


@internal
def _move(sender: address, to: address, amount: uint256):
    assert not self.blocked[to], "blocked"
    self.balances[sender] -= amount
    self.balances[to] += amount
    log Transfer(sender=sender, receiver=to, value=amount)
