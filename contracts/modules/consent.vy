# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Consent
@license MIT
@notice Who of a roll has signed an EIP-712 message: by ECDSA in the compact form of
        EIP-2098, also an account with EIP-7702 code, or by ERC-1271.

        voice word  account (160) | zero (64) | voices (32)
        signatures  64 bytes for each voice, in the order of the roll: an EIP-2098
                    signature; or zero (256), then zero (192) | offset (32) | length (32)
                    of an ERC-1271 signature in these bytes, with 1,024 bytes from the
                    offset on, which others may share; or zeros: it has not signed
"""
from contracts.modules import refusals

VOICES: constant(uint256) = 2**32 - 1
MAX_VOICES: constant(uint256) = 64
ROLL_BYTES: constant(uint256) = 2048
SIGNATURES_BYTES: constant(uint256) = 5120
BLOCK_BYTES: constant(uint256) = 1024

# EIP-712 (https://eips.ethereum.org/EIPS/eip-712), ERC-5267
DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
NAME: constant(String[8]) = "seechain"
VERSION: constant(String[1]) = "1"

# Half the order of secp256k1.
LOW_S: constant(uint256) = (
    57896044618658097711785492504343953926418782139537452191302581570759080747168
)
PARITY_AT: constant(uint256) = 255
ERC1271_MAGIC: constant(bytes32) = (
    0x1626ba7e00000000000000000000000000000000000000000000000000000000
)
ERC1271_GAS: constant(uint256) = 1_000_000


@internal
@pure
def _check_roll(roll: Bytes[ROLL_BYTES]):
    """
    @notice Refuses a roll that is empty, not strictly ascending or has a voice of zero.
    """
    size: uint256 = len(roll)
    if size == 0 or size & 31 != 0:
        refusals._wrong_roll()
    last: uint256 = 0
    for i: uint256 in range(size >> 5, bound=MAX_VOICES):
        word: uint256 = extract32(roll, i << 5, output_type=uint256)
        account: uint256 = word >> 96
        # Of the lower 96 bits the voices are the last 32, and not zero.
        if account <= last or unsafe_sub(word & (2**96 - 1), 1) >= VOICES:
            refusals._wrong_roll()
        last = account


@internal
@pure
def _voice(roll: Bytes[ROLL_BYTES], place: uint256) -> uint256:
    """
    @notice The voice word at a place of the roll.
    """
    if place >= len(roll) >> 5:
        refusals._wrong_roll()
    return extract32(roll, place << 5, output_type=uint256)


@internal
@pure
def _live(roll: Bytes[ROLL_BYTES], absent: uint256) -> uint256:
    """
    @notice The voices that are left.
    """
    live: uint256 = 0
    for i: uint256 in range(len(roll) >> 5, bound=MAX_VOICES):
        if absent >> i & 1 == 0:
            live += extract32(roll, i << 5, output_type=uint256) & VOICES
    return live


@internal
@view
def _count(
    kind: bytes32,
    subject: bytes32,
    deadline: uint256,
    roll: Bytes[ROLL_BYTES],
    signatures: Bytes[SIGNATURES_BYTES],
    absent: uint256,
) -> (uint256, uint256):
    """
    @notice Counts consent. Each voice signs a message of its own: kind(account, subject,
            deadline), so that no account's signature serves another.
    @param absent The places of the roll whose voice has left, as bits.
    @return The voices that said yes, and all that are live.
    """
    if block.timestamp > deadline:
        refusals._too_late()
    if len(signatures) < len(roll) << 1:
        refusals._bad_signature()
    domain: bytes32 = self._domain(self)
    live: uint256 = 0
    silent: uint256 = 0
    for i: uint256 in range(len(roll) >> 5, bound=MAX_VOICES):
        if absent != 0:
            if absent >> i & 1 != 0:
                continue
        word: uint256 = extract32(roll, i << 5, output_type=uint256)
        live = unsafe_add(live, word & VOICES)
        r: uint256 = extract32(signatures, i << 6, output_type=uint256)
        vs: uint256 = extract32(signatures, i << 6 | 32, output_type=uint256)
        if r | vs == 0:
            silent = unsafe_add(silent, word & VOICES)
            continue
        account: uint256 = word >> 96
        message: bytes32 = keccak256(abi_encode(kind, account, subject, deadline))
        digest: bytes32 = keccak256(concat(0x1901, domain, message))
        if r != 0:
            s: uint256 = vs & (2**255 - 1)
            # The upper half would make a second signature of the first. No roll has the
            # zero address, which is what ecrecover answers where it fails.
            if s > LOW_S:
                refusals._bad_signature()
            signer: address = ecrecover(digest, unsafe_add(27, vs >> PARITY_AT), r, s)
            if convert(signer, uint256) != account:
                refusals._bad_signature()
        else:
            signature: Bytes[BLOCK_BYTES] = slice(
                slice(signatures, vs >> 32, BLOCK_BYTES), 0, vs & VOICES
            )
            if not self._is_signed_by_contract(convert(account, address), digest, signature):
                refusals._bad_signature()
    return unsafe_sub(live, silent), live


@internal
@view
def _check_alone(
    registry: address,
    account: address,
    kind: bytes32,
    subject: bytes32,
    deadline: uint256,
    signature: Bytes[BLOCK_BYTES],
):
    """
    @notice Refuses what an account neither does itself nor has signed.
    @param registry Whose domain it is.
    @param signature 64 bytes of EIP-2098, or what an ERC-1271 account takes.
    """
    if msg.sender == account:
        return
    if block.timestamp > deadline:
        refusals._too_late()
    digest: bytes32 = self._digest(registry, kind, account, subject, deadline)
    if len(signature) == 64:
        r: uint256 = extract32(signature, 0, output_type=uint256)
        vs: uint256 = extract32(signature, 32, output_type=uint256)
        s: uint256 = vs & (2**255 - 1)
        signer: address = ecrecover(digest, unsafe_add(27, vs >> PARITY_AT), r, s)
        if s <= LOW_S and signer == account and account != empty(address):
            return
    if not self._is_signed_by_contract(account, digest, signature):
        refusals._bad_signature()


@internal
@view
def _digest(
    registry: address, kind: bytes32, account: address, subject: bytes32, deadline: uint256
) -> bytes32:
    message: bytes32 = keccak256(abi_encode(kind, account, subject, deadline))
    return keccak256(concat(0x1901, self._domain(registry), message))


@internal
@view
def _domain(registry: address) -> bytes32:
    # The chain id is read at each call: after a fork a signature counts on one side only.
    return keccak256(
        abi_encode(DOMAIN_TYPE, keccak256(NAME), keccak256(VERSION), chain.id, registry)
    )


@internal
@view
def _is_signed_by_contract(
    account: address, digest: bytes32, signature: Bytes[BLOCK_BYTES]
) -> bool:
    # https://eips.ethereum.org/EIPS/eip-1271
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        account,
        abi_encode(digest, signature, method_id=method_id("isValidSignature(bytes32,bytes)")),
        max_outsize=32,
        gas=ERC1271_GAS,
        is_static_call=True,
        revert_on_failure=False,
    )
    return success and len(answer) == 32 and convert(answer, bytes32) == ERC1271_MAGIC
