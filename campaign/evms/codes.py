"""The code that the scenarios run: compiled when they run, never committed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import warnings
from contextlib import redirect_stdout, suppress
from functools import cache
from io import StringIO
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

_SOURCES = {
    "kernel": [ROOT / "hatch_build.py", *sorted((ROOT / "contracts").rglob("*.vy"))],
    "actors": sorted(ACTORS.glob("*.vy")),
}

Contracts = dict[str, tuple[list[dict[str, Any]], str]]  # name -> ABI, init code in hex


@cache
def contracts(setting: str = "gas") -> Contracts:
    """Kernel, by one setting of the compiler, and actors, by `gas` but for `venom`."""
    if setting == "venom":
        return _by_venom()
    return {**(_built() if setting == "gas" else _compiled(setting)), **_actors()}


def venom_compiles() -> list[str]:
    """What the compiler's other back end can compile."""
    return [name for name, made in contracts("venom").items() if made != contracts()[name]]


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
    def make() -> Contracts:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            shutil.copytree(ROOT / "contracts", root / "contracts")
            if setting == "none":
                registry = root / "contracts" / "Registry.vy"
                text = registry.read_text(encoding="ascii")
                assert text.count(BOUND[0]) == 1, "the Registry's constructor has changed"
                registry.write_text(text.replace(*BOUND), encoding="ascii")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of code that is too long for a chain
                made = hatch_build.compile_contracts(root, setting)
        return {name: (a["abi"], a["bytecode"].removeprefix("0x")) for name, a in made.items()}

    return _cached(f"kernel-{setting}", _SOURCES["kernel"], make)


def _actors() -> Contracts:
    def make() -> Contracts:
        return {path.stem: _compile(path, ACTORS) for path in _SOURCES["actors"]}

    return _cached("actors", _SOURCES["actors"], make)


def _by_venom() -> Contracts:
    """All that the other back end of the compiler can compile; the rest as by `gas`."""

    def make() -> Contracts:
        out = {}
        for path in (*_SOURCES["actors"], *(ROOT / "contracts").glob("*.vy")):
            root = ACTORS if path.parent == ACTORS else ROOT
            # It fails in many ways, all of them its own faults, and says so.
            with suppress(Exception), redirect_stdout(StringIO()):
                out[path.stem] = _compile(path, root, venom=True)
        return out

    sources = [*_SOURCES["actors"], *_SOURCES["kernel"]]
    return {**contracts(), **_cached("venom", sources, make)}


def _compile(path: Path, root: Path, venom: bool = False) -> tuple[list[dict[str, Any]], str]:
    from vyper.cli.vyper_compile import compile_files
    from vyper.compiler.settings import OptimizationLevel, Settings

    settings = Settings(
        optimize=OptimizationLevel.GAS,
        evm_version=hatch_build.EVM_VERSION,
        experimental_codegen=venom or None,
    )
    formats = ["abi", "bytecode"]
    made = compile_files(
        [str(path)], formats, paths=[str(root)], include_sys_path=False, settings=settings
    )[path]
    return made["abi"], made["bytecode"].removeprefix("0x")


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
