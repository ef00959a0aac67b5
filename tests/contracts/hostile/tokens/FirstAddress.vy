# pragma version 0.4.3
"""
A token that a second address may move, whoever says so there.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.balanceOf, ledger.transfer, ledger.transferFrom)


@external
def move(owner: address, to: address, amount: uint256):
    ledger._move(owner, to, amount)
