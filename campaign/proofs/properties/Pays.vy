# pragma version 0.4.3
"""
@title Pays
@license MIT
@notice pay, pay_late and a plain payment: nothing moves but from the payer to the SEE.
"""
from campaign.proofs.properties import slots
from campaign.proofs.properties import world
from contracts.modules import books

initializes: world


@external
def setUp():
    world._set_up()
    world._arbitrary()


@external
def check_pay(amount: uint256, memo: bytes32, sent: uint256, held: uint256, any: world.Any):
    """
    @notice pay of the native coin: the exact amount, and no word changes.
    """
    self._pay_native(
        abi_encode(empty(address), amount, memo, method_id=method_id("pay(address,uint256,bytes32)")),
        amount, sent, held, any,
    )


@external
def check_pay_version(
    amount: uint256, memo: bytes32, version: uint256, sent: uint256, held: uint256, any: world.Any
):
    """
    @notice pay with a version: as pay, and of that version only.
    """
    book: uint256 = world._at(slots.NATIVE)
    done: bool = self._pay_native(
        abi_encode(
            empty(address), amount, memo, version,
            method_id=method_id("pay(address,uint256,bytes32,uint256)"),
        ),
        amount, sent, held, any,
    )
    right: uint256 = convert(version == (book & books.VERSION) >> 8, uint256)
    right |= convert(version == max_value(uint256), uint256)
    world._prove(not done or right == 1)


@external
def check_default(data: uint256, sent: uint256, held: uint256, any: world.Any):
    """
    @notice __default__, by coin that comes with 32 bytes that no function knows.
    """
    bytes: Bytes[36] = concat(0xffffffff, convert(data, bytes32))
    self._pay_native(bytes, sent, sent, held, any)


@external
def check_pay_token(amount: uint256, memo: bytes32, any: world.Any):
    """
    @notice pay of a token whose book is of the version in force: from the payer to the SEE.
    """
    book: uint256 = world._in(slots.TOKENS, convert(world.coin, uint256))
    world._assume((book ^ world._at(slots.NATIVE)) & (books.VERSION | books.FILTER) == 0)
    world._assume(book != 0)
    before: world.Words = world._words(any)
    done: bool = world._call(
        abi_encode(world.coin, amount, memo, method_id=method_id("pay(address,uint256,bytes32)"))
    )
    after: world.Words = world._words(any)
    mine: uint256 = world._all(any.who == self)
    its: uint256 = world._all(any.who == world.see)
    moved: uint256 = amount & world._all(done)
    wrong: uint256 = mine & (unsafe_sub(before.tokens, moved) ^ after.tokens)
    wrong |= its & (unsafe_add(before.tokens, moved) ^ after.tokens)
    wrong |= ~(mine | its) & (before.tokens ^ after.tokens)
    before.tokens = after.tokens
    world._prove(wrong | world._differ(before, after) == 0)


@external
def check_pay_late(
    amount: uint256, version: uint256, sent: uint256, held: uint256, any: world.Any
):
    """
    @notice pay_late of the native coin: to the late book of a closed version; `paid` falls.
    """
    world._deal(world.see, held)
    world._assume(held <= 2**127)
    world._assume(sent <= 2**95)
    before: world.Words = world._words(any)
    done: bool = world._call(
        abi_encode(
            empty(address), amount, empty(bytes32), version,
            method_id=method_id("pay_late(address,uint256,bytes32,uint256)"),
        ),
        sent,
    )
    after: world.Words = world._words(any)
    yes: uint256 = world._all(done)
    wrong: uint256 = yes & (sent ^ amount | before.ended)
    wrong |= yes & world._all(version >= (before.native & books.VERSION) >> 8)
    wrong |= unsafe_sub(before.native, (amount & yes) << books.TOP) ^ after.native
    late: uint256 = yes & world._all(any.currency == empty(address))
    late &= world._all(any.version == version | 2**15)
    wrong |= ~late & (before.closed ^ after.closed)
    wrong |= self._coins(before, after, any, sent & yes)
    before.native = after.native
    before.closed = after.closed
    before.coins = after.coins
    world._prove(wrong | world._differ(before, after) == 0)


@external
def false_pay_is_refused(amount: uint256):
    """
    @notice False: a SEE that has not ended takes payments.
    """
    data: Bytes[100] = abi_encode(
        empty(address), amount, empty(bytes32), method_id=method_id("pay(address,uint256,bytes32)")
    )
    world._prove(not world._call(data, amount))


@internal
def _pay_native(
    data: Bytes[256], amount: uint256, sent: uint256, held: uint256, any: world.Any
) -> bool:
    world._deal(world.see, held)
    world._assume(held <= 2**127)
    world._assume(sent <= 2**95)
    before: world.Words = world._words(any)
    done: bool = world._call(data, sent)
    after: world.Words = world._words(any)
    yes: uint256 = world._all(done)
    wrong: uint256 = yes & (sent ^ amount)
    if len(data) > 36:
        wrong |= yes & before.ended
    wrong |= self._coins(before, after, any, sent & yes)
    before.coins = after.coins
    world._prove(wrong | world._differ(before, after) == 0)
    return done


@internal
def _coins(before: world.Words, after: world.Words, any: world.Any, moved: uint256) -> uint256:
    mine: uint256 = world._all(any.who == self)
    its: uint256 = world._all(any.who == world.see)
    wrong: uint256 = mine & (unsafe_sub(before.coins, moved) ^ after.coins)
    wrong |= its & (unsafe_add(before.coins, moved) ^ after.coins)
    return wrong | ~(mine | its) & (before.coins ^ after.coins)
