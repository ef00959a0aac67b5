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
from contracts.modules import books
from contracts.modules import joining
from contracts.modules import paying
from contracts.modules import pull
from contracts.modules import push
from contracts.modules import refusals
from contracts.modules import share_table

initializes: books
initializes: joining[books := books]
initializes: paying
initializes: pull[books := books]
initializes: push[books := books]

event Received:  # a plain payment, logged by the clone itself
    payment: uint256  # payer (160) | amount (96)


@deploy
def __init__():
    paying.__init__()


# ---------------------------------------------------------------- pay

@external
@payable
@reentrant
def __default__():
    """
    @notice Coin that comes with data which no function knows (a wallet's memo) is a
            payment like any other.
    """
    paying._receive(msg.sender, msg.value)


@external
@payable
def pay(currency: address, amount: uint256, memo: bytes32):
    """
    @notice Pays in, with a reference. Anyone. A token needs an approval of the amount.
            Reverts with "wrong amount" where the coin sent is not the amount, and with
            "payment failed" where the token answers false, or as the token does.
    @param memo 32 bytes of reference, such as an invoice number.
    """
    paying._pay(currency, amount, memo, msg.sender, msg.value)


# ---------------------------------------------------------------- join, claim

@external
def join(
    table: share_table.Table,
    index: uint256,
    words: Bytes[share_table.PAGE_BYTES],
    claims: bool = True,
):
    """
    @notice Proves a seat of a table of one page once, so that its later claims need no
            proof, and pays it what is due to it of the native coin. Anyone, for any seat.
            Reverts with "wrong table", "wrong page" or "wrong sum" where the proof fails,
            with "already joined", and with "payment failed" where the member refuses coin.
    @param words All seat words.
    @param claims Whether to pay at once.
    """
    book: uint256 = books.native
    if share_table._commitment(table) != books._commitment(book):
        refusals._wrong_table()
    if table.pages != 1 or keccak256(words) != table.root:
        refusals._wrong_page()
    if index << 5 >= len(words) or index >= 32:
        refusals._wrong_page()
    if share_table._sum(words) != table.shares:
        refusals._wrong_sum()
    word: uint256 = extract32(words, index << 5, output_type=uint256)
    key: uint256 = (
        (book & books.VERSION) << books.VERSION_TO_KEY | index << books.INDEX_AT | word >> 96
    )
    if books.seats[key] != 0:
        refusals._already_joined()
    seat: uint256 = word & books.SHARES | table.shares << books.TOTAL_AT
    received: uint256 = unsafe_add(self.balance, book >> books.TOP)
    due: uint256 = unsafe_div(unsafe_mul(received, word & books.SHARES), table.shares)
    if book & books.BOOK_ODD | received >> books.MAX_AMOUNT_BITS != 0:
        books.seats[key] = seat
        if not claims or pull._claim_odd(key) == 0:
            log joining.Joined(seat=key, shares=word & books.SHARES)
    elif not claims or due == 0:
        books.seats[key] = seat
        log joining.Joined(seat=key, shares=word & books.SHARES)
    else:
        books.native = unsafe_add(book, due << books.TOP) | 1 << (index & books.BOOK_PLACES)
        books.seats[key] = seat | due << books.TOP
        log pull.Claimed(seat=key, amount=due)
        if not raw_call(
            convert(word >> 96, address), b"", value=due, revert_on_failure=False
        ):
            refusals._payment_failed()


@external
def join_page(
    table: share_table.Table,
    index: uint256,
    words: Bytes[share_table.PAGE_BYTES],
    proof: Bytes[share_table.PROOF_BYTES],
    claims: bool = True,
):
    """
    @notice As join, for a table of several pages. Reverts with "wrong proof" too.
    @param index The seat's place in the whole table: 32 * page + place on the page.
    @param words The seat words of its page.
    """
    version: uint256 = (books.native & books.VERSION) >> 8
    key: uint256 = joining._join(version, table, index, words, proof)
    if key == 0:
        refusals._already_joined()
    if claims:
        pull._claim_odd(key)


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
    received: uint256 = unsafe_add(self.balance, book >> books.TOP)
    # A seat that is not plain has a book that is not.
    if book & books.BOOK_ODD | received >> books.MAX_AMOUNT_BITS == 0:
        entitled: uint256 = unsafe_div(
            unsafe_mul(received, seat & books.SHARES), seat >> books.TOTAL_AT & books.SHARES
        )
        if entitled > seat >> books.TOP:
            due: uint256 = unsafe_sub(entitled, seat >> books.TOP)
            books.native = unsafe_add(book, due << books.TOP) | 1 << (index & books.BOOK_PLACES)
            books.seats[key] = unsafe_add(seat, due << books.TOP)
            log pull.Claimed(seat=key, amount=due)
            if not raw_call(account, b"", value=due, revert_on_failure=False):
                refusals._payment_failed()
            return
    else:
        if pull._claim_odd(key) != 0:
            return
    if seat == 0:
        refusals._not_joined()
    refusals._nothing_due()


@external
def claim_token(currency: address, index: uint256, account: address = msg.sender):
    """
    @notice Pays a joined seat what is due to it of a token. Anyone. Reverts as claim, and
            with "one ledger" where the token is the native coin by another name.
    @param index The seat's place in the whole table; its lowest 32 bits count.
    """
    book: uint256 = books._book(currency)
    key: uint256 = books._key(book, index, account)
    if pull._claim_token(currency, book, key) == 0:
        refusals._nothing_due()


@external
def claim_many(keys: DynArray[uint256, 64], currencies: DynArray[address, 8]):
    """
    @notice Pays joined seats what is due to them, of one currency or several. Anyone.
            A seat to which nothing is due is passed over.
    @param keys Of the seats: version << 192 | index << 160 | account.
    """
    claimed: uint256 = 0
    for currency: address in currencies:
        if currency == books.NATIVE:
            claimed |= pull._claim_native(keys)
            continue
        for key: uint256 in keys:
            book: uint256 = books._book(currency)
            if key >> books.VERSION_AT != (book & books.VERSION) >> 8:
                refusals._wrong_version()
            claimed |= pull._claim_token(currency, book, key)
    if claimed == 0:
        refusals._nothing_due()


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
    if table.pages != 1 or keccak256(words) != table.root:
        refusals._wrong_page()
    sum: uint256 = push._pay_page(table, 0, words, currency, push.ALONE) & share_table.SUM
    if sum != table.shares:
        refusals._wrong_sum()


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
    sum: uint256 = push._pay_page(table, page, words, currency, push.ALONE) & share_table.SUM
    share_table._check_page(table, page, keccak256(words), sum, proof)


@external
def payout_whole(
    table: share_table.Table,
    pages: DynArray[Bytes[share_table.PAGE_BYTES], share_table.WHOLE_PAGES],
    currency: address = books.NATIVE,
):
    """
    @notice Pays every seat of a table of up to sixteen pages, without proofs. Anyone.
    @param pages The seat words of each page.
    """
    nodes: bytes32[share_table.WHOLE_PAGES] = empty(bytes32[share_table.WHOLE_PAGES])
    sums: uint256[share_table.WHOLE_PAGES] = empty(uint256[share_table.WHOLE_PAGES])
    count: uint256 = 0
    told: uint256 = push.FIRST
    if table.pages == 1:
        told = push.ALONE
    for words: Bytes[share_table.PAGE_BYTES] in pages:
        nodes[count] = keccak256(words)
        told = push._pay_page(table, count, words, currency, told)
        sums[count] = told & share_table.SUM
        count = unsafe_add(count, 1)
    # A node stands where the first of its pages stood: so a lone one rises unchanged.
    for level: uint256 in range(share_table.WHOLE_LEVELS):
        if 1 << level >= count:
            break
        for i: uint256 in range(share_table.WHOLE_PAGES // 2):
            left: uint256 = i << 1 << level
            right: uint256 = left | 1 << level
            if right >= count:
                break
            nodes[left] = share_table._node(nodes[left], sums[left], nodes[right], sums[right])
            sums[left] = unsafe_add(sums[left], sums[right])
    if count == 0 or count != table.pages or nodes[0] != table.root:
        refusals._wrong_page()
    if sums[0] != table.shares:
        refusals._wrong_sum()


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
            unit, less what was set aside for seats that left.
    """
    return books._received_now(currency, books._book(currency))


@external
@view
def seat(currency: address, key: uint256) -> (uint256, uint256, uint256, uint256):
    """
    @notice The slot of a seat in a currency; zeros until it joined, acted in the token, or a
            push of it failed.
    @param key version << 192 | index << 160 | account.
    @return What it took by itself, its shares, the total shares, and flags: 1 it keeps its
            own count, 2 its table has several pages, 4 it has left, and what is owed to it
            is what it took less than 2**112 - 1.
    """
    slot: uint256 = books._seat(currency, key)
    return (
        slot >> books.TOP,
        slot & books.SHARES,
        slot >> books.TOTAL_AT & books.SHARES,
        slot << books.TOP_BITS >> books.FLAGS_DOWN,
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
        key: uint256 = books._key(book, index, convert(word >> 96, address))
        slot: uint256 = books._seat(currency, key)
        if slot == 0:
            slot = books._fresh(word & books.SHARES, shares, pages)
        amounts.append(books._due(currency, book, key, slot, received))
        index += 1
    return amounts


# ---------------------------------------------------------------- internals

@internal
@view
@nonreentrant
def _check_unlocked():
    pass
