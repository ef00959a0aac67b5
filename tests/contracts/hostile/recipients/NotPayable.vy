# pragma version 0.4.3
"""
A contract that nobody made for money.
"""
number: public(uint256)


@external
def set(number: uint256):
    self.number = number
