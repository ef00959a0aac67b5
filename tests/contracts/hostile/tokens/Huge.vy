# pragma version 0.4.3
"""
Once it is turned on, the SEE has an amount at the edge of what a word can hold.
"""
import ledger

initializes: ledger
exports: (ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.balanceOf, ledger.transfer, ledger.transferFrom)

AMOUNT: immutable(uint256)


@deploy
def __init__(amount: uint256):
    AMOUNT = amount


@external
def turn(on: bool, see: address, other: address):
    if on and not ledger.on:
        ledger.balances[see] = AMOUNT
    ledger.on = on
