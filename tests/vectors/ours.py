"""Puts our own vectors to the contracts and to the SDK, which must agree.

For each: what the contracts say to the bytes as they are; what the SDK's packing says; and where
the SDK takes them, that the contracts take what it has packed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from eth_utils import keccak

from seechain.consent import Consent, Kind
from seechain.consent.signatures import Poll, pack, pack_alone
from seechain.errors import SeechainError
from tests.contracts.consent import KEYS, compact
from tests.contracts.evm import Reverted
from tests.vectors.make_signatures import SAID, Row, right
from tests.vectors.scene import ALONE, CHAIN_ID, SIGNER, START, Scene, Stage

DATA = Path(__file__).with_name("signatures.json")


def vectors(at: Stage) -> Iterator[Row]:
    """Those of the file; where contracts have moved, their addresses and digests have."""
    data = json.loads(DATA.read_text("utf-8"))
    again = "the contracts have changed: run python -m tests.vectors.make_signatures"
    assert data["where"] == at.where, again
    for values in data["rows"]:
        yield Row(*values)


def run(at: Stage, rows: Iterable[Row]) -> tuple[Counter[str], list[str]]:
    """How many vectors there were, how they ended, and what went wrong."""
    figures: Counter[str] = Counter()
    failed: list[str] = []
    setting = ""
    for row in rows:
        if row.setting != setting:
            setting = row.setting
            at.set(setting, keccak(SAID) if setting == "mode 9" else bytes(32))
        figures["vectors"] += 1
        for fault in _put(at, row, figures):
            failed.append(f"{row.kind}, {row.case}, {row.account}: {fault}")
    return figures, failed


def _put(at: Stage, row: Row, figures: Counter[str]) -> Iterator[str]:
    scene, signature = at.scenes[row.scene], bytes.fromhex(row.signature)
    placed = None
    if row.contract is not None:
        placed = _placed(at, row, signature)
        said = said_by_contracts(at, row, placed)
        figures["put to the contracts"] += 1
        figures["taken" if said == "" else "refused"] += 1
        if said != row.contract:
            yield f"the contracts say {said!r}, not {row.contract!r}"
    packed, said = packed_by_sdk(at, scene, row, signature)
    figures["put to the SDK"] += 1
    if said != row.sdk:
        yield f"the SDK says {said!r}, not {row.sdk!r}"
    if packed is not None:
        figures["packed by the SDK"] += 1
        said = row.contract if packed == placed else said_by_contracts(at, row, packed)
        if said:
            yield f"the SDK packs it, and the contracts say {said!r}"


def said_by_contracts(at: Stage, row: Row, signatures: bytes) -> str:
    """Empty where they take it; else the reason, or "reverts" where there is none."""
    message = at.scenes[row.scene].messages[Kind(row.kind)]
    to, data = message.submit(signatures, row.deadline, row.account)
    try:
        at.chain.call(to, data)
    except Reverted as error:
        reason = str(error)
        return "reverts" if reason.startswith("execution reverted") else reason
    return ""


def packed_by_sdk(at: Stage, scene: Scene, row: Row, signature: bytes) -> tuple[bytes | None, str]:
    """What it hands to the contracts, or None and the name of its error."""
    kind, w3 = Kind(row.kind), at.chain.web3
    message = scene.messages[kind]
    try:
        mine = consent_of(at, row, row.account, signature)
        if kind in ALONE:
            return pack_alone(w3, mine, row.account, START), ""
        registry = at.kernel.registry.address
        poll = Poll(kind, message.about, CHAIN_ID, registry, message.roll, {})
        others = [each for each in scene.accounts if each != row.account]
        given = [mine]
        for other in others:
            given.append(consent_of(at, row, other, good(at, row, other)))
        return pack(w3, poll, given, START).signatures, ""
    except SeechainError as error:
        return None, type(error).__name__


def consent_of(at: Stage, row: Row, account: str, signature: bytes) -> Consent:
    message = at.scenes[row.scene].messages[Kind(row.kind)]
    return Consent(
        kind=message.kind,
        account=account,
        chain_id=CHAIN_ID,
        registry=at.kernel.registry.address,
        deadline=row.deadline,
        signature=signature,
        **message.about,
    )


def good(at: Stage, row: Row, account: str) -> bytes:
    """The compact signature of another voice, whose key we have."""
    message = at.scenes[row.scene].messages[Kind(row.kind)]
    key = next(each for each in KEYS if each.address == account)
    return compact(key.unsafe_sign_hash(right(at, message, account, row.deadline)))


def _placed(at: Stage, row: Row, signature: bytes) -> bytes:
    """The bytes where the contracts look for them, by the shortest way and without a check."""
    if Kind(row.kind) in ALONE:
        return signature
    parts, behind = [], b""
    for account in at.scenes[row.scene].accounts:
        if account != row.account:
            parts.append(good(at, row, account))
        elif account == SIGNER:
            parts.append(bytes(32) + (128 << 32 | len(signature)).to_bytes(32, "big"))
            behind = signature.ljust(1024, b"\0")
        else:
            parts.append(_as_64(signature))
    return b"".join(parts) + behind


def _as_64(signature: bytes) -> bytes:
    """As who packs by hand would: the parity of 65 bytes put on top of s, what is short filled."""
    if len(signature) != 65:
        return signature.ljust(64, b"\0")
    parity = (signature[64] - 27 if signature[64] > 26 else signature[64]) & 1
    return signature[:32] + bytes([signature[32] | parity << 7]) + signature[33:64]
