# pragma version 0.4.3
"""
@title Pays twice
@license MIT
@notice Pays by a plain transfer and by `pay`, of coin and of a token, in one transaction.
"""
from ethereum.ercs import IERC20

interface See:
    def pay(currency: address, amount: uint256, memo: bytes32): payable


@external
@payable
def __default__():
    pass


@external
def act(see: address, token: IERC20):
    """
    @notice 1 and 2 of the coin, 3 and 4 of the token, and 5 of it by another plain transfer.
    """
    raw_call(see, b"", value=1)
    extcall See(see).pay(empty(address), 2, empty(bytes32), value=2)
    extcall token.transfer(see, 3)
    extcall token.approve(see, 4)
    extcall See(see).pay(token.address, 4, empty(bytes32))
    extcall token.transfer(see, 5)
