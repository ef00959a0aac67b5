# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Books
@license MIT
@notice What one version received and paid in one currency, and what each seat had of it.

        For one currency let C = all that was ever received, T = total shares,
        s = a seat's shares, base = the C up to which its page has been paid out:

            had = taken                          where the seat keeps its own count
                  max(taken, floor(base s / T))  else
            due = max(0, floor(C s / T) - had)

        Floors of cumulative amounts lose nothing: what is undivided is carried. Where
        shares have left (modules/leaving.vy), V stands in for C.

        book  paid (112, signed) | base (112) | flags (3) | filter (8) | version (13) | marks (8)
        page  base (160) | pushed (1) | marks (32)     of a table of several pages
        seat  taken (112) | flags (48) | total shares (48) | shares (48)
        key   version (16) | index (32) | account (160)     of a seat

        The base of a page is the book's, up to which the whole table was paid out, or its
        own, where it was paid out further by itself. Where shares have left, the book's is
        the number of those shares instead: a table of one page then keeps base and marks
        as one of several does, and one of several keeps the book's base as a page beyond
        the last.

        A mark says that a payout must read the seat's slot: of a book, for all seats
        whose index is the same modulo 8; of a page, for one seat. The filter says that an
        account was redirected, of those that are the same modulo 8. The amount that
        moves with each claim is the top field, so that one addition moves it.
"""
from ethereum.ercs import IERC20

# ---------------------------------------------------------------- fields

NATIVE: constant(address) = empty(address)

# 112 x 48 bits: a product of amount and shares never overflows 256.
AMOUNT_BITS: constant(uint256) = 2**112 - 1
MAX_AMOUNT: constant(uint256) = 2**111 - 1  # what is received beyond it is undivided
MAX_AMOUNT_BITS: constant(uint256) = 111
TOP: constant(uint256) = 144  # of paid and of taken
UNDER_TOP: constant(uint256) = 2**144 - 1

BASE_AT: constant(uint256) = 32
BASE: constant(uint256) = (2**112 - 1) << 32
UNDER_BASE: constant(uint256) = 2**32 - 1
# Where it is not for each claim or payout a field is cut out by two shifts: a wide mask is
# 13 bytes more of code, and a SEE has little room.
TOP_BITS: constant(uint256) = 112
BASE_DOWN: constant(uint256) = 144  # TOP_BITS + BASE_AT
FLAGS_AT: constant(uint256) = 96
FLAGS_DOWN: constant(uint256) = 208  # TOP_BITS + FLAGS_AT
ABOVE_ACCOUNT: constant(uint256) = 96
# Base, flags but for CLAIMED, and filter: of a book without them a claim is plain.
BOOK_ODD: constant(uint256) = (2**144 - 1) ^ (2**21 - 1) ^ (1 << 29)
BOOK_MARKS: constant(uint256) = 255
BOOK_PLACES: constant(uint256) = 7
VERSION: constant(uint256) = 8191 << 8
FILTER: constant(uint256) = 255 << 21
FILTER_AT: constant(uint256) = 21
CLAIMED: constant(uint256) = 1 << 29  # several pages, and a seat has joined
PUSHED: constant(uint256) = 2 << 29  # several pages, of which one has a slot: claims mark theirs
FOLDED: constant(uint256) = 4 << 29  # shares have left

WHOLE: constant(uint256) = 2**24 - 1  # the page beyond the last
PAGE_BASE_AT: constant(uint256) = 33
PAGE_PUSHED: constant(uint256) = 1 << 32
PAGE_MARKS: constant(uint256) = 2**32 - 1
PAGE_PLACES: constant(uint256) = 31
ALL_PLACES: constant(uint256) = 16843009  # times the 8 marks of a book: those of its page

SHARES: constant(uint256) = 2**48 - 1
TOTAL_AT: constant(uint256) = 48
SEAT_ODD: constant(uint256) = (2**48 - 1) << 96 ^ (2 << 96)  # flags but for SEVERAL_PAGES
SEVERAL_TO_CLAIMED: constant(uint256) = 68
OWN_COUNT: constant(uint256) = 1 << 96  # a push to it failed
SEVERAL_PAGES: constant(uint256) = 2 << 96
LEFT: constant(uint256) = 4 << 96  # it is entitled to 2**112 - 1: the rest of that is owed to it
# What the slot of a token starts with.
SEAT_FRESH: constant(uint256) = (2**96 - 1) | (2 << 96)

ACCOUNT_BITS: constant(uint256) = 2**160 - 1
INDEX_AT: constant(uint256) = 160
INDEX_BITS: constant(uint256) = 2**32 - 1
SHORT_KEY_BITS: constant(uint256) = 2**192 - 1  # index and account
VERSION_TO_KEY: constant(uint256) = 184  # from its place in a book
VERSION_AT: constant(uint256) = 192  # in a key

COMMITMENT_AT: constant(uint256) = 99  # in the clone's code, see modules/clone.vy

# ---------------------------------------------------------------- state

commitments: HashMap[uint256, bytes32]  # version -> commitment, but for the first
native: uint256  # the book of the native coin
tokens: HashMap[address, uint256]  # the book of each token
pages: HashMap[address, HashMap[uint256, uint256]]  # currency -> version | page -> page
seats: HashMap[uint256, uint256]  # key -> a joined seat, with what it took of native coin
token_seats: HashMap[address, HashMap[uint256, uint256]]  # currency -> key -> seat
redirects: HashMap[uint256, uint256]  # account -> times (96) | where its money goes (160)


@internal
@view
def _commitment(book: uint256) -> bytes32:
    """
    @notice What the version of a book is committed to.
    """
    if book & VERSION != 0:
        return self.commitments[(book & VERSION) >> 8]
    me: address = self  # self.code would be the code of the implementation
    return convert(slice(me.code, COMMITMENT_AT, 32), bytes32)


@internal
@view
def _book(currency: address) -> uint256:
    if currency == NATIVE:
        return self.native
    book: uint256 = self.tokens[currency]
    if book == 0:
        return self.native & FILTER
    return book


@internal
def _keep_book(currency: address, book: uint256):
    if currency == NATIVE:
        self.native = book
    else:
        self.tokens[currency] = book


@internal
@view
def _seat(currency: address, key: uint256) -> uint256:
    if currency == NATIVE:
        return self.seats[key]
    return self.token_seats[currency][key]


@internal
def _keep_seat(currency: address, key: uint256, seat: uint256):
    if currency == NATIVE:
        self.seats[key] = seat
    else:
        self.token_seats[currency][key] = seat


@internal
@pure
def _key(book: uint256, index: uint256, account: address) -> uint256:
    """
    @notice The key of a seat of the book's version.
    """
    return (
        (book & VERSION) << VERSION_TO_KEY
        | (index & INDEX_BITS) << INDEX_AT
        | convert(account, uint256)
    )


# ---------------------------------------------------------------- amounts

@internal
@pure
def _received(book: uint256, balance: uint256) -> uint256:
    """
    @notice C: the balance and all that was paid; never below zero, where a balance fell.
    """
    paid: uint256 = book >> TOP
    if (balance | paid) >> 110 == 0:
        return unsafe_add(balance, paid)
    held: uint256 = min(balance, MAX_AMOUNT)
    if paid > MAX_AMOUNT:  # negative
        return unsafe_sub(held, min(held, unsafe_sub(2**112, paid)))
    return min(unsafe_add(held, paid), MAX_AMOUNT)


@internal
@view
def _received_now(currency: address, book: uint256) -> uint256:
    if currency == NATIVE:
        return self._received(book, self.balance)
    return self._received(book, staticcall IERC20(currency).balanceOf(self))


@internal
@pure
def _divided(book: uint256, received: uint256, total: uint256) -> uint256:
    """
    @notice V: C, or where shares have left what of it a table without leavers would have
            divided alike: C T / (T - left). 111 bits times 48; a total of zero yields zero.
    """
    if book & FOLDED == 0:
        return received
    live: uint256 = unsafe_sub(total, book << TOP_BITS >> BASE_DOWN)
    return unsafe_div(unsafe_mul(received, total), live)


@internal
@pure
def _entitled(book: uint256, seat: uint256, received: uint256) -> uint256:
    """
    @notice What a seat should have had in all, paid or not.
    """
    if seat & LEFT != 0:
        return AMOUNT_BITS
    total: uint256 = seat >> TOTAL_AT & SHARES
    return unsafe_div(unsafe_mul(self._divided(book, received, total), seat & SHARES), total)


@internal
@pure
def _had(seat: uint256, base: uint256) -> uint256:
    if seat & OWN_COUNT != 0:
        return seat >> TOP
    # 160 bits times 48; a seat that has not joined divides by zero, which yields zero.
    part: uint256 = unsafe_div(unsafe_mul(base, seat & SHARES), seat >> TOTAL_AT & SHARES)
    return max(seat >> TOP, part)


@internal
@view
def _due(currency: address, book: uint256, key: uint256, seat: uint256, received: uint256) -> uint256:
    had: uint256 = self._had(seat, self._base(currency, book, key, seat))
    entitled: uint256 = self._entitled(book, seat, received)
    return entitled - min(entitled, had)


@internal
@pure
def _fresh(shares: uint256, total: uint256, pages: uint256) -> uint256:
    """
    @notice The slot of a seat that joins.
    """
    if pages == 1:
        return shares | total << TOTAL_AT
    return shares | total << TOTAL_AT | SEVERAL_PAGES


@internal
@view
def _base(currency: address, book: uint256, key: uint256, seat: uint256) -> uint256:
    """
    @notice The C, or V, up to which a seat's page has been paid out.
    """
    base: uint256 = self._whole(currency, book, seat & SEVERAL_PAGES)
    if book & PUSHED == 0:
        return base
    return max(base, self.pages[currency][self._page_key(book, key)] >> PAGE_BASE_AT)


@internal
@view
def _whole(currency: address, book: uint256, several: uint256) -> uint256:
    """
    @notice The C, or V, up to which the whole table has been paid out.
    @param several Not zero for a table of several pages.
    """
    if book & FOLDED == 0:
        return book << TOP_BITS >> BASE_DOWN
    if several == 0 or book & PUSHED == 0:
        return 0
    return self.pages[currency][(book & VERSION) << 24 | WHOLE] >> PAGE_BASE_AT


@internal
def _keep_whole(currency: address, book: uint256, received: uint256) -> uint256:
    """
    @notice Notes how far the whole of a table of several pages has been paid out. A
            balance that fell does not take back what was paid out.
    @return The book, changed where it must be.
    """
    base: uint256 = max(self._whole(currency, book, 1), received)
    if book & FOLDED == 0:
        return book >> TOP << TOP | book & UNDER_BASE | base << BASE_AT
    self.pages[currency][(book & VERSION) << 24 | WHOLE] = base << PAGE_BASE_AT
    return book | PUSHED


# ---------------------------------------------------------------- marks

@internal
@pure
def _page_key(book: uint256, key: uint256) -> uint256:
    return (book & VERSION) << 24 | (key >> INDEX_AT & INDEX_BITS) >> 5


@internal
def _mark(currency: address, book: uint256, key: uint256, seat: uint256) -> uint256:
    """
    @notice Marks the seat of a claim on its page. One page has its marks in the book.
    @return The book, changed where it must be.
    """
    if seat & SEVERAL_PAGES == 0 and book & FOLDED == 0:
        return book
    if book & PUSHED == 0 and (book & CLAIMED != 0 or book << TOP_BITS >> BASE_DOWN == 0):
        return book | CLAIMED
    page: uint256 = self._page_key(book, key)
    self.pages[currency][page] |= 1 << (key >> INDEX_AT & PAGE_PLACES)
    return book | PUSHED


@internal
@view
def _page(currency: address, book: uint256, page: uint256, several: uint256) -> (uint256, uint256):
    """
    @notice The base of a page of several, and its marks: all of them where claims came
            before the page had any.
    @param several Not zero for a table of several pages.
    """
    slot: uint256 = self.pages[currency][(book & VERSION) << 24 | page]
    base: uint256 = max(self._whole(currency, book, several), slot >> PAGE_BASE_AT)
    if slot & PAGE_PUSHED == 0 and book & CLAIMED != 0:
        return base, PAGE_MARKS
    return base, slot & PAGE_MARKS


@internal
def _keep_page(currency: address, book: uint256, page: uint256, base: uint256, marks: uint256):
    self.pages[currency][(book & VERSION) << 24 | page] = base << PAGE_BASE_AT | PAGE_PUSHED | marks


# ---------------------------------------------------------------- redirects

@internal
@view
def _payee(book: uint256, account: uint256) -> address:
    """
    @notice Where the money of an account goes.
    """
    to: uint256 = account << ABOVE_ACCOUNT >> ABOVE_ACCOUNT
    if book >> FILTER_AT >> (account & BOOK_PLACES) & 1 != 0:
        other: uint256 = self.redirects[to] << ABOVE_ACCOUNT >> ABOVE_ACCOUNT
        if other != 0:
            to = other
    return convert(to, address)


@internal
def _filter(currency: address, account: uint256):
    """
    @notice Makes the book of a currency look for where the money of an account goes. A
            token whose book does not exist yet asks that of the native coin.
    """
    book: uint256 = self._book(currency)
    wanted: uint256 = book | 1 << FILTER_AT << (account & BOOK_PLACES)
    if wanted != book and (currency == NATIVE or self.tokens[currency] != 0):
        self._keep_book(currency, wanted)
