# pragma version 0.4.3
"""
Multiplies what the SEE has, on each turn of the switch.
"""
import ledger

initializes: ledger
exports: (ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.balanceOf, ledger.transfer, ledger.transferFrom)

TIMES: immutable(uint256)
OUT_OF: immutable(uint256)


@deploy
def __init__(times: uint256, out_of: uint256):
    TIMES = times
    OUT_OF = out_of


@external
def turn(on: bool, see: address, other: address):
    if on:
        ledger.balances[see] = ledger.balances[see] * TIMES // OUT_OF
