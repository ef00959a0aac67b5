# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Payer
@license MIT
@notice Pays a token into a SEE or a Splitter with one signature and no approval before:
        ERC-2612 permits and ERC-3009 authorisations. It stands beside the SEEs, has no
        owner and no state, and keeps nothing from one call to the next: what is not paid
        in by the end of a call has never left its payer.

        version  2**256 - 1  any, as Splitters have no other; else the number of the
                             agreement that the payer saw, or, with bit 15 set, of a closed
                             one, to be paid late

        Whether a SEE is genuine is not asked here: who signs looks at it before.
"""
from ethereum.ercs import IERC20

from contracts.modules import refusals

interface ISee:
    def pay(currency: address, amount: uint256, memo: bytes32): nonpayable
    def pay_late(
        currency: address, amount: uint256, memo: bytes32, version: uint256
    ): nonpayable

interface IVersionedSee:
    def pay(
        currency: address, amount: uint256, memo: bytes32, version: uint256
    ): nonpayable

# https://eips.ethereum.org/EIPS/eip-2612
interface IPermit:
    def permit(
        owner: address,
        spender: address,
        amount: uint256,
        deadline: uint256,
        v: uint8,
        r: bytes32,
        s: bytes32,
    ): nonpayable

# https://eips.ethereum.org/EIPS/eip-3009
interface IAuthorised:
    def receiveWithAuthorization(
        payer: address,
        to: address,
        amount: uint256,
        valid_after: uint256,
        valid_before: uint256,
        nonce: bytes32,
        v: uint8,
        r: bytes32,
        s: bytes32,
    ): nonpayable

event PaidFor:  # behind the SEE's own event, which names this contract as the payer
    see: indexed(address)
    payer: indexed(address)
    memo: indexed(bytes32)
    currency: address
    amount: uint256  # that was handed on; of a token with a fee less arrives

ANY_VERSION: constant(uint256) = max_value(uint256)
LATE: constant(uint256) = 1 << 15  # as in modules/versions.vy
ROUNDING: constant(uint256) = 2  # smallest units that a rebasing token may leave here


@external
def pay_with_permit(
    see: address,
    currency: address,
    amount: uint256,
    memo: bytes32,
    version: uint256,
    deadline: uint256,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    """
    @notice Pays the sender's own token: a permit says who may take the money and not where
            it goes, so that nobody else may use it here. Where the permit was used already,
            by whoever saw it, the allowance that it gave is taken. Reverts with "too late",
            "wrong amount" where nothing arrives, "payment failed" where the token answers
            false or the money is not taken as it was handed on; or as the token or the SEE.
    @param amount Of the permit too, whose spender is this contract.
    @param deadline Of the permit, unix seconds.
    """
    if block.timestamp > deadline:
        refusals._too_late()
    before: uint256 = staticcall IERC20(currency).balanceOf(self)
    # A permit that fails leaves it to the allowance: what is taken is the sender's own.
    _used: bool = raw_call(
        currency,
        abi_encode(
            msg.sender,
            self,
            amount,
            deadline,
            v,
            r,
            s,
            method_id=method_id("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"),
        ),
        revert_on_failure=False,
    )
    if not extcall IERC20(currency).transferFrom(
        msg.sender, self, amount, default_return_value=True
    ):
        refusals._payment_failed()
    self._hand_on(see, currency, msg.sender, amount, memo, version, before)


@external
def pay_with_authorization(
    see: address,
    currency: address,
    payer: address,
    amount: uint256,
    memo: bytes32,
    version: uint256,
    salt: bytes32,
    valid_after: uint256,
    valid_before: uint256,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    """
    @notice Pays the token of who has signed its authorisation to this contract. Anyone may
            send it: its nonce says where the money goes, and as what. Reverts as
            pay_with_permit, and as the token where the signature is another's or used.
    @param salt Any; it tells two payments apart that are else the same.
    @param valid_after Unix seconds, as valid_before, both of the authorisation.
    """
    before: uint256 = staticcall IERC20(currency).balanceOf(self)
    extcall IAuthorised(currency).receiveWithAuthorization(
        payer,
        self,
        amount,
        valid_after,
        valid_before,
        self._nonce(see, currency, memo, version, salt),
        v,
        r,
        s,
    )
    self._hand_on(see, currency, payer, amount, memo, version, before)


@external
@pure
@reentrant
def authorization_nonce(
    see: address, currency: address, memo: bytes32, version: uint256, salt: bytes32
) -> bytes32:
    """
    @notice The nonce that binds an authorisation to where its money goes.
    """
    return self._nonce(see, currency, memo, version, salt)


@internal
@pure
def _nonce(
    see: address, currency: address, memo: bytes32, version: uint256, salt: bytes32
) -> bytes32:
    return keccak256(abi_encode(see, currency, memo, version, salt))


@internal
def _hand_on(
    see: address,
    currency: address,
    payer: address,
    amount: uint256,
    memo: bytes32,
    version: uint256,
    before: uint256,
):
    """
    @notice Pays in what has arrived since `before`, and no more than was asked for.
    """
    arrived: uint256 = staticcall IERC20(currency).balanceOf(self) - before
    if arrived > amount:
        arrived = amount
    if arrived == 0:
        refusals._wrong_amount()
    # Every call leaves no allowance, so that tokens which want none before are content.
    if not extcall IERC20(currency).approve(see, arrived, default_return_value=True):
        refusals._payment_failed()
    if version == ANY_VERSION:
        extcall ISee(see).pay(currency, arrived, memo)
    elif version & LATE != 0:
        extcall ISee(see).pay_late(currency, arrived, memo, version ^ LATE)
    else:
        extcall IVersionedSee(see).pay(currency, arrived, memo, version)
    if staticcall IERC20(currency).allowance(self, see) != 0:
        refusals._payment_failed()
    # Below what was here before, this is beyond any rounding.
    left: uint256 = unsafe_sub(staticcall IERC20(currency).balanceOf(self), before)
    if left > ROUNDING:
        refusals._payment_failed()
    log PaidFor(see=see, payer=payer, memo=memo, currency=currency, amount=arrived)
