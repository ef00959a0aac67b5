# pragma version 0.4.3
"""
@title Wallet
@license MIT
@notice A member's contract account that refuses coin until its owner mends it.
"""
OWNER: immutable(address)
mended: public(bool)


@deploy
def __init__(owner: address):
    OWNER = owner


@external
@payable
def __default__():
    assert self.mended, "this wallet is broken"


@external
def mend():
    assert msg.sender == OWNER, "not owner"
    self.mended = True
