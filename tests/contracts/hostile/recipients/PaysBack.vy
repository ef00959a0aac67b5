# pragma version 0.4.3
"""
Pays what it gets to the SEE that paid it, as a payment with a reference.
"""
interface ISee:
    def pay(currency: address, amount: uint256, memo: bytes32): payable


@external
@payable
def __default__():
    extcall ISee(msg.sender).pay(empty(address), msg.value, empty(bytes32), value=msg.value)
