# pragma version 0.4.3
# What many accounts hold of the native coin and of some tokens, in one call: nothing is sent to it.
interface IToken:
    def balanceOf(account: address) -> uint256: view


@external
@view
def held(accounts: DynArray[address, 600], tokens: DynArray[address, 3]) -> DynArray[uint256, 2400]:
    """
    @notice The native coin of each account, and then each token's.
    """
    amounts: DynArray[uint256, 2400] = []
    for account: address in accounts:
        amounts.append(account.balance)
    for token: address in tokens:
        for account: address in accounts:
            amounts.append(staticcall IToken(token).balanceOf(account))
    return amounts
