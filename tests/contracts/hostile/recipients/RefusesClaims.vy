# pragma version 0.4.3
"""
Takes a push, and refuses a claim, which has more gas.
"""


@external
@payable
def __default__():
    assert msg.gas < 400_000, "a claim"
