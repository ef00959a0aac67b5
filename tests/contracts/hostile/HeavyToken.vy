# pragma version 0.4.3
"""
A token that works, and whose balance costs more gas to read than a SEE gives.
"""
balances: HashMap[address, uint256]
allowance: public(HashMap[address, HashMap[address, uint256]])


@deploy
def __init__():
    self.balances[msg.sender] = 2**100


@external
def approve(to: address, amount: uint256) -> bool:
    self.allowance[msg.sender][to] = amount
    return True


@external
@view
def balanceOf(account: address) -> uint256:
    word: bytes32 = empty(bytes32)
    for i: uint256 in range(8000):
        word = keccak256(word)
    return self.balances[account]


@external
def transfer(to: address, amount: uint256) -> bool:
    self.balances[msg.sender] -= amount
    self.balances[to] += amount
    return True


@external
def transferFrom(sender: address, to: address, amount: uint256) -> bool:
    self.allowance[sender][msg.sender] -= amount
    self.balances[sender] -= amount
    self.balances[to] += amount
    return True
