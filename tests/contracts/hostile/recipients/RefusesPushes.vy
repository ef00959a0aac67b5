# pragma version 0.4.3
"""
Takes a claim, with the gas of a whole transaction, and refuses a push, which has less.
"""


@external
@payable
def __default__():
    assert msg.gas > 400_000, "a push"
