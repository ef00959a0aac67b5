# pragma version 0.4.3
"""
Takes a new approval only where there is none, as USDT does.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.allowance, ledger.balanceOf, ledger.transfer, ledger.transferFrom)


@external
def approve(spender: address, amount: uint256) -> bool:
    if ledger.on:
        assert amount == 0 or ledger.allowance[msg.sender][spender] == 0, "approved"
    ledger.allowance[msg.sender][spender] = amount
    return True
