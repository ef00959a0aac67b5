"""Contracts that have a voice (ERC-1271): what they are asked, and which answers are a yes."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi import encode
from eth_hash.auto import keccak

from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.books_model import Seat
from tests.properties.chain import pyrevm, raw
from tests.properties.life_nonsense import LOCATE
from tests.properties.life_world import Clone
from tests.properties.test_gas_limits import MAGIC, REFUSE, Gauge
from tests.properties.test_registry_edges import Odd
from tests.properties.world import ANYONE, REGISTER, ZERO, calldata

pytestmark = pytest.mark.skipif(pyrevm is None, reason="pyrevm can't be imported here")

FIRST, SECOND = "0x" + "0c" * 20, "0x" + "0d" * 20
BLOCK = 1024
YES = "1626ba7e"
WORD = f"7f{YES}" + "00" * 28
PUBLICATION = (
    "Publication(address account,Location location,uint256 deadline)"
    "Location(address see,string uri)"
)


def only(asked: bytes) -> str:
    """Says yes to this very call, whose hash it knows, and refuses all others."""
    hashed = f"365f5f37365f207f{keccak(asked).hex()}14"
    return f"{hashed}60{len(hashed) // 2 + 3 + len(REFUSE) // 2:02x}57{REFUSE}5b{MAGIC}"


def question(digest: bytes, signature: bytes) -> bytes:
    return calldata("isValidSignature(bytes32,bytes)", digest, signature)


class Signers:
    """Two contracts whose agreement is brought to a Registry."""

    def __init__(self) -> None:
        self.chain = Gauge()
        self.world = w.World(self.chain)
        roll = b"".join(raw(each) + bytes(11) + b"\1" for each in (FIRST, SECOND))
        self.agreement = Odd(a.Table((Seat(FIRST, 1),)), (), (ZERO,), own_roll=roll)

    def digest(self, account: str) -> bytes:
        return a.digest(self.world.registry, a.REGISTRATION, account, self.agreement.hash)

    def registers(self, *pointers: tuple[int, int], behind: bytes) -> bool:
        """Offset and length of each one's signature, and what follows them."""
        words = b"".join(encode(["uint256"] * 2, [0, at << 32 | size]) for at, size in pointers)
        before = self.chain.evm.snapshot()
        whole = self.world.registration(self.agreement)
        register = (REGISTER, *whole[:5], words + behind, *whole[6:])
        done = self.world.do(ANYONE, self.world.registry, *register)
        self.chain.evm.revert(before)
        return done


@pytest.mark.parametrize("size", [0, 1, 31, 32, 64, 65, BLOCK])
def test_each_is_asked_about_its_own_message_and_signature(size: int) -> None:
    at = Signers()
    behind = bytes(each % 251 for each in range(BLOCK + 7))
    for account, offset in ((FIRST, 0), (SECOND, 7)):
        signature = behind[offset : offset + size]
        at.chain.put(account, only(question(at.digest(account), signature)))
    assert at.registers((128, size), (135, size), behind=behind)
    assert at.registers((128, size), (135, size), behind=behind + b"\1")
    assert not at.registers((128, size), (135, size), behind=behind[:-1])
    assert not at.registers((129, size), (135, size), behind=behind) or not size
    assert not at.registers((128, size), (135, size + 1), behind=behind)
    assert not at.registers((128, size + 2**32 - 1), (135, size), behind=behind)
    at.chain.put(SECOND, only(question(at.digest(FIRST), behind[7 : 7 + size])))
    assert not at.registers((128, size), (135, size), behind=behind)


def test_two_may_share_a_signature() -> None:
    at = Signers()
    for account in (FIRST, SECOND):
        at.chain.put(account, only(question(at.digest(account), b"signed")))
    assert at.registers((128, 6), (128, 6), behind=b"signed".ljust(BLOCK, b"\0"))


@pytest.mark.parametrize(
    ("code", "yes"),
    [
        (f"{WORD}5f5260205ff3", True),
        (f"{WORD}5f5260405ff3", True),  # followed by more
        (f"{WORD}5f52601f5ff3", False),
        (f"{WORD}5f5260045ff3", False),
        (f"{WORD}5f5260205ffd", False),
        (f"7f{YES}{'00' * 27}015f5260205ff3", False),
        (f"63{YES}5f5260205ff3", False),
        ("60015f5260205ff3", False),
        ("60205ff3", False),
        ("5f5ff3", False),
        ("fe", False),
        ("", False),
    ],
)
def test_one_word_is_a_yes(code: str, yes: bool) -> None:
    """As a voice among others, and alone."""
    at = Signers()
    at.chain.put(FIRST, MAGIC)
    at.chain.put(SECOND, code)
    assert at.registers((128, 6), (128, 6), behind=bytes(BLOCK)) == yes
    see = Clone(at.world, a.Agreement(a.Table((Seat(FIRST, 1),)), ((0, 1),), (ZERO,), 1))
    locate: tuple[Any, ...] = (see.address, SECOND, "ipfs://x", a.DEADLINE, b"signed")
    assert at.world.do(ANYONE, at.world.registry, LOCATE, *locate) == yes


@pytest.mark.parametrize("size", [0, 63, 64, 65, BLOCK])
def test_alone_it_is_asked_about_its_own_message_and_signature(size: int) -> None:
    """Also where the signature is as long as that of a key."""
    at = Signers()
    see = Clone(at.world, a.Agreement(a.Table((Seat(FIRST, 1),)), ((0, 1),), (ZERO,), 1))
    uri, signature = "ipfs://x", b"\7" * size
    location = "Location(address see,string uri)"
    subject = a.struct(location, "address bytes32", see.address, keccak(uri.encode()))
    digest = a.digest(at.world.registry, PUBLICATION, FIRST, subject)
    at.chain.put(FIRST, only(question(digest, signature)))
    locate = (LOCATE, see.address, FIRST, uri, a.DEADLINE)
    assert at.world.do(ANYONE, at.world.registry, *locate, signature)
    assert not at.world.do(ANYONE, at.world.registry, *locate, signature + b"\7")
    assert not at.world.do(ANYONE, at.world.registry, *locate[:3], uri + "y", a.DEADLINE, signature)
