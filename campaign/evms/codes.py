"""The code that the scenarios run: compiled when they run, never committed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import hatch_build

ROOT = Path(__file__).resolve().parents[2]
ACTORS = Path(__file__).parent / "actors"
CACHE = ROOT / ".campaign" / "evms"
DETERMINISTIC_DEPLOYER = "0x4e59b44847b379578588920cA78FbF26c0B4956C"
# Public, and the same on each chain: https://github.com/Arachnid/deterministic-deployment-proxy
DETERMINISTIC_DEPLOYER_CODE = (
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe036016000816020823780358282"
    "34f58015156039578182fd5b8082525050506014600cf3"
)
# Without optimisation SEE is longer than EIP-170 and the Registry's constructor allow.
BOUND = ("see_init_code: Bytes[24576]", "see_init_code: Bytes[32768]")

Contracts = dict[str, tuple[list[dict[str, Any]], str]]  # name -> ABI, init code in hex


@cache
def contracts(setting: str = "gas") -> Contracts:
    """Kernel, by one setting of the compiler, and actors, always by `gas`."""
    return {**(_built() if setting == "gas" else _compiled(setting)), **_actors()}


def digests(names: Any) -> dict[str, str]:
    """The sha256 of these contracts' init code: by it a scenario knows what it was made from."""
    return {
        name: hashlib.sha256(bytes.fromhex(contracts()[name][1])).hexdigest()
        for name in sorted(names)
    }


def _built() -> Contracts:
    """What the package carries: tests/tools/test_build.py checks that it is of these sources."""
    out = {}
    for name in hatch_build.CONTRACTS:
        path = ROOT / "src" / hatch_build.IN_PACKAGE / f"{name}.json"
        made = json.loads(path.read_text(encoding="utf-8"))
        out[name] = (made["abi"], made["bytecode"].removeprefix("0x"))
    return out


def _compiled(setting: str) -> Contracts:
    sources = sorted((ROOT / "contracts").rglob("*.vy"))

    def make() -> Contracts:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            shutil.copytree(ROOT / "contracts", root / "contracts")
            if setting == "none":
                registry = root / "contracts" / "Registry.vy"
                text = registry.read_text(encoding="ascii")
                assert text.count(BOUND[0]) == 1, "the Registry's constructor has changed"
                registry.write_text(text.replace(*BOUND), encoding="ascii")
            made = hatch_build.compile_contracts(root, setting)
        return {name: (a["abi"], a["bytecode"].removeprefix("0x")) for name, a in made.items()}

    return _cached(f"kernel-{setting}", sources, make)


def _actors() -> Contracts:
    from vyper import compile_code
    from vyper.compiler.settings import OptimizationLevel, Settings

    sources = sorted(ACTORS.glob("*.vy"))

    def make() -> Contracts:
        out = {}
        for path in sources:
            made = compile_code(
                path.read_text("ascii"),
                output_formats=["abi", "bytecode"],
                settings=Settings(optimize=OptimizationLevel.GAS, evm_version="prague"),
            )
            out[path.stem] = (made["abi"], made["bytecode"].removeprefix("0x"))
        return out

    return _cached("actors", sources, make)


def _cached(name: str, sources: list[Path], make: Any) -> Contracts:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    path = CACHE / f"{name}-{digest[:16]}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(make())
        part = path.with_suffix(f".{os.getpid()}")  # others may be making the same
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    return {name: (abi, code) for name, (abi, code) in json.loads(path.read_text("utf-8")).items()}
