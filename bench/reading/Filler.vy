# pragma version 0.4.3
"""
@title Filler
@license MIT
@notice Makes many events of a SEE in one transaction, of all kinds that money has there.
"""
from ethereum.ercs import IERC20

struct Table:
    root: bytes32
    shares: uint256
    pages: uint256
    terms: bytes32

interface See:
    def pay(currency: address, amount: uint256, memo: bytes32): payable
    def claim(index: uint256, account: address): nonpayable
    def payout(table: Table, words: Bytes[1024], currency: address): nonpayable

MOST: constant(uint256) = 1000


@deploy
@payable
def __init__():
    pass


@external
def fill(
    see: address, token: IERC20, account: address, table: Table, words: Bytes[1024], times: uint256
):
    """
    @notice Each time a plain transfer of coin (Received), a payment of coin (Paid), a plain
            transfer of the token (Transfer), a payment of it (Transfer, Paid), a claim of
            coin by the first seat (Claimed), and every fourth time a payout of the token
            (PaidOut, and Kept for each seat that is pull only).
    """
    extcall token.approve(see, max_value(uint256))
    for i: uint256 in range(times, bound=MOST):
        amount: uint256 = 1000 + 7 * i
        memo: bytes32 = keccak256(convert(i, bytes32))
        raw_call(see, b"", value=amount)
        extcall See(see).pay(empty(address), amount + 1, memo, value=amount + 1)
        extcall token.transfer(see, amount + 2)
        extcall See(see).pay(token.address, amount + 3, memo)
        extcall See(see).claim(0, account)
        if i & 3 == 3:
            extcall See(see).payout(table, words, token.address)
