# pragma version 0.4.3
"""
Sends what it gets back to whoever paid it, by a plain transfer.
"""


@external
@payable
def __default__():
    raw_call(msg.sender, b"", value=msg.value)
