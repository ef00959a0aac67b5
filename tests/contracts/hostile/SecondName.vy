# pragma version 0.4.3
"""
The native coin under a second address, as on chains whose coin is a token too. What those
chains do below the contracts, the account itself does here: asked by this token, it sends.
"""

@external
@payable
def __default__():
    pass


@external
@view
def balanceOf(account: address) -> uint256:
    return account.balance


@external
def transfer(to: address, amount: uint256) -> bool:
    raw_call(msg.sender, abi_encode(amount))
    send(to, amount, gas=50_000)
    return True
