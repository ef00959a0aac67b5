"""What each Keccak-256 that Python can have takes, in microseconds of the processor."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from random import Random

Hash = Callable[[bytes], bytes]
SIZES = {"page": 1024, "node": 129, "account": 40}
TIMES = 20_000


def measure(times: int = TIMES) -> dict[str, dict[str, float | str]]:
    """By name: the package's version, and microseconds for a page, a node and an account.

    All are checked to give the same.
    """
    rng = Random(1)
    inputs = {name: rng.randbytes(size) for name, size in SIZES.items()}
    found: dict[str, dict[str, float | str]] = {}
    for name, (package, make) in _HASHES.items():
        try:
            hash_ = make()
            row: dict[str, float | str] = {"version": version(package) if package else _openssl()}
        except (ImportError, ValueError, PackageNotFoundError):
            found[name] = {"version": "not here"}
            continue
        for kind, data in inputs.items():
            if hash_(data) != _eth_utils()(data):
                raise AssertionError(f"{name} gives another hash")
            row[kind] = min(_micros(hash_, data, times // 5) for _ in range(5))
        found[name] = row
    return found


def _micros(hash_: Hash, data: bytes, times: int) -> float:
    started = time.process_time()
    for _ in range(times):
        hash_(data)
    return round((time.process_time() - started) / times * 1e6, 2)


def _openssl() -> str:
    import ssl

    return ssl.OPENSSL_VERSION.split()[1]


def _eth_utils() -> Hash:
    from eth_utils.crypto import keccak

    return lambda data: keccak(data)


def _eth_hash(name: str) -> Hash:
    from eth_hash.main import Keccak256
    from eth_hash.utils import load_backend

    return Keccak256(load_backend(name))


def _sha3() -> Hash:
    from seechain.hashing import by_sha3

    found = by_sha3()
    if found is None:
        raise ImportError("safe-pysha3")
    return found


def _hashlib() -> Hash:
    hashlib.new("keccak-256")
    return lambda data: hashlib.new("keccak-256", data).digest()


_HASHES: dict[str, tuple[str, Callable[[], Hash]]] = {
    "eth_utils.keccak": ("eth-utils", _eth_utils),
    "eth-hash with pycryptodome": ("pycryptodome", lambda: _eth_hash("pycryptodome")),
    "eth-hash with safe-pysha3": ("safe-pysha3", lambda: _eth_hash("pysha3")),
    "safe-pysha3 (ours)": ("safe-pysha3", _sha3),
    "hashlib, OpenSSL 3.2 or newer": ("", _hashlib),
}
