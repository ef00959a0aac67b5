# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Paying
@license MIT
@notice Payments with a reference, of the native coin or a token. A plain transfer is a
        payment too, and asks nobody.
"""
from ethereum.ercs import IERC20

from contracts.modules import books
from contracts.modules import refusals

event Paid:
    payer: indexed(address)
    memo: indexed(bytes32)
    currency: address
    amount: uint256

IMPLEMENTATION: immutable(address)


@deploy
def __init__():
    IMPLEMENTATION = self


@internal
def _receive(payer: address, amount: uint256):
    if amount == 0 or self == IMPLEMENTATION:
        refusals._not_payable()
    log Paid(payer=payer, memo=empty(bytes32), currency=books.NATIVE, amount=amount)


@internal
def _pay(currency: address, amount: uint256, memo: bytes32, payer: address, sent: uint256):
    received: uint256 = self._take(currency, amount, payer, sent)
    log Paid(payer=payer, memo=memo, currency=currency, amount=received)


@internal
def _take(currency: address, amount: uint256, payer: address, sent: uint256) -> uint256:
    if self == IMPLEMENTATION:
        refusals._not_payable()
    if currency == books.NATIVE:
        if sent != amount:
            refusals._wrong_amount()
        return amount
    if sent != 0:
        refusals._wrong_amount()
    before: uint256 = staticcall IERC20(currency).balanceOf(self)
    if not extcall IERC20(currency).transferFrom(
        payer, self, amount, default_return_value=True
    ):
        refusals._payment_failed()
    # A token may take a fee on the way: what arrived is what was paid. What comes from others
    # while a token calls its sender is not.
    return min(amount, staticcall IERC20(currency).balanceOf(self) - before)
