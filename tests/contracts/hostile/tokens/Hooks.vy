# pragma version 0.4.3
"""
Tells sender and recipient (ERC-777), and lets a recipient that is a contract refuse.
"""
import ledger

initializes: ledger
exports: (ledger.turn, ledger.set_balance, ledger.held, ledger.approve, ledger.allowance, ledger.balanceOf)

@external
def transfer(to: address, amount: uint256) -> bool:
    self._pass(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    ledger._spend(owner, amount)
    self._pass(owner, to, amount)
    return True


@internal
def _pass(owner: address, to: address, amount: uint256):
    if ledger.on and owner.is_contract:
        told: bool = raw_call(
            owner,
            abi_encode(to, amount, method_id=method_id("tokensToSend(address,uint256)")),
            gas=msg.gas // 2,
            revert_on_failure=False,
        )
    ledger._move(owner, to, amount)
    if ledger.on and to.is_contract and to != ledger.see:
        raw_call(to, abi_encode(owner, amount, method_id=method_id("tokensReceived(address,uint256)")))
