"""Agreements with keys to sign them: what the rows of SEEs have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from eth_hash.auto import keccak
from eth_keys.datatypes import PrivateKey

from bench.chain import NOW, BenchError, Contract
from bench.ledger import NATIVE
from bench.scene import Scene, sums
from seechain.agreement.roll import pack_roll
from seechain.consent import messages
from seechain.share_table import ShareTable

EXPIRY = 1_830_297_600  # 2028-01-01
DEADLINE = NOW + messages.DEADLINE


@dataclass(frozen=True, slots=True)
class Case:
    """An agreement of a table and voices, ready to be put in force."""

    table: ShareTable
    terms: messages.Terms
    keys: tuple[PrivateKey, ...]  # of the voices, in the order of the roll

    @property
    def agreement(self) -> bytes:
        """The commitment."""
        return messages.agreement_hash(self.table.hash, messages.terms_hash(self.terms))

    @property
    def on_chain_table(self) -> tuple[object, ...]:
        """The table as the Registry takes it: it works the terms' hash out for itself."""
        return (self.table.root, self.table.shares, self.table.pages, bytes(32))

    @property
    def on_chain_terms(self) -> tuple[object, ...]:
        """The terms as the Registry takes them; the text makes each agreement another."""
        terms = self.terms
        quorum = (terms.quorum.numerator, terms.quorum.denominator)
        return (terms.text_hash, *quorum, terms.expiry, terms.nonce)

    @property
    def preimage(self) -> tuple[object, ...]:
        """The agreement as amending and leaving take it."""
        words = self.terms.roll, self.terms.currency_words
        return (self.on_chain_table, self.on_chain_terms, *words)


class Record(NamedTuple):
    """What the Registry holds of a SEE."""

    block: int
    registered: int
    ended: int
    version: int
    amended: int
    left: int  # a bit for each voice that has left


def case(
    scene: Scene, table: ShareTable, voices: int, text: str, keys: Sequence[PrivateKey] = ()
) -> Case:
    """An agreement of so many voices, of these keys or of some that have no seat."""
    made = keys or [PrivateKey(keccak(f"voice {number}".encode())) for number in range(voices)]
    ordered = tuple(sorted(made, key=lambda key: key.public_key.to_canonical_address()))
    if len(ordered) != voices:
        raise BenchError(f"{len(ordered)} keys for {voices} voices")
    roll = pack_roll((account(key), 1) for key in ordered)
    currencies = (NATIVE, scene.token.address)
    terms = messages.Terms(text, roll, Fraction(2, 3), EXPIRY, currencies, bytes(32))
    return Case(table, terms, ordered)


def register(scene: Scene, case: Case, publish: bool) -> int:
    """Form the SEE, with its table's words or without; the gas.

    Raises:
        BenchError: it reverted, or the SEE is another.
    """
    structs = [
        messages.registration_hash(account(key), case.agreement, DEADLINE) for key in case.keys
    ]
    receipt = scene.chain.transact(
        scene.chain.accounts[0],
        scene.registry,
        "register",
        case.on_chain_table,
        case.on_chain_terms,
        DEADLINE,
        case.terms.roll,
        case.terms.currency_words,
        signatures(scene, case, structs),
        case.table.words if publish else b"",
        sums(case.table) if publish else 0,
    )
    see = scene.see(case.agreement)
    found = record(scene, see)
    if not found.registered or found.ended or found.version:
        raise BenchError("register: the Registry has no record of it")
    if scene.chain.view(see, "bytes32", "commitment") != case.agreement:
        raise BenchError("register: the SEE is not committed to the agreement")
    if publish and receipt.logs[-1].data != case.table.words:
        raise BenchError("register: the table's words were not published")
    return receipt.gas


def record(scene: Scene, see: Contract) -> Record:
    """What the Registry holds of a SEE."""
    types = "(" + ",".join(["uint256"] * len(Record._fields)) + ")"
    return Record(*scene.chain.view(scene.registry, types, "record", see.address))


def signatures(scene: Scene, case: Case, structs: Sequence[bytes]) -> bytes:
    """One EIP-2098 signature for each voice. A key always signs alike (RFC 6979)."""
    chain_id = int(scene.chain.rpc("eth_chainId"), 16)
    domain = messages.domain_separator(chain_id, scene.registry.address)
    packed = b""
    for key, struct in zip(case.keys, structs, strict=True):
        v, r, s = key.sign_msg_hash(messages.digest(domain, struct)).vrs
        packed += r.to_bytes(32, "big") + (v << 255 | s).to_bytes(32, "big")
    return packed


def account(key: PrivateKey) -> str:
    """The account of a key."""
    found: str = key.public_key.to_checksum_address()
    return found
