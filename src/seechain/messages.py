"""What members sign (EIP-712): the types, their hashes, and messages that a wallet shows.

    domain          {name "seechain", version "1", chainId, verifyingContract: the Registry}
    Table           root, total shares, pages
    Terms           readable text, roll, quorum, expiry, currencies, nonce
    Agreement       table and terms; its struct hash is the commitment
    Registration    account, agreement, deadline
    Deregistration  account, end, deadline
    End             see, version

The hashes are written out here, so that an agreement is committed to without web3; tests prove
them equal to eth-account's own encoding. `account` is the voice that signs, so that the digest
names the member and can't be replayed by a sibling.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from eth_hash.auto import keccak

from seechain.accounts import account_bytes

DOMAIN_NAME = "seechain"
DOMAIN_VERSION = "1"
DEADLINE = 7 * 24 * 3600  # seconds for which a signature is good unless said otherwise

TYPES: dict[str, list[dict[str, str]]] = {
    "EIP712Domain": [
        {"name": "name", "type": "string"},
        {"name": "version", "type": "string"},
        {"name": "chainId", "type": "uint256"},
        {"name": "verifyingContract", "type": "address"},
    ],
    "Table": [
        {"name": "root", "type": "bytes32"},
        {"name": "shares", "type": "uint256"},
        {"name": "pages", "type": "uint256"},
    ],
    "Terms": [
        {"name": "text", "type": "string"},
        {"name": "roll", "type": "bytes32[]"},
        {"name": "quorum_numerator", "type": "uint256"},
        {"name": "quorum_denominator", "type": "uint256"},
        {"name": "expiry", "type": "uint256"},
        {"name": "currencies", "type": "address[]"},
        {"name": "nonce", "type": "bytes32"},
    ],
    "Agreement": [{"name": "table", "type": "Table"}, {"name": "terms", "type": "Terms"}],
    "Registration": [
        {"name": "account", "type": "address"},
        {"name": "agreement", "type": "Agreement"},
        {"name": "deadline", "type": "uint256"},
    ],
    "Deregistration": [
        {"name": "account", "type": "address"},
        {"name": "end", "type": "End"},
        {"name": "deadline", "type": "uint256"},
    ],
    "End": [{"name": "see", "type": "address"}, {"name": "version", "type": "uint256"}],
}


class Terms(NamedTuple):
    """The terms as they are signed.

    text: the readable agreement. roll: voice words. quorum: in (0, 1], lowest terms.
    expiry: unix seconds. currencies: addresses, ascending, native coin as zero. nonce: 32 bytes.
    """

    text: str
    roll: bytes
    quorum: Fraction
    expiry: int
    currencies: tuple[str, ...]
    nonce: bytes

    @property
    def text_hash(self) -> bytes:
        """The hash of the text: all that the chain sees of it."""
        return keccak(self.text.encode())

    @property
    def currency_words(self) -> bytes:
        """The currencies as the contracts take them: 32 bytes each."""
        return b"".join(_address(each) for each in self.currencies)


class Ratio(NamedTuple):
    """A quorum as a chain holds it: not always in lowest terms."""

    numerator: int
    denominator: int


class HashedTerms(NamedTuple):
    """The terms as a chain shows them: the text by its hash alone."""

    text_hash: bytes
    roll: bytes
    quorum: Ratio
    expiry: int
    currency_words: bytes
    nonce: bytes


class Table(Protocol):
    """What a message needs of a share table."""

    @property
    def root(self) -> bytes: ...
    @property
    def shares(self) -> int: ...
    @property
    def pages(self) -> int: ...


def _type(name: str, *nested: str) -> str:
    encoded = ""
    for each in (name, *nested):
        fields = ",".join(f"{field['type']} {field['name']}" for field in TYPES[each])
        encoded += f"{each}({fields})"
    return encoded


def _type_hash(name: str, *nested: str) -> bytes:
    return keccak(_type(name, *nested).encode())


_DOMAIN_TYPE = _type_hash("EIP712Domain")
_TABLE_TYPE = _type_hash("Table")
_TERMS_TYPE = _type_hash("Terms")
_AGREEMENT_TYPE = _type_hash("Agreement", "Table", "Terms")
_REGISTRATION_TYPE = _type_hash("Registration", "Agreement", "Table", "Terms")
_DEREGISTRATION_TYPE = _type_hash("Deregistration", "End")
_END_TYPE = _type_hash("End")


def _uint(value: int) -> bytes:
    return value.to_bytes(32, "big")


def _address(account: str) -> bytes:
    return bytes(12) + account_bytes(account)


def table_hash(root: bytes, shares: int, pages: int) -> bytes:
    """The struct hash of a share table: a fixed Splitter's commitment."""
    return keccak(_TABLE_TYPE + root + _uint(shares) + _uint(pages))


def terms_hash(terms: Terms | HashedTerms) -> bytes:
    """The struct hash of the terms."""
    return keccak(
        _TERMS_TYPE
        + terms.text_hash
        + keccak(terms.roll)
        + _uint(terms.quorum.numerator)
        + _uint(terms.quorum.denominator)
        + _uint(terms.expiry)
        + keccak(terms.currency_words)
        + terms.nonce
    )


def agreement_hash(table: bytes, terms: bytes) -> bytes:
    """The struct hash of an agreement, from those of its table and its terms: the commitment."""
    return keccak(_AGREEMENT_TYPE + table + terms)


def registration_hash(account: str, commitment: bytes, deadline: int) -> bytes:
    """The struct hash of a registration by one voice; deadline in unix seconds."""
    return keccak(_REGISTRATION_TYPE + _address(account) + commitment + _uint(deadline))


def deregistration_hash(account: str, see: str, version: int, deadline: int) -> bytes:
    """The struct hash of a deregistration by one voice; deadline in unix seconds."""
    end = keccak(_END_TYPE + _address(see) + _uint(version))
    return keccak(_DEREGISTRATION_TYPE + _address(account) + end + _uint(deadline))


def domain_separator(chain_id: int, registry: str) -> bytes:
    """The hash of the EIP-712 domain of one Registry on one chain."""
    return keccak(
        _DOMAIN_TYPE
        + keccak(DOMAIN_NAME.encode())
        + keccak(DOMAIN_VERSION.encode())
        + _uint(chain_id)
        + _address(registry)
    )


def digest(separator: bytes, struct_hash: bytes) -> bytes:
    """What is signed: the hash of a domain separator and a message's struct hash."""
    return keccak(b"\x19\x01" + separator + struct_hash)


def registration(
    account: str, table: Table, terms: Terms, *, chain_id: int, registry: str, deadline: int
) -> dict[str, Any]:
    """The typed data by which `account` agrees to register an agreement.

    It is plain JSON: for `encode_typed_data(full_message=...)` and `eth_signTypedData_v4`.
    """
    words = [terms.roll[at : at + 32] for at in range(0, len(terms.roll), 32)]
    agreement = {
        "table": {"root": _hex(table.root), "shares": table.shares, "pages": table.pages},
        "terms": {
            "text": terms.text,
            "roll": [_hex(word) for word in words],
            "quorum_numerator": terms.quorum.numerator,
            "quorum_denominator": terms.quorum.denominator,
            "expiry": terms.expiry,
            "currencies": list(terms.currencies),
            "nonce": _hex(terms.nonce),
        },
    }
    message = {"account": account, "agreement": agreement, "deadline": deadline}
    return _typed_data("Registration", message, chain_id, registry, "Agreement", "Table", "Terms")


def deregistration(
    account: str, see: str, version: int, *, chain_id: int, registry: str, deadline: int
) -> dict[str, Any]:
    """The typed data by which `account` agrees to end a SEE; plain JSON, as `registration`."""
    end = {"see": see, "version": version}
    message = {"account": account, "end": end, "deadline": deadline}
    return _typed_data("Deregistration", message, chain_id, registry, "End")


def _typed_data(
    kind: str, message: dict[str, Any], chain_id: int, registry: str, *nested: str
) -> dict[str, Any]:
    return {
        "types": {name: TYPES[name] for name in ("EIP712Domain", kind, *nested)},
        "primaryType": kind,
        "domain": {
            "name": DOMAIN_NAME,
            "version": DOMAIN_VERSION,
            "chainId": chain_id,
            "verifyingContract": registry,
        },
        "message": message,
    }


def _hex(raw: bytes) -> str:
    return "0x" + raw.hex()
