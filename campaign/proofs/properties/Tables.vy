# pragma version 0.4.3
"""
@title Tables
@license MIT
@notice join and payout with any table that the commitment takes: pages of one or two words.
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
def check_join(
    table: world.Table, index: uint256, first: uint256, second: uint256, coins: uint256,
    any: world.Any,
):
    """
    @notice join with claims, of two seats: it joins that seat with its shares and the table's
            total, pays the account on the chain's own books, and the page adds up.
    """
    words: Bytes[64] = concat(convert(first, bytes32), convert(second, bytes32))
    data: Bytes[356] = concat(
        method_id("join((bytes32,uint256,uint256,bytes32),uint256,bytes,bool)"),
        self._table(table), convert(index, bytes32), convert(224, bytes32),
        convert(1, bytes32), convert(64, bytes32), words,
    )
    word: uint256 = first ^ ((first ^ second) & world._all(index == 1))
    before: moves.Before = self._before(coins, index, word, any)
    sum: uint256 = first % 2**48 + second % 2**48
    self._joined(before, table, index, word, sum, 2, world._call(data), any)


@external
def check_join_page(
    table: world.Table, index: uint256, word: uint256, beside: bytes32, sum: uint256,
    coins: uint256, any: world.Any,
):
    """
    @notice join_page without a payment, of two pages: it joins that seat, and notes that one has.
    """
    world._assume(table.pages == 2)
    data: Bytes[484] = concat(
        method_id("join_page((bytes32,uint256,uint256,bytes32),uint256,bytes,bytes,bool)"),
        self._table(table), convert(index, bytes32), convert(256, bytes32),
        convert(320, bytes32), convert(0, bytes32), convert(32, bytes32), convert(word, bytes32),
        convert(64, bytes32), beside, convert(sum, bytes32),
    )
    before: moves.Before = self._before(coins, index, word, any)
    done: bool = world._call(data)
    after: world.Words = world._words(any)
    yes: uint256 = world._all(done)
    wrong: uint256 = yes & before.seat
    wrong |= (after.native ^ before.words.native) & ~(yes & books.CLAIMED)
    wrong |= yes & (unsafe_add(word % 2**48, sum) ^ table.shares)
    its: uint256 = yes & world._all(any.key == before.key)
    seat: uint256 = word % 2**48 | table.shares << 48 | books.SEVERAL_PAGES
    wrong |= its & (after.seat ^ seat) | ~its & (after.seat ^ before.words.seat)
    before.words.native = after.native
    before.words.seat = after.seat
    world._prove(wrong | world._differ(before.words, after) == 0)


@external
def check_payout(table: world.Table, word: uint256, coins: uint256, any: world.Any):
    """
    @notice payout of the native coin, of one seat: to its account, or kept for it.
    """
    data: Bytes[324] = concat(
        method_id("payout((bytes32,uint256,uint256,bytes32),bytes)"),
        self._table(table), convert(160, bytes32), convert(32, bytes32), convert(word, bytes32),
    )
    before: moves.Before = self._before(coins, 0, word, any)
    world._assume(before.seat & books.SEAT_ODD == 0)
    done: bool = world._call(data)
    world._prove(not done or word % 2**48 == table.shares)
    self._paid_out(before, done, any)


@external
def check_payout_page(
    table: world.Table, page: uint256, word: uint256, beside: bytes32, sum: uint256,
    coins: uint256, any: world.Any,
):
    """
    @notice payout_page of the native coin, of one seat of two pages.
    """
    world._assume(table.pages == 2)
    data: Bytes[452] = concat(
        method_id("payout_page((bytes32,uint256,uint256,bytes32),uint256,bytes,bytes)"),
        self._table(table), convert(page, bytes32), convert(224, bytes32), convert(288, bytes32),
        convert(32, bytes32), convert(word, bytes32),
        convert(64, bytes32), beside, convert(sum, bytes32),
    )
    before: moves.Before = self._before(coins, page << 5, word, any)
    world._assume(before.seat & books.SEAT_ODD == 0)
    done: bool = world._call(data)
    world._prove(not done or unsafe_add(word % 2**48, sum) == table.shares)
    self._paid_out(before, done, any)


@external
def check_payout_whole(table: world.Table, word: uint256, coins: uint256, any: world.Any):
    """
    @notice payout_whole of the native coin, of one page of one seat.
    """
    data: Bytes[388] = concat(
        method_id("payout_whole((bytes32,uint256,uint256,bytes32),bytes[])"),
        self._table(table), convert(160, bytes32), convert(1, bytes32), convert(32, bytes32),
        convert(32, bytes32), convert(word, bytes32),
    )
    before: moves.Before = self._before(coins, 0, word, any)
    world._assume(before.seat & books.SEAT_ODD == 0)
    done: bool = world._call(data)
    world._prove(not done or word % 2**48 == table.shares)
    self._paid_out(before, done, any)


@external
def false_payout_pays_all_who_are_due(table: world.Table, word: uint256, coins: uint256):
    """
    @notice False: where it fails, or is pull only, the amount is kept.
    """
    data: Bytes[324] = concat(
        method_id("payout((bytes32,uint256,uint256,bytes32),bytes)"),
        self._table(table), convert(160, bytes32), convert(32, bytes32), convert(word, bytes32),
    )
    world._deal(world.see, coins)
    world._assume(world._at(slots.NATIVE) & ~books.VERSION == 0)
    done: bool = world._call(data)
    world._prove(not done or world.see.balance == 0)


@internal
def _before(coins: uint256, index: uint256, word: uint256, any: world.Any) -> moves.Before:
    """
    @notice A plain book of a later version, so that any table can be the one in force.
    """
    world._deal(world.see, coins)
    book: uint256 = world._at(slots.NATIVE)
    world._assume(book & books.VERSION != 0)
    world._assume(book & (books.BOOK_ODD | books.BOOK_MARKS) == 0)
    world._assume(coins <= books.MAX_AMOUNT)
    world._assume(book >> books.TOP <= books.MAX_AMOUNT)
    world._assume(coins + (book >> books.TOP) <= books.MAX_AMOUNT)
    key: uint256 = books._key(book, index, convert(word >> 96, address))
    return moves._before(empty(address), book, key, any)


@internal
def _joined(
    b: moves.Before, table: world.Table, index: uint256, word: uint256, sum: uint256,
    seats: uint256, done: bool, any: world.Any,
):
    after: world.Words = world._words(any)
    yes: uint256 = world._all(done)
    paid: uint256 = unsafe_sub(b.held, world.see.balance)
    seat: uint256 = word % 2**48 | table.shares << 48 | paid << books.TOP
    wrong: uint256 = yes & (b.seat | sum ^ table.shares | table.pages ^ 1)
    wrong |= yes & (world._in(slots.SEATS, b.key) ^ seat | world._all(index >= seats))
    book: uint256 = world._at(slots.NATIVE)
    wrong |= unsafe_sub(book >> books.TOP, b.book >> books.TOP) ^ paid
    wrong |= (book ^ b.book) & books.UNDER_TOP & ~books.BOOK_MARKS
    wrong |= ~yes & (after.seat ^ b.words.seat | paid)
    world._prove(wrong | moves._others(b, after, paid, any) == 0)


@internal
def _paid_out(b: moves.Before, done: bool, any: world.Any):
    after: world.Words = world._words(any)
    yes: uint256 = world._all(done)
    paid: uint256 = unsafe_sub(b.held, world.see.balance)
    book: uint256 = world._at(slots.NATIVE)
    wrong: uint256 = unsafe_sub(book >> books.TOP, b.book >> books.TOP) ^ paid
    wrong |= (book ^ b.book) & (books.VERSION | books.FILTER)
    wrong |= ~yes & paid
    page: uint256 = yes & world._all(any.currency == empty(address))
    page &= world._all(any.page == books._page_key(b.book, b.key))
    wrong |= ~page & (after.page ^ b.words.page)
    b.words.page = after.page
    world._prove(wrong | moves._others(b, after, paid, any) == 0)


@internal
@pure
def _table(table: world.Table) -> Bytes[128]:
    return concat(
        table.root, convert(table.shares, bytes32), convert(table.pages, bytes32), table.terms
    )
