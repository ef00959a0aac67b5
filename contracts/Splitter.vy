# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Splitter
@license MIT
@notice Splits what it receives by a share table: native coin and any ERC-20, claimed by a
        member (pull) or paid out to everyone (push), on the same books (modules/books.vy).
        It has no owner, and by itself its table never changes. It runs behind a clone
        (modules/clone.vy) whose code ends with the commitment to the table; the
        implementation by itself is locked.

        An amount is in the currency's smallest unit. The native coin is the zero address.
"""
from ethereum.ercs import IERC20

from contracts.modules import books
from contracts.modules import pull
from contracts.modules import push
from contracts.modules import share_table

initializes: books
initializes: pull[books := books]
initializes: push[books := books]

event Received:  # a plain payment, logged by the clone itself
    payment: uint256  # payer (160) | amount (96)

event Paid:
    payer: indexed(address)
    memo: indexed(bytes32)
    currency: address
    amount: uint256

event Joined:  # a first claim joins too
    seat: indexed(uint256)  # its key
    shares: uint256

IMPLEMENTATION: immutable(address)


@deploy
def __init__():
    IMPLEMENTATION = self


# ---------------------------------------------------------------- pay

@external
@payable
@reentrant
def __default__():
    """
    @notice Coin that comes with data which no function knows (a wallet's memo) is a
            payment like any other.
    """
    self._receive(msg.sender, msg.value)


@external
@payable
def pay(currency: address, amount: uint256, memo: bytes32):
    """
    @notice Pays in, with a reference. Anyone. A token needs an approval of the amount.
            Reverts with "wrong amount" where the coin sent is not the amount, and with
            "payment failed" where the token refuses.
    @param memo 32 bytes of reference, such as an invoice number.
    """
    self._pay(currency, amount, memo, msg.sender, msg.value)


# ---------------------------------------------------------------- join, claim

@external
def join(
    table: share_table.Table,
    index: uint256,
    words: Bytes[share_table.PAGE_BYTES],
    proof: Bytes[share_table.PROOF_BYTES] = b"",
    claims: bool = True,
):
    """
    @notice Proves a seat once, so that its later claims need no proof, and pays it what
            is due to it of the native coin. Anyone, for any seat. Reverts with "wrong
            table", "wrong page", "wrong proof" or "wrong sum" where the proof fails, with
            "already joined", and with "payment failed" where the member refuses coin.
    @param index The seat's place in the whole table: 32 * page + place on the page.
    @param words The seat words of its page.
    @param proof Of the page; empty for a table of one page.
    @param claims Whether to pay at once.
    """
    book: uint256 = books.native
    assert share_table._commitment(table) == books._commitment(book), "wrong table"
    at: uint256 = (index & 31) << 5
    assert at < len(words), "wrong page"
    sum: uint256 = share_table._sum(words)
    if table.pages == 1:
        assert index < 32 and keccak256(words) == table.root, "wrong page"
        assert sum == table.shares, "wrong sum"
    else:
        share_table._check_page(table, index >> 5, keccak256(words), sum, proof)
    word: uint256 = extract32(words, at, output_type=uint256)
    key: uint256 = (
        (book & books.VERSION) << books.VERSION_TO_KEY | index << books.INDEX_AT | word >> 96
    )
    assert books.seats[key] == 0, "already joined"
    seat: uint256 = word & books.SHARES | table.shares << books.TOTAL_AT
    if table.pages != 1:
        seat |= books.SEVERAL_PAGES
    received: uint256 = unsafe_add(self.balance, book >> books.TOP)
    had: uint256 = 0
    if book & books.BOOK_ODD | seat & books.SEAT_ODD | received >> books.MAX_AMOUNT_BITS != 0:
        received = books._received(book, self.balance)
        had = books._had(seat, books._base(books.NATIVE, book, key, seat))
        book = books._mark(books.NATIVE, book, key, seat)
    entitled: uint256 = unsafe_div(unsafe_mul(received, word & books.SHARES), table.shares)
    if not claims or entitled <= had:
        books.seats[key] = seat
        log Joined(seat=key, shares=word & books.SHARES)
        return
    due: uint256 = unsafe_sub(entitled, had)
    books.native = unsafe_add(book, due << books.TOP) | 1 << (index & books.BOOK_PLACES)
    books.seats[key] = seat | entitled << books.TOP
    log pull.Claimed(seat=key, amount=due)
    assert raw_call(
        convert(word >> 96, address), b"", value=due, revert_on_failure=False
    ), "payment failed"


@external
@reentrant  # the books come before the payment, and the lock of other calls is respected
def claim(index: uint256, account: address = msg.sender):
    """
    @notice Pays a joined seat what is due to it of the native coin. Anyone. Reverts with
            "not joined", "nothing due" or "payment failed".
    @param index The seat's place in the whole table; its lowest 32 bits count.
    """
    self._check_unlocked()
    book: uint256 = books.native
    key: uint256 = (
        (book & books.VERSION) << books.VERSION_TO_KEY
        | (index & books.INDEX_BITS) << books.INDEX_AT
        | convert(account, uint256)
    )
    seat: uint256 = books.seats[key]
    had: uint256 = seat >> books.TOP
    received: uint256 = unsafe_add(self.balance, book >> books.TOP)
    if book & books.BOOK_ODD | seat & books.SEAT_ODD | received >> books.MAX_AMOUNT_BITS != 0:
        received = books._received(book, self.balance)
        had = books._had(seat, books._base(books.NATIVE, book, key, seat))
        book = books._mark(books.NATIVE, book, key, seat)
    entitled: uint256 = unsafe_div(
        unsafe_mul(received, seat & books.SHARES), seat >> books.TOTAL_AT & books.SHARES
    )
    if entitled <= had:
        assert seat != 0, "not joined"
        raise "nothing due"
    due: uint256 = unsafe_sub(entitled, had)
    books.native = unsafe_add(book, due << books.TOP) | 1 << (index & books.BOOK_PLACES)
    books.seats[key] = seat & books.UNDER_TOP | entitled << books.TOP
    log pull.Claimed(seat=key, amount=due)
    assert raw_call(account, b"", value=due, revert_on_failure=False), "payment failed"


@external
def claim_token(currency: address, index: uint256, account: address = msg.sender):
    """
    @notice Pays a joined seat what is due to it of a token. Anyone. Reverts as claim, and
            with "one ledger" where the token is the native coin by another name.
    @param index The seat's place in the whole table; its lowest 32 bits count.
    """
    key: uint256 = (index & books.INDEX_BITS) << books.INDEX_AT | convert(account, uint256)
    assert pull._claim_token(currency, key) != 0, "nothing due"


@external
def claim_many(keys: DynArray[uint256, 64], currencies: DynArray[address, 8]):
    """
    @notice Pays joined seats what is due to them, of one currency or several. Anyone.
            A seat to which nothing is due is passed over.
    @param keys Of the seats: index << 160 | account.
    """
    claimed: uint256 = 0
    for currency: address in currencies:
        if currency == books.NATIVE:
            claimed |= pull._claim_native(keys)
        else:
            for key: uint256 in keys:
                claimed |= pull._claim_token(currency, key & books.SHORT_KEY_BITS)
    assert claimed != 0, "nothing due"


# ---------------------------------------------------------------- payout

@external
def payout(
    table: share_table.Table,
    words: Bytes[share_table.PAGE_BYTES],
    currency: address = books.NATIVE,
):
    """
    @notice Pays every seat of a table of one page what is due to it. Anyone. A recipient
            that fails stops nobody: its amount is kept for it.
    @param words The seat words.
    """
    assert table.pages == 1 and keccak256(words) == table.root, "wrong page"
    sum: uint256 = push._pay_page(table, 0, words, currency)
    assert sum == table.shares, "wrong sum"


@external
def payout_page(
    table: share_table.Table,
    page: uint256,
    words: Bytes[share_table.PAGE_BYTES],
    proof: Bytes[share_table.PROOF_BYTES],
    currency: address = books.NATIVE,
):
    """
    @notice Pays every seat of one page of a table of several. Anyone.
    @param words The seat words of the page.
    """
    page_hash: bytes32 = keccak256(words)
    sum: uint256 = push._pay_page(table, page, words, currency)
    share_table._check_page(table, page, page_hash, sum, proof)


@external
def payout_whole(
    table: share_table.Table,
    pages: DynArray[Bytes[share_table.PAGE_BYTES], share_table.WHOLE_PAGES],
    currency: address = books.NATIVE,
):
    """
    @notice Pays every seat of a table of two to sixteen pages, without proofs. Anyone.
    @param pages The seat words of each page.
    """
    hashes: DynArray[bytes32, share_table.WHOLE_PAGES] = []
    sums: DynArray[uint256, share_table.WHOLE_PAGES] = []
    for words: Bytes[share_table.PAGE_BYTES] in pages:
        page: uint256 = len(hashes)
        hashes.append(keccak256(words))
        sums.append(push._pay_page(table, page, words, currency))
    share_table._check_whole(table, hashes, sums)


# ---------------------------------------------------------------- views

# These two are not locked: they don't change while the books do.
@external
@view
@reentrant
def commitment() -> bytes32:
    """
    @notice The EIP-712 struct hash of the table, or of the agreement that nests it.
    """
    return books._commitment(books.native)


@external
@view
@reentrant
def version() -> uint256:
    """
    @notice The number of the agreement in force; 0 is the first.
    """
    return (books.native & books.VERSION) >> 8


@external
@view
def received(currency: address) -> uint256:
    """
    @notice C: all that the version in force ever received of a currency, in its smallest
            unit.
    """
    return books._received_now(currency, books._book(currency))


@external
@view
def seat(currency: address, index: uint256, account: address) -> (uint256, uint256, uint256, bool):
    """
    @notice The slot of a seat in a currency.
    @return What it took by itself, its shares and the total shares, zeros until it joined
            or acted in this currency; and whether it keeps its own count.
    """
    book: uint256 = books._book(currency)
    key: uint256 = self._key(book, index, account)
    slot: uint256 = books._seat(currency, key)
    return (
        slot >> books.TOP,
        slot & books.SHARES,
        slot >> books.TOTAL_AT & books.SHARES,
        slot & books.OWN_COUNT != 0,
    )


@external
@view
def dues(
    currency: address,
    shares: uint256,
    pages: uint256,
    first: uint256,
    words: DynArray[uint256, 512],
) -> DynArray[uint256, 512]:
    """
    @notice What is due to seats of the table, joined or not. The table is taken on trust.
    @param shares The total shares of the table.
    @param pages The pages of the table.
    @param first The index of the first of the seats, which follow each other.
    @param words Their seat words.
    """
    book: uint256 = books._book(currency)
    received: uint256 = books._received_now(currency, book)
    amounts: DynArray[uint256, 512] = []
    index: uint256 = first
    for word: uint256 in words:
        key: uint256 = self._key(book, index, convert(word >> 96, address))
        slot: uint256 = books._seat(currency, key)
        if slot == 0:
            slot = word & books.SHARES | shares << books.TOTAL_AT
            if pages > 1:
                slot |= books.SEVERAL_PAGES
        had: uint256 = books._had(slot, books._base(currency, book, key, slot))
        entitled: uint256 = received * (word & books.SHARES) // shares
        amounts.append(entitled - min(entitled, had))
        index += 1
    return amounts


# ---------------------------------------------------------------- internals

@internal
@view
@nonreentrant
def _check_unlocked():
    pass


@internal
@pure
def _key(book: uint256, index: uint256, account: address) -> uint256:
    return (
        (book & books.VERSION) << books.VERSION_TO_KEY
        | (index & books.INDEX_BITS) << books.INDEX_AT
        | convert(account, uint256)
    )


@internal
def _receive(payer: address, amount: uint256):
    assert amount != 0 and self != IMPLEMENTATION, "not payable"
    log Paid(payer=payer, memo=empty(bytes32), currency=books.NATIVE, amount=amount)


@internal
def _pay(currency: address, amount: uint256, memo: bytes32, payer: address, sent: uint256):
    assert self != IMPLEMENTATION, "not payable"
    received: uint256 = amount
    if currency == books.NATIVE:
        assert sent == amount, "wrong amount"
    else:
        assert sent == 0, "wrong amount"
        before: uint256 = staticcall IERC20(currency).balanceOf(self)
        assert extcall IERC20(currency).transferFrom(
            payer, self, amount, default_return_value=True
        ), "payment failed"
        # A token may take a fee on the way: what arrived is what was paid.
        received = staticcall IERC20(currency).balanceOf(self) - before
    log Paid(payer=payer, memo=memo, currency=currency, amount=received)
