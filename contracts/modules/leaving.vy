# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Leaving
@license MIT
@notice A seat gives up its part of what comes, and keeps what was due to it.

        Leaving sets the leaver's entitlement aside, as though it were paid, and takes its
        shares out of those that divide. With L = shares that have left, V stands in for
        C from then on, in what is due and in what a page has been paid out to:

            E = floor(V s / T)           of the leaver; E less what it had stays owed to it
            C = C - E,  L = L + s
            V = floor(C T / (T - L))     never falls by a leave, and rises with C

        So nobody's due falls by it; it rises by less than one smallest unit, or two where
        others have left before, as E and V are floors. What all live seats are entitled to
        never passes C.
"""
from contracts.modules import books
from contracts.modules import refusals

uses: books

event Left:
    seat: indexed(uint256)  # its key
    currency: address
    owed: uint256  # which waits for a claim
    shares: uint256  # that have left until now


@internal
def _leave(currency: address, key: uint256, balance: uint256):
    """
    @notice Takes a joined seat out of the book of a currency. The caller knows that it
            leaves, and that the book is of the seat's version. A seat that has left it
            already is passed over.
    @param balance Of the currency.
    """
    book: uint256 = books._book(currency)
    seat: uint256 = books._seat(currency, key)
    if seat == 0:
        seat = books.seats[key] & books.SEAT_FRESH
    if seat & books.LEFT != 0:
        return
    total: uint256 = seat >> books.TOTAL_AT & books.SHARES
    entitled: uint256 = books._entitled(book, seat, books._received(book, balance))
    had: uint256 = books._had(seat, books._base(currency, book, key, seat))
    owed: uint256 = entitled - min(entitled, had)
    at: uint256 = books._page_key(book, key)
    page: uint256 = books.pages[currency][at]
    left: uint256 = seat & books.SHARES
    if book & books.FOLDED != 0:
        left += book << books.TOP_BITS >> books.BASE_DOWN
    elif seat & books.SEVERAL_PAGES == 0:
        # From now on base and marks are where tables of several pages have them.
        page = (book << books.TOP_BITS >> books.BASE_DOWN) << books.PAGE_BASE_AT
        page |= books.PAGE_PUSHED | (book & books.BOOK_MARKS) * books.ALL_PLACES
        book |= books.PUSHED
    elif book << books.TOP_BITS >> books.BASE_DOWN != 0:
        book = books._keep_whole(
            currency, book | books.FOLDED, book << books.TOP_BITS >> books.BASE_DOWN
        )
    if left >= total:
        refusals._last_share()
    books.pages[currency][at] = page | 1 << (key >> books.INDEX_AT & books.PAGE_PLACES)
    book = unsafe_sub(book, entitled << books.TOP)
    book = (
        book >> books.TOP << books.TOP
        | left << books.BASE_AT
        | book & books.UNDER_BASE
        | books.FOLDED
    )
    books._keep_book(currency, book)
    seat = seat << books.TOP_BITS >> books.TOP_BITS | books.LEFT | books.OWN_COUNT
    books._keep_seat(currency, key, seat | unsafe_sub(books.AMOUNT_BITS, owed) << books.TOP)
    log Left(seat=key, currency=currency, owed=owed, shares=left)
