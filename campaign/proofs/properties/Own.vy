# pragma version 0.4.3
"""
@title Own
@license MIT
@notice What its Registry alone can do to a SEE, what an account can do, and what anyone can touch.
"""
from campaign.proofs.properties import slots
from campaign.proofs.properties import world
from contracts.modules import books
from contracts.modules import consent
from contracts.modules import kinds

initializes: world

REDIRECT_TYPE: constant(bytes32) = keccak256("Redirect(address see,address to,uint256 times)")


@external
def setUp():
    world._set_up()
    world._arbitrary()


@external
def check_end(caller: address, any: world.Any):
    """
    @notice end succeeds for the Registry alone, and changes nothing but `ended`.
    """
    before: world.Words = world._words(any)
    world._from(caller)
    done: bool = world._call(method_id("end()"))
    after: world.Words = world._words(any)
    yes: uint256 = world._all(done)
    wrong: uint256 = yes & (world._all(caller != world.registry) | after.ended ^ 1)
    wrong |= ~yes & (after.ended ^ before.ended)
    before.ended = after.ended
    world._prove(wrong | world._differ(before, after) == 0)


@external
def check_succeed(caller: address, old: bytes32, next: bytes32, held: uint256, any: world.Any):
    """
    @notice succeed: the Registry alone, from the agreement in force; no money moves, no seat
            changes, and of what is closed only the version in force is.
    """
    world._deal(world.see, held)
    before: world.Words = world._words(any)
    version: uint256 = (before.native & books.VERSION) >> 8
    world._assume(version != 0)
    in_force: uint256 = world._in(slots.COMMITMENTS, version)
    world._from(caller)
    data: Bytes[132] = abi_encode(
        old, next, b"", method_id=method_id("succeed(bytes32,bytes32,bytes)")
    )
    done: bool = world._call(data)
    after: world.Words = world._words(any)
    yes: uint256 = world._all(done)
    wrong: uint256 = yes & (world._all(caller != world.registry) | convert(old, uint256) ^ in_force)
    wrong |= yes & (after.native & books.VERSION ^ (version + 1) << 8)
    wrong |= ~yes & (after.native ^ before.native)
    named: uint256 = yes & world._all(any.version == version + 1)
    wrong |= named & (after.commitment ^ convert(next, uint256))
    wrong |= ~named & (after.commitment ^ before.commitment)
    closes: uint256 = yes & world._all(any.currency == empty(address))
    closes &= world._all(any.version == version)
    wrong |= ~closes & (after.closed ^ before.closed)
    before.native = after.native
    before.commitment = after.commitment
    before.closed = after.closed
    world._prove(wrong | world._differ(before, after) == 0)


@external
def check_leave(caller: address, account: address, index: uint256, held: uint256, any: world.Any):
    """
    @notice leave: the Registry alone; it changes that seat, its page, the page beyond the
            last and the book: no money moves, and no other seat changes. None has left before.
    """
    world._deal(world.see, held)
    book: uint256 = world._at(slots.NATIVE)
    world._assume(held <= books.MAX_AMOUNT)
    world._assume(book >> books.TOP <= books.MAX_AMOUNT)
    world._assume(book & books.FOLDED == 0)
    key: uint256 = books._key(book, index, account)
    before: world.Words = world._words(any)
    world._from(caller)
    data: Bytes[132] = abi_encode(
        account, index, b"", method_id=method_id("leave(address,uint256,bytes)")
    )
    done: bool = world._call(data)
    after: world.Words = world._words(any)
    yes: uint256 = world._all(done)
    wrong: uint256 = yes & world._all(caller != world.registry)
    wrong |= ~yes & (after.native ^ before.native)
    wrong |= (after.native ^ before.native) & (books.VERSION | books.FILTER)
    its: uint256 = yes & world._all(any.key == key)
    wrong |= ~its & (after.seat ^ before.seat)
    # Its shares and total stay, and it has left.
    wrong |= its & ((after.seat ^ before.seat) & (2**96 - 1) | ~after.seat & books.LEFT)
    page: uint256 = world._all(any.page == books._page_key(book, key))
    page |= world._all(any.page == (book & books.VERSION) << 24 | books.WHOLE)
    page &= yes & world._all(any.currency == empty(address))
    wrong |= ~page & (after.page ^ before.page)
    before.native = after.native
    before.seat = after.seat
    before.page = after.page
    world._prove(wrong | world._differ(before, after) == 0)


@external
def check_redirect(
    caller: address, account: address, to: address, key: uint256, deadline: uint256,
    r: uint256, vs: uint256, any: world.Any,
):
    """
    @notice redirect: by the account or its signature; it moves no money and changes nothing
            but that account's word and one filter bit.
    """
    world._assume(account != world.coin)
    before: world.Words = world._words(any)
    word: uint256 = world._in(slots.REDIRECTS, convert(account, uint256))
    world._assume(word >> 160 != 2**96 - 1)
    subject: bytes32 = keccak256(abi_encode(REDIRECT_TYPE, world.see, to, word >> 160))
    digest: bytes32 = consent._digest(
        world.registry, kinds.REDIRECTION_TYPE, account, subject, deadline
    )
    signer: address = ecrecover(digest, unsafe_add(27, vs >> 255), r, vs & (2**255 - 1))
    data: Bytes[420] = concat(
        method_id("redirect(address,address,uint256,address[],uint256,bytes)"),
        convert(account, bytes32), convert(to, bytes32), convert(key, bytes32),
        convert(192, bytes32), convert(deadline, bytes32), convert(224, bytes32),
        convert(0, bytes32), convert(64, bytes32), convert(r, bytes32), convert(vs, bytes32),
    )
    world._from(caller)
    done: bool = world._call(data)
    after: world.Words = world._words(any)
    yes: uint256 = world._all(done)
    wrong: uint256 = yes & world._all(caller != account) & world._all(signer != account)
    wrong |= yes & (world._all(to == empty(address)) | world._all(to == world.see))
    its: uint256 = yes & world._all(convert(any.who, uint256) == convert(account, uint256))
    wrong |= its & (after.redirect ^ (unsafe_add(word >> 160, 1) << 160 | convert(to, uint256)))
    wrong |= ~its & (after.redirect ^ before.redirect)
    wrong |= (after.native ^ before.native) & ~books.FILTER
    before.redirect = after.redirect
    before.native = after.native
    world._prove(wrong | world._differ(before, after) == 0)


@external
def check_touch(any: world.Any):
    """
    @notice touch, of a token and no leavers: it changes that token's book and what is closed
            of it alone, and moves nothing.
    """
    before: world.Words = world._words(any)
    data: Bytes[100] = concat(
        method_id("touch(address,uint256[])"), convert(world.coin, bytes32),
        convert(64, bytes32), convert(0, bytes32),
    )
    done: bool = world._call(data)
    after: world.Words = world._words(any)
    its: uint256 = world._all(done) & world._all(any.currency == world.coin)
    wrong: uint256 = ~its & (after.book ^ before.book | after.closed ^ before.closed)
    before.book = after.book
    before.closed = after.closed
    world._prove(wrong | world._differ(before, after) == 0)


@external
def false_end_is_nobodys(caller: address):
    """
    @notice False: the Registry ends it.
    """
    world._from(caller)
    world._prove(not world._call(method_id("end()")))


@external
def false_redirect_needs_the_account_to_call(
    caller: address, account: address, to: address, key: uint256, deadline: uint256,
    r: uint256, vs: uint256,
):
    """
    @notice False: its signature does too.
    """
    world._assume(account != world.coin)
    data: Bytes[420] = concat(
        method_id("redirect(address,address,uint256,address[],uint256,bytes)"),
        convert(account, bytes32), convert(to, bytes32), convert(key, bytes32),
        convert(192, bytes32), convert(deadline, bytes32), convert(224, bytes32),
        convert(0, bytes32), convert(64, bytes32), convert(r, bytes32), convert(vs, bytes32),
    )
    world._from(caller)
    done: bool = world._call(data)
    world._prove(not done or caller == account)
