"""Keccak-256, by the fastest that is installed: hashing is most of a large share table's work.

`safe-pysha3` is C all through. It takes a seventh of the time of the default backend of eth-hash
for a node or an account, and less than half for a page: the rest went into Python objects around
each hash (`python -m scale` measures both). Without it, or where ETH_HASH_BACKEND names another,
eth-hash does the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeAlias

from eth_hash.auto import keccak as by_eth_hash

Hash: TypeAlias = Callable[[bytes], bytes]

_OF_NOTHING = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"


def by_sha3() -> Hash | None:
    """The hash of safe-pysha3, if it is installed."""
    try:
        from sha3 import keccak_256  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        return None
    # Other packages have had the name too, with the padding of SHA-3.
    if keccak_256(b"").hexdigest() != _OF_NOTHING:
        return None

    def keccak(data: bytes) -> bytes:
        digest: bytes = keccak_256(data).digest()
        return digest

    return keccak


def _chosen() -> Hash:
    return (None if os.environ.get("ETH_HASH_BACKEND") else by_sha3()) or by_eth_hash


keccak: Hash = _chosen()
