# pragma version 0.4.3
"""
@title FalseToken
@license MIT
@notice A token of the tests that anybody could make: it has the symbol of another, and takes an
        authorization of whom it likes for one that was signed.
"""

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    value: uint256

symbol: public(String[8])
decimals: public(uint8)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])


@deploy
def __init__():
    self.symbol = "USDC"
    self.decimals = 6


@external
def receiveWithAuthorization(
    payer: address,
    to: address,
    amount: uint256,
    after: uint256,
    before: uint256,
    nonce: bytes32,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    self.balanceOf[to] += amount
    log Transfer(sender=payer, receiver=to, value=amount)


@external
def approve(spender: address, amount: uint256) -> bool:
    self.allowance[msg.sender][spender] = amount
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    self.allowance[owner][msg.sender] -= amount
    self.balanceOf[owner] -= amount
    self.balanceOf[to] += amount
    log Transfer(sender=owner, receiver=to, value=amount)
    return True
