# pragma version 0.4.3
"""
@title Token
@notice A token of the demo's local chain, with six decimals. It imports snekmate, which is
        under the AGPL, so it is compiled for the demo only and no part of the package.
"""
from snekmate.auth import ownable
from snekmate.tokens import erc20

initializes: ownable
initializes: erc20[ownable := ownable]

exports: erc20.__interface__


@deploy
def __init__(holder: address, supply: uint256):
    ownable.__init__()
    erc20.__init__("Demo USD Coin", "USDC", 6, "Demo USD Coin", "1")
    erc20._mint(holder, supply)
