# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Pull
@license MIT
@notice Claims of joined seats, several at once or of a token. The plain claim of the
        native coin is written out in Splitter.vy, where it costs least.
"""
from ethereum.ercs import IERC20

from contracts.modules import books

uses: books

event Claimed:  # native coin
    seat: indexed(uint256)  # its key
    amount: uint256

event ClaimedToken:
    seat: indexed(uint256)
    currency: indexed(address)
    amount: uint256


@internal
def _claim_native(keys: DynArray[uint256, 64]) -> uint256:
    """
    @notice Pays what is due of the native coin.
    @param keys Of the seats, without their version.
    @return Not zero if anything was due.
    """
    book: uint256 = books.native
    received: uint256 = books._received(book, self.balance)
    version: uint256 = (book & books.VERSION) << books.VERSION_TO_KEY
    claimed: uint256 = 0
    for short_key: uint256 in keys:
        key: uint256 = version | short_key & books.SHORT_KEY_BITS
        seat: uint256 = books.seats[key]
        had: uint256 = seat >> books.TOP
        if book & books.BOOK_ODD | seat & books.SEAT_ODD != 0:
            had = books._had(seat, books._base(books.NATIVE, book, key, seat))
            book = books._mark(books.NATIVE, book, key, seat)
        entitled: uint256 = unsafe_div(
            unsafe_mul(received, seat & books.SHARES), seat >> books.TOTAL_AT & books.SHARES
        )
        if entitled <= had:
            assert seat != 0, "not joined"
            continue
        due: uint256 = unsafe_sub(entitled, had)
        claimed |= due
        book = unsafe_add(book, due << books.TOP) | 1 << (key >> books.INDEX_AT & books.BOOK_PLACES)
        books.seats[key] = seat & books.UNDER_TOP | entitled << books.TOP
        log Claimed(seat=key, amount=due)
        assert raw_call(
            convert(key & books.ACCOUNT_BITS, address), b"", value=due, revert_on_failure=False
        ), "payment failed"
    books.native = book  # until here the lock keeps everybody from the old one
    return claimed


@internal
def _claim_token(currency: address, short_key: uint256) -> uint256:
    """
    @notice Pays what is due of a token: of a balance that fell, what is there.
    @param short_key Of the seat, without its version.
    @return The amount.
    """
    book: uint256 = books.tokens[currency]
    key: uint256 = (book & books.VERSION) << books.VERSION_TO_KEY | short_key
    seat: uint256 = books.token_seats[currency][key]
    if seat == 0:
        seat = books.seats[key] & books.SEAT_FRESH
    balance: uint256 = staticcall IERC20(currency).balanceOf(self)
    had: uint256 = seat >> books.TOP
    received: uint256 = unsafe_add(min(balance, books.MAX_AMOUNT), book >> books.TOP)
    if book & books.BOOK_ODD | seat & books.SEAT_ODD | received >> books.MAX_AMOUNT_BITS != 0:
        received = books._received(book, balance)
        had = books._had(seat, books._base(currency, book, key, seat))
        book = books._mark(currency, book, key, seat)
    entitled: uint256 = unsafe_div(
        unsafe_mul(received, seat & books.SHARES), seat >> books.TOTAL_AT & books.SHARES
    )
    if entitled <= had:
        assert seat != 0, "not joined"
        return 0
    due: uint256 = min(unsafe_sub(entitled, had), balance)
    if due == 0:
        return 0
    book = unsafe_add(book, due << books.TOP) | 1 << (key >> books.INDEX_AT & books.BOOK_PLACES)
    books.tokens[currency] = book
    books.token_seats[currency][key] = seat & books.UNDER_TOP | unsafe_add(had, due) << books.TOP
    log ClaimedToken(seat=key, currency=currency, amount=due)
    native_before: uint256 = self.balance
    assert extcall IERC20(currency).transfer(
        convert(key & books.ACCOUNT_BITS, address), due, default_return_value=True
    ), "payment failed"
    # Else the token is the native coin under a second address, with books of its own.
    assert self.balance >= native_before, "one ledger"
    return due
