# pragma version 0.4.3
"""
@title Token
@license MIT
@notice An ERC-20 with the habits that tokens have: takes a fee, answers nothing, blocks
        accounts, rebases, calls somebody while it moves, won't say who holds what.
"""
ANSWER_FALSE: constant(uint256) = 1
REVERT: constant(uint256) = 2
BURN: constant(uint256) = 3  # burns all the gas it is given
FUSSY: constant(uint256) = 4  # wants nearly all the gas that a push promises

# Of balanceOf.
MUTE_REVERT: constant(uint256) = 1
MUTE_BURN: constant(uint256) = 2  # burns all the gas it is given
MUTE_SHORT: constant(uint256) = 3  # answers less than a word

FEE: immutable(uint256)  # hundredths of a percent, of each transfer
SILENT: immutable(bool)  # answers nothing

balances: HashMap[address, uint256]
mute: uint256
allowance: public(HashMap[address, HashMap[address, uint256]])
blocked: HashMap[address, uint256]
target: address
message: Bytes[2048]


@deploy
def __init__(fee: uint256, silent: bool):
    FEE = fee
    SILENT = silent


@external
def set_balance(account: address, amount: uint256):
    self.balances[account] = amount


@external
def set_mute(how: uint256):
    self.mute = how


@external
def set_blocked(account: address, how: uint256):
    self.blocked[account] = how


@external
def set_call(target: address, message: Bytes[2048]):
    self.target = target
    self.message = message


@external
@view
@raw_return
def balanceOf(account: address) -> Bytes[32]:
    how: uint256 = self.mute
    assert how != MUTE_REVERT
    assert how != MUTE_BURN, UNREACHABLE
    if how == MUTE_SHORT:
        return b"\x01"
    return slice(abi_encode(self.balances[account]), 0, 32)


@external
@raw_return
def approve(spender: address, amount: uint256) -> Bytes[32]:
    self.allowance[msg.sender][spender] = amount
    return self._answer(1)


@external
@raw_return
def transfer(to: address, amount: uint256) -> Bytes[32]:
    return self._move(msg.sender, to, amount)


@external
@raw_return
def transferFrom(owner: address, to: address, amount: uint256) -> Bytes[32]:
    self.allowance[owner][msg.sender] -= amount
    return self._move(owner, to, amount)


@external
@view
def holdings(accounts: DynArray[address, 128]) -> DynArray[uint256, 128]:
    amounts: DynArray[uint256, 128] = []
    for account: address in accounts:
        amounts.append(self.balances[account])
    return amounts


@internal
def _move(owner: address, to: address, amount: uint256) -> Bytes[32]:
    gas: uint256 = msg.gas
    how: uint256 = self.blocked[to]
    if how == ANSWER_FALSE:
        return self._answer(0)
    assert how != REVERT
    assert how != BURN, UNREACHABLE
    if how == FUSSY:
        assert gas > 290_000
    if self.target != empty(address):
        done: bool = raw_call(
            self.target, self.message, gas=msg.gas // 2, revert_on_failure=False
        )
    self.balances[owner] -= amount
    self.balances[to] += amount - amount * FEE // 10_000
    return self._answer(1)


@internal
@view
def _answer(answer: uint256) -> Bytes[32]:
    if SILENT and answer == 1:
        return b""
    return slice(abi_encode(answer), 0, 32)
