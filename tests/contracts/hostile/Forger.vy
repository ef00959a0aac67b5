# pragma version 0.4.3
"""
Says that it is committed to whatever it was told, and can be ended.
"""
commitment: public(bytes32)


@deploy
def __init__(commitment_: bytes32):
    self.commitment = commitment_


@external
def end():
    pass
