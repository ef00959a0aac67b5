# pragma version 0.4.3
"""
@title OldToken
@license MIT
@notice A token of the old kind, for the tests: its symbol is 32 bytes, its functions return
        nothing, and an allowance must be taken back before another is given.
"""
symbol: public(bytes32)
decimals: public(uint256)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])


@deploy
def __init__():
    self.symbol = 0x4f4c440000000000000000000000000000000000000000000000000000000000
    self.decimals = 300
    self.balanceOf[msg.sender] = 10**30


@external
def transfer(to: address, amount: uint256):
    self.balanceOf[msg.sender] -= amount
    self.balanceOf[to] += amount


@external
def approve(spender: address, amount: uint256):
    assert amount == 0 or self.allowance[msg.sender][spender] == 0
    self.allowance[msg.sender][spender] = amount


@external
def transferFrom(owner: address, to: address, amount: uint256):
    self.allowance[owner][msg.sender] -= amount
    self.balanceOf[owner] -= amount
    self.balanceOf[to] += amount
