# pragma version 0.4.3
"""
@title Moves
@license MIT
@notice What holds of every call that pays one seat: where the money goes, and what stays.

        Nothing here branches: what is wrong is gathered in a word, as differences, and proven
        to be zero at the end. Each `if` or `and` would double the paths.
"""
from campaign.proofs.properties import slots
from campaign.proofs.properties import world
from contracts.modules import books

uses: world

interface ICoin:
    def balanceOf(account: address) -> uint256: view

# What a claim may change of a book below what was paid: marks, and that a seat has claimed.
CLAIM_BITS: constant(uint256) = books.BOOK_MARKS | books.CLAIMED

struct Before:
    native: bool
    currency: address
    book: uint256
    key: uint256
    seat: uint256
    payee: address
    held: uint256
    words: world.Words


@internal
def _book(currency: address) -> uint256:
    if currency == books.NATIVE:
        return world._at(slots.NATIVE)
    return world._in(slots.TOKENS, convert(currency, uint256))


@internal
def _seat(currency: address, key: uint256) -> uint256:
    if currency == books.NATIVE:
        return world._in(slots.SEATS, key)
    return world._in2(slots.TOKEN_SEATS, convert(currency, uint256), key)


@internal
def _held(currency: address) -> uint256:
    if currency == books.NATIVE:
        return world.see.balance
    return staticcall ICoin(currency).balanceOf(world.see)


@internal
def _payee(book: uint256, account: uint256) -> address:
    """
    @notice The account, or where it was redirected.
    """
    to: uint256 = world._in(slots.REDIRECTS, account) & books.ACCOUNT_BITS
    asked: uint256 = world._all((book >> 21 >> (account & 7)) & 1 != 0)
    elsewhere: uint256 = asked & world._all(to != 0)
    return convert(to & elsewhere | account & ~elsewhere, address)


@internal
def _before(currency: address, book: uint256, key: uint256, any: world.Any) -> Before:
    """
    @notice Looks at everything, before a claim of the seat.
    @param book Of the currency, which names who is redirected.
    """
    held: uint256 = self._held(currency)
    payee: address = self._payee(book, key & books.ACCOUNT_BITS)
    for contract: address in [world.see, world.splitter, world.registry, world.implementation]:
        world._assume(payee != contract)
    return Before(
        native=currency == books.NATIVE,
        currency=currency,
        book=book,
        key=key,
        seat=self._seat(currency, key),
        payee=payee,
        held=held,
        words=world._words(any),
    )


@internal
def _check(b: Before, done: bool, any: world.Any):
    """
    @notice After a claim of that seat: where it failed, nothing has changed.
    """
    after: world.Words = world._words(any)
    if not done:
        world._prove(world._differ(after, b.words) == 0)
        return
    book: uint256 = self._book(b.currency)
    seat: uint256 = self._seat(b.currency, b.key)
    paid: uint256 = unsafe_sub(b.held, self._held(b.currency))
    wrong: uint256 = world._all(paid == 0) | world._all(paid > b.held)
    # What the book says was paid is what went.
    wrong |= unsafe_sub(book >> books.TOP, b.book >> books.TOP) % 2**112 ^ paid
    # Fields keep to themselves.
    wrong |= (book ^ b.book) & books.UNDER_TOP & ~CLAIM_BITS
    wrong |= b.book & ~book & CLAIM_BITS
    if b.native:
        wrong |= (seat ^ b.seat) & books.UNDER_TOP
    world._prove((wrong | self._others(b, after, paid, any)) == 0)


@internal
def _others(b: Before, after: world.Words, paid: uint256, any: world.Any) -> uint256:
    """
    @notice Zero where nobody else's money, seat or book has changed, and the payee has it.
    """
    payee: uint256 = world._all(any.who == b.payee)
    bystander: uint256 = ~payee & world._all(any.who != world.see)
    same_seat: uint256 = world._all(any.key == b.key)
    same_currency: uint256 = world._all(any.currency == b.currency)
    wrong: uint256 = 0
    if b.native:
        wrong |= bystander & (after.coins ^ b.words.coins)
        wrong |= payee & (after.coins ^ unsafe_add(b.words.coins, paid))
        wrong |= after.tokens ^ b.words.tokens | after.book ^ b.words.book
        wrong |= after.token_seat ^ b.words.token_seat
        wrong |= ~same_seat & (after.seat ^ b.words.seat)
    else:
        wrong |= bystander & (after.tokens ^ b.words.tokens)
        wrong |= payee & (after.tokens ^ unsafe_add(b.words.tokens, paid))
        wrong |= after.coins ^ b.words.coins | after.native ^ b.words.native
        wrong |= after.seat ^ b.words.seat | ~same_currency & (after.book ^ b.words.book)
        wrong |= ~(same_currency & same_seat) & (after.token_seat ^ b.words.token_seat)
    wrong |= ~same_currency & (after.page ^ b.words.page)
    wrong |= after.redirect ^ b.words.redirect | after.closed ^ b.words.closed
    return wrong | after.commitment ^ b.words.commitment | after.ended ^ b.words.ended
