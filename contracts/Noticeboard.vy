# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Noticeboard
@license MIT
@notice Appeals for knowledge and contacts, and records of what was learned, published by
        those who have a voice in a SEE. All SEEs of a Registry share it, nobody owns it,
        and it touches no money. A notice is an event; its one slot here keeps anybody from
        posting what was signed once a second time.
"""
from contracts.modules import consent
from contracts.modules import records
from contracts.modules import refusals
from contracts.modules import share_table
from contracts.modules import terms as terms_

interface IRegistry:
    def record(see: address) -> records.Record: view

interface ISee:
    def commitment() -> bytes32: view

struct Notice:
    see: address
    what: uint256
    content: bytes32  # keccak256 of what the notice says
    uri: String[256]  # where that may be found, or itself (data:); may be empty
    shares: uint256  # that an appeal offers; zero of a record
    until: uint256  # unix seconds, how long an appeal is open; zero of a record

event Posted:
    see: indexed(address)
    author: indexed(address)
    notice: indexed(bytes32)  # keccak256 of its author and its EIP-712 struct hash
    what: uint256
    content: bytes32
    uri: String[256]
    shares: uint256
    until: uint256

APPEAL: constant(uint256) = 1
RECORD: constant(uint256) = 2
LONGEST: constant(uint256) = 366 * 86400  # seconds that an appeal may be open

# EIP-712 (https://eips.ethereum.org/EIPS/eip-712)
POSTING_TYPE: constant(bytes32) = keccak256(
    "Posting(address account,Notice notice,uint256 deadline)"
    "Notice(address board,address see,string what,bytes32 content,string uri,"
    "uint256 shares,uint256 until)"
)
NOTICE_TYPE: constant(bytes32) = keccak256(
    "Notice(address board,address see,string what,bytes32 content,string uri,"
    "uint256 shares,uint256 until)"
)

registry: reentrant(public(immutable(address)))
posted: reentrant(public(HashMap[bytes32, uint256]))  # notice -> its block; zero: none


@deploy
def __init__(registry_: address):
    """
    @param registry_ Whose SEEs these are, in whose EIP-712 domain is signed: one domain
           for all of seechain, so that a SEE that has a voice can endorse a notice.
    """
    registry = registry_


@external
def post(
    notice: Notice,
    table: share_table.Table,
    terms: terms_.Terms,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: bytes32,
    account: address,
    place: uint256,
    deadline: uint256,
    signature: Bytes[consent.BLOCK_BYTES],
):
    """
    @notice Posts a notice of an account that has a voice in the agreement in force: the
            account itself, or anyone by its signature under Posting(account, notice,
            deadline). An appeal needs a SEE that lives; a record of one that has ended is
            posted by its last voices. Reverts with "not registered", "already ended",
            "wrong agreement", "wrong roll", "already left", "wrong message", "wrong
            expiry", "already posted", "too late" or "bad signature".
    @param table Of the agreement in force, as terms and roll are; its terms are not read.
    @param currencies keccak256 of the agreement's, a word each.
    @param account The author.
    @param place Of its voice in the roll.
    @param deadline Of the signature, unix seconds.
    @param signature See modules/consent.vy; not read where the account itself calls. An
           account that is a SEE endorses it in its Registry.
    """
    self._check_notice(notice)
    self._check_voice(notice, table, terms, roll, currencies, account, place)
    subject: bytes32 = self._hash(notice)
    consent._check_alone(registry, account, POSTING_TYPE, subject, deadline, signature)
    key: bytes32 = keccak256(abi_encode(account, subject))
    if self.posted[key] != 0:
        refusals._refuse("already posted")
    self.posted[key] = block.number
    log Posted(
        see=notice.see,
        author=account,
        notice=key,
        what=notice.what,
        content=notice.content,
        uri=notice.uri,
        shares=notice.shares,
        until=notice.until,
    )


@external
@view
@reentrant
def eip712Domain() -> (
    bytes1, String[8], String[1], uint256, address, bytes32, DynArray[uint256, 1]
):
    """
    @notice The EIP-712 domain of what is signed: its Registry's
            (https://eips.ethereum.org/EIPS/eip-5267).
    """
    return 0x0f, consent.NAME, consent.VERSION, chain.id, registry, empty(bytes32), []


@internal
@view
def _check_notice(notice: Notice):
    if notice.content == empty(bytes32):
        refusals._wrong_message()
    if notice.what == APPEAL:
        if notice.shares > share_table.SHARES:
            refusals._wrong_message()
        if notice.until <= block.timestamp or notice.until > block.timestamp + LONGEST:
            refusals._wrong_expiry()
    elif notice.what != RECORD or notice.shares != 0 or notice.until != 0:
        refusals._wrong_message()


@internal
@view
def _check_voice(
    notice: Notice,
    table: share_table.Table,
    terms: terms_.Terms,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: bytes32,
    account: address,
    place: uint256,
):
    """
    @notice Refuses who has no voice in the agreement in force, or has left it.
    """
    record: records.Record = staticcall IRegistry(registry).record(notice.see)
    if record.registered == 0:
        refusals._not_registered()
    if record.ended != 0 and notice.what == APPEAL:
        refusals._already_ended()
    agreement: bytes32 = terms_._agreement(table, terms, keccak256(roll), currencies)
    # What is registered is a clone of the Registry's, whose word can be relied on.
    if agreement != staticcall ISee(notice.see).commitment():
        refusals._wrong_agreement()
    if consent._voice(roll, place) >> 96 != convert(account, uint256):
        refusals._wrong_roll()
    if record.left >> place & 1 != 0:
        refusals._already_left()


@internal
@view
def _hash(notice: Notice) -> bytes32:
    what: bytes32 = keccak256("record")
    if notice.what == APPEAL:
        what = keccak256("appeal")
    return keccak256(
        abi_encode(
            NOTICE_TYPE,
            self,
            notice.see,
            what,
            notice.content,
            keccak256(notice.uri),
            notice.shares,
            notice.until,
        )
    )
