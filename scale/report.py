"""What came out: the tables for a terminal and for docs/performance.md, and the record.

A table stands there between `<!-- scale: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import json
import platform
import ssl
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.chain import ANVIL
from bench.tables import Table, aligned, markdown, put
from scale.hashes import SIZES

PACKAGES = ("eth-hash", "eth-utils", "pycryptodome", "safe-pysha3", "web3")

TITLES = {
    "building": "A share table from its seats file, with all its proofs",
    "memory": "Memory and proofs",
    "keccak": "Keccak-256 in Python, microseconds",
    "store": "The store on disk",
    "gas": "Gas of each act, by seats (median)",
    "life": "The life of the largest, seconds",
}


def versions() -> dict[str, str]:
    """What it was measured with."""
    named = {name: version(name) for name in PACKAGES}
    return {
        "python": platform.python_version(),
        "anvil": ANVIL,
        "openssl": ssl.OPENSSL_VERSION.split()[1],
    } | named


def tables(found: Mapping[str, Any]) -> dict[str, Table]:
    """All tables by name."""
    return {
        "building": _building(found["tables"]),
        "memory": _memory(found["tables"]),
        "keccak": _keccak(found["keccak"]),
        "store": _store(found["tables"]),
        "gas": _gas(found["lives"]),
        "life": _life(found),
    }


def text(found: Mapping[str, Any]) -> str:
    """All tables for a terminal."""
    made = tables(found)
    return "\n\n".join(f"{TITLES[name]}\n{aligned(table)}" for name, table in made.items())


def write(record: Path, document: Path, found: Mapping[str, Any]) -> None:
    """Writes the record, and the tables where the document has a place for them."""
    record.write_text(json.dumps(found, indent=1) + "\n", encoding="ascii")
    show(document, found)


def show(document: Path, found: Mapping[str, Any]) -> None:
    """Puts the tables where the document has a place for them."""
    put(document, "scale", {name: markdown(table) for name, table in tables(found).items()})


def _building(found: Mapping[str, Any]) -> Table:
    head = ["seats", "ours, s", "read", "tree", "proofs"]
    head += ["by pycryptodome, s", "plain, s", "times as fast", "by pycryptodome"]
    lines = [head]
    for size, each in found.items():
        ours = each["ours"]
        steps = [f"{ours['steps'][step]:.2f}" for step in ("read", "tree", "proofs")]
        seconds = f"{each['ours_by_pycryptodome']['cpu']:.2f}", f"{each['plain']['cpu']:.2f}"
        ratios = f"{each['faster']:.1f}", f"{each['faster_by_pycryptodome']:.1f}"
        lines.append([_number(size), f"{ours['cpu']:.2f}", *steps, *seconds, *ratios])
    return lines


def _memory(found: Mapping[str, Any]) -> Table:
    lines = [["seats", "ours, MiB", "plain, MiB", "proof of a page, bytes"]]
    for size, each in found.items():
        ours, plain = each["ours"], each["plain"]
        memory = f"{ours['memory']:.0f}", f"{plain['memory']:.0f}"
        lines.append([_number(size), *memory, _number(ours["proof_bytes"])])
    return lines


def _keccak(found: Mapping[str, Mapping[str, Any]]) -> Table:
    kinds = {"page": "a page", "node": "a node", "account": "an account"}
    lines = [["", "version", *(f"{kinds[kind]} ({SIZES[kind]} B)" for kind in SIZES)]]
    for name, row in found.items():
        figures = [f"{row[kind]:.2f}" if kind in row else "" for kind in SIZES]
        lines.append([name, str(row["version"]), *figures])
    return lines


def _store(found: Mapping[str, Any]) -> Table:
    lines = [
        [
            "seats",
            "file, MB",
            "write, s",
            "open and first proof, ms",
            "slowest",
            "each further, ms",
            "memory, MiB",
        ]
    ]
    for size, each in found.items():
        store = each["store"]
        lines.append(
            [
                _number(size),
                f"{store['file'] / 1e6:.1f}",
                f"{store['write']:.2f}",
                f"{store['first']:.1f}",
                f"{store['first_slowest']:.1f}",
                f"{store['each']:.2f}",
                f"{store['memory']:.0f}",
            ]
        )
    return lines


def _gas(found: Mapping[str, Any]) -> Table:
    lines = [["act", *map(_number, found)]]
    acts = list(dict.fromkeys(act for life in found.values() for act in life["gas"]))
    for act in acts:
        figures = [life["gas"].get(act) for life in found.values()]
        lines.append([act, *(_number(each["median"]) if each else "" for each in figures)])
    return lines


def _life(found: Mapping[str, Any]) -> Table:
    life = list(found["lives"].values())[-1]
    lines = [["step", "seconds"]]
    lines += [[step, f"{seconds:.1f}"] for step, seconds in life["seconds"].items()]
    checked = life["checked"]
    lines.append(
        [f"checked to the unit: {checked['balances']:,} balances, {checked['dues']:,} dues", ""]
    )
    lines.append(["the whole command", f"{found['seconds']:.0f}"])
    lines.append(["its most memory, MiB", f"{found['memory']:.0f}"])
    return lines


def _number(value: int | str) -> str:
    return f"{int(value):,}"
