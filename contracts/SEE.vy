# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title SEE
@license MIT
@notice A Social Economic Entity: a Splitter whose agreement can be succeeded by another,
        which its members can leave, and which can end. The money is here, consent is in
        the Registry that deployed this: of all that follows, its Registry alone puts a
        next agreement in force, lets a seat leave, and ends it.
"""
from contracts import Splitter as splitter
from contracts.modules import books
from contracts.modules import consent
from contracts.modules import joining
from contracts.modules import kinds
from contracts.modules import leaving
from contracts.modules import paying
from contracts.modules import pull
from contracts.modules import refusals
from contracts.modules import share_table
from contracts.modules import versions

initializes: splitter
uses: books
uses: joining
uses: paying
uses: pull
initializes: leaving[books := books]
initializes: versions[books := books]

exports: (
    splitter.join,
    splitter.join_page,
    splitter.claim,
    splitter.claim_token,
    splitter.payout,
    splitter.payout_page,
    splitter.payout_whole,
    splitter.commitment,
    splitter.version,
    splitter.received,
    splitter.seat,
)

interface IRegistry:
    def endorsed(see: address, digest: bytes32) -> bool: view

# ---------------------------------------------------------------- events

event Received:  # a plain payment, logged by the clone itself
    payment: uint256  # payer (160) | amount (96)

event PaidLate:  # to the books of a closed version
    payer: indexed(address)
    memo: indexed(bytes32)
    currency: address
    amount: uint256
    version: uint256

event Redirected:
    account: indexed(address)
    to: indexed(address)  # the account itself: no longer redirected

event Ended:
    pass

# ---------------------------------------------------------------- constants

REDIRECT_TYPE: constant(bytes32) = keccak256("Redirect(address see,address to,uint256 times)")
ANY_VERSION: constant(uint256) = max_value(uint256)
TIMES_AT: constant(uint256) = 160  # of redirects, above where the money goes
SIGNED: constant(bytes4) = 0x1626ba7e
NOT_SIGNED: constant(bytes4) = 0xffffffff

struct Seat:  # of one version, to be proven as join does
    version: uint256
    table: share_table.Table
    index: uint256
    words: Bytes[share_table.PAGE_BYTES]
    proof: Bytes[share_table.PROOF_BYTES]

registry: reentrant(public(immutable(address)))  # the deployer of the implementation
ended: reentrant(public(bool))


@deploy
def __init__():
    splitter.__init__()
    registry = msg.sender


# ---------------------------------------------------------------- pay

@external
@payable
@reentrant
def __default__():
    """
    @notice As in Splitter.vy.
    """
    paying._receive(msg.sender, msg.value)


@external
@payable
def pay(currency: address, amount: uint256, memo: bytes32, version: uint256 = ANY_VERSION):
    """
    @notice As in Splitter.vy, until the SEE has ended. Plain transfers can't be refused:
            they still split by the last table.
    @param version Of the agreement that the payer saw: if another is in force by now, this
           reverts with "wrong version".
    """
    if self.ended:
        refusals._see_ended()
    if currency != books.NATIVE:
        versions._catch_up(currency)
    # The book of a token that can't be read may still be of an older version.
    if version != ANY_VERSION and version != (books._book(currency) & books.VERSION) >> 8:
        refusals._wrong_version()
    paying._pay(currency, amount, memo, msg.sender, msg.value)


@external
@payable
def pay_late(currency: address, amount: uint256, memo: bytes32, version: uint256):
    """
    @notice Pays an invoice of a closed version to those who did the work. As pay. Seats
            that had left the book of this currency by then get nothing of it.
    @param version Closed; else this reverts with "wrong version".
    """
    if self.ended:
        refusals._see_ended()
    if currency != books.NATIVE:
        versions._catch_up(currency)
    received: uint256 = paying._take(currency, amount, msg.sender, msg.value)
    versions._note_late(currency, version, received)
    log PaidLate(
        payer=msg.sender, memo=memo, currency=currency, amount=received, version=version
    )


# ---------------------------------------------------------------- claim

@external
def claim_versions(
    seats: DynArray[Seat, 4],
    keys: DynArray[uint256, 64],
    currencies: DynArray[address, 8],
):
    """
    @notice Joins seats where they have not joined, and pays what is due to seats of any
            version, in one or several currencies. Anyone. Reverts as join and claim do; a
            seat to which nothing is due is passed over. Where no seats to join are given
            and nothing is paid, it reverts with "nothing due".
    @param seats To join, each in a version of its own choice.
    @param keys To pay: version << 192 | index << 160 | account; the version with its bit
           15 set for what was paid to it late.
    """
    for seat: Seat in seats:
        joining._join(seat.version, seat.table, seat.index, seat.words, seat.proof)
    claimed: uint256 = 0
    for currency: address in currencies:
        for key: uint256 in keys:
            book: uint256 = books._book(currency)
            if key >> books.VERSION_AT != (book & books.VERSION) >> 8:
                claimed |= versions._claim(currency, key)
            elif currency == books.NATIVE:
                if books.seats[key] == 0:
                    refusals._not_joined()
                claimed |= pull._claim_odd(key)
            else:
                claimed |= pull._claim_token(currency, book, key)
    if claimed == 0 and len(seats) == 0:
        refusals._nothing_due()


# ---------------------------------------------------------------- redirect

@external
def redirect(
    account: address,
    to: address,
    key: uint256,
    currencies: DynArray[address, 16],
    deadline: uint256,
    signature: Bytes[consent.BLOCK_BYTES],
):
    """
    @notice Sends what is paid to an account elsewhere from now on, in all versions. Only
            the account, itself or by its signature under Redirection(account, redirect,
            deadline), which counts once.
    @param to The account itself: no longer elsewhere.
    @param key Of a seat of the account that has joined; its account is not read.
    @param currencies All tokens that have a book: that any version names, or that were ever
           claimed, paid out, left or touched. One that is left out does not see the redirect
           until anyone touches it. The native coin need not be named.
    @param signature See modules/consent.vy; not read where the account itself calls.
    """
    if to == empty(address) or to == self:
        refusals._wrong_account()
    seat: uint256 = key >> books.INDEX_AT << books.INDEX_AT | convert(account, uint256)
    if books.seats[seat] == 0:
        refusals._not_joined()
    account_: uint256 = convert(account, uint256)
    times: uint256 = books.redirects[account_] >> TIMES_AT
    if msg.sender != account:
        subject: bytes32 = keccak256(abi_encode(REDIRECT_TYPE, self, to, times))
        consent._check_alone(registry, account, kinds.REDIRECTION_TYPE, subject, deadline, signature)
    books.redirects[account_] = (times + 1) << TIMES_AT | convert(to, uint256)
    books._filter(books.NATIVE, account_)
    for currency: address in currencies:
        books._filter(currency, account_)
    log Redirected(account=account, to=to)


# ---------------------------------------------------------------- its Registry

@external
def succeed(old: bytes32, commitment: bytes32, currencies: Bytes[versions.CURRENCIES_BYTES]):
    """
    @notice Puts another agreement in force and closes the books of the one before. Its
            Registry only. Reverts with "wrong agreement" where the old one is not in force.
    @param currencies Of both agreements, a word each.
    """
    if msg.sender != registry:
        refusals._not_registry()
    if old != books._commitment(books.native):
        refusals._wrong_agreement()
    versions._succeed(commitment, currencies)


@external
def leave(account: address, index: uint256, currencies: Bytes[versions.CURRENCIES_BYTES]):
    """
    @notice Takes a joined seat out of what comes, in the native coin and these currencies.
            Its Registry only.
    @param currencies A word each.
    """
    if msg.sender != registry:
        refusals._not_registry()
    key: uint256 = books._key(books.native, index, account)
    if books.seats[key] == 0:
        refusals._not_joined()
    if books.seats[key] & books.LEFT != 0:
        refusals._already_left()
    leaving._leave(books.NATIVE, key, self.balance)
    for i: uint256 in range(len(currencies) >> 5, bound=versions.MAX_CURRENCIES):
        currency: address = extract32(currencies, i << 5, output_type=address)
        if currency != books.NATIVE:
            self._leave_token(currency, key)


@external
def end():
    """
    @notice Ends the SEE. Its Registry only. Claims and payouts go on.
    """
    if msg.sender != registry:
        refusals._not_registry()
    self.ended = True
    log Ended()


# ---------------------------------------------------------------- currencies left behind

@external
def touch(currency: address, leavers: DynArray[uint256, 16]):
    """
    @notice Does for a token what could not be done, or was not asked for, when an agreement
            came into force, a seat left or an account was redirected. Anyone. Reverts
            with "currency failed" where the token still can't be read.
    @param leavers Seats that have left: index << 160 | account.
    """
    if currency == books.NATIVE or not versions._catch_up(currency)[0]:
        refusals._currency_failed()
    version: uint256 = (books.native & books.VERSION) << books.VERSION_TO_KEY
    for leaver: uint256 in leavers:
        key: uint256 = version | leaver & books.SHORT_KEY_BITS
        if books.seats[key] & books.LEFT == 0:
            refusals._not_left()
        self._leave_token(currency, key)


# ---------------------------------------------------------------- views

@external
@view
@reentrant
def isValidSignature(digest: bytes32, signature: Bytes[consent.BLOCK_BYTES]) -> bytes4:
    """
    @notice Whether its voices have endorsed a message in its Registry, which takes nothing
            but messages of its own (https://eips.ethereum.org/EIPS/eip-1271).
    @param signature Not read.
    """
    if staticcall IRegistry(registry).endorsed(self, digest):
        return SIGNED
    return NOT_SIGNED


@external
@view
@reentrant
def redirected(account: address) -> (address, uint256):
    """
    @notice Where the money of an account goes (zero: to the account), and how often it
            was redirected.
    """
    word: uint256 = books.redirects[convert(account, uint256)]
    to: uint256 = word << books.ABOVE_ACCOUNT >> books.ABOVE_ACCOUNT
    return convert(to, address), word >> TIMES_AT


@external
@view
def closed(currency: address, version: uint256) -> (uint256, uint256, uint256):
    """
    @notice What a closed version received of a currency until it closed, less what was set
            aside for seats that left, and what it received late; and the shares that had
            left by then. Zeros where nothing was owed.
    """
    record: uint256 = versions.closed[currency][version]
    left: uint256 = 0
    if record & books.FOLDED != 0:
        left = record << books.TOP_BITS >> books.BASE_DOWN
    late: uint256 = versions.closed[currency][version | versions.LATE]
    return record >> books.TOP, late >> books.TOP, left


@external
@view
def book(currency: address) -> (uint256, uint256):
    """
    @notice The version to which the book of a currency belongs, and the shares that have
            left it.
    """
    book: uint256 = books._book(currency)
    left: uint256 = 0
    if book & books.FOLDED != 0:
        left = book << books.TOP_BITS >> books.BASE_DOWN
    return (book & books.VERSION) >> 8, left


@external
@view
def dues(
    currency: address,
    version: uint256,
    shares: uint256,
    pages: uint256,
    first: uint256,
    words: DynArray[uint256, 512],
) -> DynArray[uint256, 512]:
    """
    @notice What is due to seats of a version, joined or not, as in Splitter.vy.
    @param version With its bit 15 set for what was paid to it late.
    """
    book: uint256 = books._book(currency)
    received: uint256 = 0
    if version == (book & books.VERSION) >> 8:
        received = books._received_now(currency, book)
    else:
        book = versions.closed[currency][version]
        received = book >> books.TOP
    amounts: DynArray[uint256, 512] = []
    place: uint256 = version << books.VERSION_AT | first << books.INDEX_AT
    for word: uint256 in words:
        key: uint256 = place | word >> 96
        slot: uint256 = versions._seat(currency, key)
        if slot == 0:
            slot = books._fresh(word & books.SHARES, shares, pages)
        amounts.append(books._due(currency, book, key, slot, received))
        place += 1 << books.INDEX_AT
    return amounts


# ---------------------------------------------------------------- internals

@internal
def _leave_token(currency: address, key: uint256):
    readable: bool = False
    balance: uint256 = 0
    readable, balance = versions._catch_up(currency)
    if readable:
        leaving._leave(currency, key, balance)
