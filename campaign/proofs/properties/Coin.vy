# pragma version 0.4.3
"""
@title Coin
@license MIT
@notice A token as ERC-20 has it, which refuses whom it likes.
"""
balanceOf: public(HashMap[address, uint256])
refused: HashMap[address, bool]


@external
def transfer(to: address, amount: uint256) -> bool:
    return self._move(msg.sender, to, amount)


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    return self._move(owner, to, amount)


@internal
def _move(owner: address, to: address, amount: uint256) -> bool:
    if self.refused[to]:
        return False
    assert self.balanceOf[owner] >= amount
    self.balanceOf[owner] = unsafe_sub(self.balanceOf[owner], amount)
    self.balanceOf[to] = unsafe_add(self.balanceOf[to], amount)  # its supply is bounded
    return True
