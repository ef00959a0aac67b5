# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Registry
@license MIT
@notice Where SEEs are formed and ended by the consent of those who have a voice. All
        SEEs of a chain share it, and nobody owns it. It never touches money: of a SEE it
        can call no more than its end.
"""
from contracts.modules import clone
from contracts.modules import consent
from contracts.modules import share_table
from contracts.modules import terms as terms_

interface ISee:
    def end(): nonpayable
    def commitment() -> bytes32: view

# ---------------------------------------------------------------- events

event Created:  # a fixed split
    splitter: indexed(address)
    root: bytes32
    shares: uint256
    pages: uint256

event Registered:
    see: indexed(address)
    submitter: address
    root: bytes32
    shares: uint256
    pages: uint256
    text: bytes32
    quorum_numerator: uint256
    quorum_denominator: uint256
    expiry: uint256
    nonce: bytes32
    roll: Bytes[consent.ROLL_BYTES]
    currencies: Bytes[terms_.CURRENCIES_BYTES]

event Located:  # where the readable agreement may be found
    see: indexed(address)
    uri: String[256]

# The seat words of one page follow as raw data, in the order of the pages.
event Published:
    account: indexed(address)

event Deregistered:
    see: indexed(address)
    submitter: indexed(address)

# ---------------------------------------------------------------- constants

REGISTRATION_TYPE: constant(bytes32) = keccak256(
    "Registration(address account,Agreement agreement,uint256 deadline)"
    "Agreement(Table table,Terms terms)"
    "Table(bytes32 root,uint256 shares,uint256 pages)"
    "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,uint256 expiry,address[] currencies,bytes32 nonce)"
)
DEREGISTRATION_TYPE: constant(bytes32) = keccak256(
    "Deregistration(address account,End end,uint256 deadline)End(address see,uint256 version)"
)
END_TYPE: constant(bytes32) = keccak256("End(address see,uint256 version)")
PUBLISHED: constant(bytes32) = keccak256("Published(address)")
GRACE: constant(uint256) = 7 * 86400  # seconds after the expiry, in which only the voices end a SEE
PAGES: constant(uint256) = 4  # published in one call

# Record: block number (160) | registered (40) | ended (40) | version (16); times in unix seconds
ENDED_AT: constant(uint256) = 16
REGISTERED_AT: constant(uint256) = 56
BLOCK_AT: constant(uint256) = 96
TIME: constant(uint256) = 2**40 - 1
VERSION: constant(uint256) = 2**16 - 1

struct Record:
    block_number: uint256  # in which it was registered
    registered: uint256
    ended: uint256  # zero while it lives
    version: uint256

# ---------------------------------------------------------------- state

see_implementation: public(immutable(address))
splitter_implementation: public(immutable(address))
SEE_CODE: immutable(Bytes[clone.CODE_BYTES])
SPLITTER_CODE: immutable(Bytes[clone.CODE_BYTES])

records: HashMap[address, uint256]
gone: HashMap[address, uint256]  # by SEE: version (16, from bit 64) | places of the roll that left (64)


@deploy
def __init__(see_init_code: Bytes[24576], splitter: address):
    """
    @notice Deploys the implementation of SEEs, which knows its Registry as its deployer.
    @param splitter The implementation of Splitters, which stands alone: from the same
           deterministic deployer, so that its address commits to its code. Both together
           in this init code would pass the limit of EIP-3860.
    """
    assert splitter.is_contract, "no implementation"
    see_implementation = raw_create(see_init_code)
    splitter_implementation = splitter
    SEE_CODE = clone._code(see_implementation)
    SPLITTER_CODE = clone._code(splitter)


# ---------------------------------------------------------------- create, register

@external
def create(root: bytes32, shares: uint256, pages: uint256, salt: bytes32) -> address:
    """
    @notice Deploys a fixed Splitter. Anyone.
    """
    table: share_table.Table = share_table.Table(root=root, shares=shares, pages=pages, terms=empty(bytes32))
    splitter: address = clone._deploy(SPLITTER_CODE, share_table._commitment(table), salt)
    log Created(splitter=splitter, root=root, shares=shares, pages=pages)
    return splitter


@external
def create_published(root: bytes32, shares: uint256, pages: uint256, salt: bytes32, words: Bytes[share_table.FEW_BYTES], sums: uint256) -> address:
    """
    @notice Deploys a fixed Splitter of up to 128 seats and publishes its table, from which
            root, shares and pages follow. Anyone.
    """
    table: share_table.Table = share_table.Table(root=root, shares=shares, pages=pages, terms=empty(bytes32))
    splitter: address = clone._deploy(SPLITTER_CODE, share_table._commitment(table), salt)
    self._publish(splitter, root, shares, pages, words, sums)
    return splitter


@external
def deploy(table: share_table.Table) -> address:
    """
    @notice Deploys the clone of an agreement without registering it: a Splitter and
            nothing more, at the same address on every chain. Anyone.
    """
    return clone._deploy(SEE_CODE, share_table._commitment(table), empty(bytes32))


@external
def register(
    table: share_table.Table,
    terms: terms_.Terms,
    deadline: uint256,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: Bytes[terms_.CURRENCIES_BYTES],
    signatures: Bytes[consent.SIGNATURES_BYTES],
    words: Bytes[share_table.FEW_BYTES],
    sums: uint256,
):
    """
    @notice Forms a SEE. Anyone may submit what every voice has signed.
    """
    terms_._check(terms, currencies)
    consent._check_roll(roll)
    agreement: bytes32 = terms_._agreement(table, terms, keccak256(roll), keccak256(currencies))
    yes: uint256 = 0
    live: uint256 = 0
    yes, live = consent._count(REGISTRATION_TYPE, agreement, deadline, roll, signatures, 0)
    assert yes == live, "missing voice"
    see: address = clone._address(SEE_CODE, agreement, empty(bytes32))
    assert self.records[see] == 0, "already registered"
    self.records[see] = block.number << BLOCK_AT | block.timestamp << REGISTERED_AT
    if not see.is_contract:
        clone._deploy(SEE_CODE, agreement, empty(bytes32))
    self._log_registered(see, table, terms, roll, currencies)
    if len(words) != 0:
        self._publish(see, table.root, table.shares, table.pages, words, sums)


@internal
def _log_registered(
    see: address,
    table: share_table.Table,
    terms: terms_.Terms,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: Bytes[terms_.CURRENCIES_BYTES],
):
    log Registered(
        see=see,
        submitter=msg.sender,
        root=table.root,
        shares=table.shares,
        pages=table.pages,
        text=terms.text,
        quorum_numerator=terms.quorum_numerator,
        quorum_denominator=terms.quorum_denominator,
        expiry=terms.expiry,
        nonce=terms.nonce,
        roll=roll,
        currencies=currencies,
    )


@external
def deregister(
    see: address,
    table: share_table.Table,
    terms: terms_.Terms,
    deadline: uint256,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: Bytes[terms_.CURRENCIES_BYTES],
    signatures: Bytes[consent.SIGNATURES_BYTES],
):
    """
    @notice Ends a SEE by the quorum of its live voices. Anyone may submit it.
    """
    record: uint256 = self._check_live(see, terms_._agreement(table, terms, keccak256(roll), keccak256(currencies)))
    version: uint256 = record & VERSION
    absent: uint256 = self.gone[see]
    if absent >> 64 != version:
        absent = 0
    yes: uint256 = 0
    live: uint256 = 0
    end: bytes32 = keccak256(abi_encode(END_TYPE, see, version))
    yes, live = consent._count(DEREGISTRATION_TYPE, end, deadline, roll, signatures, absent)
    assert yes * terms.quorum_denominator >= live * terms.quorum_numerator, "no quorum"
    self._end(see, record)


@external
def expire(
    see: address,
    table: share_table.Table,
    terms: terms_.Terms,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: Bytes[terms_.CURRENCIES_BYTES],
):
    """
    @notice Ends a SEE seven days after its agreement expired. Anyone.
    """
    record: uint256 = self._check_live(see, terms_._agreement(table, terms, keccak256(roll), keccak256(currencies)))
    assert block.timestamp >= terms.expiry + GRACE, "not expired"
    self._end(see, record)


@external
def publish(
    account: address,
    table: share_table.Table,
    first: uint256,
    words: DynArray[Bytes[share_table.PAGE_BYTES], PAGES],
    proofs: DynArray[Bytes[share_table.PROOF_BYTES], PAGES],
):
    """
    @notice Publishes pages of the table that a SEE or a Splitter is committed to. Anyone.
    @param first The number of the first of these pages.
    """
    assert share_table._commitment(table) == staticcall ISee(account).commitment(), "wrong table"
    assert len(words) == len(proofs), "wrong proof"
    for i: uint256 in range(len(words), bound=PAGES):
        share_table._check_page(table, first + i, keccak256(words[i]), share_table._sum(words[i]), proofs[i])
        raw_log([PUBLISHED, convert(account, bytes32)], words[i])


# ---------------------------------------------------------------- views

@external
@view
def record(see: address) -> Record:
    """
    @notice When a SEE was registered and ended (unix seconds), and the SEE before it.
    """
    word: uint256 = self.records[see]
    return Record(
        block_number=word >> BLOCK_AT,
        registered=word >> REGISTERED_AT & TIME,
        ended=word >> ENDED_AT & TIME,
        version=word & VERSION,
    )


@external
@view
def see_address(agreement: bytes32) -> address:
    return clone._address(SEE_CODE, agreement, empty(bytes32))


@external
@view
def splitter_address(commitment: bytes32, salt: bytes32) -> address:
    return clone._address(SPLITTER_CODE, commitment, salt)


@external
@view
def eip712Domain() -> (bytes1, String[8], String[1], uint256, address, bytes32, DynArray[uint256, 1]):
    """
    @notice The EIP-712 domain (https://eips.ethereum.org/EIPS/eip-5267).
    """
    return 0x0f, consent.NAME, consent.VERSION, chain.id, self, empty(bytes32), []


# ---------------------------------------------------------------- internals

@internal
def _publish(
    account: address,
    root: bytes32,
    shares: uint256,
    pages: uint256,
    words: Bytes[share_table.FEW_BYTES],
    sums: uint256,
):
    if pages == 1:
        assert keccak256(words) == root, "wrong page"
    else:
        last: uint256 = unsafe_sub(pages, 1)
        assert last < 4, "wrong page"
        hashes: bytes32[4] = empty(bytes32[4])
        at: uint256 = 0
        for page: uint256 in range(last, bound=3):
            hashes[page] = keccak256(slice(words, at, share_table.PAGE_BYTES))
            at = unsafe_add(at, share_table.PAGE_BYTES)
        hashes[last] = keccak256(slice(words, at, unsafe_sub(len(words), at)))
        assert root == share_table._root_of_few(pages, hashes[0], hashes[1], hashes[2], hashes[3], sums), "wrong page"
    raw_log([PUBLISHED, convert(account, bytes32)], words)


@internal
def _end(see: address, record: uint256):
    self.records[see] = record | block.timestamp << ENDED_AT
    log Deregistered(see=see, submitter=msg.sender)
    extcall ISee(see).end()


@internal
@view
def _check_live(see: address, agreement: bytes32) -> uint256:
    record: uint256 = self.records[see]
    assert record != 0, "not registered"
    assert record >> ENDED_AT & TIME == 0, "already ended"
    assert agreement == staticcall ISee(see).commitment(), "wrong agreement"
    return record
