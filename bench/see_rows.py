"""The rows of SEEs: registration, deregistration, and claims while one lives."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

from eth_hash.auto import keccak
from eth_keys.datatypes import PrivateKey

from bench.chain import NOW, BenchError, Contract
from bench.ledger import NATIVE, Split
from bench.scene import Scene, sums
from bench.splitter_rows import CYCLES, Rows, join
from seechain import messages
from seechain.roll import pack_roll
from seechain.share_table import ShareTable

EXPIRY = 1_830_297_600  # 2028-01-01
DEADLINE = NOW + messages.DEADLINE
MILLION = 1_000_000
VOICES = (4, 64)  # beside 3: the next one, and as many as there can be


@dataclass(frozen=True, slots=True)
class Case:
    """An agreement of a table and voices, ready to be registered."""

    table: ShareTable
    terms: messages.Terms
    keys: tuple[PrivateKey, ...]  # of the voices, in the order of the roll

    @property
    def agreement(self) -> bytes:
        """The commitment."""
        return messages.agreement_hash(self.table.hash, messages.terms_hash(self.terms))

    @property
    def on_chain_terms(self) -> tuple[object, ...]:
        """The terms as the Registry takes them; the text makes each agreement another."""
        terms = self.terms
        quorum = (terms.quorum.numerator, terms.quorum.denominator)
        return (terms.text_hash, *quorum, terms.expiry, terms.nonce)


def measure(scene: Scene) -> Rows:
    """All rows of SEEs."""
    rows: Rows = {}
    published = _case(scene, scene.table(10), voices=3, text="published")
    rows["register.published.10"] = _register(scene, published, publish=True)
    unpublished = _case(scene, scene.table(10), voices=3, text="unpublished")
    rows["register.unpublished.10"] = _register(scene, unpublished, publish=False)
    large = _case(scene, _million_seats(), voices=3, text="a million seats")
    rows[f"register.unpublished.{MILLION}"] = _register(scene, large, publish=False)
    rows["register.voice"] = max(
        _each_voice(scene, rows["register.unpublished.10"], voices) for voices in VOICES
    )
    rows |= _claim(scene, published)
    rows["deregister.3"] = _deregister(scene, published)
    return rows


def _case(scene: Scene, table: ShareTable, voices: int, text: str) -> Case:
    keys = (PrivateKey(keccak(f"voice {number}".encode())) for number in range(voices))
    ordered = tuple(sorted(keys, key=lambda key: key.public_key.to_canonical_address()))
    roll = pack_roll((_account(key), 1) for key in ordered)
    currencies = (NATIVE, scene.token.address)
    terms = messages.Terms(text, roll, Fraction(2, 3), EXPIRY, currencies, bytes(32))
    return Case(table, terms, ordered)


def _register(scene: Scene, case: Case, publish: bool) -> int:
    structs = [
        messages.registration_hash(_account(key), case.agreement, DEADLINE) for key in case.keys
    ]
    table = (case.table.root, case.table.shares, case.table.pages, bytes(32))
    receipt = scene.chain.transact(
        scene.chain.accounts[0],
        scene.registry,
        "register",
        table,
        case.on_chain_terms,
        DEADLINE,
        case.terms.roll,
        case.terms.currency_words,
        _signatures(scene, case, structs),
        case.table.words if publish else b"",
        sums(case.table) if publish else 0,
    )
    see = scene.see(case.agreement)
    _, registered, ended, version, _, _ = _record(scene, see)
    if not registered or ended or version:
        raise BenchError("register: the Registry has no record of it")
    if scene.chain.view(see, "bytes32", "commitment") != case.agreement:
        raise BenchError("register: the SEE is not committed to the agreement")
    if publish and receipt.logs[-1].data != case.table.words:
        raise BenchError("register: the table's words were not published")
    return receipt.gas


def _each_voice(scene: Scene, of_three: int, voices: int) -> int:
    """What a voice more than 3 adds, rounded up."""
    case = _case(scene, scene.table(10), voices, text=f"{voices} voices")
    return -((of_three - _register(scene, case, publish=False)) // (voices - 3))


def _claim(scene: Scene, case: Case) -> Rows:
    rows: Rows = {}
    token = scene.token.address
    contract, terms = scene.see(case.agreement), messages.terms_hash(case.terms)
    split = Split(scene.chain, contract, case.table, terms, scene.token)
    split.pay(NATIVE)
    for index in range(len(case.table)):
        join(split, index, "see.claim.native.steady")
    for _ in range(CYCLES):
        split.pay(NATIVE)
        row = "see.claim.native.steady"
        rows[row] = split.act(row, split.accounts[4], NATIVE, [4], "claim", 4)
        split.pay(token)
        row = "see.claim.erc20.steady"
        rows[row] = split.act(row, split.accounts[6], token, [6], "claim_token", token, 6)
    return rows


def _deregister(scene: Scene, case: Case) -> int:
    see = scene.see(case.agreement)
    structs = [
        messages.deregistration_hash(_account(key), see.address, 0, DEADLINE) for key in case.keys
    ]
    receipt = scene.chain.transact(
        scene.chain.accounts[0],
        scene.registry,
        "deregister",
        see.address,
        (case.table.root, case.table.shares, case.table.pages, bytes(32)),
        case.on_chain_terms,
        DEADLINE,
        case.terms.roll,
        case.terms.currency_words,
        _signatures(scene, case, structs),
    )
    if not _record(scene, see)[2] or not scene.chain.view(see, "bool", "ended"):
        raise BenchError("deregister: the SEE lives on")
    return receipt.gas


def _record(scene: Scene, see: Contract) -> tuple[int, int, int, int, int, int]:
    types = "(uint256,uint256,uint256,uint256,uint256,uint256)"
    found: tuple[int, int, int, int, int, int] = scene.chain.view(
        scene.registry, types, "record", see.address
    )
    return found


def _signatures(scene: Scene, case: Case, structs: list[bytes]) -> bytes:
    """One EIP-2098 signature for each voice. A key always signs alike (RFC 6979)."""
    chain_id = int(scene.chain.rpc("eth_chainId"), 16)
    domain = messages.domain_separator(chain_id, scene.registry.address)
    packed = b""
    for key, struct in zip(case.keys, structs, strict=True):
        v, r, s = key.sign_msg_hash(messages.digest(domain, struct)).vrs
        packed += r.to_bytes(32, "big") + (v << 255 | s).to_bytes(32, "big")
    return packed


def _million_seats() -> ShareTable:
    """A real table of 31,250 pages, of accounts that nobody has the keys of."""
    words = (
        sha256(number.to_bytes(4, "big")).digest()[:20] + (1000 + number % 997).to_bytes(12, "big")
        for number in range(MILLION)
    )
    return ShareTable.from_words(b"".join(sorted(words)))


def _account(key: PrivateKey) -> str:
    account: str = key.public_key.to_checksum_address()
    return account
