# pragma version 0.4.3
"""
Calls whom it is told whenever it is moved, and whenever it is asked.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance)

WHEN_ASKED: immutable(bool)

target: address
message: Bytes[8192]
betrays: bool  # refuses to tell a balance where its call succeeded: so that it is seen


@deploy
def __init__(when_asked: bool):
    WHEN_ASKED = when_asked


@external
def aim(target: address, message: Bytes[8192]):
    self.target = target
    self.message = message


@external
def set_betrays(betrays: bool):
    self.betrays = betrays


tried: public(uint256)
done: public(uint256)


# Not a view: whoever asks in a call that may write lets it write.
@external
def balanceOf(account: address) -> uint256:
    if ledger.on and WHEN_ASKED:
        success: bool = raw_call(
            self.target, self.message, gas=msg.gas // 2, revert_on_failure=False
        )
        assert not success or not self.betrays
    return ledger.balances[account]


@external
def transfer(to: address, amount: uint256) -> bool:
    self._call()
    ledger._move(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    ledger._spend(owner, amount)
    self._call()
    ledger._move(owner, to, amount)
    return True


@internal
def _call():
    if ledger.on and self.target != empty(address):
        self.tried += 1
        if raw_call(self.target, self.message, gas=msg.gas // 2, revert_on_failure=False):
            self.done += 1
