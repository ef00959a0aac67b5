# pragma version 0.4.3
"""
Sends who asks to a gateway (EIP-3668), in every function.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance)

LOOKUP: constant(Bytes[4]) = method_id("OffchainLookup(address,string[],bytes,bytes4,bytes)")

url: String[96]


@external
def set_url(url: String[96]):
    self.url = url


@external
@view
def balanceOf(account: address) -> uint256:
    self._lookup()
    return ledger.balances[account]


@external
def transfer(to: address, amount: uint256) -> bool:
    self._lookup()
    ledger._move(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    self._lookup()
    ledger._spend(owner, amount)
    ledger._move(owner, to, amount)
    return True


@internal
@view
def _lookup():
    if ledger.on:
        urls: DynArray[String[96], 1] = [self.url]
        back: bytes4 = 0x70a08231
        raw_revert(abi_encode(self, urls, b"", back, b"", method_id=LOOKUP))
