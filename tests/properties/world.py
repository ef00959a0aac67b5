"""What the property tests play with: contracts, tokens, recipients, and one split of either kind.

Tables, trees and messages are written out here once more, apart from the SDK's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from eth_abi import encode
from eth_abi.grammar import parse
from eth_hash.auto import keccak
from eth_keys.datatypes import PrivateKey

from seechain import artifacts
from tests.properties.books_model import NATIVE, Seat
from tests.properties.chain import CHAIN_ID, START, Chain, deploy, raw

PAYER = "0x" + "aa" * 20
ANYONE = "0x" + "a1" * 20
ZERO = "0x" + "00" * 20
MUCH = 2**120
KEYS = sorted(
    (PrivateKey(keccak(b"voice %d" % number)) for number in range(3)),
    key=lambda key: key.public_key.to_canonical_address(),
)
ROLL = b"".join(
    key.public_key.to_canonical_address() + bytes(8) + (1).to_bytes(4, "big") for key in KEYS
)

# Modes of hostile/Recipient.vy.
ACCEPT, REFUSE, BURN, FUSSY, GLUTTON, CALL = range(6)
# What hostile/Token.vy does to a blocked account; FUSSY is 4 there.
ANSWER_FALSE, REVERT, BURN_TOKEN, FUSSY_TOKEN = 1, 2, 3, 4

# Init code that deploys PUSH3 100,000 PUSH0 REVERT, or RETURN: a bomb of memory.
BOMBS = [bytes.fromhex(f"65620186a05f{end}5f526006601af3") for end in ("fd", "f3")]
RECIPIENTS = 12
TOKENS = ("plain", "fee", "silent", "blocker", "rebaser", "caller")
FEE = 170  # hundredths of a percent

TABLE = "Table(bytes32 root,uint256 shares,uint256 pages)"
TERMS = (
    "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,"
    "uint256 expiry,address[] currencies,bytes32 nonce)"
)
AGREEMENT = "Agreement(Table table,Terms terms)" + TABLE + TERMS
TABLE_ARGUMENT = "(bytes32,uint256,uint256,bytes32)"
TERMS_ARGUMENT = "(bytes32,uint256,uint256,uint256,bytes32)"


@cache
def _types(signature: str) -> list[str]:
    return [each.to_type_str() for each in parse(signature[signature.index("(") :]).components]


def calldata(signature: str, *arguments: Any) -> bytes:
    types = _types(signature) if not signature.endswith("()") else []
    return keccak(signature.encode())[:4] + encode(types, arguments)


def numbers(answer: bytes) -> list[int]:
    """The numbers of an array that is all that was answered."""
    return [int.from_bytes(answer[at : at + 32], "big") for at in range(64, len(answer), 32)]


@cache
def hostile(name: str) -> bytes:
    import vyper

    path = Path(__file__).parent / "hostile" / f"{name}.vy"
    output = vyper.compile_code(path.read_text("utf-8"), output_formats=["bytecode"])
    return raw(output["bytecode"])


def built(name: str) -> bytes:
    return raw(artifacts.load(name).bytecode)


@dataclass
class Split:
    """A clone and its table."""

    address: str
    seats: list[Seat]
    words: list[bytes]
    pages: list[bytes]
    proofs: list[bytes]
    table: tuple[bytes, int, int, bytes]
    registered: tuple[Any, ...] = ()  # the preimage of a SEE's agreement

    @property
    def is_see(self) -> bool:
        return bool(self.registered)


def _tree(leaves: list[tuple[bytes, int]]) -> tuple[bytes, list[bytes]]:
    """Root, and the proof of each page."""
    proofs = [b""] * len(leaves)
    level, at = leaves, list(range(len(leaves)))
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


class World:
    """The contracts on a new chain. Everything is at the same place on each chain."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        chain.set_balance(PAYER, MUCH)
        splitter = deploy(chain, built("Splitter"))
        registry = built("Registry") + encode(["bytes", "address"], [built("SEE"), splitter])
        self.registry = deploy(chain, registry)
        self.recipients = [deploy(chain, hostile("Recipient"), salt) for salt in range(RECIPIENTS)]
        self.bomb, self.returns_bomb = (deploy(chain, code) for code in BOMBS)
        self.tokens = {}
        for salt, name in enumerate(TOKENS):
            how = [FEE if name == "fee" else 0, name == "silent"]
            code = hostile("Token") + encode(["uint256", "bool"], how)
            self.tokens[name] = deploy(chain, code, salt)
            self.do(PAYER, self.tokens[name], "set_balance(address,uint256)", PAYER, MUCH)

    def do(
        self, sender: str, to: str, signature: str, *arguments: Any, value: int = 0, **more: int
    ) -> bool:
        return self.chain.send(sender, to, calldata(signature, *arguments), value, **more)

    def currency(self, name: str) -> str:
        return ZERO if name == NATIVE else self.tokens[name]

    # ---------------------------------------------------------------- a split

    def create(self, seats: list[Seat], see: bool) -> Split:
        words = [
            raw(seat.account)
            + int(seat.pull_only).to_bytes(6, "big")
            + seat.shares.to_bytes(6, "big")
            for seat in seats
        ]
        pages = [b"".join(words[at : at + 32]) for at in range(0, len(words), 32)]
        sums = [sum(seat.shares for seat in seats[at : at + 32]) for at in range(0, len(seats), 32)]
        root, proofs = _tree([(keccak(page), sum_) for page, sum_ in zip(pages, sums, strict=True)])
        table = (root, sum(sums), len(pages))
        split = Split(ZERO, seats, words, pages, proofs, (*table, bytes(32)))
        if see:
            self._register(split, sums)
        else:
            done = self.do(
                ANYONE, self.registry, "create(bytes32,uint256,uint256,bytes32)", *table, bytes(32)
            )
            assert done, "create failed"
            split.address = self.splitter_address(table)
        return split

    def splitter_address(self, table: tuple[bytes, int, int]) -> str:
        hash_ = keccak(keccak(TABLE.encode()) + encode(["bytes32", "uint256", "uint256"], table))
        where = calldata("splitter_address(bytes32,bytes32)", hash_, bytes(32))
        return "0x" + self.chain.view(self.registry, where)[12:].hex()

    def _register(self, split: Split, sums: list[int]) -> None:
        currencies = bytes(32) + b"".join(
            bytes(12) + raw(token) for token in sorted(self.tokens.values())
        )
        terms = (keccak(b"text"), 2, 3, START + 10**7, bytes(32))
        fields = (terms[0], keccak(ROLL), *terms[1:4], keccak(currencies), terms[4])
        terms_hash = keccak(
            keccak(TERMS.encode())
            + encode([*["bytes32"] * 2, *["uint256"] * 3, *["bytes32"] * 2], fields)
        )
        table_hash = keccak(
            keccak(TABLE.encode()) + encode(["bytes32", "uint256", "uint256"], split.table[:3])
        )
        agreement = keccak(keccak(AGREEMENT.encode()) + table_hash + terms_hash)
        kind = "Registration(address account,Agreement agreement,uint256 deadline)" + AGREEMENT
        signed = self._sign(kind, agreement)
        few = len(split.words) <= 128
        done = self.do(
            ANYONE,
            self.registry,
            f"register({TABLE_ARGUMENT},{TERMS_ARGUMENT},uint256,bytes,bytes,bytes,bytes,uint256)",
            split.table,
            terms,
            START + 10**6,
            ROLL,
            currencies,
            signed,
            b"".join(split.words) if few else b"",
            sum(sum_ << 48 * at for at, sum_ in enumerate(sums)) if few and len(sums) > 1 else 0,
        )
        assert done, "register failed"
        where = self.chain.view(self.registry, calldata("see_address(bytes32)", agreement))
        split.address = "0x" + where[12:].hex()
        split.registered = (split.table, terms, START + 10**6, ROLL, currencies)
        split.table = (*split.table[:3], terms_hash)

    def deregister(self, split: Split) -> bool:
        end = keccak(
            keccak(b"End(address see,uint256 version)")
            + encode(["address", "uint256"], [split.address, 0])
        )
        kind = (
            "Deregistration(address account,End end,uint256 deadline)"
            "End(address see,uint256 version)"
        )
        return self.do(
            ANYONE,
            self.registry,
            f"deregister(address,{TABLE_ARGUMENT},{TERMS_ARGUMENT},uint256,bytes,bytes,bytes)",
            split.address,
            *split.registered,
            self._sign(kind, end),
        )

    def _sign(self, kind: str, subject: bytes) -> bytes:
        """Compact signatures of the whole roll (EIP-2098), in its order."""
        domain_type = (
            b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
        )
        domain = keccak(
            encode(
                ["bytes32", "bytes32", "bytes32", "uint256", "address"],
                [
                    keccak(domain_type),
                    keccak(b"seechain"),
                    keccak(b"1"),
                    CHAIN_ID,
                    self.registry,
                ],
            )
        )
        signed = b""
        for key in KEYS:
            account = bytes(12) + key.public_key.to_canonical_address()
            deadline = (START + 10**6).to_bytes(32, "big")
            message = keccak(keccak(kind.encode()) + account + subject + deadline)
            signature = key.sign_msg_hash(keccak(b"\x19\x01" + domain + message))
            vs = signature.v << 255 | signature.s
            signed += signature.r.to_bytes(32, "big") + vs.to_bytes(32, "big")
        return signed

    # ---------------------------------------------------------------- storage

    def slots(self, split: Split, names: list[str]) -> list[int]:
        """Where the books of a split's first version stand."""
        layout = artifacts.load("Splitter").storage_layout["books"]
        at = {name: each["slot"] for name, each in layout.items()}
        keys = [index << 160 | int(seat.account, 16) for index, seat in enumerate(split.seats)]
        found = [at["native"], *(_mapped(at["seats"], key) for key in keys)]
        for name in names:
            currency = int(self.currency(name), 16)
            found.append(_mapped(at["tokens"], currency))
            found += [_mapped(_mapped(at["token_seats"], currency), key) for key in keys]
            found += [
                _mapped(_mapped(at["pages"], currency), page) for page in range(len(split.pages))
            ]
        return found


def _mapped(slot: int, key: int) -> int:
    return int.from_bytes(keccak(slot.to_bytes(32, "big") + key.to_bytes(32, "big")), "big")
