"""All seven kinds of signed messages as typed data, hashed by eth-account, and what takes each.

A third writing of the format: neither the SDK's nor the one of consent.py.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from eth_account.messages import encode_typed_data
from eth_utils import keccak, to_checksum_address

from tests.contracts.consent import DEREGISTRATION, KEYS, Agreement, Office
from tests.contracts.evm import Kernel, Tree, key, raw
from tests.contracts.life import Life

DOMAIN = {"name": "string", "version": "string", "chainId": "uint256"}
TYPES: dict[str, dict[str, str]] = {
    "EIP712Domain": {**DOMAIN, "verifyingContract": "address"},
    "Table": {"root": "bytes32", "shares": "uint256", "pages": "uint256"},
    "Terms": {
        "text": "string",
        "roll": "bytes32[]",
        "quorum_numerator": "uint256",
        "quorum_denominator": "uint256",
        "expiry": "uint256",
        "currencies": "address[]",
        "nonce": "bytes32",
    },
    "Agreement": {"table": "Table", "terms": "Terms"},
    "Succession": {"see": "address", "version": "uint256", "agreement": "Agreement"},
    "End": {"see": "address", "version": "uint256"},
    "Leave": {
        "see": "address",
        "version": "uint256",
        "voice": "bool",
        "seat": "bool",
        "index": "uint256",
    },
    "Redirect": {"see": "address", "to": "address", "times": "uint256"},
    "Location": {"see": "address", "uri": "string"},
    "Act": {
        "see": "address",
        "version": "uint256",
        "kind": "bytes32",
        "account": "address",
        "subject": "bytes32",
    },
}
KINDS = {
    "Registration": ("agreement", "Agreement"),
    "Amendment": ("succession", "Succession"),
    "Deregistration": ("end", "End"),
    "Leaving": ("leave", "Leave"),
    "Leaving of a voice": ("leave", "Leave"),
    "Redirection": ("redirect", "Redirect"),
    "Publication": ("location", "Location"),
    "Endorsement": ("act", "Act"),
}
OF_A_ROLL = ("Registration", "Amendment", "Deregistration", "Endorsement")
URI = "ipfs://agreement"


class Acts:
    """A SEE of one voice, which has a seat beside a stranger's, and the acts it may sign."""

    def __init__(self, kernel: Kernel, account: str, first: bytes) -> None:
        """first: the signatures of its registration; none: it signs with the key of KEYS."""
        self.kernel, self.chain, self.account = kernel, kernel.chain, account
        self.office = Office.open(kernel)
        self.office.keys = [KEYS[0]]
        self.office.agreement = self.office.agreement.changed(
            tree=Tree.of([(account, 1), (kernel.chain.account(), 3)]), voices=((account, 1),)
        )
        if first:
            self.office.register(signatures=first)
        self.life = Life(self.office, register=not first)
        self.see, self.registry = self.life.see, kernel.registry
        self.life.join(0, False)
        self.next = self.office.agreement.changed(nonce=b"\7" * 32)
        self.elsewhere = kernel.chain.account()
        self.deadline = self.office.deadline

    # ------------------------------------------------------------ what is signed

    def domain(self) -> dict[str, Any]:
        return {
            "name": "seechain",
            "version": "1",
            "chainId": int(self.chain.rpc("eth_chainId"), 16),
            "verifyingContract": self.registry.address,
        }

    def message(self, kind: str) -> dict[str, Any]:
        see, end = self.see.address, {"see": self.see.address, "version": 0}
        voice = kind == "Leaving of a voice"
        subject = {
            "Registration": lambda: _typed(self.next),
            "Amendment": lambda: {**end, "agreement": _typed(self.next)},
            "Deregistration": lambda: end,
            "Leaving": lambda: {**end, "voice": voice, "seat": True, "index": 0},
            "Redirection": lambda: {"see": see, "to": self.elsewhere, "times": 0},
            "Publication": lambda: {"see": see, "uri": URI},
            "Endorsement": lambda: {
                **end,
                "kind": keccak(text=DEREGISTRATION),
                "account": see,
                "subject": b"\5" * 32,
            },
        }[kind.split()[0]]()
        return {"account": self.account, KINDS[kind][0]: subject, "deadline": self.deadline}

    # ------------------------------------------------------------ what takes it

    def data(self, kind: str, signature: bytes, account: str = "") -> tuple[str, bytes]:
        """Contract and calldata; the account of what one does alone may be another."""
        r, life, until, account = self.registry, self.life, self.deadline, account or self.account
        now, see = life.agreement, self.see.address
        table, terms, roll, currencies = now.preimage
        new = self.next.preimage
        leave, end = (account, 0, True, 0, until, signature), (see, table, terms)
        act = (keccak(text=DEREGISTRATION), see, b"\5" * 32, until, signature)
        calls: dict[str, tuple[Any, str, tuple[Any, ...]]] = {
            "Registration": (r, "register", (*new[:2], until, *new[2:], signature, b"", 0)),
            "Amendment": (r, "amend", (see, *now.preimage, *new, until, signature, b"", 0)),
            "Deregistration": (r, "deregister", (*end, until, roll, currencies, signature)),
            "Leaving": (r, "leave_seat", (see, account, 0, 0, b"", until, signature)),
            "Leaving of a voice": (r, "leave", (see, *now.preimage, *leave)),
            "Redirection": (
                self.see,
                "redirect",
                (account, self.elsewhere, key(0, account), [], until, signature),
            ),
            "Publication": (r, "locate", (see, account, URI, until, signature)),
            "Endorsement": (r, "endorse", (see, *now.preimage, *act)),
        }
        to, name, args = calls[kind]
        return to.address, to.data(name, *args)

    def tried(self, kind: str, signature: bytes, account: str = "") -> None:
        """Without effect; raises where it is refused."""
        self.chain.call(*self.data(kind, signature, account))


def _typed(agreement: Agreement) -> dict[str, Any]:
    root, shares, pages, _ = agreement.tree.table
    words = agreement.roll_words
    return {
        "table": {"root": root, "shares": shares, "pages": pages},
        "terms": {
            "text": "we share",
            "roll": [words[at : at + 32] for at in range(0, len(words), 32)],
            "quorum_numerator": agreement.quorum[0],
            "quorum_denominator": agreement.quorum[1],
            "expiry": agreement.expiry,
            "currencies": [to_checksum_address(each[12:]) for each in agreement.currencies],
            "nonce": agreement.nonce,
        },
    }


def digest(kind: str, message: dict[str, Any], domain: dict[str, Any], name: str = "") -> bytes:
    """The EIP-712 digest; under another primary type where one is named."""
    field, of = KINDS[kind]
    primary = name or kind.split()[0]
    types = {**TYPES, primary: {"account": "address", field: of, "deadline": "uint256"}}
    listed = {t: [{"name": n, "type": y} for n, y in each.items()] for t, each in types.items()}
    signable = encode_typed_data(
        full_message={
            "types": _needed(listed, primary),
            "primaryType": primary,
            "domain": domain,
            "message": message,
        }
    )
    return keccak(b"\x19\x01" + signable.header + signable.body)


def _needed(types: dict[str, Any], primary: str) -> dict[str, Any]:
    """The types that a primary one is made of."""
    found, open_ = {"EIP712Domain": types["EIP712Domain"]}, [primary]
    while open_:
        name = open_.pop()
        found[name] = types[name]
        open_ += [f["type"] for f in types[name] if f["type"] in types]
    return found


# ---------------------------------------------------------------- flips


def flips(message: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each field changed by a little, by its name; lists lose and gain an element too."""
    for name, value in message.items():
        if isinstance(value, dict):
            for deeper, changed in flips(value, f"{path}{name}."):
                yield deeper, {**message, name: changed}
        else:
            for how, other in _others(value):
                yield f"{path}{name} {how}".strip(), {**copy.copy(message), name: other}


def _others(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, bool):
        yield "", not value
    elif isinstance(value, int):
        yield "lowest bit", value ^ 1
        yield "highest bit", value ^ 1 << 255
    elif isinstance(value, bytes):
        yield "first bit", bytes([value[0] ^ 128]) + value[1:]
        yield "last bit", value[:-1] + bytes([value[-1] ^ 1])
    elif isinstance(value, list):
        yield "one less", value[:-1]
        yield "one twice", [*value, value[-1]]
        for _, other in _others(value[-1]):
            yield "another", [*value[:-1], other]
    elif value.startswith("0x"):
        flipped = raw(value)[:-1] + bytes([raw(value)[-1] ^ 1])
        yield "last bit", to_checksum_address(flipped)
    else:
        yield "a letter more", value + " "
        yield "a letter less", value[:-1]
