# pragma version 0.4.3
"""
Takes what comes: beside it the others are measured.
"""


@external
@payable
def __default__():
    pass
