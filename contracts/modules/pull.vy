# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Pull
@license MIT
@notice Claims of joined seats: several at once, of a token, and in every case that is not
        plain. The plain claim of the native coin is written out in Splitter.vy, where it
        costs least.
"""
from ethereum.ercs import IERC20

from contracts.modules import books
from contracts.modules import refusals

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
    @param keys Of the seats.
    @return Not zero if anything was due.
    """
    book: uint256 = books.native
    received: uint256 = books._received(book, self.balance)
    version: uint256 = (book & books.VERSION) >> 8
    claimed: uint256 = 0
    for key: uint256 in keys:
        if key >> books.VERSION_AT != version:
            refusals._wrong_version()
        seat: uint256 = books.seats[key]
        if book & books.BOOK_ODD != 0:
            if seat == 0:
                refusals._not_joined()
            books.native = book
            claimed |= self._claim_odd(key)
            book = books.native
            continue
        had: uint256 = seat >> books.TOP
        entitled: uint256 = unsafe_div(
            unsafe_mul(received, seat & books.SHARES), seat >> books.TOTAL_AT & books.SHARES
        )
        if entitled <= had:
            if seat == 0:
                refusals._not_joined()
            continue
        due: uint256 = unsafe_sub(entitled, had)
        claimed |= due
        book = unsafe_add(book, due << books.TOP) | 1 << (key >> books.INDEX_AT & books.BOOK_PLACES)
        books.seats[key] = unsafe_add(seat, due << books.TOP)
        self._pay_native(key, convert(key & books.ACCOUNT_BITS, address), due)
    books.native = book  # until here the lock keeps everybody from the old one
    return claimed


@internal
def _claim_odd(key: uint256) -> uint256:
    """
    @notice Pays a seat of the version in force what is due to it of the native coin, in
            any case.
    @return The amount; none to a seat that has not joined.
    """
    book: uint256 = books.native
    seat: uint256 = books.seats[key]
    entitled: uint256 = books._entitled(book, seat, books._received(book, self.balance))
    had: uint256 = books._had(seat, books._base(books.NATIVE, book, key, seat))
    if entitled <= had:
        return 0
    due: uint256 = unsafe_sub(entitled, had)
    book = books._mark(books.NATIVE, book, key, seat)
    books.native = (
        unsafe_add(book, due << books.TOP) | 1 << (key >> books.INDEX_AT & books.BOOK_PLACES)
    )
    books.seats[key] = seat << books.TOP_BITS >> books.TOP_BITS | entitled << books.TOP
    log Claimed(seat=key, amount=due)
    if not raw_call(books._payee(book, key), b"", value=due, revert_on_failure=False):
        refusals._payment_failed()
    return due


@internal
def _claim_token(currency: address, book: uint256, key: uint256) -> uint256:
    """
    @notice Pays a seat what is due to it of a token: of a balance that fell, what is there.
    @param book The currency's, of the same version as the key.
    @return The amount.
    """
    seat: uint256 = books.token_seats[currency][key]
    if seat == 0:
        seat = books.seats[key] & books.SEAT_FRESH
    balance: uint256 = staticcall IERC20(currency).balanceOf(self)
    new_book: uint256 = book | (seat & books.SEVERAL_PAGES) >> books.SEVERAL_TO_CLAIMED
    to: address = convert(key & books.ACCOUNT_BITS, address)
    had: uint256 = seat >> books.TOP
    received: uint256 = unsafe_add(min(balance, books.MAX_AMOUNT), book >> books.TOP)
    entitled: uint256 = unsafe_div(
        unsafe_mul(received, seat & books.SHARES), seat >> books.TOTAL_AT & books.SHARES
    )
    if book & books.BOOK_ODD | seat & books.SEAT_ODD | received >> books.MAX_AMOUNT_BITS != 0:
        had = books._had(seat, books._base(currency, book, key, seat))
        entitled = books._entitled(book, seat, books._received(book, balance))
        new_book = books._mark(currency, book, key, seat)
        to = books._payee(book, key)
    if entitled <= had:
        if seat == 0:
            refusals._not_joined()
        return 0
    due: uint256 = min(unsafe_sub(entitled, had), balance)
    if due == 0:
        return 0
    new_book |= 1 << (key >> books.INDEX_AT & books.BOOK_PLACES)
    books.tokens[currency] = unsafe_add(new_book, due << books.TOP)
    books.token_seats[currency][key] = seat & books.UNDER_TOP | unsafe_add(had, due) << books.TOP
    log ClaimedToken(seat=key, currency=currency, amount=due)
    self._transfer(currency, to, due)
    return due


@internal
def _pay(currency: address, key: uint256, to: address, amount: uint256):
    """
    @notice Pays a seat, after its books say so.
    """
    if currency == books.NATIVE:
        self._pay_native(key, to, amount)
    else:
        log ClaimedToken(seat=key, currency=currency, amount=amount)
        self._transfer(currency, to, amount)


@internal
def _pay_native(key: uint256, to: address, amount: uint256):
    log Claimed(seat=key, amount=amount)
    if not raw_call(to, b"", value=amount, revert_on_failure=False):
        refusals._payment_failed()


@internal
@view
def _balance(currency: address) -> uint256:
    if currency == books.NATIVE:
        return self.balance
    return staticcall IERC20(currency).balanceOf(self)


@internal
def _transfer(currency: address, to: address, amount: uint256):
    native_before: uint256 = self.balance
    if not extcall IERC20(currency).transfer(to, amount, default_return_value=True):
        refusals._payment_failed()
    # Else the token is the native coin under a second address, with books of its own.
    if self.balance < native_before:
        refusals._one_ledger()
