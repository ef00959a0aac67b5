# pragma version 0.4.3
"""
@title Many
@license MIT
@notice claim_many of a Splitter: a seat is paid, and nobody else.
"""
from campaign.proofs.properties import moves
from campaign.proofs.properties import slots
from campaign.proofs.properties import world
from contracts.modules import books

initializes: world
initializes: moves[world := world]


@external
def setUp():
    world._set_up(True)
    world._arbitrary()


@external
def check_claim_many(key: uint256, coins: uint256, any: world.Any):
    """
    @notice claim_many of one key, of the native coin, where the book is plain.
    """
    world._deal(world.see, coins)
    book: uint256 = world._at(slots.NATIVE)
    world._assume(book & books.BOOK_ODD == 0)
    world._assume(unsafe_add(coins, book >> books.TOP) >> books.MAX_AMOUNT_BITS == 0)
    world._assume(coins <= books.MAX_AMOUNT)
    world._assume(book >> books.TOP <= books.MAX_AMOUNT)
    self._check(key, empty(address), book, any)


@external
def check_claim_many_token(key: uint256, any: world.Any):
    """
    @notice claim_many of one key, of a token, where book and seat are plain.
    """
    book: uint256 = world._in(slots.TOKENS, convert(world.coin, uint256))
    world._assume(book != 0)
    world._assume(book & books.BOOK_ODD == 0)
    seat: uint256 = world._in2(slots.TOKEN_SEATS, convert(world.coin, uint256), key)
    world._assume(seat & books.SEAT_ODD == 0)
    world._assume(world._in(slots.SEATS, key) & books.SEVERAL_PAGES == 0)
    held: uint256 = moves._held(world.coin)
    world._assume(held <= books.MAX_AMOUNT)
    world._assume(unsafe_add(held, book >> books.TOP) >> books.MAX_AMOUNT_BITS == 0)
    self._check(key, world.coin, book, any)


@external
def false_claim_many_pays_nobody(key: uint256, coins: uint256, who: address):
    world._deal(world.see, coins)
    had: uint256 = who.balance
    world._assume(who != world.see)
    world._call(self._data(key, empty(address)))
    world._prove(who.balance == had)


@internal
def _check(key: uint256, currency: address, book: uint256, any: world.Any):
    before: moves.Before = moves._before(currency, book, key, any)
    moves._check(before, world._call(self._data(key, currency)), any)


@internal
def _data(key: uint256, currency: address) -> Bytes[256]:
    return concat(
        method_id("claim_many(uint256[],address[])"), convert(64, bytes32), convert(128, bytes32),
        convert(1, bytes32), convert(key, bytes32), convert(1, bytes32), convert(currency, bytes32),
    )
