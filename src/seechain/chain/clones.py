"""The code of clones and of what they run, and the addresses that follow, without asking a chain.

See contracts/modules/clone.vy: a clone answers a plain payment itself, passes all else to its
implementation, and its code ends with the commitment.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from eth_abi.abi import encode
from eth_hash.auto import keccak

from seechain.accounts import account_bytes, checksum
from seechain.chain import artifacts

DEPLOYER = "0x4e59b44847b379578588920cA78FbF26c0B4956C"
DEPLOYER_CODE = bytes.fromhex(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe036016000816020823780358282"
    "34f58015156039578182fd5b8082525050506014600cf3"
)
NO_SALT = bytes(32)

_INIT = bytes.fromhex("60838060093d393df3")
_HEAD = (
    bytes.fromhex("363460601c17603657343360601b175f527f")
    + keccak(b"Received(uint256)")
    + bytes.fromhex("595fa1005b365f5f375f5f365f73")
)
_TAIL = bytes.fromhex("5af43d5f5f3e5f3d91606157fd5bf3")
_REST = 20  # bytes behind the init code of a clone, 108 bytes without its commitment


class Clone(NamedTuple):
    """What the code of a clone says: its implementation and its commitment of 32 bytes."""

    implementation: str
    commitment: bytes


def read_clone(code: bytes) -> Clone | None:
    """What a code says, or None where it is no clone's."""
    at = len(_HEAD)
    if len(code) != at + 20 + len(_TAIL) + 32:
        return None
    if not code.startswith(_HEAD) or code[at + 20 : -32] != _TAIL:
        return None
    return Clone(checksum(code[at : at + 20]), code[-32:])


def clone_address(registry: str, implementation: str, commitment: bytes, salt: bytes) -> str:
    """Where the Registry deploys the clone with this commitment."""
    return create2(registry, salt, _INIT + clone_code(implementation, commitment))


def see_address(registry: str, commitment: bytes) -> str:
    """Where a Registry's SEE of this agreement is, registered or not, on every chain."""
    return clone_address(registry, first_created(registry), commitment, NO_SALT)


def clone_code(implementation: str, commitment: bytes) -> bytes:
    """The code of a clone, as it stands on the chain."""
    return _HEAD + account_bytes(implementation) + _TAIL + commitment


def create2(deployer: str, salt: bytes, init_code: bytes) -> str:
    """The address of EIP-1014."""
    return checksum(keccak(b"\xff" + account_bytes(deployer) + salt + keccak(init_code))[12:])


def first_created(creator: str) -> str:
    """The address of the first contract that a contract creates: rlp([creator, 1])."""
    return checksum(keccak(b"\xd6\x94" + account_bytes(creator) + b"\x01")[12:])


def init_code(name: str) -> bytes:
    """The deployable code of a built contract, without arguments."""
    return bytes.fromhex(artifacts.load(name).bytecode[2:])


@cache
def splitter_code(address: str) -> bytes:
    """The code of the implementation of Splitters at an address: its one immutable is itself."""
    return _runtime("Splitter") + _word(address)


@cache
def see_code(registry: str) -> bytes:
    """The code of the implementation of a Registry's SEEs."""
    return _runtime("SEE") + _word(first_created(registry)) + _word(registry)


@cache
def registry_code(registry: str, splitter: str) -> bytes:
    """The code of a Registry at an address, whose Splitters have this implementation."""
    see = first_created(registry)
    code = _runtime("Registry") + _word(see) + _word(splitter)
    for implementation in (see, splitter):
        init = _INIT + clone_code(implementation, b"")
        code += len(init).to_bytes(32, "big") + init + bytes(_REST)
    return code


def cleared(code: bytes) -> bytes:
    """The code of a Registry with zeros where its constructor left what memory held.

    That is behind the init code of its clones, to the end of a word: nothing reads it.
    """
    end = len(code) - 160
    return code[: end - _REST] + bytes(_REST) + code[end:-_REST] + bytes(_REST)


def named_splitter(code: bytes) -> str:
    """The implementation of Splitters that the code of a Registry names."""
    start = len(_runtime("Registry")) + 44  # behind the SEE's word and 12 zeros
    return checksum(code[start : start + 20].rjust(20, b"\0"))


def _runtime(name: str) -> bytes:
    return bytes.fromhex(artifacts.load(name).runtime[2:])


def _word(address: str) -> bytes:
    return account_bytes(address).rjust(32, b"\0")


@cache
def splitter_implementation() -> str:
    """Where the deterministic deployer puts the implementation of Splitters."""
    return create2(DEPLOYER, NO_SALT, init_code("Splitter"))


@cache
def registry_init_code() -> bytes:
    """The Registry's deployable code, with its arguments."""
    arguments = encode(["bytes", "address"], [init_code("SEE"), splitter_implementation()])
    return init_code("Registry") + arguments


@cache
def registry_address() -> str:
    """Where the deterministic deployer puts this Registry, on every chain."""
    return create2(DEPLOYER, NO_SALT, registry_init_code())


@cache
def payer_address() -> str:
    """Where the deterministic deployer puts the Payer, on every chain."""
    return create2(DEPLOYER, NO_SALT, init_code("Payer"))


@cache
def payer_code() -> bytes:
    """The code of the Payer, as it stands on the chain."""
    return _runtime("Payer")


@cache
def noticeboard_code(registry: str) -> bytes:
    """The code of the Noticeboard of a Registry's SEEs, as it stands on the chain."""
    return _runtime("Noticeboard") + _word(registry)


def noticeboard_init_code(registry: str) -> bytes:
    """The deployable code of the Noticeboard of a Registry's SEEs."""
    return init_code("Noticeboard") + _word(registry)


def noticeboard_address(registry: str) -> str:
    """Where the deterministic deployer puts the Noticeboard of a Registry's SEEs."""
    return create2(DEPLOYER, NO_SALT, noticeboard_init_code(registry))
