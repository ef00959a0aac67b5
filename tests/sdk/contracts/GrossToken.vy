# pragma version 0.4.3
"""
@title GrossToken
@license MIT
@notice A token of the tests that logs what was sent, not what arrived: it takes a fee, makes up
        logs, and changes balances without one.
"""

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    value: uint256

symbol: public(String[8])
decimals: public(uint8)
fee: uint256  # in percent
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])


@deploy
def __init__(fee: uint256):
    self.symbol = "GRS"
    self.decimals = 6
    self.fee = fee
    self.balanceOf[msg.sender] = 10**30


@external
def forge(sender: address, receiver: address, amount: uint256):
    log Transfer(sender=sender, receiver=receiver, value=amount)


@external
def rebase(account: address, balance: uint256):
    self.balanceOf[account] = balance


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
    self.allowance[owner][msg.sender] -= amount
    self._move(owner, to, amount)
    return True


@internal
def _move(owner: address, to: address, amount: uint256):
    self.balanceOf[owner] -= amount
    self.balanceOf[to] += amount - amount * self.fee // 100
    log Transfer(sender=owner, receiver=to, value=amount)
