# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Push
@license MIT
@notice Pays a page at once. Nobody stops it: a recipient that reverts, burns its gas or
        answers with a bomb, and one that a token refuses, has its amount kept for it.
"""
from contracts.modules import books
from contracts.modules import refusals
from contracts.modules import share_table

uses: books

event PaidOut:  # each seat of the page had its due of what was received until now
    currency: address
    page: uint256
    received: uint256  # C, or V where shares have left

event Kept:  # a push failed, or the seat is pull only
    seat: indexed(uint256)  # its key
    currency: address
    amount: uint256  # all that is due to it now

# What a push may use, for ever: room for repricing, and 32 recipients that burn it all
# still fit in the 2**24 gas of a transaction (EIP-7825).
RECIPIENT_GAS: constant(uint256) = 100_000
TOKEN_GAS: constant(uint256) = 300_000
# A call gets 63/64 of the gas at hand (EIP-150), and costs at most 36,600 itself.
CALL_GAS: constant(uint256) = 50_000

# Told of a page, beside what it tells of itself to the next.
ALONE: constant(uint256) = max_value(uint256)
FIRST: constant(uint256) = max_value(uint256) - 1
RECEIVED_AT: constant(uint256) = 64

ODD_FILTER_AT: constant(uint256) = 64  # beside the marks
FILTER_TO_ODD: constant(uint256) = 43  # from its place in a book


@internal
def _pay_page(
    table: share_table.Table,
    page: uint256,
    words: Bytes[share_table.PAGE_BYTES],
    currency: address,
    told: uint256,
) -> uint256:
    """
    @notice Pays every seat of a page what is due to it.
    @param told ALONE, or of several pages that are all paid, in their order: FIRST, and what
           this returned for the page before. A page of those whose marks stay as they are,
           most of all none, needs no slot of its own.
    @return C, or V where shares have left, << 64 | the shares of the page. The caller checks
            these, and the words, against the table afterwards: of a wrong page nothing
            survives the revert.
    """
    book: uint256 = books._book(currency)
    received: uint256 = told >> RECEIVED_AT
    if told >= FIRST:
        if share_table._commitment(table) != books._commitment(book):
            refusals._wrong_table()
        received = books._received_now(currency, book)
        if book & books.FOLDED != 0:
            received = books._divided(book, received, table.shares)
    if len(words) & 31 != 0:
        refusals._wrong_page()
    native_before: uint256 = self.balance
    paid: uint256 = 0
    base: uint256 = book << books.TOP_BITS >> books.BASE_DOWN
    marks: uint256 = book & books.BOOK_MARKS
    places: uint256 = books.BOOK_PLACES
    if book & books.FOLDED | unsafe_sub(table.pages, 1) != 0:
        marks = 0
        if book & (books.CLAIMED | books.PUSHED | books.FOLDED) != 0:
            base, marks = books._page(currency, book, page, unsafe_sub(table.pages, 1))
        places = books.PAGE_PLACES
    odd: uint256 = marks | (book & books.FILTER) << FILTER_TO_ODD
    # A balance that fell does not take back what was paid out.
    reach: uint256 = max(base, received)
    seats: DynArray[uint256, share_table.PAGE_SEATS] = abi_decode(
        concat(convert(32, bytes32), convert(len(words) >> 5, bytes32), words),
        DynArray[uint256, share_table.PAGE_SEATS],
    )
    answer: Bytes[32] = b""
    new_marks: uint256 = 0
    # The key of a seat, with the shares until then in the place of its account.
    place: uint256 = (book & books.VERSION) << books.VERSION_TO_KEY | page << 165
    place = unsafe_sub(place, 1 << books.INDEX_AT)
    for word: uint256 in seats:
        shares: uint256 = word & share_table.SHARES
        place = unsafe_add(place, 1 << books.INDEX_AT | shares)
        due: uint256 = unsafe_sub(
            unsafe_div(unsafe_mul(reach, shares), table.shares),
            unsafe_div(unsafe_mul(base, shares), table.shares),
        )
        if odd | word & share_table.PULL_ONLY != 0:
            if (
                odd >> (place >> books.INDEX_AT & places)
                | odd >> ODD_FILTER_AT >> (word >> 96 & books.BOOK_PLACES)
                | word >> share_table.PULL_ONLY_AT
            ) & 1 != 0:
                marked: bool = False
                due, marked = self._pay_marked(table, currency, place, word, base, reach, received)
                paid = unsafe_add(paid, due)
                if marked:
                    new_marks |= 1 << (place >> books.INDEX_AT & places)
                continue
        if due == 0:
            continue
        if currency == books.NATIVE:
            if raw_call(
                convert(word >> 96, address),
                b"",
                value=due,
                gas=RECIPIENT_GAS,
                revert_on_failure=False,
            ):
                paid = unsafe_add(paid, due)
                continue
        else:
            sent: bool = False
            # Written out: as _push_token it would cost 3 % of a payout.
            sent, answer = raw_call(
                currency,
                abi_encode(word >> 96, due, method_id=method_id("transfer(address,uint256)")),
                max_outsize=32,
                gas=TOKEN_GAS,
                revert_on_failure=False,
            )
            if len(answer) != 0:
                sent = sent and convert(answer, uint256) == 1
            if sent:
                paid = unsafe_add(paid, due)
                continue
        had: uint256 = unsafe_div(unsafe_mul(base, shares), table.shares)
        self._keep(table, currency, place, word, had, due)
        new_marks |= 1 << (place >> books.INDEX_AT & places)
    book = unsafe_add(book, paid << books.TOP)
    if places == books.BOOK_PLACES:
        book = (
            book >> books.TOP << books.TOP
            | reach << books.BASE_AT
            | book & (books.UNDER_BASE ^ books.BOOK_MARKS)
            | new_marks
        )
    else:
        if told == ALONE or new_marks != marks:
            books._keep_page(currency, book, page, reach, new_marks)
            book |= books.PUSHED
        if told != ALONE and unsafe_add(page, 1) == table.pages:
            book = books._keep_whole(currency, book, received)
    books._keep_book(currency, book)
    # Else the token is the native coin under a second address, with books of its own.
    if currency != books.NATIVE and self.balance < native_before:
        refusals._one_ledger()
    log PaidOut(currency=currency, page=page, received=received)
    return received << RECEIVED_AT | place & share_table.SUM


@internal
def _pay_marked(
    table: share_table.Table,
    currency: address,
    place: uint256,
    word: uint256,
    base: uint256,
    reach: uint256,
    received: uint256,
) -> (uint256, bool):
    """
    @notice Pays a seat whose slot may know more than its page does, or whose account may
            be redirected.
    @param place The seat's key, of whose account's bits nothing is meant.
    @return What was paid, and whether the next payout must look at the slot again.
    """
    key: uint256 = place >> books.INDEX_AT << books.INDEX_AT | word >> 96
    shares: uint256 = word & share_table.SHARES
    seat: uint256 = books._seat(currency, key)
    if seat & books.LEFT != 0:
        return 0, True  # what is owed to it waits for a claim
    had: uint256 = seat >> books.TOP
    if seat & books.OWN_COUNT == 0:
        had = max(had, unsafe_div(unsafe_mul(base, shares), table.shares))
    entitled: uint256 = unsafe_div(unsafe_mul(received, shares), table.shares)
    if entitled <= had:
        pushed: uint256 = unsafe_div(unsafe_mul(reach, shares), table.shares)
        return 0, seat & books.OWN_COUNT != 0 or had > pushed
    due: uint256 = unsafe_sub(entitled, had)
    sent: bool = word & share_table.PULL_ONLY == 0
    if sent:
        to: address = books._payee(books._book(currency), word >> 96)
        if currency == books.NATIVE:
            sent = raw_call(to, b"", value=due, gas=RECIPIENT_GAS, revert_on_failure=False)
        else:
            sent = self._push_token(currency, to, due)
    if not sent:
        self._keep(table, currency, place, word, had, due)
        return 0, True
    if seat & books.OWN_COUNT == 0:
        return due, False
    # The page speaks for the seat again, unless it was paid out further than C is now.
    own: uint256 = 0
    if reach > received:
        own = books.OWN_COUNT
    seat = seat & (books.UNDER_TOP ^ books.OWN_COUNT) | own | entitled << books.TOP
    books._keep_seat(currency, key, seat)
    return due, own != 0


@internal
def _keep(
    table: share_table.Table,
    currency: address,
    place: uint256,
    word: uint256,
    had: uint256,
    due: uint256,
):
    """
    @notice Keeps for a seat what could not be pushed to it: from now on it has its own
            count.
    """
    if word & share_table.PULL_ONLY == 0:
        # Nobody makes a push fail by giving it too little gas.
        if currency == books.NATIVE:
            if msg.gas < RECIPIENT_GAS + CALL_GAS:
                refusals._more_gas()
        else:
            if msg.gas < TOKEN_GAS + CALL_GAS:
                refusals._more_gas()
    key: uint256 = place >> books.INDEX_AT << books.INDEX_AT | word >> 96
    seat: uint256 = (
        books._seat(currency, key) << books.TOP_BITS >> books.FLAGS_DOWN << books.FLAGS_AT
        | books._fresh(word & share_table.SHARES, table.shares, table.pages)
    )
    books._keep_seat(currency, key, seat | books.OWN_COUNT | had << books.TOP)
    log Kept(seat=key, currency=currency, amount=due)


@internal
def _push_token(currency: address, to: address, amount: uint256) -> bool:
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        currency,
        abi_encode(to, amount, method_id=method_id("transfer(address,uint256)")),
        max_outsize=32,
        gas=TOKEN_GAS,
        revert_on_failure=False,
    )
    # A token answers true, or nothing at all.
    return success and (len(answer) == 0 or convert(answer, uint256) == 1)
