# pragma version 0.4.3
"""
Answers 48,000 bytes where a balance is asked for.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.transfer, ledger.transferFrom)


@external
@view
@raw_return
def balanceOf(account: address) -> Bytes[48032]:
    if ledger.on and account == ledger.see:
        return abi_encode(ledger.balances[account], empty(uint256[1499]))
    return slice(abi_encode(ledger.balances[account]), 0, 32)
