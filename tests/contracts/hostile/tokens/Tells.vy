# pragma version 0.4.3
"""
Lies about balances, in one of several ways.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.transfer, ledger.transferFrom)

TOO_MUCH: constant(uint256) = 1
TOO_LITTLE: constant(uint256) = 2
BY_CALL: constant(uint256) = 3  # something else with each call
BY_VIEW: constant(uint256) = 4  # something else where no transaction is sent

HOW: immutable(uint256)
VIEWER: immutable(address)  # the origin of calls that are no transactions


@deploy
def __init__(how: uint256, viewer: address):
    HOW = how
    VIEWER = viewer


@external
@view
def balanceOf(account: address) -> uint256:
    amount: uint256 = ledger.balances[account]
    if not ledger.on:
        return amount
    if HOW == TOO_MUCH:
        return amount + 1_000_003
    if HOW == TOO_LITTLE:
        return amount // 3
    if HOW == BY_CALL:
        return amount * (msg.gas % 5) // 2
    if tx.origin == VIEWER:
        return amount * 10 + 7
    return amount
