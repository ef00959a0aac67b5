# pragma version 0.4.3
"""
Whenever it gets coin (or a token tells it), calls a target, and says what came of it.
"""
event Tried:
    success: bool
    answer: Bytes[96]

target: address
calldata_: Bytes[4096]
coin: uint256
busy: transient(bool)


@external
def aim(target: address, data: Bytes[4096], coin: uint256):
    self.target = target
    self.calldata_ = data
    self.coin = coin


@external
@payable
def __default__():
    if self.target == empty(address) or self.busy:
        return
    self.busy = True
    success: bool = False
    answer: Bytes[96] = b""
    success, answer = raw_call(
        self.target, self.calldata_, value=self.coin, max_outsize=96, revert_on_failure=False
    )
    log Tried(success=success, answer=answer)
    self.busy = False
