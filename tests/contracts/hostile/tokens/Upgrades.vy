# pragma version 0.4.3
"""
A proxy. Turned on, another code answers over the same storage.
"""
# The ledger of what it delegates to stands first.
balances: HashMap[address, uint256]
allowance: HashMap[address, HashMap[address, uint256]]
on: bool
see: address
other: address
FIRST: immutable(address)
NEXT: immutable(address)


@deploy
def __init__(first: address, next: address):
    FIRST = first
    NEXT = next


@external
@payable
@raw_return
def __default__() -> Bytes[32]:
    to: address = FIRST
    if self.on:
        to = NEXT
    return raw_call(to, msg.data, is_delegate_call=True, max_outsize=32)
