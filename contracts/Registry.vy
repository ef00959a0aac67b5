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
from contracts.modules import published
from contracts.modules import share_table
from contracts.modules import terms as terms_

interface ISee:
    def end(): nonpayable
    def commitment() -> bytes32: view

# ---------------------------------------------------------------- events

event Created:  # a fixed Splitter whose table is not published with it
    splitter: indexed(address)
    root: bytes32
    shares: uint256
    pages: uint256

event Registered:
    see: indexed(address)
    agreement: indexed(bytes32)  # EIP-712 struct hash
    submitter: address
    root: bytes32
    shares: uint256
    pages: uint256
    text: bytes32  # hash of the readable agreement
    quorum_numerator: uint256
    quorum_denominator: uint256
    expiry: uint256
    nonce: bytes32
    roll: Bytes[consent.ROLL_BYTES]
    currencies: Bytes[terms_.CURRENCIES_BYTES]

# Logged by modules/published.vy. The seat words follow as they stand, 32 bytes each, not
# ABI-encoded: those of one page, or of a whole table as it is registered or created.
event Published:
    account: indexed(address)

event Located:  # where the readable agreement may be found; its hash tells whether it is the one
    see: indexed(address)
    publisher: indexed(address)
    uri: String[256]

event Deregistered:
    see: indexed(address)
    submitter: indexed(address)

# ---------------------------------------------------------------- constants

REGISTRATION_TYPE: constant(bytes32) = keccak256(
    "Registration(address account,Agreement agreement,uint256 deadline)"
    "Agreement(Table table,Terms terms)"
    "Table(bytes32 root,uint256 shares,uint256 pages)"
    "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,"
    "uint256 expiry,address[] currencies,bytes32 nonce)"
)
DEREGISTRATION_TYPE: constant(bytes32) = keccak256(
    "Deregistration(address account,End end,uint256 deadline)End(address see,uint256 version)"
)
END_TYPE: constant(bytes32) = keccak256("End(address see,uint256 version)")
GRACE: constant(uint256) = 7 * 86400  # seconds after the expiry, while only the voices end it

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

see_implementation: reentrant(public(immutable(address)))
splitter_implementation: reentrant(public(immutable(address)))
SEE_CODE: immutable(Bytes[clone.CODE_BYTES])
SPLITTER_CODE: immutable(Bytes[clone.CODE_BYTES])

records: HashMap[address, uint256]
gone: HashMap[address, uint256]  # by SEE: version (16) | places of its roll that left (64)


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
    @notice Deploys a fixed Splitter. Anyone. Reverts where it stands already.
    @param root Of the Merkle-sum tree over the table's pages.
    @param shares Total shares, 1 to 2**48 - 1.
    @param pages The number of pages.
    @param salt Any; the same table with another salt is another Splitter.
    """
    assert unsafe_sub(pages, 1) < share_table.MAX_PAGES, "wrong page"
    splitter: address = clone._deploy(
        SPLITTER_CODE,
        share_table._commitment(
            share_table.Table(root=root, shares=shares, pages=pages, terms=empty(bytes32))
        ),
        salt,
    )
    log Created(splitter=splitter, root=root, shares=shares, pages=pages)
    return splitter


@external
def create_published(
    root: bytes32,
    shares: uint256,
    pages: uint256,
    salt: bytes32,
    words: Bytes[share_table.FEW_BYTES],
    sums: uint256,
) -> address:
    """
    @notice Deploys a fixed Splitter of up to 128 seats and publishes its table, from which
            root, shares and pages follow. Anyone.
    @param words All seat words.
    @param sums The shares of each page, 48 bits each, the first page's lowest; not read
           for a table of one page.
    """
    splitter: address = clone._deploy(
        SPLITTER_CODE,
        share_table._commitment(
            share_table.Table(root=root, shares=shares, pages=pages, terms=empty(bytes32))
        ),
        salt,
    )
    published._log_whole(splitter, root, shares, pages, words, sums)
    return splitter


@external
def deploy(table: share_table.Table) -> address:
    """
    @notice Deploys the clone of an agreement without registering it: a Splitter and
            nothing more, at the same address on every chain. Anyone.
    @param table With the EIP-712 hash of the agreement's terms.
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
    @notice Forms a SEE. Anyone may submit what every voice has signed, as
            Registration(account, agreement, deadline). An address that was registered
            once, ended or not, is not registered again.
    @param table Its terms are not read: they are given themselves.
    @param deadline Of the signatures, unix seconds.
    @param roll Voice words: account (160) | zero (64) | voices (32), ascending.
    @param currencies A word each, ascending; zero is the native coin.
    @param signatures See modules/consent.vy.
    @param words All seat words of a table of up to 128 seats, or none.
    @param sums See create_published.
    """
    assert unsafe_sub(table.pages, 1) < share_table.MAX_PAGES, "wrong page"
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
    self._log_registered(see, agreement, table, terms, roll, currencies)
    if len(words) != 0:
        published._log_whole(see, table.root, table.shares, table.pages, words, sums)


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
    @notice Ends a SEE by the quorum of its live voices, who have signed
            Deregistration(account, end, deadline). Anyone may submit it. Its clone still
            splits what arrives, and claims never expire.
    @param table Of the agreement in force, as terms, roll and currencies are.
    @param deadline Of the signatures, unix seconds.
    @param signatures See modules/consent.vy; zeros for a voice that did not sign.
    """
    agreement: bytes32 = terms_._agreement(table, terms, keccak256(roll), keccak256(currencies))
    record: uint256 = self._check_live(see, agreement)
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
    agreement: bytes32 = terms_._agreement(table, terms, keccak256(roll), keccak256(currencies))
    record: uint256 = self._check_live(see, agreement)
    assert block.timestamp >= terms.expiry + GRACE, "not expired"
    self._end(see, record)


@external
def publish(
    account: address,
    table: share_table.Table,
    first: uint256,
    words: DynArray[Bytes[share_table.PAGE_BYTES], published.PAGES],
    proofs: DynArray[Bytes[share_table.PROOF_BYTES], published.PAGES],
):
    """
    @notice Publishes pages of the table that a SEE or a Splitter is committed to. Anyone.
    @param first The number of the first of these pages, which follow each other.
    @param words The seat words of each page.
    @param proofs Of each page.
    """
    assert share_table._commitment(table) == staticcall ISee(account).commitment(), "wrong table"
    assert len(words) == len(proofs), "wrong proof"
    for i: uint256 in range(len(words), bound=published.PAGES):
        published._log_page(account, table, first + i, words[i], proofs[i])


@external
def locate(see: address, uri: String[256]):
    """
    @notice Says where the readable agreement of a SEE may be found. Anyone: its hash
            tells whether it is the one.
    """
    assert self.records[see] != 0, "not registered"
    log Located(see=see, publisher=msg.sender, uri=uri)


# ---------------------------------------------------------------- views

# Not locked: a contract that is asked whether it has signed may ask back.

@external
@view
@reentrant
def record(see: address) -> Record:
    """
    @notice When a SEE was registered and ended; zeros for what is no SEE of this Registry.
            The log of its registration is in the block that is named.
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
@reentrant
def see_address(agreement: bytes32) -> address:
    """
    @notice Where the SEE of an agreement stands or would stand.
    @param agreement Its EIP-712 struct hash.
    """
    return clone._address(SEE_CODE, agreement, empty(bytes32))


@external
@view
@reentrant
def splitter_address(table: bytes32, salt: bytes32) -> address:
    """
    @notice Where the fixed Splitter of a table stands or would stand.
    @param table Its EIP-712 struct hash.
    """
    return clone._address(SPLITTER_CODE, table, salt)


@external
@view
@reentrant
def eip712Domain() -> (
    bytes1, String[8], String[1], uint256, address, bytes32, DynArray[uint256, 1]
):
    """
    @notice The EIP-712 domain (https://eips.ethereum.org/EIPS/eip-5267).
    """
    return 0x0f, consent.NAME, consent.VERSION, chain.id, self, empty(bytes32), []


# ---------------------------------------------------------------- internals

@internal
def _log_registered(
    see: address,
    agreement: bytes32,
    table: share_table.Table,
    terms: terms_.Terms,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: Bytes[terms_.CURRENCIES_BYTES],
):
    log Registered(
        see=see,
        agreement=agreement,
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
