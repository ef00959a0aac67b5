# pragma version 0.4.3
"""
@title Sender
@license MIT
@notice Pays on what it gets with the 2,300 gas that old contracts give, and refuses where
        that is not enough.
"""

@external
@payable
def send_on(to: address):
    send(to, msg.value)
