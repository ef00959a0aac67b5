"""Compiles contracts and property contracts into the folder that halmos reads.

halmos knows Foundry: it runs `forge build`, then reads `out/<file>.sol/<name>.json`. What forge
would make is made here with Vyper, and the `forge` that halmos finds does nothing.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from seechain.chain.artifacts import load

ROOT = Path(__file__).resolve().parents[2]
PROPERTIES = Path("campaign", "proofs", "properties")
KERNEL = ("Registry", "SEE", "Splitter")
FORMATS = ["abi", "bytecode", "bytecode_runtime", "method_identifiers"]


def build(
    folder: Path,
    names: Iterable[str] = (),
    seeded: tuple[str, str, str] | None = None,
    settings: Iterable[str] = (),
) -> None:
    """Compile the contracts, and property contracts by name (else all), into ``folder``.

    ``seeded`` is a bug: a file of contracts/, what stands there once, and what stands there
    instead. ``settings`` are names of world.vy's constants that shall be true:

        NEVER   that the call under proof never succeeds: a claim that must be refuted for each
                property, or it holds of nothing
        FIXED   the contract under proof is a Splitter
    """
    sources = folder / "sources"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "contracts", sources / "contracts")
    shutil.copytree(ROOT / PROPERTIES, sources / PROPERTIES)
    world = sources / PROPERTIES / "world.vy"
    for name in settings:
        _replace(world, f"{name}: constant(bool) = False", f"{name}: constant(bool) = True")
    if seeded:
        file, right, wrong = seeded
        _replace(sources / "contracts" / file, right, wrong)
    wanted = set(names)
    paths = []
    for name in KERNEL:
        if seeded:
            paths.append(sources / "contracts" / f"{name}.vy")
        else:
            _write(folder, name, _built(name))
    for path in sorted((sources / PROPERTIES).glob("[A-Z]*.vy")):
        if not wanted or path.stem in wanted or path.stem == "Coin":
            paths.append(path)
    for path in paths:
        _write(folder, path.stem, _compile(path, sources))
    forge = folder / "bin" / "forge"
    forge.parent.mkdir()
    forge.write_text("#!/bin/sh\nexit 0\n", "ascii")
    forge.chmod(0o755)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("ascii")
    if text.count(old) != 1:
        raise ValueError(f"{path.name} has not once: {old}")
    path.write_text(text.replace(old, new), "ascii")


def _built(name: str) -> dict[str, Any]:
    """The contract as it is in the package: what is proven is what is deployed."""
    artifact = load(name)
    return {
        "abi": artifact.abi,
        "bytecode": artifact.bytecode,
        "bytecode_runtime": artifact.runtime,
        "method_identifiers": artifact.selectors,
    }


def _compile(path: Path, root: Path) -> dict[str, Any]:
    from vyper.cli.vyper_compile import compile_files
    from vyper.compiler.settings import OptimizationLevel, Settings

    import hatch_build

    settings = Settings(
        optimize=OptimizationLevel.from_string(hatch_build.OPTIMIZE),
        evm_version=hatch_build.EVM_VERSION,
    )
    made = compile_files(
        [str(path)], FORMATS, paths=[str(root)], include_sys_path=False, settings=settings
    )
    return dict(made[path])


def _write(folder: Path, name: str, made: dict[str, Any]) -> None:
    selectors = {k: v.removeprefix("0x").zfill(8) for k, v in made["method_identifiers"].items()}
    contract = {"nodeType": "ContractDefinition", "name": name, "contractKind": "contract"}
    out = {
        "abi": made["abi"],
        "bytecode": {"object": made["bytecode"], "linkReferences": {}},
        "deployedBytecode": {"object": made["bytecode_runtime"], "linkReferences": {}},
        "methodIdentifiers": selectors,
        "metadata": {"compiler": {"version": "vyper"}, "output": {}},
        "ast": {"absolutePath": f"{name}.vy", "nodes": [{**contract, "id": 0, "nodes": []}]},
        "id": 0,
    }
    path = folder / "out" / f"{name}.sol" / f"{name}.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(out), "ascii")
