# pragma version 0.4.3
"""
Mints to the SEE on each transfer.
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
        ledger.balances[ledger.see] += 1 + amount // 3
