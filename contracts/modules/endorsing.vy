# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Endorsing
@license MIT
@notice How a SEE signs, as a member of another: its voices endorse a message of this
        Registry, and no other, whose preimage is hashed here.
"""
from contracts.modules import consent
from contracts.modules import kinds
from contracts.modules import quorum
from contracts.modules import records
from contracts.modules import refusals
from contracts.modules import share_table
from contracts.modules import terms as terms_

uses: records

event Endorsed:  # a SEE has signed a message of this Registry
    see: indexed(address)
    digest: indexed(bytes32)
    kind: bytes32
    account: address
    subject: bytes32
    deadline: uint256

endorsed: reentrant(public(HashMap[address, HashMap[bytes32, bool]]))  # SEE -> digest


@external
def endorse(
    see: address,
    table: share_table.Table,
    terms: terms_.Terms,
    roll: Bytes[consent.ROLL_BYTES],
    currencies: Bytes[terms_.CURRENCIES_BYTES],
    kind: bytes32,
    account: address,
    subject: bytes32,
    deadline: uint256,
    signatures: Bytes[consent.SIGNATURES_BYTES],
):
    """
    @notice Signs a message of this Registry for a SEE, by the quorum of its live voices, who
            have signed Endorsement(account, act, deadline). Anyone may submit it. From then
            on the SEE says by ERC-1271 that it has signed that message, until its deadline
            and no other. A SEE that has ended can still sign, so as to leave what it is a
            member of; no SEE signs a redirection.
    @param table Of the agreement in force, as terms, roll and currencies are.
    @param kind Of the message, its EIP-712 type hash.
    @param account For which it is signed: the SEE itself, or one of which it is a voice.
    @param subject Of the message, an EIP-712 struct hash.
    @param deadline Of the message, and of these signatures.
    """
    agreement: bytes32 = terms_._agreement(table, terms, keccak256(roll), keccak256(currencies))
    record: uint256 = records._of(see)
    if agreement != records._commitment_of(see):
        refusals._wrong_agreement()
    if kind == kinds.REDIRECTION_TYPE:
        refusals._wrong_message()
    act: bytes32 = keccak256(
        abi_encode(kinds.ACT_TYPE, see, record & records.VERSION, kind, account, subject)
    )
    quorum._check(kinds.ENDORSEMENT_TYPE, act, deadline, roll, signatures, record, terms)
    digest: bytes32 = consent._digest(self, kind, account, subject, deadline)
    self.endorsed[see][digest] = True
    log Endorsed(
        see=see, digest=digest, kind=kind, account=account, subject=subject, deadline=deadline
    )
