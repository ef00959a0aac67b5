# pragma version 0.4.3
"""
Everybody's balance falls by a thousandth with each block.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.approve, ledger.allowance)

FIRST: immutable(uint256)


@deploy
def __init__():
    FIRST = block.number


@external
@view
def held(account: address) -> uint256:
    return self._told(account)


@external
@view
def balanceOf(account: address) -> uint256:
    return self._told(account)


@external
def transfer(to: address, amount: uint256) -> bool:
    ledger._move(msg.sender, to, self._units(amount))
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    ledger._spend(owner, amount)
    ledger._move(owner, to, self._units(amount))
    return True


@internal
@view
def _told(account: address) -> uint256:
    return ledger.balances[account] * self._index() // 1000


@internal
@view
def _units(amount: uint256) -> uint256:
    return amount * 1000 // self._index()


@internal
@view
def _index() -> uint256:
    if not ledger.on:
        return 1000
    return 1000 - min(block.number - FIRST, 900)
