"""The contracts as they were built into the package: interface and code.

They are compiled from ``contracts/`` when the package is built (see ``hatch_build.py``), so an
installed seechain needs neither a compiler nor a download.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["NAMES", "Artifact", "load"]

NAMES = ("Noticeboard", "Payer", "Registry", "SEE", "Splitter")


@dataclass(frozen=True, slots=True)
class Artifact:
    """One compiled contract."""

    name: str
    abi: list[dict[str, Any]]
    bytecode: str
    """Deployable code, 0x-hex, without constructor arguments."""
    runtime: str
    """Code on chain, 0x-hex, without the immutables that the constructor appends."""
    compiler: str
    """Version of Vyper."""
    optimize: str
    evm_version: str
    integrity: str
    """Vyper's hash over the contract's sources and all that they import."""
    selectors: dict[str, str]
    """Signature to 4-byte selector, 0x-hex."""
    storage_layout: dict[str, Any]
    code_layout: dict[str, Any]
    """Immutables: name to offset and length in bytes, behind the runtime code."""

    @property
    def immutables_size(self) -> int:
        """Bytes that the constructor appends to the runtime code."""
        return max((at["offset"] + at["length"] for at in _leaves(self.code_layout)), default=0)

    @property
    def size(self) -> int:
        """Bytes of the code on chain, which EIP-170 limits to 24,576."""
        return len(self.runtime) // 2 - 1 + self.immutables_size


@cache
def load(name: str) -> Artifact:
    """Return the built contract of this name, one of ``NAMES``.

    Raises:
        ValueError: there is no contract of this name.
        FileNotFoundError: the package was installed without its contracts.
    """
    if name not in NAMES:
        raise ValueError(f"no contract {name!r}: there are {', '.join(NAMES)}")
    try:
        text = (files("seechain") / "_artifacts" / f"{name}.json").read_text("utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(
            f"seechain was installed without its contracts ({name}.json is missing): "
            "build the wheel or run make setup"
        ) from None
    return Artifact(**json.loads(text))


def _leaves(layout: dict[str, Any]) -> list[dict[str, Any]]:
    """Immutables of a layout, those of imported modules included, which are nested in it."""
    found = []
    for entry in layout.values():
        if isinstance(entry.get("offset"), int):
            found.append(entry)
        else:
            found += _leaves(entry)
    return found
