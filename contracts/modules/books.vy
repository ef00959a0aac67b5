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

        Floors of cumulative amounts lose nothing: what is undivided is carried.

        book  paid (112, signed) | base (112) | flags (8) | version (16) | marks (8)
        page  base (112) | pushed (1) | marks (32)     of a table of several pages
        seat  taken (112) | flags (48) | total shares (48) | shares (48)
        key   version (16) | index (32) | account (160)     of a seat

        A mark says that a payout must read the seat's slot: of a book, for all seats
        whose index is the same modulo 8; of a page, for one seat. The amount that moves
        with each claim is the top field, so that one addition moves it.
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
BOOK_ODD: constant(uint256) = (2**144 - 1) ^ (2**24 - 1)  # base and flags: not the plain case
BOOK_MARKS: constant(uint256) = 255
BOOK_PLACES: constant(uint256) = 7
VERSION: constant(uint256) = 65535 << 8
CLAIMED: constant(uint256) = 1 << 24  # several pages, and something was claimed
PUSHED: constant(uint256) = 2 << 24  # several pages, and one was paid out: claims mark theirs

PAGE_BASE_AT: constant(uint256) = 33
PAGE_PUSHED: constant(uint256) = 1 << 32
PAGE_MARKS: constant(uint256) = 2**32 - 1
PAGE_PLACES: constant(uint256) = 31

SHARES: constant(uint256) = 2**48 - 1
TOTAL_AT: constant(uint256) = 48
SEAT_ODD: constant(uint256) = (2**48 - 1) << 96
OWN_COUNT: constant(uint256) = 1 << 96  # a push to it failed
SEVERAL_PAGES: constant(uint256) = 2 << 96
# What the slot of a token starts with.
SEAT_FRESH: constant(uint256) = (2**96 - 1) | (2 << 96)

ACCOUNT_BITS: constant(uint256) = 2**160 - 1
INDEX_AT: constant(uint256) = 160
INDEX_BITS: constant(uint256) = 2**32 - 1
SHORT_KEY_BITS: constant(uint256) = 2**192 - 1  # index and account
VERSION_TO_KEY: constant(uint256) = 184  # from its place in a book

COMMITMENT_AT: constant(uint256) = 99  # in the clone's code, see modules/clone.vy

# ---------------------------------------------------------------- state

commitments: HashMap[uint256, bytes32]  # version -> commitment, but for the first
native: uint256  # the book of the native coin
tokens: HashMap[address, uint256]  # the book of each token
pages: HashMap[address, HashMap[uint256, uint256]]  # currency -> version | page -> page
seats: HashMap[uint256, uint256]  # key -> a joined seat, with what it took of native coin
token_seats: HashMap[address, HashMap[uint256, uint256]]  # currency -> key -> seat


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
    return self.tokens[currency]


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


# ---------------------------------------------------------------- amounts

@internal
@pure
def _received(book: uint256, balance: uint256) -> uint256:
    """
    @notice C: the balance and all that was paid; never below zero, where a balance fell.
    """
    paid: uint256 = book >> TOP
    held: uint256 = min(balance, MAX_AMOUNT)
    if paid > MAX_AMOUNT:  # negative
        return held - min(held, 2**112 - paid)
    return min(held + paid, MAX_AMOUNT)


@internal
@view
def _received_now(currency: address, book: uint256) -> uint256:
    if currency == NATIVE:
        return self._received(book, self.balance)
    return self._received(book, staticcall IERC20(currency).balanceOf(self))


@internal
@pure
def _had(seat: uint256, base: uint256) -> uint256:
    if seat & OWN_COUNT != 0:
        return seat >> TOP
    # 112 bits times 48; a seat that has not joined divides by zero, which yields zero.
    part: uint256 = unsafe_div(unsafe_mul(base, seat & SHARES), seat >> TOTAL_AT & SHARES)
    return max(seat >> TOP, part)


@internal
@view
def _base(currency: address, book: uint256, key: uint256, seat: uint256) -> uint256:
    """
    @notice The C up to which a seat's page has been paid out.
    """
    if seat & SEVERAL_PAGES == 0:
        return book >> BASE_AT & AMOUNT_BITS
    if book & PUSHED == 0:
        return 0
    return self.pages[currency][self._page_key(book, key)] >> PAGE_BASE_AT


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
    if seat & SEVERAL_PAGES == 0:
        return book
    if book & PUSHED == 0:
        return book | CLAIMED
    page: uint256 = self._page_key(book, key)
    self.pages[currency][page] |= 1 << (key >> INDEX_AT & PAGE_PLACES)
    return book


@internal
@view
def _page(currency: address, book: uint256, page: uint256) -> (uint256, uint256):
    """
    @return The base of a page of several, and its marks: all of them where claims came
            before the page had any.
    """
    slot: uint256 = self.pages[currency][(book & VERSION) << 24 | page]
    if slot & PAGE_PUSHED == 0 and book & CLAIMED != 0:
        return slot >> PAGE_BASE_AT, PAGE_MARKS
    return slot >> PAGE_BASE_AT, slot & PAGE_MARKS


@internal
def _keep_page(currency: address, book: uint256, page: uint256, base: uint256, marks: uint256):
    self.pages[currency][(book & VERSION) << 24 | page] = base << PAGE_BASE_AT | PAGE_PUSHED | marks
