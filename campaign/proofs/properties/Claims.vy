# pragma version 0.4.3
"""
@title Claims
@license MIT
@notice claim and claim_token of any state: a seat is paid, or where it is redirected, and nobody else.
"""
from campaign.proofs.properties import moves
from campaign.proofs.properties import slots
from campaign.proofs.properties import world
from contracts.modules import books

initializes: world
initializes: moves[world := world]


@external
def setUp():
    world._set_up()
    world._arbitrary()


@external
def check_claim_plain(index: uint256, account: address, coins: uint256, any: world.Any):
    """
    @notice claim, of a book and a balance that are plain.
    """
    world._deal(world.see, coins)
    book: uint256 = world._at(slots.NATIVE)
    world._assume(book & books.BOOK_ODD == 0)
    world._assume(unsafe_add(coins, book >> books.TOP) >> books.MAX_AMOUNT_BITS == 0)
    self._claim(index, account, book, any)


@external
def check_claim_odd(index: uint256, account: address, coins: uint256, any: world.Any):
    """
    @notice claim, where pushes failed or accounts are redirected: a table of one page.
    """
    world._deal(world.see, coins)
    book: uint256 = world._at(slots.NATIVE)
    self._few(book, coins)
    world._assume(book & books.FOLDED == 0)
    seat: uint256 = self._seat_of(book, index, account)
    world._assume(seat & (books.SEVERAL_PAGES | books.LEFT) == 0)
    self._claim(index, account, book, any)


@external
def check_claim_left(index: uint256, account: address, coins: uint256, any: world.Any):
    """
    @notice claim, by a seat that has left: what was owed to it.
    """
    world._deal(world.see, coins)
    book: uint256 = world._at(slots.NATIVE)
    self._few(book, coins)
    seat: uint256 = self._seat_of(book, index, account)
    world._assume(book & (books.FOLDED | books.PUSHED) == books.FOLDED | books.PUSHED)
    world._assume(seat & (books.LEFT | books.OWN_COUNT) == books.LEFT | books.OWN_COUNT)
    self._claim(index, account, book, any)


@external
def check_claim_token(index: uint256, account: address, any: world.Any):
    """
    @notice claim_token, of a book that is plain.
    """
    book: uint256 = self._token_book()
    seat: uint256 = world._in2(
        slots.TOKEN_SEATS, convert(world.coin, uint256), books._key(book, index, account)
    )
    world._assume(book & books.BOOK_ODD == 0)
    world._assume(seat & books.SEAT_ODD == 0)
    world._assume(self._seat_of(book, index, account) & books.SEVERAL_PAGES == 0)
    key: uint256 = books._key(book, index, account)
    before: moves.Before = moves._before(world.coin, book, key, any)
    world._assume(before.held <= books.MAX_AMOUNT)
    world._assume(unsafe_add(before.held, book >> books.TOP) >> books.MAX_AMOUNT_BITS == 0)
    data: Bytes[100] = abi_encode(
        world.coin, index, account, method_id=method_id("claim_token(address,uint256,address)")
    )
    moves._check(before, world._call(data), any)


@external
def check_claim_versions(key: uint256, coins: uint256, any: world.Any):
    """
    @notice claim_versions, of one seat of a closed version, of the native coin.
    """
    world._deal(world.see, coins)
    book: uint256 = world._at(slots.NATIVE)
    self._few(book, coins)
    world._assume(key >> books.VERSION_AT < (book & books.VERSION) >> 8)
    record: uint256 = world._in2(slots.CLOSED, 0, key >> books.VERSION_AT)
    world._assume(record & books.FOLDED == 0)
    world._assume(world._in(slots.SEATS, key) & (books.SEVERAL_PAGES | books.LEFT) == 0)
    before: moves.Before = moves._before(empty(address), book, key, any)
    head: Bytes[196] = concat(
        method_id("claim_versions((uint256,(bytes32,uint256,uint256,bytes32),uint256,bytes,bytes)[],uint256[],address[])"),
        convert(96, bytes32), convert(128, bytes32), convert(192, bytes32), convert(0, bytes32),
    )
    data: Bytes[512] = concat(
        head, convert(1, bytes32), convert(key, bytes32), convert(1, bytes32), convert(0, bytes32)
    )
    moves._check(before, world._call(data), any)


@external
def false_claim_pays_only_the_account(
    index: uint256, account: address, coins: uint256, who: address
):
    """
    @notice False: a redirect sends it elsewhere.
    """
    world._deal(world.see, coins)
    had: uint256 = who.balance
    world._assume(account != world.see)
    world._assume(who != world.see)
    world._assume(who != account)
    data: Bytes[68] = abi_encode(index, account, method_id=method_id("claim(uint256,address)"))
    world._call(data)
    world._prove(who.balance == had)


@internal
def _claim(index: uint256, account: address, book: uint256, any: world.Any):
    key: uint256 = books._key(book, index, account)
    before: moves.Before = moves._before(empty(address), book, key, any)
    data: Bytes[68] = abi_encode(index, account, method_id=method_id("claim(uint256,address)"))
    moves._check(before, world._call(data), any)


@internal
def _few(book: uint256, coins: uint256):
    """
    @notice What was received in all is within the cap, and no old debt is left.
    """
    world._assume(coins <= books.MAX_AMOUNT)
    world._assume(book >> books.TOP <= books.MAX_AMOUNT)
    world._assume(coins + (book >> books.TOP) <= books.MAX_AMOUNT)


@internal
def _seat_of(book: uint256, index: uint256, account: address) -> uint256:
    return world._in(slots.SEATS, books._key(book, index, account))


@internal
def _token_book() -> uint256:
    book: uint256 = world._in(slots.TOKENS, convert(world.coin, uint256))
    world._assume(book != 0)
    return book
