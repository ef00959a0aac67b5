"""Agreements and signatures, made from the written format."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from eth_abi import encode
from eth_account import Account
from eth_utils import keccak, to_checksum_address

from tests.contracts.evm import Contract, Kernel, Tree, raw, table_hash

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
DAY = 86400
TERMS = (
    "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,"
    "uint256 expiry,address[] currencies,bytes32 nonce)"
)
TABLE = "Table(bytes32 root,uint256 shares,uint256 pages)"
AGREEMENT = "Agreement(Table table,Terms terms)"
REGISTRATION = (
    f"Registration(address account,Agreement agreement,uint256 deadline){AGREEMENT}{TABLE}{TERMS}"
)
SUCCESSION = "Succession(address see,uint256 version,Agreement agreement)"
AMENDMENT = (
    "Amendment(address account,Succession succession,uint256 deadline)"
    f"{AGREEMENT}{SUCCESSION}{TABLE}{TERMS}"
)
LEAVE = "Leave(address see,uint256 version,bool voice,bool seat,uint256 index)"
LEAVING = f"Leaving(address account,Leave leave,uint256 deadline){LEAVE}"
REDIRECT = "Redirect(address see,address to,uint256 times)"
REDIRECTION = f"Redirection(address account,Redirect redirect,uint256 deadline){REDIRECT}"
LOCATION = "Location(address see,string uri)"
PUBLICATION = f"Publication(address account,Location location,uint256 deadline){LOCATION}"
ACT = "Act(address see,uint256 version,bytes32 kind,address account,bytes32 subject)"
ENDORSEMENT = f"Endorsement(address account,Act act,uint256 deadline){ACT}"
END = "End(address see,uint256 version)"
DEREGISTRATION = f"Deregistration(address account,End end,uint256 deadline){END}"

KEYS = sorted(
    (Account.from_key(keccak(bytes([n]))) for n in range(1, 5)), key=lambda k: int(k.address, 16)
)


@dataclass(frozen=True)
class Agreement:
    """What the voices sign; each field may be given as it should not be."""

    tree: Tree
    voices: tuple[tuple[str, int], ...]
    expiry: int
    text: bytes = keccak(text="we share")
    quorum: tuple[int, int] = (2, 3)
    currencies: tuple[bytes, ...] = (bytes(32), b"\0" * 12 + b"\xee" * 20)
    nonce: bytes = bytes(32)
    roll: bytes = b""

    def changed(self, **fields: Any) -> Agreement:
        return replace(self, **fields)

    @property
    def roll_words(self) -> bytes:
        return self.roll or b"".join(
            raw(account) + bytes(8) + voices.to_bytes(4, "big") for account, voices in self.voices
        )

    @property
    def terms(self) -> tuple[bytes, int, int, int, bytes]:
        return self.text, *self.quorum, self.expiry, self.nonce

    @property
    def preimage(self) -> tuple[Any, ...]:
        """As the Registry takes an agreement: table, terms, roll, currencies."""
        return self.tree.table, self.terms, self.roll_words, b"".join(self.currencies)

    @property
    def terms_hash(self) -> bytes:
        return keccak(
            keccak(text=TERMS)
            + self.text
            + keccak(self.roll_words)
            + b"".join(n.to_bytes(32, "big") for n in (*self.quorum, self.expiry))
            + keccak(b"".join(self.currencies))
            + self.nonce
        )

    @property
    def hash(self) -> bytes:
        return keccak(
            keccak(text=AGREEMENT + TABLE + TERMS)
            + table_hash(*self.tree.table[:3])
            + self.terms_hash
        )

    @property
    def table(self) -> tuple[bytes, int, int, bytes]:
        """As a SEE takes it, with the hash of the terms."""
        return (*self.tree.table[:3], self.terms_hash)


def domain(registry: str, chain_id: int, name: str = "seechain", version: str = "1") -> bytes:
    kind = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    return keccak(
        encode(
            ["bytes32", "bytes32", "bytes32", "uint256", "address"],
            [keccak(text=kind), keccak(text=name), keccak(text=version), chain_id, registry],
        )
    )


def digest(domain_: bytes, kind: str, account: str, subject: bytes, deadline: int) -> bytes:
    message = keccak(text=kind) + raw(account).rjust(32, b"\0") + subject
    return keccak(b"\x19\x01" + domain_ + keccak(message + deadline.to_bytes(32, "big")))


def compact(signed: Any, *, high: bool = False) -> bytes:
    """EIP-2098; with the s of the upper half on wish."""
    s, parity = signed.s, signed.v - 27
    if high:
        s, parity = ORDER - s, 1 - parity
    return int(signed.r).to_bytes(32, "big") + (s | parity << 255).to_bytes(32, "big")


@dataclass
class Office:
    """A Registry, an agreement of two voices with keys, and the acts on it."""

    kernel: Kernel
    agreement: Agreement
    deadline: int
    domain: bytes = b""
    keys: list[Any] = field(default_factory=lambda: list(KEYS[:2]))

    @classmethod
    def open(cls, kernel: Kernel) -> Office:
        tree = Tree.of([(kernel.chain.account(), 1), (kernel.chain.account(), 3)])
        voices = tuple((k.address, 1) for k in KEYS[:2])
        now = kernel.chain.now()
        made = cls(kernel, Agreement(tree, voices, now + 100 * DAY), now + 7 * DAY)
        made.domain = domain(kernel.registry.address, int(kernel.chain.rpc("eth_chainId"), 16))
        return made

    def sign(self, kind: str, subject: bytes, keys: Any = None, **how: Any) -> bytes:
        return b"".join(
            compact(
                k.unsafe_sign_hash(digest(self.domain, kind, k.address, subject, self.deadline)),
                **how,
            )
            for k in (self.keys if keys is None else keys)
        )

    def consent(self, agreement: Agreement | None = None, **how: Any) -> bytes:
        return self.sign(REGISTRATION, (agreement or self.agreement).hash, **how)

    def register(
        self,
        agreement: Agreement | None = None,
        signatures: bytes | None = None,
        words: bytes = b"",
        sums: int = 0,
        **how: Any,
    ) -> Any:
        a = agreement or self.agreement
        return self.kernel.registry.register(
            a.tree.table,
            a.terms,
            self.deadline,
            a.roll_words,
            b"".join(a.currencies),
            self.consent(a) if signatures is None else signatures,
            words,
            sums,
            **how,
        )

    def see(self, agreement: Agreement | None = None) -> Contract:
        address = self.kernel.registry.see_address((agreement or self.agreement).hash)
        return self.kernel.chain.at("SEE", to_checksum_address(address))

    def end_of(self, see: str, version: int = 0) -> bytes:
        return keccak(keccak(text=END) + raw(see).rjust(32, b"\0") + version.to_bytes(32, "big"))

    def end(self, see: str = "") -> bytes:
        """The signatures of all under the end of the SEE."""
        return self.sign(DEREGISTRATION, self.end_of(see or self.see().address))

    def deregister(
        self, signatures: bytes, agreement: Agreement | None = None, see: str = "", **how: Any
    ) -> Any:
        a = agreement or self.agreement
        return self.kernel.registry.deregister(
            see or self.see(a).address,
            a.tree.table,
            a.terms,
            self.deadline,
            a.roll_words,
            b"".join(a.currencies),
            signatures,
            **how,
        )

    def expire(self, see: str = "") -> Any:
        a = self.agreement
        return self.kernel.registry.expire(
            see or self.see().address, a.tree.table, a.terms, a.roll_words, b"".join(a.currencies)
        )
