# pragma version 0.4.3
"""
An honest token of unusual decimals.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.balanceOf, ledger.transfer, ledger.transferFrom)

symbol: public(constant(String[3])) = "ODD"
decimals: public(immutable(uint8))


@deploy
def __init__(decimals_: uint8):
    decimals = decimals_
