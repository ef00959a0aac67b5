"""A portable file that no chain has made: two versions, leavers, an end, all signed by keys."""

from __future__ import annotations

from typing import Any

from eth_hash.auto import keccak

from seechain import portable
from seechain.agreement import Agreement
from seechain.agreement.roll import unpack_roll
from seechain.chain import clones
from seechain.consent import Kind, compact, digest_of
from seechain.portable import Portable, hex_of, sealed
from tests.sdk.chain import key
from tests.sdk.conftest import make_agreement
from tests.sdk.life import next_agreement

CHAIN_ID, DEADLINE, ETHER = 31337, 1_800_000_000, 10**18
ADA, BEN, PORT, CLEO, EVE, FAY = (key(number).address for number in (1, 2, 3, 4, 6, 7))


def made(**changed: Any) -> Portable:
    """The file; `changed` are fields of it."""
    first, second = make_agreement(), next_agreement()
    registry = clones.registry_address()
    implementation = clones.first_created(registry)
    see = clones.clone_address(registry, implementation, first.commitment, clones.NO_SALT)
    leave = {"account": CLEO, "what": "seat", "block": 12, "transaction": _hash(2)}
    voice = {"account": PORT, "what": "voice", "block": 22, "transaction": _hash(4)}
    closed = {"currency": "native", "received": "800", "late": "7", "left": 20}
    content = {
        "format": "seechain SEE",
        "number": 1,
        "chain_id": CHAIN_ID,
        "registry": registry,
        "see": see,
        "block": 40,
        "record": {
            "registered": 1_790_000_000,
            "ended": 1_790_000_900,
            "version": 1,
            "block": 10,
            "amended": 20,
            "left": [PORT],
        },
        "versions": [
            _version(0, 10, first, see, [1, 2, 3], left=[leave], closed=[closed]),
            _version(1, 20, second, see, [1, 2], left=[voice], closed=[]),
        ],
        "end": {
            "block": 30,
            "transaction": _hash(5),
            "submitter": FAY,
            "signatures": _signed(Kind.DEREGISTRATION, {"see": see, "version": 1}, [1, 2, 6]),
        },
        "books": [{"currency": "native", "version": 1, "left": 0, "received": str(ETHER)}],
        "redirects": [{"account": ADA, "to": FAY, "times": 1}],
        "located": [
            {"publisher": BEN, "uri": "ipfs://\u202eevil\x1b[31m", "block": 25,
             "transaction": _hash(6)},
        ],
        "hash": _hash(0),
    }  # fmt: skip
    return portable.of_content({**content, **changed}, "made")


def content_of(raw: bytes) -> dict[str, Any]:
    """The fields of a file."""
    return sealed.unseal(raw, "the file")


def _version(
    number: int, block: int, agreement: Agreement, see: str, keys: list[int], **more: Any
) -> dict[str, Any]:
    signed, table = agreement.signed, agreement.table
    kind, about = portable.subject_of(number, see, agreement.commitment)
    return {
        "number": number,
        "block": block,
        "transaction": _hash(block),
        "submitter": FAY,
        "commitment": hex_of(agreement.commitment),
        "table": {
            "root": hex_of(table.root),
            "shares": table.shares,
            "pages": table.pages,
            "words": hex_of(table.words),
        },
        "terms": {
            "text_hash": hex_of(signed.text_hash),
            "roll": [
                {"account": each.account, "voices": each.voices}
                for each in unpack_roll(signed.roll)
            ],
            "quorum": str(signed.quorum),
            "expiry": signed.expiry,
            "currencies": list(agreement.currencies),
            "nonce": hex_of(signed.nonce),
        },
        "text": agreement.text,
        "signatures": _signed(kind, about, keys),
        **more,
    }


def _signed(kind: Kind, about: dict[str, Any], keys: list[int]) -> list[dict[str, Any]]:
    found = []
    for account in sorted(map(key, keys), key=lambda each: int(each.address, 16)):
        place = (account.address, CHAIN_ID, clones.registry_address(), DEADLINE)
        signature = account.unsafe_sign_hash(digest_of(kind, about, *place)).signature
        found.append(
            {
                "account": account.address,
                "deadline": DEADLINE,
                "signature": hex_of(compact(bytes(signature))),
                "by": "key",
                "source": "chain",
            }
        )
    return found


def _hash(number: int) -> str:
    return hex_of(keccak(bytes([number])))
