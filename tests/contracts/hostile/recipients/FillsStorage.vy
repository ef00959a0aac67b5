# pragma version 0.4.3
"""
Burns all gas that it is given, by writing.
"""
slots: HashMap[uint256, uint256]


@external
@payable
def __default__():
    for i: uint256 in range(2**63):
        self.slots[i] = i + 1
