# pragma version 0.4.3
"""
A token that can destroy itself; all at once where it was made in the same transaction.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.balanceOf, ledger.transfer, ledger.transferFrom)


@external
def end():
    selfdestruct(msg.sender)
