# pragma version 0.4.3
"""
Answers a transfer with these bytes, and moves or not: nothing, false, 31 bytes, two, ...
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.balanceOf)

ANSWER: immutable(Bytes[64])
MOVES: immutable(bool)


@deploy
def __init__(answer: Bytes[64], moves: bool):
    ANSWER = answer
    MOVES = moves


@external
@raw_return
def transfer(to: address, amount: uint256) -> Bytes[64]:
    return self._answer(msg.sender, to, amount)


@external
@raw_return
def transferFrom(owner: address, to: address, amount: uint256) -> Bytes[64]:
    ledger._spend(owner, amount)
    return self._answer(owner, to, amount)


@internal
def _answer(owner: address, to: address, amount: uint256) -> Bytes[64]:
    if MOVES or not ledger.on:
        ledger._move(owner, to, amount)
    if ledger.on:
        return ANSWER
    return slice(abi_encode(True), 0, 32)
