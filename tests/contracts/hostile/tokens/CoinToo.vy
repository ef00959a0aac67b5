# pragma version 0.4.3
"""
The native coin under a second address, as in hostile/SecondName.vy.
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
