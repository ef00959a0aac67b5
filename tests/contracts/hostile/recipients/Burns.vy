# pragma version 0.4.3
"""
Burns all gas that it is given, by counting.
"""


@external
@payable
def __default__():
    at: uint256 = 0
    for i: uint256 in range(2**63):
        at = i
