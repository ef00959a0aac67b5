# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title SEE
@license MIT
@notice A Social Economic Entity: a Splitter whose table can be succeeded and which can
        end. The money is here, consent is in the Registry that deployed this.
"""
from contracts import Splitter as splitter

initializes: splitter

exports: (
    splitter.join,
    splitter.claim,
    splitter.claim_token,
    splitter.claim_many,
    splitter.payout,
    splitter.payout_page,
    splitter.payout_whole,
    splitter.commitment,
    splitter.version,
    splitter.received,
    splitter.seat,
    splitter.dues,
)

event Received:  # a plain payment, logged by the clone itself
    payment: uint256  # payer (160) | amount (96)

event Ended:
    pass

registry: reentrant(public(immutable(address)))  # the deployer of the implementation
ended: reentrant(public(bool))


@deploy
def __init__():
    splitter.__init__()
    registry = msg.sender


@external
@payable
@reentrant
def __default__():
    """
    @notice As in Splitter.vy.
    """
    splitter._receive(msg.sender, msg.value)


@external
@payable
def pay(currency: address, amount: uint256, memo: bytes32):
    """
    @notice As in Splitter.vy, until the SEE has ended. Plain transfers can't be refused:
            they still split by the last table.
    """
    assert not self.ended, "see ended"
    splitter._pay(currency, amount, memo, msg.sender, msg.value)


@external
def end():
    """
    @notice Ends the SEE. Its Registry only. Claims and payouts go on.
    """
    assert msg.sender == registry, "not registry"
    self.ended = True
    log Ended()
