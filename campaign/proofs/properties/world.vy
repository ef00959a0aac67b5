# pragma version 0.4.3
"""
@title World
@license MIT
@notice What the proofs stand in: the real contracts, deployed by their own constructors on
        a symbolic machine, with a token. Their storage and balances are then any at all.
"""
from campaign.proofs.properties import slots

interface Vm:
    def getCode(name: String[64]) -> Bytes[24576]: nonpayable
    def deal(who: address, amount: uint256): nonpayable
    def prank(who: address): nonpayable
    def assume(condition: bool): nonpayable
    def load(who: address, slot: bytes32) -> uint256: nonpayable

interface Svm:
    def enableSymbolicStorage(who: address): nonpayable

struct Table:
    root: bytes32
    shares: uint256
    pages: uint256
    terms: bytes32

interface IRegistry:
    def deploy(table: Table) -> address: nonpayable
    def create(root: bytes32, shares: uint256, pages: uint256, salt: bytes32) -> address: nonpayable
    def see_implementation() -> address: view

interface ICoin:
    def balanceOf(account: address) -> uint256: view

VM: constant(address) = 0x7109709ECfa91a80626fF3989D68f67F5b1DD12D
SVM: constant(address) = 0xF3993A62377BCd56AE39D773740A5390411E8BC9
NATIVE: constant(address) = empty(address)

# Set by campaign/proofs/build.py.
NEVER: constant(bool) = False  # claim of each call that it never succeeds: must be refuted
FIXED: constant(bool) = False  # look at a Splitter, not at a SEE

splitter: address  # the implementation
registry: address
implementation: address  # of SEEs
see: address  # a clone, of a SEE or of a Splitter
coin: address  # a token

struct Any:  # one place of each kind, any at all: what holds of it holds of all
    who: address
    key: uint256
    currency: address
    page: uint256
    version: uint256

struct Words:
    native: uint256
    book: uint256
    seat: uint256
    token_seat: uint256
    page: uint256
    redirect: uint256
    closed: uint256
    commitment: uint256
    ended: uint256
    coins: uint256
    tokens: uint256


@internal
def _set_up(fixed: bool = FIXED):
    code: Bytes[24576] = extcall Vm(VM).getCode("Splitter.sol:Splitter")
    self.splitter = raw_create(code)
    code = extcall Vm(VM).getCode("Coin.sol:Coin")
    self.coin = raw_create(code)
    see_code: Bytes[24576] = extcall Vm(VM).getCode("SEE.sol:SEE")
    code = extcall Vm(VM).getCode("Registry.sol:Registry")
    self.registry = raw_create(code, see_code, self.splitter)
    self.implementation = staticcall IRegistry(self.registry).see_implementation()
    table: Table = self._table()
    if fixed:
        self.see = extcall IRegistry(self.registry).create(
            table.root, table.shares, table.pages, empty(bytes32)
        )
    else:
        self.see = extcall IRegistry(self.registry).deploy(table)


@internal
def _arbitrary():
    """
    @notice From now on storage and balances are any that the machine can hold.
    """
    extcall Svm(SVM).enableSymbolicStorage(self.see, skip_contract_check=True)
    extcall Svm(SVM).enableSymbolicStorage(self.coin, skip_contract_check=True)


@internal
def _table() -> Table:
    word: uint256 = self._word(convert(self.coin, uint256), 1)
    return Table(root=keccak256(convert(word, bytes32)), shares=1, pages=1, terms=empty(bytes32))


@internal
@pure
def _word(account: uint256, shares: uint256) -> uint256:
    return account << 96 | shares


# ---------------------------------------------------------------- say

@internal
@pure
def _all(condition: bool) -> uint256:
    """
    @notice All bits where the condition holds, else none. What is wrong is gathered in a word
            with it, and proven to be zero: each `if` or `and` would double the paths.
    """
    return unsafe_sub(0, convert(condition, uint256))


@internal
def _assume(condition: bool):
    extcall Vm(VM).assume(condition, skip_contract_check=True)


@internal
@pure
def _prove(condition: bool):
    if not condition:
        raw_revert(concat(0x4e487b71, convert(1, bytes32)))  # Panic(1): refuted


@internal
def _call(data: Bytes[8192], coins: uint256 = 0) -> bool:
    done: bool = raw_call(self.see, data, value=coins, revert_on_failure=False)
    if NEVER:
        self._prove(not done)
    return done


@internal
def _from(who: address):
    extcall Vm(VM).prank(who, skip_contract_check=True)


@internal
def _deal(who: address, amount: uint256):
    extcall Vm(VM).deal(who, amount, skip_contract_check=True)


# ---------------------------------------------------------------- look

@internal
def _at(slot: uint256) -> uint256:
    return extcall Vm(VM).load(self.see, convert(slot, bytes32))


@internal
def _in(slot: uint256, key: uint256) -> uint256:
    return extcall Vm(VM).load(
        self.see, keccak256(concat(convert(slot, bytes32), convert(key, bytes32)))
    )


@internal
def _in2(slot: uint256, first: uint256, second: uint256) -> uint256:
    outer: bytes32 = keccak256(concat(convert(slot, bytes32), convert(first, bytes32)))
    return extcall Vm(VM).load(self.see, keccak256(concat(outer, convert(second, bytes32))))


@internal
def _words(any: Any) -> Words:
    currency: uint256 = convert(any.currency, uint256)
    return Words(
        native=self._at(slots.NATIVE),
        book=self._in(slots.TOKENS, currency),
        seat=self._in(slots.SEATS, any.key),
        token_seat=self._in2(slots.TOKEN_SEATS, currency, any.key),
        page=self._in2(slots.PAGES, currency, any.page),
        redirect=self._in(slots.REDIRECTS, convert(any.who, uint256)),
        closed=self._in2(slots.CLOSED, currency, any.version),
        commitment=self._in(slots.COMMITMENTS, any.version),
        ended=self._ended(),
        coins=any.who.balance,
        tokens=staticcall ICoin(self.coin).balanceOf(any.who),
    )


@internal
@pure
def _differ(a: Words, b: Words) -> uint256:
    """
    @notice Zero where all words are the same.
    """
    differ: uint256 = a.native ^ b.native | a.book ^ b.book | a.seat ^ b.seat
    differ |= a.token_seat ^ b.token_seat | a.page ^ b.page | a.redirect ^ b.redirect
    differ |= a.closed ^ b.closed | a.commitment ^ b.commitment | a.ended ^ b.ended
    return differ | a.coins ^ b.coins | a.tokens ^ b.tokens


@internal
def _ended() -> uint256:
    if FIXED:
        return 0  # a Splitter does not end
    return self._at(slots.ENDED)
