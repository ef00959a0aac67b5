"""What members sign (EIP-712): the types, their hashes, and messages that a wallet shows.

    domain          {name "seechain", version "1", chainId, verifyingContract: the Registry}
    Table           root, total shares, pages
    Terms           readable text, roll, quorum, expiry, currencies, nonce
    Agreement       table and terms; its struct hash is the commitment
    Registration    account, agreement, deadline            by every voice
    Amendment       account, succession, deadline           by the quorum of the live voices
    Deregistration  account, end, deadline                  by the quorum of the live voices
    Endorsement     account, act, deadline                  by the quorum, for a SEE that signs
    Leaving         account, leave, deadline                by the account alone
    Redirection     account, redirect, deadline             by the account alone
    Publication     account, location, deadline             by the account alone
    Posting         account, notice, deadline               by a voice, for the Noticeboard

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
    "Succession": [
        {"name": "see", "type": "address"},
        {"name": "version", "type": "uint256"},
        {"name": "agreement", "type": "Agreement"},
    ],
    "End": [{"name": "see", "type": "address"}, {"name": "version", "type": "uint256"}],
    "Act": [
        {"name": "see", "type": "address"},
        {"name": "version", "type": "uint256"},
        {"name": "kind", "type": "bytes32"},
        {"name": "account", "type": "address"},
        {"name": "subject", "type": "bytes32"},
    ],
    "Leave": [
        {"name": "see", "type": "address"},
        {"name": "version", "type": "uint256"},
        {"name": "voice", "type": "bool"},
        {"name": "seat", "type": "bool"},
        {"name": "index", "type": "uint256"},
    ],
    "Redirect": [
        {"name": "see", "type": "address"},
        {"name": "to", "type": "address"},
        {"name": "times", "type": "uint256"},
    ],
    "Location": [{"name": "see", "type": "address"}, {"name": "uri", "type": "string"}],
    "Notice": [
        {"name": "board", "type": "address"},
        {"name": "see", "type": "address"},
        {"name": "what", "type": "string"},
        {"name": "content", "type": "bytes32"},
        {"name": "uri", "type": "string"},
        {"name": "shares", "type": "uint256"},
        {"name": "until", "type": "uint256"},
    ],
}

# Of each message the name and the type of what it is about, and the types nested in it.
SUBJECTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "Registration": ("agreement", "Agreement", ("Agreement", "Table", "Terms")),
    "Amendment": ("succession", "Succession", ("Agreement", "Succession", "Table", "Terms")),
    "Deregistration": ("end", "End", ("End",)),
    "Endorsement": ("act", "Act", ("Act",)),
    "Leaving": ("leave", "Leave", ("Leave",)),
    "Redirection": ("redirect", "Redirect", ("Redirect",)),
    "Publication": ("location", "Location", ("Location",)),
    "Posting": ("notice", "Notice", ("Notice",)),
}
for _message, (_name, _kind, _) in SUBJECTS.items():
    TYPES[_message] = [
        {"name": "account", "type": "address"},
        {"name": _name, "type": _kind},
        {"name": "deadline", "type": "uint256"},
    ]


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
_SUCCESSION_TYPE = _type_hash("Succession", "Agreement", "Table", "Terms")
KINDS: dict[str, bytes] = {
    name: _type_hash(name, *nested) for name, (_, _, nested) in SUBJECTS.items()
}


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


def succession_hash(see: str, version: int, commitment: bytes) -> bytes:
    """The struct hash of the agreement that succeeds a version of a SEE."""
    return keccak(_SUCCESSION_TYPE + _address(see) + _uint(version) + commitment)


def end_hash(see: str, version: int) -> bytes:
    """The struct hash of the end of a SEE."""
    return keccak(_type_hash("End") + _address(see) + _uint(version))


def act_hash(see: str, version: int, kind: bytes, account: str, subject: bytes) -> bytes:
    """The struct hash of what a SEE signs: a message's kind, account and subject."""
    return keccak(
        _type_hash("Act") + _address(see) + _uint(version) + kind + _address(account) + subject
    )


def leave_hash(see: str, version: int, voice: bool, seat: bool, index: int) -> bytes:
    """The struct hash of leaving; index of the seat, 0 where it is kept."""
    words = (_uint(version), _uint(voice), _uint(seat), _uint(index))
    return keccak(_type_hash("Leave") + _address(see) + b"".join(words))


def redirect_hash(see: str, to: str, times: int) -> bytes:
    """The struct hash of a redirect; times: how many there were of the account before."""
    return keccak(_type_hash("Redirect") + _address(see) + _address(to) + _uint(times))


def location_hash(see: str, uri: str) -> bytes:
    """The struct hash of where a readable agreement may be found."""
    return keccak(_type_hash("Location") + _address(see) + keccak(uri.encode()))


def notice_hash(
    board: str, see: str, what: str, content: bytes, uri: str, shares: int, until: int
) -> bytes:
    """The struct hash of a notice. what: "appeal" or "record". until: unix seconds."""
    words = (keccak(what.encode()), content, keccak(uri.encode()), _uint(shares), _uint(until))
    return keccak(_type_hash("Notice") + _address(board) + _address(see) + b"".join(words))


def message_hash(kind: bytes, account: str, subject: bytes, deadline: int) -> bytes:
    """The struct hash of a message.

    Args:
        kind: one of `KINDS`. account: who agrees. subject: the struct hash of what it is about.
        deadline: unix seconds.
    """
    return keccak(kind + _address(account) + subject + _uint(deadline))


def registration_hash(account: str, commitment: bytes, deadline: int) -> bytes:
    """The struct hash of a registration by one voice; deadline in unix seconds."""
    return message_hash(KINDS["Registration"], account, commitment, deadline)


def deregistration_hash(account: str, see: str, version: int, deadline: int) -> bytes:
    """The struct hash of a deregistration by one voice; deadline in unix seconds."""
    return message_hash(KINDS["Deregistration"], account, end_hash(see, version), deadline)


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


def agreement_value(table: Table, terms: Terms) -> dict[str, Any]:
    """An agreement as typed data: with its whole text, so that a wallet shows it."""
    words = [terms.roll[at : at + 32] for at in range(0, len(terms.roll), 32)]
    return {
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


def typed_data(
    name: str,
    account: str,
    subject: dict[str, Any],
    *,
    chain_id: int,
    registry: str,
    deadline: int,
) -> dict[str, Any]:
    """The typed data by which `account` signs a message of this name about a subject.

    It is plain JSON: for `encode_typed_data(full_message=...)` and `eth_signTypedData_v4`.
    """
    field, _, nested = SUBJECTS[name]
    return {
        "types": {each: TYPES[each] for each in ("EIP712Domain", name, *nested)},
        "primaryType": name,
        "domain": {
            "name": DOMAIN_NAME,
            "version": DOMAIN_VERSION,
            "chainId": chain_id,
            "verifyingContract": registry,
        },
        "message": {"account": account, field: subject, "deadline": deadline},
    }


def _hex(raw: bytes) -> str:
    return "0x" + raw.hex()
