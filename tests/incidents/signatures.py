"""Signatures that said less than they were taken for."""

from __future__ import annotations

from typing import Any

from eth_hash.auto import keccak

from tests.incidents.arena import (
    ALICE,
    BOB,
    CLAIM,
    ETHER,
    MALLORY,
    Arena,
    word,
)
from tests.incidents.incident import Seed, incident
from tests.properties import agreement as a
from tests.properties import world as w
from tests.properties.life_world import LEAVE_SEAT, REDIRECT, Clone
from tests.properties.world import ANYONE, ZERO, calldata

SEE, CONSENT = "contracts/SEE.vy", "contracts/modules/consent.vy"
OF_SEE, OF_REGISTRY = ("SEE",), ("Registry",)
SUBJECT = "Redirect(address see,address to,uint256 times)"
REDIRECTION = f"Redirection(address account,Redirect redirect,uint256 deadline){SUBJECT}"
ADA = a.account_of(a.KEYS[0])


def redirect(see: Clone, at: int, to: str, signature: bytes = b"", sender: str = MALLORY) -> bool:
    account = see.now.table.seats[at].account
    key = see.key(0, at)
    return see.do(sender, REDIRECT, account, to, key, [], a.DEADLINE, signature)


def signed(arena: Arena, see: Clone, types: str, *fields: Any) -> bytes:
    """Ada's signature of a redirection of these fields."""
    subject = a.struct(SUBJECT, types, see.address, *fields)
    return a.sign(arena.registry, REDIRECTION, subject, [a.KEYS[0]])


def leaves(arena: Arena, see: Clone, sender: str, account: str, signature: bytes = b"") -> bool:
    """Somebody makes the first seat leave."""
    leave = (see.address, account, 0, 0, b"", a.DEADLINE, signature)
    return arena.do(sender, arena.registry, LEAVE_SEAT, *leave)


def has_its_half(arena: Arena, see: Clone, at: int = 0) -> bool:
    """Whether a seat of two gets half of what comes now."""
    account = see.now.table.seats[at].account
    before = arena.held(account)
    arena.send(see.address, 10 * ETHER)
    see.do(ANYONE, CLAIM, at, account)
    return arena.held(account) - before == 5 * ETHER


def joined(arena: Arena, *seats: tuple[str, int]) -> Clone:
    see = arena.see(*seats)
    for at in range(len(seats)):
        assert see.join(at, False)
    return see


@incident(
    "2021-12",
    "801,601 MATIC; with $24 billion in reach",
    "Polygon's MRC20",
    Seed(
        CONSENT,
        "signer == account and account != empty(address):",
        "signer == account:",
        OF_SEE,
    ),
)
def polygon_mrc20(arena: Arena) -> None:
    """ecrecover answers zero where it fails, and zero is taken for an account."""
    see = joined(arena, (ZERO, 1), (ALICE, 1))
    arena.send(see.address, 10 * ETHER)
    redirect(see, 0, MALLORY, word(0) + word(1))
    see.do(ANYONE, CLAIM, 0, ZERO)
    assert arena.held(MALLORY) == 0


@incident(
    "2021-07",
    "$76,000",
    "THORChain's RUNE (tx.origin)",
    Seed(
        CONSENT,
        "    if msg.sender == account:\n        return\n",
        "    if tx.origin == account:\n        return\n",
        OF_REGISTRY,
    ),
)
def rune(arena: Arena) -> None:
    """Who calls a stranger's contract is taken to have called what that contract calls."""
    see = joined(arena, (ALICE, 1), (BOB, 1))
    lure = arena.recipients[0]
    leave = calldata(
        "leave_seat(address,address,uint256,uint256,bytes,uint256,bytes)",
        *(see.address, ALICE, 0, 0, b"", a.DEADLINE, b""),
    )
    arena.obey(lure, w.CALL, arena.registry, leave)
    assert arena.chain.send(ALICE, lure)
    assert has_its_half(arena, see)


@incident(
    "2022-02",
    "$8.7 million",
    "Superfluid (a context from calldata)",
    Seed(
        SEE,
        "    if msg.sender != account:\n        subject",
        "    if msg.sender != account and len(signature) != 0:\n        subject",
        OF_SEE,
    ),
)
def superfluid(arena: Arena) -> None:
    """Whoever calls says who it is."""
    see = joined(arena, (ALICE, 1), (BOB, 1))
    redirect(see, 0, MALLORY)
    assert has_its_half(arena, see)


@incident(
    "2026-04",
    "$1.3 million",
    "Giddy",
    Seed(
        SEE,
        "abi_encode(REDIRECT_TYPE, self, to, times)",
        "abi_encode(REDIRECT_TYPE, self, times)",
        OF_SEE,
    ),
)
def giddy(arena: Arena) -> None:
    """The signature covers a part of what is done: the rest is the submitter's to fill in."""
    see = joined(arena, (ADA, 1), (ALICE, 1))
    for signature in (
        signed(arena, see, "address address uint256", BOB, 0),
        signed(arena, see, "address uint256", 0),
    ):
        redirect(see, 0, MALLORY, signature)
    assert has_its_half(arena, see)


@incident(
    "2024-05",
    "$18,000",
    "TCH",
    Seed(SEE, "(times + 1) << TIMES_AT", "times << TIMES_AT", OF_SEE),
)
def tch(arena: Arena) -> None:
    """A signature that has done its work is used once more."""
    see = joined(arena, (ADA, 1), (ALICE, 1))
    signature = signed(arena, see, "address address uint256", BOB, 0)
    assert redirect(see, 0, BOB, signature)
    assert redirect(see, 0, ADA, sender=ADA)  # Ada takes it back
    redirect(see, 0, BOB, signature)
    assert has_its_half(arena, see)


@incident(
    "2023-10",
    "nothing: found in the smart accounts of fifteen teams",
    "ERC-1271 replay",
    Seed(
        CONSENT,
        "message: bytes32 = keccak256(abi_encode(kind, account, subject, deadline))\n    return",
        "message: bytes32 = keccak256(abi_encode(kind, subject, deadline))\n    return",
        OF_SEE,
    ),
)
def erc1271_replay(arena: Arena) -> None:
    """What an owner signed for one of its accounts counts for the other too."""
    owner = a.KEYS[3]
    one, two = (arena.put("Wallet", "address", a.account_of(owner), salt=at) for at in (1, 2))
    see = joined(arena, (one, 1), (two, 1))
    subject = a.struct(SUBJECT, "address address uint256", see.address, MALLORY, 0)
    without = keccak(keccak(REDIRECTION.encode()) + subject + word(a.DEADLINE))
    for digest in (
        a.digest(arena.registry, REDIRECTION, one, subject),
        keccak(b"\x19\x01" + a._domain(arena.registry) + without),
    ):
        made = owner.sign_msg_hash(digest)
        redirect(see, 1, MALLORY, word(made.r) + word(made.s) + bytes([27 + made.v]))
    assert has_its_half(arena, see, at=1)


@incident(
    "2019-07",
    "nothing: found in time, and the exchange stopped",
    "0x v2 (a wallet's signature for an account without code)",
    Seed(
        CONSENT,
        "success and len(answer) == 32 and convert(answer, bytes32) == ERC1271_MAGIC",
        "success and (len(answer) == 0 or convert(answer, bytes32) == ERC1271_MAGIC)",
        OF_REGISTRY,
    ),
)
def zero_ex(arena: Arena) -> None:
    """An account without code is asked whether it has signed, and does not say no."""
    see = joined(arena, (ALICE, 1), (BOB, 1))
    leaves(arena, see, MALLORY, ALICE)
    assert has_its_half(arena, see)


@incident(
    "2022-09",
    "200 ETHW",
    "Omni Bridge on EthereumPoW",
    Seed(CONSENT, "chain.id, registry)", "convert(5, uint256), registry)", OF_SEE),
)
def ethereum_pow(arena: Arena) -> None:
    """The chain is written down once: what was signed for another chain is done on this one."""
    see = joined(arena, (ADA, 1), (ALICE, 1))
    names = keccak(b"seechain"), keccak(b"1")
    domain = a.struct(a.DOMAIN, "bytes32 bytes32 uint256 address", *names, 5, arena.registry)
    subject = a.struct(SUBJECT, "address address uint256", see.address, MALLORY, 0)
    message = a.struct(REDIRECTION, "address bytes32 uint256", ADA, subject, a.DEADLINE)
    made = a.KEYS[0].sign_msg_hash(keccak(b"\x19\x01" + domain + message))
    redirect(see, 0, MALLORY, word(made.r) + word(made.v << 255 | made.s))
    assert has_its_half(arena, see)
