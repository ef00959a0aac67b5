# pragma version 0.4.3
"""
A token that calls a target whenever it is moved, and keeps whether that failed.
"""
target: immutable(address)
CALL: immutable(Bytes[4096])
failed: public(bool)
balanceOf: public(HashMap[address, uint256])


@deploy
def __init__(target_: address, call: Bytes[4096]):
    target = target_
    CALL = call


@external
def transferFrom(sender: address, to: address, amount: uint256) -> bool:
    self.balanceOf[to] += amount
    self.failed = not raw_call(target, CALL, revert_on_failure=False)
    return True


@external
def transfer(to: address, amount: uint256) -> bool:
    self.balanceOf[msg.sender] -= amount
    self.failed = not raw_call(target, CALL, revert_on_failure=False)
    return True
