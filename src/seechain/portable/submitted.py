"""The consents that were submitted: read back from the transactions that put them on the chain.

The contracts keep none of them. What `signatures.pack` has packed is unpacked here.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from contextlib import suppress
from typing import Any, NamedTuple

from web3 import Web3

from seechain.agreement.roll import Voice
from seechain.chain import interface
from seechain.chain.node import asking
from seechain.consent import recover
from seechain.errors import SignatureError
from seechain.see.versions import Version

_REGISTRY = interface.of("Registry")


class Act(NamedTuple):
    """A call that takes consents: its name, how many arguments it takes, and which of them are
    deadline and signatures."""

    name: str
    takes: int
    deadline: int
    signatures: int


REGISTER = Act("register", 8, 2, 5)
AMEND = Act("amend", 13, 9, 10)
DEREGISTER = Act("deregister", 7, 3, 6)


class Submitted(NamedTuple):
    """One voice's signature: of its key (64 bytes, EIP-2098), or what its contract took."""

    account: str
    deadline: int
    signature: bytes
    is_by_key: bool


def puts_in_force(version: Version) -> Callable[[tuple[Any, ...]], bool]:
    """Tells whether a call with some arguments puts this version in force."""
    first = 5 if version.number else 0
    named = version.root, version.terms.nonce
    return lambda arguments: (arguments[first][0], arguments[first + 1][4]) == named


def consents_of(
    w3: Web3,
    transaction: str,
    act: Act,
    voices: tuple[Voice, ...],
    is_it: Callable[[tuple[Any, ...]], bool],
    digest: Callable[[str, int], bytes],
    gone: Container[str],
) -> list[Submitted]:
    """The consents that a transaction submitted, in the order of the roll.

    voices: the roll's lines. is_it: whether a call with these arguments is the one that is meant:
    one transaction may make several, and its data may hold some that were never made. digest: of
    what an account signed with a deadline: no signature by another key is taken. gone: whose voice
    had left, so that nobody has looked at what stands for its signature. Nothing where none is
    found in the transaction's data.
    """
    with asking(w3, f"reading the transaction {transaction}"):
        data = bytes(w3.eth.get_transaction(transaction)["input"])  # type: ignore[arg-type]
    best: list[Submitted] = []
    for arguments in _REGISTRY.arguments(act.name, act.takes, data):
        if is_it(arguments):
            packed, deadline = arguments[act.signatures], int(arguments[act.deadline])
            with suppress(SignatureError):
                found = [
                    each
                    for each in unpack(packed, voices, deadline)
                    if (_is_its(each, digest) if each.is_by_key else each.account not in gone)
                ]
                best = found if len(found) > len(best) else best
    return best


def _is_its(each: Submitted, digest: Callable[[str, int], bytes]) -> bool:
    try:
        return recover(digest(each.account, each.deadline), each.signature) == each.account
    except SignatureError:
        return False


def unpack(packed: bytes, voices: tuple[Voice, ...], deadline: int) -> list[Submitted]:
    """The signatures of a roll, as `signatures.pack` packs them.

    Raises:
        SignatureError: they are too short for this roll.
    """
    if len(packed) < 64 * len(voices):
        raise SignatureError(
            f"{len(packed)} bytes of signatures are too few for a roll of {len(voices)}"
        )
    found = []
    for place, voice in enumerate(voices):
        word = packed[64 * place : 64 * place + 64]
        if not any(word):
            continue
        is_by_key = any(word[:32])
        if not is_by_key:
            pointer = int.from_bytes(word[32:], "big")
            at, size = pointer >> 32, pointer & 2**32 - 1
            word = packed[at : at + size]
        found.append(Submitted(voice.account, deadline, word, is_by_key))
    return found
