"""The consents of a roll: checked, and packed as the Registry takes them.

64 bytes for each voice, in the order of the roll:
  r | vs                            a key's signature (EIP-2098)
  zero (32) | offset << 32 | length a contract's (ERC-1271), behind; equal ones stand once,
                                    and 1,024 bytes follow each offset
  zeros                             it has not signed
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from web3 import Web3

from seechain.accounts import account_bytes
from seechain.agreement.roll import Voice, unpack_roll
from seechain.chain.interface import ERC1271
from seechain.chain.node import asking, code_of, eth_of
from seechain.chain.reverts import BadSignature, TooLate, WrongChain
from seechain.consent import Consent, Kind, compact, recover
from seechain.errors import SignatureError

BLOCK = 1024  # bytes for a contract's signature
MAX_BYTES = 5120  # of all signatures
# Asks a contract as the contracts do (modules/consent.vy): STATICCALL with 1,000,000 gas, and
# answers 1 where the first word that comes back is the magic one, else 0. A plain eth_call would
# let it write, and burn more gas. This runs as code that is deployed nowhere: the account is
# between the halves, and what is asked stands behind.
_ASKS = (
    bytes.fromhex("604d80380380915f395f5f915f73"),
    bytes.fromhex("620f4240fa5f5f52601f3d111660365760205ff3")
    + bytes.fromhex("5b60205f5f3e5f51631626ba7e60e01b145f5260205ff3"),
)


@dataclass(frozen=True)
class Poll:
    """What is consented to, and who may.

    about: the fields of the kind, see `consent.FIELDS`. names: of members by account, as far as
    they are known. left: places of the roll whose voice has left, as bits.
    """

    kind: Kind
    about: Mapping[str, Any]
    chain_id: int
    registry: str
    roll: bytes
    names: Mapping[str, str]
    left: int = 0

    def name(self, account: str) -> str:
        """How a message calls an account."""
        name = self.names.get(account)
        return f"{name} ({account})" if name else account

    @property
    def voices(self) -> tuple[Voice, ...]:
        """The roll's lines."""
        return unpack_roll(self.roll)

    def has_left(self, place: int) -> bool:
        """Whether the voice at this place of the roll has left."""
        return bool(self.left >> place & 1)


@dataclass(frozen=True)
class Packed:
    """Consents as the Registry takes them.

    yes: the voices that signed. live: all that have not left. missing: who did not sign.
    """

    deadline: int
    signatures: bytes
    yes: int
    live: int
    missing: tuple[str, ...]


def pack(w3: Web3, poll: Poll, consents: Iterable[Consent], now: int) -> Packed:
    """Checks every consent and packs them. `now`: unix seconds, of the chain.

    Raises:
        WrongChain: a consent was made for another chain.
        TooLate: its deadline is over. BadSignature: another key signed, or the signing contract
            refuses. SignatureError: it is of a stranger, there twice, for something else, or the
            consents differ in their deadline. All name the member.
    """
    by_account: dict[str, Consent] = {}
    for consent in consents:
        check_subject(poll, consent)
        if consent.account in by_account:
            raise SignatureError(f"there are two consents of {poll.name(consent.account)}")
        by_account[consent.account] = consent
    deadline = _deadline(poll, by_account, now)
    parts, behind, last, yes, live, missing = [], b"", -BLOCK, 0, 0, []
    voices = poll.voices
    for place, voice in enumerate(voices):
        if poll.has_left(place):
            parts.append(bytes(64))
            continue
        live += voice.voices
        given = by_account.get(voice.account)
        if given is None:
            parts.append(bytes(64))
            missing.append(poll.name(voice.account))
            continue
        yes += voice.voices
        by_key = _by_key(w3, poll.name(given.account), given)
        if by_key is None:
            if given.signature not in behind:
                behind += given.signature
            at = behind.index(given.signature)
            last = max(last, at)
            pointer = 64 * len(voices) + at << 32 | len(given.signature)
            parts.append(bytes(32) + pointer.to_bytes(32, "big"))
        else:
            parts.append(by_key)
    packed = b"".join(parts) + behind.ljust(last + BLOCK, b"\0")
    if len(packed) > MAX_BYTES:
        fit = MAX_BYTES - BLOCK - 64 * len(voices)
        raise SignatureError(
            f"the contracts among the voices sign with {len(behind)} bytes in all, about {fit} fit"
            f" beside a roll of {len(voices)}: let more members sign by key"
        )
    return Packed(deadline, packed, yes, live, tuple(missing))


def pack_alone(w3: Web3, consent: Consent, who: str, now: int) -> bytes:
    """Checks the consent of a member to what it does alone, and packs it.

    Raises:
        TooLate: its deadline is over. BadSignature: another key signed, or the signing contract
            refuses.
    """
    if consent.deadline < now:
        raise TooLate(_over(who, consent.deadline, now))
    by_key = _by_key(w3, who, consent)
    return consent.signature if by_key is None else by_key


class Signed(Protocol):
    """What was signed, by which account, and its signature."""

    @property
    def digest(self) -> bytes: ...
    @property
    def account(self) -> str: ...
    @property
    def signature(self) -> bytes: ...


def check_signer(w3: Web3, who: str, given: Signed) -> None:
    """Checks that an account has signed, by its key or as a contract (ERC-1271).

    Raises:
        BadSignature: it has not.
    """
    _by_key(w3, who, given)


def check_subject(poll: Poll, consent: Consent) -> None:
    """Checks that a consent is for this, by one of its voices; the signature is not judged.

    Raises:
        WrongChain, SignatureError: as `pack`.
    """
    who = poll.name(consent.account)
    check_place(poll.chain_id, poll.registry, consent, who)
    if consent.kind is not poll.kind:
        raise SignatureError(
            f"the consent of {who} is for {consent.kind.with_article}, not"
            f" {poll.kind.with_article}: sign again"
        )
    if (consent.see, consent.version) != (poll.about.get("see"), poll.about.get("version")):
        raise SignatureError(
            f"the consent of {who} is for {consent.see}, version {consent.version}, this is"
            f" {poll.about.get('see')}, version {poll.about.get('version')}: sign again"
        )
    if consent.commitment != poll.about.get("commitment"):
        raise SignatureError(
            f"the consent of {who} is for another agreement: its text, share table or terms"
            " differ; sign again"
        )
    if consent.about != dict(poll.about):
        raise SignatureError(f"the consent of {who} is for another {poll.kind}: sign again")
    for place, voice in enumerate(poll.voices):
        if voice.account == consent.account:
            if poll.has_left(place):
                raise SignatureError(f"the voice of {who} has left: leave its consent out")
            return
    raise SignatureError(f"{who} has no voice in this agreement: leave its consent out")


def check_place(chain_id: int, registry: str, consent: Consent, who: str) -> None:
    """Checks that a consent was made for this chain and Registry.

    Raises:
        WrongChain, SignatureError: it was not.
    """
    if consent.chain_id != chain_id:
        raise WrongChain(
            f"the consent of {who} is for chain {consent.chain_id}, this is chain"
            f" {chain_id}: sign again"
        )
    if consent.registry != registry:
        raise SignatureError(
            f"the consent of {who} is for the Registry {consent.registry}, this is"
            f" {registry}: sign again"
        )


def _deadline(poll: Poll, consents: Mapping[str, Consent], now: int) -> int:
    if not consents:
        raise SignatureError("there is no consent at all: let those who have a voice sign")
    first = next(iter(consents.values()))
    for consent in consents.values():
        who = poll.name(consent.account)
        if consent.deadline < now:
            raise TooLate(_over(who, consent.deadline, now))
        if consent.deadline != first.deadline:
            raise SignatureError(
                f"{poll.name(first.account)} signed with the deadline {first.deadline} and"
                f" {who} with {consent.deadline}: all sign with the same deadline"
            )
    return first.deadline


def _over(who: str, deadline: int, now: int) -> str:
    return (
        f"the consent of {who} was good until {_time(deadline)} UTC, it is {_time(now)}: sign again"
    )


def _by_key(w3: Web3, who: str, consent: Signed) -> bytes | None:
    """The compact signature of the account's own key; None where its contract signed."""
    fault = "another key signed, or something else was signed"
    try:
        if recover(consent.digest, consent.signature) == consent.account:
            return compact(consent.signature)
    except SignatureError as error:
        fault = str(error)
    if not code_of(w3, consent.account):
        raise BadSignature(f"the consent of {who} does not count: {fault}")
    if len(consent.signature) > BLOCK:
        raise BadSignature(
            f"the contract {who} signs with {len(consent.signature)} bytes, {BLOCK} fit"
        )
    if not _is_signed_by_contract(w3, consent):
        raise BadSignature(f"the contract {who} does not accept its signature (ERC-1271)")
    return None


def _is_signed_by_contract(w3: Web3, consent: Signed) -> bool:
    asked = ERC1271.encode("isValidSignature", consent.digest, consent.signature)
    code = _ASKS[0] + account_bytes(consent.account) + _ASKS[1] + asked
    with asking(w3, f"asking {consent.account} for its signature"):
        question: Any = {"data": "0x" + code.hex()}
        answer = eth_of(w3).call(question, ccip_read_enabled=False)
    return int.from_bytes(answer, "big") == 1


def _time(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"
    except (OverflowError, ValueError, OSError):
        return str(seconds)
