# pragma version 0.4.3
"""
Burns all the gas that is given to ask for a balance.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.transfer, ledger.transferFrom)


@external
@view
def balanceOf(account: address) -> uint256:
    assert not ledger.on or account != ledger.see, UNREACHABLE
    return ledger.balances[account]
