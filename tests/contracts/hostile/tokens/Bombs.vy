# pragma version 0.4.3
"""
Answers a transfer with 48,000 bytes that start with true, or reverts with as many.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.balanceOf)

REVERTS: immutable(bool)


@deploy
def __init__(reverts: bool):
    REVERTS = reverts


@external
@raw_return
def transfer(to: address, amount: uint256) -> Bytes[48032]:
    ledger._move(msg.sender, to, amount)
    return self._bomb()


@external
@raw_return
def transferFrom(owner: address, to: address, amount: uint256) -> Bytes[48032]:
    ledger._spend(owner, amount)
    ledger._move(owner, to, amount)
    return self._bomb()


@internal
@view
def _bomb() -> Bytes[48032]:
    if not ledger.on:
        return slice(abi_encode(True), 0, 32)
    if REVERTS:
        raw_revert(abi_encode(empty(uint256[1500])))
    return abi_encode(True, empty(uint256[1499]))
