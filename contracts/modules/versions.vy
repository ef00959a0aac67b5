# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Versions
@license MIT
@notice Books that were closed when another agreement came into force. What a version owes
        then stays owed under its own table, for ever; the next one starts at C = 0: its
        book starts with all that is held as "paid" below zero, and each payment of an old
        debt, which lowers the balance, raises it again.

        A closed book looks like a book, with C in the place of what was paid. Invoices of
        a closed version that are paid late have a book of their own, which starts at zero.

        A currency that cannot be read keeps its book, of the old version, until it can:
        then anyone may close it.
"""
from contracts.modules import books
from contracts.modules import pull
from contracts.modules import refusals

uses: books

event Closed:
    currency: indexed(address)
    version: indexed(uint256)
    received: uint256  # C; what of it was not paid stays owed

LATE: constant(uint256) = 1 << 15  # beside a version: the book of its late payments
LATE_KEY: constant(uint256) = LATE << 192
LAST_VERSION: constant(uint256) = 8191
CURRENCIES_BYTES: constant(uint256) = 512  # a word each
MAX_CURRENCIES: constant(uint256) = 16

# For reading a balance, for ever: room for repricing.
BALANCE_GAS: constant(uint256) = 200_000
CALL_GAS: constant(uint256) = 50_000

closed: HashMap[address, HashMap[uint256, uint256]]  # currency -> version -> closed book


@internal
def _succeed(commitment: bytes32, currencies: Bytes[CURRENCIES_BYTES]):
    """
    @notice Puts another agreement in force, and closes the books of the native coin and of
            these currencies.
    """
    book: uint256 = books.native
    version: uint256 = ((book & books.VERSION) >> 8) + 1
    if version > LAST_VERSION:
        refusals._last_version()
    books.commitments[version] = commitment
    self._close(books.NATIVE, book, version, self.balance)
    for i: uint256 in range(len(currencies) >> 5, bound=MAX_CURRENCIES):
        currency: address = extract32(currencies, i << 5, output_type=address)
        if currency != books.NATIVE:
            self._catch_up(currency)


@internal
def _catch_up(currency: address) -> (bool, uint256):
    """
    @notice Closes the book of a token that is still of an older version, and lets it know
            who was redirected.
    @return Whether the balance can be read, and the balance. If not, the book stays.
    """
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        currency,
        abi_encode(self, method_id=method_id("balanceOf(address)")),
        max_outsize=32,
        gas=BALANCE_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(answer) != 32:
        # Nobody makes a currency fail by giving it too little gas.
        if msg.gas < BALANCE_GAS + CALL_GAS:
            refusals._more_gas()
        return False, 0
    balance: uint256 = convert(answer, uint256)
    book: uint256 = books._book(currency)
    version: uint256 = (books.native & books.VERSION) >> 8
    if (book & books.VERSION) >> 8 != version:
        self._close(currency, book, version, balance)
    elif books.native & books.FILTER & ~book != 0:
        books.tokens[currency] = book | books.native & books.FILTER
    return True, balance


@internal
def _close(currency: address, book: uint256, version: uint256, balance: uint256):
    old: uint256 = (book & books.VERSION) >> 8
    received: uint256 = books._received(book, balance)
    odd: uint256 = book & (books.BOOK_MARKS | books.CLAIMED | books.PUSHED | books.FOLDED)
    # Where all that was received was paid out, nothing is owed and nothing is kept.
    if odd != 0 or received > book << books.TOP_BITS >> books.BASE_DOWN:
        self.closed[currency][old] = (
            book << books.TOP_BITS >> books.TOP_BITS | received << books.TOP
        )
        log Closed(currency=currency, version=old, received=received)
    held: uint256 = min(balance, books.MAX_AMOUNT)
    filter: uint256 = (book | books.native) & books.FILTER
    books._keep_book(
        currency, unsafe_sub(0, held) << books.TOP | version << 8 | filter
    )


@internal
def _claim(currency: address, key: uint256) -> uint256:
    """
    @notice Pays a seat what is due to it of a closed version, or of its late payments: of
            a balance that fell, what is there.
    @return The amount.
    """
    version: uint256 = key >> books.VERSION_AT
    record: uint256 = self.closed[currency][version]
    if record == 0:
        return 0
    seat: uint256 = self._seat(currency, key)
    if seat == 0:
        refusals._not_joined()
    entitled: uint256 = books._entitled(record, seat, record >> books.TOP)
    had: uint256 = books._had(seat, books._base(currency, record, key, seat))
    if entitled <= had:
        return 0
    due: uint256 = min(unsafe_sub(entitled, had), pull._balance(currency))
    if due == 0:
        return 0
    book: uint256 = books._book(currency)
    books._keep_book(currency, unsafe_add(book, due << books.TOP))
    books._keep_seat(
        currency,
        key,
        seat << books.TOP_BITS >> books.TOP_BITS | unsafe_add(had, due) << books.TOP,
    )
    pull._pay(currency, key, books._payee(book, key), due)
    return due


@internal
@view
def _seat(currency: address, key: uint256) -> uint256:
    """
    @notice The slot of a seat of a closed version, or what it would start with.
    """
    seat: uint256 = books._seat(currency, key)
    if seat != 0:
        return seat
    early: uint256 = key & ~LATE_KEY
    if early != key:
        seat = books._seat(currency, early)
        if seat & books.LEFT != 0:
            return seat | books.AMOUNT_BITS << books.TOP  # it had left: nothing is owed
    return books.seats[early] & books.SEAT_FRESH


@internal
def _note_late(currency: address, version: uint256, amount: uint256):
    """
    @notice Notes a payment to the book of a closed version's late payments.
    """
    book: uint256 = books._book(currency)
    if version >= (book & books.VERSION) >> 8:
        refusals._wrong_version()
    late: uint256 = self.closed[currency][version | LATE]
    if late == 0:
        late = version << 8
        early: uint256 = self.closed[currency][version]
        if early & books.FOLDED != 0:  # those who had left then get nothing of it
            late |= early & books.BASE | books.FOLDED
    if (late >> books.TOP) + amount > books.MAX_AMOUNT:
        refusals._wrong_amount()
    if pull._balance(currency) > books.MAX_AMOUNT:
        refusals._wrong_amount()
    # Of a balance that fell "paid" may be so far below zero that its field has no room for more.
    if (book >> books.TOP) ^ 2**111 < amount:
        refusals._wrong_amount()
    self.closed[currency][version | LATE] = late + (amount << books.TOP)
    books._keep_book(currency, unsafe_sub(book, amount << books.TOP))
