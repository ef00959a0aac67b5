# pragma version 0.4.3
"""
One ledger under two addresses: this one is a second way into the first.
"""
interface IFirst:
    def balanceOf(account: address) -> uint256: view
    def move(owner: address, to: address, amount: uint256): nonpayable

FIRST: immutable(address)

allowance: public(HashMap[address, HashMap[address, uint256]])


@deploy
def __init__(first: address):
    FIRST = first


@external
@view
def balanceOf(account: address) -> uint256:
    return staticcall IFirst(FIRST).balanceOf(account)


@external
def approve(spender: address, amount: uint256) -> bool:
    self.allowance[msg.sender][spender] = amount
    return True


@external
def transfer(to: address, amount: uint256) -> bool:
    extcall IFirst(FIRST).move(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    self.allowance[owner][msg.sender] -= amount
    extcall IFirst(FIRST).move(owner, to, amount)
    return True
