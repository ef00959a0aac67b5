"""Tables, agreements and what the voices sign, written out once more, apart from the SDK's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from eth_abi import encode
from eth_hash.auto import keccak
from eth_keys.datatypes import PrivateKey

from tests.properties.books_model import Seat
from tests.properties.chain import CHAIN_ID, START, raw

PAGE = 32
DEADLINE = START + 10**6
EXPIRY = START + 10**7
QUORUM = (2, 3)

TABLE = "Table(bytes32 root,uint256 shares,uint256 pages)"
TERMS = (
    "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,"
    "uint256 expiry,address[] currencies,bytes32 nonce)"
)
AGREEMENT = "Agreement(Table table,Terms terms)" + TABLE + TERMS
REGISTRATION = "Registration(address account,Agreement agreement,uint256 deadline)" + AGREEMENT
SUCCESSION = "Succession(address see,uint256 version,Agreement agreement)"
AMENDMENT = (
    "Amendment(address account,Succession succession,uint256 deadline)"
    f"Agreement(Table table,Terms terms){SUCCESSION}{TABLE}{TERMS}"
)
SUCCESSION = f"{SUCCESSION}{AGREEMENT}"
END = "End(address see,uint256 version)"
DEREGISTRATION = f"Deregistration(address account,End end,uint256 deadline){END}"
LEAVE = "Leave(address see,uint256 version,bool voice,bool seat,uint256 index)"
LEAVING = f"Leaving(address account,Leave leave,uint256 deadline){LEAVE}"
ACT = "Act(address see,uint256 version,bytes32 kind,address account,bytes32 subject)"
ENDORSEMENT = f"Endorsement(address account,Act act,uint256 deadline){ACT}"
DOMAIN = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"


def account_of(key: PrivateKey) -> str:
    return "0x" + key.public_key.to_canonical_address().hex()


KEYS = sorted((PrivateKey(keccak(b"voice %d" % number)) for number in range(4)), key=account_of)


def struct(kind: str, types: str, *values: Any) -> bytes:
    """The EIP-712 hash of a struct of words."""
    return keccak(keccak(kind.encode()) + encode(types.split(), values))


def pack(seat: Seat) -> bytes:
    return (
        raw(seat.account) + int(seat.pull_only).to_bytes(6, "big") + seat.shares.to_bytes(6, "big")
    )


@dataclass(frozen=True)
class Table:
    seats: tuple[Seat, ...]

    @cached_property
    def words(self) -> list[bytes]:
        return [pack(seat) for seat in self.seats]

    @cached_property
    def pages(self) -> list[bytes]:
        return [b"".join(self.words[at : at + PAGE]) for at in range(0, len(self.words), PAGE)]

    @cached_property
    def sums(self) -> list[int]:
        return [
            sum(seat.shares for seat in self.seats[at : at + PAGE])
            for at in range(0, len(self.seats), PAGE)
        ]

    @cached_property
    def _tree(self) -> tuple[bytes, list[bytes]]:
        """Root, and the proof of each page."""
        level = [(keccak(page), sum_) for page, sum_ in zip(self.pages, self.sums, strict=True)]
        proofs, at = [b""] * len(level), list(range(len(level)))
        while len(level) > 1:
            for page, place in enumerate(at):
                if place ^ 1 < len(level):
                    hash_, total = level[place ^ 1]
                    proofs[page] += hash_ + total.to_bytes(32, "big")
            above = []
            for (left, x), (right, y) in zip(level[::2], level[1::2], strict=False):
                packed = left + x.to_bytes(32, "big") + right + y.to_bytes(32, "big") + b"\x01"
                above.append((keccak(packed), x + y))
            level = above + level[len(level) // 2 * 2 :]
            at = [place >> 1 for place in at]
        return level[0][0], proofs

    @property
    def proofs(self) -> list[bytes]:
        return self._tree[1]

    @cached_property
    def fields(self) -> tuple[bytes, int, int]:
        return (self._tree[0], sum(self.sums), len(self.pages))

    @cached_property
    def hash(self) -> bytes:
        return struct(TABLE, "bytes32 uint256 uint256", *self.fields)

    @property
    def published(self) -> tuple[bytes, int]:
        """Words and sums as they are published at once, where there are few."""
        if len(self.words) > 128:
            return b"", 0
        packed = sum(sum_ << 48 * at for at, sum_ in enumerate(self.sums))
        return b"".join(self.words), packed if len(self.sums) > 1 else 0


@dataclass(frozen=True)
class Agreement:
    table: Table
    voices: tuple[tuple[int, int], ...]  # which of KEYS, and with how many voices
    currencies: tuple[str, ...]  # addresses
    nonce: int = 0

    @cached_property
    def roll(self) -> bytes:
        return b"".join(
            raw(account_of(KEYS[at])) + bytes(8) + voices.to_bytes(4, "big")
            for at, voices in self.voices
        )

    @cached_property
    def currency_words(self) -> bytes:
        return b"".join(bytes(12) + each for each in sorted(map(raw, self.currencies)))

    @property
    def terms(self) -> tuple[Any, ...]:
        return (keccak(b"text"), *QUORUM, EXPIRY, self.nonce.to_bytes(32, "big"))

    @cached_property
    def terms_hash(self) -> bytes:
        text, *numbers, nonce = self.terms
        return struct(
            TERMS,
            "bytes32 bytes32 uint256 uint256 uint256 bytes32 bytes32",
            text,
            keccak(self.roll),
            *numbers,
            keccak(self.currency_words),
            nonce,
        )

    @cached_property
    def hash(self) -> bytes:
        return struct(AGREEMENT, "bytes32 bytes32", self.table.hash, self.terms_hash)

    @property
    def argument(self) -> tuple[Any, ...]:
        """The table as joins and payouts take it."""
        return (*self.table.fields, self.terms_hash)

    @property
    def preimage(self) -> tuple[Any, ...]:
        return (self.argument, self.terms, self.roll, self.currency_words)

    @property
    def keys(self) -> list[PrivateKey]:
        return [KEYS[at] for at, _ in self.voices]


@cache
def _domain(registry: str) -> bytes:
    return struct(
        DOMAIN,
        "bytes32 bytes32 uint256 address",
        keccak(b"seechain"),
        keccak(b"1"),
        CHAIN_ID,
        registry,
    )


def digest(registry: str, kind: str, account: str, subject: bytes) -> bytes:
    message = struct(kind, "address bytes32 uint256", account, subject, DEADLINE)
    return keccak(b"\x19\x01" + _domain(registry) + message)


def sign(registry: str, kind: str, subject: bytes, keys: list[PrivateKey | None]) -> bytes:
    """Compact signatures (EIP-2098), one after the other; zeros for who does not sign."""
    signed = b""
    for key in keys:
        if key is None:
            signed += bytes(64)
            continue
        signature = key.sign_msg_hash(digest(registry, kind, account_of(key), subject))
        vs = signature.v << 255 | signature.s
        signed += signature.r.to_bytes(32, "big") + vs.to_bytes(32, "big")
    return signed
