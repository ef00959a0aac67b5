# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Registry
@license MIT
@notice Where SEEs are formed, amended, left and ended by the consent of those who have a
        voice. All SEEs of a chain share it, and nobody owns it. It never touches money: it
        puts a SEE's next agreement in force, takes a seat out of what comes, and ends it.
"""
from contracts.modules import announced
from contracts.modules import clone
from contracts.modules import consent
from contracts.modules import endorsing
from contracts.modules import kinds
from contracts.modules import published
from contracts.modules import publishing
from contracts.modules import quorum
from contracts.modules import records
from contracts.modules import refusals
from contracts.modules import share_table
from contracts.modules import terms as terms_

initializes: records
initializes: endorsing[records := records]
initializes: publishing[records := records]

exports: (
    publishing.publish,
    publishing.locate,
    endorsing.endorse,
    endorsing.endorsed,
    records.record,
)

interface ISee:
    def succeed(old: bytes32, commitment: bytes32, currencies: Bytes[512]): nonpayable
    def leave(account: address, index: uint256, currencies: Bytes[512]): nonpayable
    def end(): nonpayable

# ---------------------------------------------------------------- events

event Created:  # a fixed Splitter whose table is not published with it
    splitter: indexed(address)
    root: bytes32
    shares: uint256
    pages: uint256

# Logged by modules/published.vy. The seat words follow as they stand, 32 bytes each, not
# ABI-encoded: those of one page, or of a whole table as it is registered or created.
event Published:
    account: indexed(address)

event VoiceLeft:
    see: indexed(address)
    account: indexed(address)

event Deregistered:
    see: indexed(address)
    submitter: indexed(address)

GRACE: constant(uint256) = 7 * 86400  # seconds after the expiry, while only the voices end it

# ---------------------------------------------------------------- state

see_implementation: reentrant(public(immutable(address)))
splitter_implementation: reentrant(public(immutable(address)))
SEE_CODE: immutable(Bytes[clone.CODE_BYTES])
SPLITTER_CODE: immutable(Bytes[clone.CODE_BYTES])


@deploy
def __init__(see_init_code: Bytes[24576], splitter: address):
    """
    @notice Deploys the implementation of SEEs, which knows its Registry as its deployer.
    @param splitter The implementation of Splitters, which stands alone: from the same
           deterministic deployer, so that its address commits to its code. Both together
           in this init code would pass the limit of EIP-3860.
    """
    if not splitter.is_contract:
        refusals._no_implementation()
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
    if unsafe_sub(pages, 1) >= share_table.MAX_PAGES:
        refusals._wrong_page()
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
    @notice Deploys a fixed Splitter of up to 128 seats and publishes its words, checked
            against the root. Anyone. What is paid to a table whose total is not the sum of
            its shares is locked: who creates one, or pays it, looks at the words.
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
    agreement: bytes32 = terms_._check_agreement(table, terms, roll, currencies)
    yes: uint256 = 0
    live: uint256 = 0
    yes, live = consent._count(kinds.REGISTRATION_TYPE, agreement, deadline, roll, signatures, 0)
    if yes != live:
        refusals._missing_voice()
    see: address = clone._address(SEE_CODE, agreement, empty(bytes32))
    if records.of[see] != 0:
        refusals._already_registered()
    records.of[see] = block.number << records.BLOCK_AT | block.timestamp << records.REGISTERED_AT
    if not see.is_contract:
        clone._deploy(SEE_CODE, agreement, empty(bytes32))
    announced._log_registered(see, agreement, table, terms, roll, currencies)
    if len(words) != 0:
        published._log_whole(see, table.root, table.shares, table.pages, words, sums)


@external
def amend(
    see: address,
    table: share_table.Table,
    terms: terms_.Terms,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: Bytes[terms_.CURRENCIES_BYTES],
    next_table: share_table.Table,
    next_terms: terms_.Terms,
    next_roll: Bytes[consent.ROLL_BYTES],
    next_currencies: Bytes[terms_.CURRENCIES_BYTES],
    deadline: uint256,
    signatures: Bytes[consent.SIGNATURES_BYTES],
    words: Bytes[share_table.FEW_BYTES],
    sums: uint256,
):
    """
    @notice Puts the next agreement in force by the quorum of the live voices of the one
            before, who have signed Amendment(account, succession, deadline). Anyone may
            submit it. What was earned before stays owed under the old table.
    @param table Of the agreement in force, as terms, roll and currencies are.
    @param next_table Of the next one, which is checked as register does, and so on.
    @param signatures Of the roll of the agreement in force; zeros for a voice that did not
           sign. See modules/consent.vy.
    @param words See register.
    """
    old: bytes32 = terms_._agreement(table, terms, keccak256(roll), keccak256(currencies))
    record: uint256 = records._live(see)
    agreement: bytes32 = terms_._check_agreement(next_table, next_terms, next_roll, next_currencies)
    version: uint256 = record & records.VERSION
    succession: bytes32 = keccak256(abi_encode(kinds.SUCCESSION_TYPE, see, version, agreement))
    quorum._check(kinds.AMENDMENT_TYPE, succession, deadline, roll, signatures, record, terms)
    records.of[see] = record & records.NOT_AMENDED | block.number << records.AMENDED_AT | version + 1
    announced._log_amended(see, agreement, next_table, next_terms, next_roll, next_currencies, record)
    if len(words) != 0:
        published._log_whole(
            see, next_table.root, next_table.shares, next_table.pages, words, sums
        )
    # It refuses where the old agreement is not the one in force.
    extcall ISee(see).succeed(old, agreement, concat(currencies, next_currencies))


@external
def leave_seat(
    see: address,
    account: address,
    version: uint256,
    index: uint256,
    currencies: Bytes[512],
    deadline: uint256,
    signature: Bytes[consent.BLOCK_BYTES],
):
    """
    @notice Gives up a seat that has joined: what was due to it stays owed, and the others'
            parts of what comes rise. Only the account, itself or by its signature under
            Leaving(account, leave, deadline). Nobody rejoins.
    @param version Of the agreement in force: if another is by now, this reverts with "wrong
           version".
    @param index The seat's place in the whole table.
    @param currencies Those that it leaves beside the native coin, a word each; a currency
           that is left out stays as it is until anyone touches it (SEE.vy).
    @param signature See modules/consent.vy; not read where the account itself calls.
    """
    record: uint256 = records._live(see)
    if version != record & records.VERSION:
        refusals._wrong_version()
    leave: bytes32 = keccak256(
        abi_encode(kinds.LEAVE_TYPE, see, version, False, True, index)
    )
    consent._check_alone(self, account, kinds.LEAVING_TYPE, leave, deadline, signature)
    extcall ISee(see).leave(account, index, currencies)


@external
def leave(
    see: address,
    table: share_table.Table,
    terms: terms_.Terms,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: Bytes[terms_.CURRENCIES_BYTES],
    account: address,
    place: uint256,
    seat: bool,
    index: uint256,
    deadline: uint256,
    signature: Bytes[consent.BLOCK_BYTES],
):
    """
    @notice Gives up a voice, and with it a seat or not: as leave_seat, in the native coin
            and the agreement's currencies. The quorum follows the voices that are left;
            when the last voice leaves, the SEE ends.
    @param table Of the agreement in force, as terms, roll and currencies are.
    @param place Of the voice in the roll.
    @param seat Whether the seat is given up too.
    @param index The seat's place in the whole table; zero where it is kept.
    """
    agreement: bytes32 = terms_._agreement(table, terms, keccak256(roll), keccak256(currencies))
    record: uint256 = records._check_live(see, agreement)
    leave: bytes32 = keccak256(abi_encode(kinds.LEAVE_TYPE, see, record & records.VERSION, True, seat, index))
    consent._check_alone(self, account, kinds.LEAVING_TYPE, leave, deadline, signature)
    if consent._voice(roll, place) >> 96 != convert(account, uint256):
        refusals._wrong_roll()
    bit: uint256 = 1 << records.LEFT_AT << place
    if record & bit != 0:
        refusals._already_left()
    record |= bit
    records.of[see] = record
    log VoiceLeft(see=see, account=account)
    if seat:
        extcall ISee(see).leave(account, index, currencies)
    if consent._live(roll, record >> records.LEFT_AT) == 0:
        self._end(see, record)


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
    record: uint256 = records._check_live(see, agreement)
    end: bytes32 = keccak256(abi_encode(kinds.END_TYPE, see, record & records.VERSION))
    quorum._check(kinds.DEREGISTRATION_TYPE, end, deadline, roll, signatures, record, terms)
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
    record: uint256 = records._check_live(see, agreement)
    if block.timestamp < terms.expiry + GRACE:
        refusals._not_expired()
    self._end(see, record)


# ---------------------------------------------------------------- views

# Not locked: a contract that is asked whether it has signed may ask back.

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
def _end(see: address, record: uint256):
    records.of[see] = record | block.timestamp << records.ENDED_AT
    log Deregistered(see=see, submitter=msg.sender)
    extcall ISee(see).end()
