# pragma version 0.4.3
"""
Sends what it gets on, by a plain transfer, to an account that has never been used.
"""
SINK: constant(address) = 0x51cC51Cc51Cc51cc51cC51CC51CC51cC51cc51cc


@external
@payable
def __default__():
    raw_call(SINK, b"", value=msg.value)
