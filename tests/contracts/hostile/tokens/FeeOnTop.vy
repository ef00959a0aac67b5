# pragma version 0.4.3
"""
Takes 1.7 percent beside the amount, of the sender, of what it has.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.balanceOf)

@external
def transfer(to: address, amount: uint256) -> bool:
    self._pass(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    ledger._spend(owner, amount)
    self._pass(owner, to, amount)
    return True


@internal
def _pass(owner: address, to: address, amount: uint256):
    ledger._move(owner, to, amount)
    if ledger.on:
        ledger.balances[owner] -= min(ledger.balances[owner], amount * 17 // 1000)
