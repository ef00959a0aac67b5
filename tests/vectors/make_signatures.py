"""Makes signatures.json: signatures of our own messages, good and spoiled, and what they come to.

    python -m tests.vectors.make_signatures

What must come of each is written down where it is made, here and in spoiled.py; nothing is asked
of a contract or of the SDK. Keys sign by RFC 6979, so the file is the same each time.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_utils import keccak

from seechain.consent import Kind
from tests.contracts.consent import KEYS, digest, domain
from tests.contracts.evm import raw
from tests.vectors.curve import HALF, ORDER, sign
from tests.vectors.scene import (
    ALONE,
    CHAIN_ID,
    DEADLINE,
    MEMBER,
    OVER,
    SIGNER,
    TYPES,
    Message,
    Stage,
    stage,
)
from tests.vectors.spoiled import BAD, REFUSED, Spoiled, elsewhere, spoiled, word

OUT = Path(__file__).with_name("signatures.json")
SAID = b"a signature of the contract's own"
MAGIC = "7f1626ba7e" + "00" * 28
YES = MAGIC + "5f5260205ff3"
SILENT = {Kind.REGISTRATION: "missing voice"}  # else "no quorum"
# Burns so much gas first: mstore(0, gas); while mload(0) - gas < n: pass
BURN = "5a5f525b62{:06x}5a5f5103106003575f5f52"
DELEGATED = "ef0100" + raw(SIGNER).hex()  # EIP-7702


@dataclass(frozen=True)
class Row:
    """One vector. setting: how the contract that signs behaves, see Stage.set."""

    scene: str
    kind: str
    account: str
    case: str
    signature: str
    sdk: str
    contract: str | None
    deadline: int = DEADLINE
    setting: str = "mode 0"


def all_rows(at: Stage) -> list[Row]:
    """All vectors, in order of their settings."""
    rows = [*by_key(at), *misdirected(at), *special(at), *by_contract(at)]
    return sorted(rows, key=lambda row: row.setting)


def by_key(at: Stage) -> Iterator[Row]:
    """Every kind of message, every spoiled signature; registrations and leaves by either key."""
    for kind, message in at.scenes["keys"].messages.items():
        twice = kind in (Kind.REGISTRATION, Kind.LEAVING)
        for key in KEYS[: 2 if twice else 1]:
            signed = key.unsafe_sign_hash(right(at, message, key.address))
            for each in spoiled(signed, SILENT.get(kind, "no quorum")):
                yield row(message, key.address, each)


def misdirected(at: Stage) -> Iterator[Row]:
    """Good signatures of something else: by another, elsewhere, of another kind, too late."""
    messages = at.scenes["keys"].messages
    me, sibling, stranger = KEYS[0], KEYS[1], KEYS[3]
    for kind, message in messages.items():
        account, registry = me.address, at.kernel.registry.address
        hashed = keccak(
            keccak(text=TYPES[kind])
            + raw(account).rjust(32, b"\0")
            + message.subject
            + word(DEADLINE)
        )
        others = {
            "another chain": domain(registry, CHAIN_ID + 1),
            "no chain": domain(registry, 0),
            "another Registry": domain(MEMBER, CHAIN_ID),
            "the SEE as Registry": domain(at.where["keys"], CHAIN_ID),
            "another name": domain(registry, CHAIN_ID, name="Seechain"),
            "another version of the domain": domain(registry, CHAIN_ID, version="2"),
        }
        digests = elsewhere(at.domain, others, hashed)
        other = next(each for each in TYPES if each is not kind)
        for name, fields in (
            ("for a sibling", (TYPES[kind], sibling.address, message.subject, DEADLINE)),
            ("another kind", (TYPES[other], account, message.subject, DEADLINE)),
            ("another subject", (TYPES[kind], account, keccak(message.subject), DEADLINE)),
            ("another deadline", (TYPES[kind], account, message.subject, DEADLINE + 1)),
            ("no deadline", (TYPES[kind], account, message.subject, 2**256 - 1)),
        ):
            digests[name] = digest(at.domain, *fields)
        for name, signed in digests.items():
            yield plain(message, account, name, me, signed, REFUSED, BAD)
        mine = right(at, message, account)
        yield plain(message, account, "signed by a stranger", stranger, mine, REFUSED, BAD)
        yield plain(message, account, "signed by a sibling", sibling, mine, REFUSED, BAD)
        theirs = right(at, message, sibling.address)
        yield plain(message, account, "a sibling's own", sibling, theirs, REFUSED, BAD)
        late = right(at, message, account, OVER)
        over = plain(message, account, "too late", me, late, "TooLate", "too late")
        yield replace(over, deadline=OVER)


def special(at: Stage) -> Iterator[Row]:
    """Secrets and nonces at the edges of the curve's order; n/2 gives the shortest r known."""
    message = at.scenes["keys"].messages[Kind.PUBLICATION]
    for secret in (1, 2, 3, HALF, HALF + 1, ORDER - 2, ORDER - 1):
        account = Account.from_key(word(secret)).address
        for nonce in (1, 2, HALF, HALF + 1, ORDER - 1, secret):
            r, s, parity = sign(right(at, message, account), secret, nonce)
            case = f"secret {name_of(secret)}, nonce {name_of(nonce)}"
            good = Spoiled(case, word(r) + word(s | parity << 255), "", "", "")
            yield row(message, account, good)
            turned = word(r) + word(s | (1 - parity) << 255)
            yield row(message, account, Spoiled(f"{case}, turned", turned, REFUSED, BAD, BAD))


# name: setting, signature, what the SDK says, what the contracts say
CONTRACTS: dict[str, tuple[str, bytes, str, str]] = {
    "good": ("mode 0", SAID, "", ""),
    "good, no bytes": ("mode 0", b"", "", ""),
    "good, one byte": ("mode 0", b"\1", "", ""),
    "good, 64 bytes": ("mode 0", b"\1" * 64, "", ""),
    "good, 65 bytes": ("mode 0", b"\x1b" * 65, "", ""),
    "good, 1,024 bytes": ("mode 0", b"\1" * 1024, "", ""),
    "1,025 bytes": ("mode 0", b"\1" * 1025, REFUSED, "reverts"),
    "4,096 bytes": ("mode 0", b"\1" * 4096, REFUSED, "reverts"),
    "the wrong word": ("mode 1", SAID, REFUSED, BAD),
    "reverts": ("mode 2", SAID, REFUSED, BAD),
    "burns its gas": ("mode 3", SAID, REFUSED, BAD),
    "four bytes only": ("mode 4", SAID, REFUSED, BAD),
    "answers true": ("mode 5", SAID, REFUSED, BAD),
    "the right word, and more": ("mode 6", SAID, "", ""),
    "rubbish behind the word": ("mode 7", SAID, REFUSED, BAD),
    "an echo": ("mode 8", SAID, REFUSED, BAD),
    "strict, the right bytes": ("mode 9", SAID, "", ""),
    "strict, other bytes": ("mode 9", SAID + b"\0", REFUSED, BAD),
    "strict, none": ("mode 9", b"", REFUSED, BAD),
    "no code": ("code ", SAID, REFUSED, BAD),
    "answers nothing": ("code 5f5ff3", SAID, REFUSED, BAD),
    "a bomb": ("code 620180005ff3", SAID, REFUSED, BAD),
    "a bomb that reverts": ("code 620180005ffd", SAID, REFUSED, BAD),
    "invalid": ("code fe", SAID, REFUSED, BAD),
    "an echo of all": ("code 365f5f37365ff3", SAID, REFUSED, BAD),
    "zeros": ("code 60205ff3", SAID, REFUSED, BAD),
    "the word at the wrong end": ("code 631626ba7e5f5260205ff3", SAID, REFUSED, BAD),
    "the word, and reverts": (f"code {MAGIC}5f5260205ffd", SAID, REFUSED, BAD),
    "31 bytes of the word": (f"code {MAGIC}5f52601f5ff3", SAID, REFUSED, BAD),
    "33 bytes": (f"code {MAGIC}5f5260215ff3", SAID, "", ""),
    "wants to write": (f"code 5f5f55{YES}", SAID, REFUSED, BAD),
    "wants to log": (f"code 5f5fa0{YES}", SAID, REFUSED, BAD),
    "delegated to a yes-sayer of its own": (f"code {YES}", SAID, "", ""),
    "900,000 gas, then yes": (f"code {BURN.format(900_000)}{YES}", SAID, "", ""),
    "1,100,000 gas, then yes": (f"code {BURN.format(1_100_000)}{YES}", SAID, REFUSED, BAD),
}


def by_contract(at: Stage) -> Iterator[Row]:
    """ERC-1271, under every kind of message."""
    for message in at.scenes["contract"].messages.values():
        for case, (setting, signature, sdk, contract) in CONTRACTS.items():
            made = Spoiled(case, signature, sdk, contract, contract)
            yield replace(row(message, SIGNER, made, "contract"), setting=setting)


def right(at: Stage, message: Message, account: str, deadline: int = DEADLINE) -> bytes:
    """The digest that counts."""
    return digest(at.domain, TYPES[message.kind], account, message.subject, deadline)


def plain(
    message: Message, account: str, case: str, key: Any, signed: bytes, sdk: str, contract: str
) -> Row:
    """A signature of a key in the compact form."""
    made = key.unsafe_sign_hash(signed)
    compact = word(made.r) + word(made.s | made.v - 27 << 255)
    return row(message, account, Spoiled(case, compact, sdk, contract, contract))


def row(message: Message, account: str, made: Spoiled, scene: str = "keys") -> Row:
    """The vector of a signature."""
    contract = made.alone if message.kind in ALONE else made.in_roll
    return Row(scene, message.kind, account, made.case, made.signature.hex(), made.sdk, contract)


def name_of(number: int) -> str:
    """A number near 0, n/2 or n, by words."""
    if number < 10:
        return str(number)
    return {HALF: "n/2", HALF + 1: "n/2 + 1"}.get(number, f"n - {ORDER - number}")


def text_of(at: Stage) -> str:
    """The file: where they count, then a line for each vector."""
    rows = [json.dumps(list(vars(each).values()), separators=(",", ":")) for each in all_rows(at)]
    head = json.dumps({"where": at.where, "row": list(Row.__dataclass_fields__)})
    return f'{head[:-1]}, "rows": [\n' + ",\n".join(rows) + "\n]}\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as here:
        OUT.write_text(text_of(here), "utf-8")
