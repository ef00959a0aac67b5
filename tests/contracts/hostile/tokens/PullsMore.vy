# pragma version 0.4.3
"""
Takes of a payer twice what was asked.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.balanceOf, ledger.transfer)


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    ledger._spend(owner, amount)
    ledger._move(owner, to, amount)
    if ledger.on:
        ledger._move(owner, to, amount)
    return True
