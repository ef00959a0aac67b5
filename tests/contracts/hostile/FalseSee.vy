# pragma version 0.4.3
"""
Says that it is a SEE, and does as it is told when it is paid.
"""
from ethereum.ercs import IERC20

NOTHING: constant(uint256) = 0
TAKES: constant(uint256) = 1  # a part, by `amount`
CALLS: constant(uint256) = 2  # takes all, then calls a target
GIVES: constant(uint256) = 3  # takes all, and gives some back

mode: uint256
amount: uint256
target: address
call: Bytes[2048]
failed: public(bool)


@external
def set(mode: uint256, amount: uint256, target: address, call: Bytes[2048]):
    self.mode = mode
    self.amount = amount
    self.target = target
    self.call = call


@external
def pay(currency: address, amount: uint256, memo: bytes32, version: uint256 = 0):
    if self.mode == TAKES:
        extcall IERC20(currency).transferFrom(msg.sender, self, self.amount)
    if self.mode == CALLS:
        extcall IERC20(currency).transferFrom(msg.sender, self, amount)
        self.failed = not raw_call(self.target, self.call, revert_on_failure=False)
    if self.mode == GIVES:
        extcall IERC20(currency).transferFrom(msg.sender, self, amount)
        extcall IERC20(currency).transfer(msg.sender, self.amount)


@external
def take(currency: address, owner: address, amount: uint256):
    extcall IERC20(currency).transferFrom(owner, self, amount)
