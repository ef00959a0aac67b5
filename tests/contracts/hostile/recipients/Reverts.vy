# pragma version 0.4.3
"""
Refuses whatever comes.
"""


@external
@payable
def __default__():
    raise "no"
