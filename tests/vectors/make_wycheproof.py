"""Makes wycheproof_secp256k1.json of Wycheproof's ECDSA cases over secp256k1.

    python tests/vectors/make_wycheproof.py CHECKOUT   # of C2SP/wycheproof

What a contract sees of a case: the hash of its message as a digest of 32 bytes, and the account
of its public key. The signature stays as Wycheproof gives it: reading it is the test's part.

The parity that goes with r and s is not in an ECDSA signature; it is found here, by affine
arithmetic of its own, so that no library that is tested is asked. Where no parity of the EVM's
two gives the key (x of R is r plus the order) it is null.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from eth_hash.auto import keccak

from tests.vectors.curve import ORDER, Point, add, lift, multiply, negate
from tests.vectors.encodings import read

OUT = Path(__file__).with_name("wycheproof_secp256k1.json")
HASHES: dict[str, Any] = {
    "SHA-256": lambda message: hashlib.sha256(message).digest(),
    "SHA-512": lambda message: hashlib.sha512(message).digest(),
    "SHA3-256": lambda message: hashlib.sha3_256(message).digest(),
    "SHA3-512": lambda message: hashlib.sha3_512(message).digest(),
    "SHAKE128": lambda message: hashlib.shake_128(message).digest(32),
    "SHAKE256": lambda message: hashlib.shake_256(message).digest(64),
}
NAME = "ecdsa_secp256k1_{}_test.json"
KINDS = (
    *("sha256", "sha256_bitcoin", "sha256_p1363", "sha3_256", "sha3_512", "sha512"),
    *("sha512_p1363", "shake128", "shake128_p1363", "shake256", "shake256_p1363"),
)


def parity_of(digest: bytes, r: int, s: int, key: Point) -> int | None:
    """The parity of R's y where one of the two gives the key by recovery, else None."""
    if not 0 < r < ORDER or not 0 < s < ORDER:
        return None
    inverse = pow(r, -1, ORDER)
    for parity in (0, 1):
        point = lift(r, parity)
        if point is None:
            return None
        message = multiply(int.from_bytes(digest, "big"), None)
        recovered = multiply(inverse, add(multiply(s, point), negate(message)))
        if recovered == key:
            return parity
    return None


def cases(data: dict[str, Any], kind: str) -> list[list[Any]]:
    """Of one file: [tcId, digest, account, signature, valid, parity, flags]."""
    out = []
    for group in data["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["uncompressed"])
        key = (int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big"))
        account = "0x" + keccak(public[1:])[12:].hex()
        for test in group["tests"]:
            digest = HASHES[group["sha"]](bytes.fromhex(test["msg"]))[:32]
            signature = bytes.fromhex(test["sig"])
            numbers = read(signature, p1363="p1363" in kind)
            parity = parity_of(digest, *numbers, key) if numbers else None
            valid = test["result"] == "valid"
            row = [test["tcId"], digest.hex(), account, test["sig"], valid, parity, test["flags"]]
            out.append(row)
    return out


def main(checkout: str) -> None:
    """Writes the file; one line for each of Wycheproof's files."""

    def show(path: str) -> bytes:
        command = ["git", "-C", checkout, "show", f"HEAD:testvectors_v1/{path}"]
        return subprocess.run(command, capture_output=True, check=True).stdout

    command = ["git", "-C", checkout, "rev-parse", "HEAD"]
    commit = subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
    digests: dict[str, int] = {}
    accounts: dict[str, int] = {}
    flags: dict[str, int] = {}
    lines = []
    for kind in KINDS:
        rows = cases(json.loads(show(NAME.format(kind))), kind)
        for row in rows:  # what many cases share stands once
            row[1] = digests.setdefault(row[1], len(digests))
            row[2] = accounts.setdefault(row[2], len(accounts))
            row[4] = int(row[4])
            row[6] = [flags.setdefault(flag, len(flags)) for flag in row[6]]
        text = json.dumps(rows, separators=(",", ":"))
        lines.append(f' "{kind}":{text}')
    head = {
        "source": "github.com/C2SP/wycheproof, testvectors_v1",
        "commit": commit,
        "licence": "Apache-2.0",
        "row": "tcId, digest, account, signature, valid, parity, flags",
        "digests": list(digests),
        "accounts": list(accounts),
        "flags": list(flags),
    }
    parts = [
        f' "{name}":{json.dumps(value, separators=(",", ":"))}' for name, value in head.items()
    ]
    OUT.write_text("{\n" + ",\n".join(parts + lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
