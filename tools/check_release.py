"""Checks that what is deployed of this version is what was announced: code, storage, interface.

releases/VERSION.json says, for each contract: where each variable is stored, the hashes of its
code, interface and sources, and how it was compiled; and at which addresses it stands. A change of
any of it moves addresses, or loses what is stored behind them, so it is never made in passing:

    python -m tools.check_release                      fails where anything is not as announced
    python -m tools.check_release --announce "WHY"     records what is there now, and why it changed
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eth_hash.auto import keccak

import hatch_build
from seechain.chain import artifacts, clones

ROOT = Path(__file__).resolve().parent.parent
RELEASES = ROOT / "releases"
Facts = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Compare, or record; 1 where something is not as announced."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--announce", metavar="WHY", help="record what is there now")
    why = parser.parse_args(arguments).announce
    version = version_of(ROOT)
    record = RELEASES / f"{version}.json"
    now = facts(ROOT)
    if why is not None:
        return announce(record, now, why)
    faults = list(compare(record, now))
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(
            f"what seechain {version} deploys is not what releases/{record.name} says: undo the"
            ' change, or announce it: python -m tools.check_release --announce "WHY"',
            file=sys.stderr,
        )
    return 1 if faults else 0


def version_of(root: Path) -> str:
    """This version, as pyproject.toml says it."""
    return str(tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def facts(root: Path) -> Facts:
    """What is deployed today, as it is recorded."""
    found: Facts = {
        name: of_contract(artifacts.load(name), layouts(root, name)) for name in artifacts.NAMES
    }
    registry = clones.registry_address()
    splitter = clones.splitter_implementation()
    found["addresses"] = {
        "deployer": clones.DEPLOYER,
        "Registry": registry,
        "SEE": clones.first_created(registry),
        "Splitter": splitter,
        "Payer": clones.payer_address(),
        "Noticeboard": clones.noticeboard_address(registry),
    }
    # As it stands at these addresses, with its immutables; the Registry's as `clones.cleared`.
    found["deployed_code_keccak"] = {
        "deployer": hashed(clones.DEPLOYER_CODE),
        "Registry": hashed(clones.registry_code(registry, splitter)),
        "SEE": hashed(clones.see_code(registry)),
        "Splitter": hashed(clones.splitter_code(splitter)),
        "clone of zeros": hashed(clones.clone_code("0x" + "00" * 20, bytes(32))),
    }
    found["sources"] = {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((root / "contracts").rglob("*.vy"))
    }
    return found


def of_contract(built: artifacts.Artifact, layout: dict[str, Any]) -> Facts:
    """Of one contract, by its artifact and by where its variables are."""
    return {
        "compiler": f"vyper {built.compiler}, optimize {built.optimize}, {built.evm_version}",
        "size": built.size,
        "init_code_keccak": hashed(bytes.fromhex(built.bytecode[2:])),
        "runtime_code_keccak": hashed(bytes.fromhex(built.runtime[2:])),
        "abi_sha256": hashlib.sha256(
            json.dumps(built.abi, sort_keys=True, separators=(",", ":")).encode()
        ).hexdigest(),
        "integrity": built.integrity,
        "selectors": built.selectors,
        "storage": dict(slots(layout.get("storage_layout", {}))),
        "transient": dict(slots(layout.get("transient_storage_layout", {}))),
        "immutables": dict(slots(layout.get("code_layout", {}))),
    }


def layouts(root: Path, name: str) -> dict[str, Any]:
    """Where Vyper puts the variables of a contract."""
    from vyper.cli.vyper_compile import compile_files
    from vyper.compiler.settings import OptimizationLevel, Settings

    optimize = OptimizationLevel.from_string(hatch_build.OPTIMIZE)
    settings = Settings(optimize=optimize, evm_version=hatch_build.EVM_VERSION)
    source = root / "contracts" / f"{name}.vy"
    formats = ["layout", "integrity"]
    out = compile_files(
        [str(source)], formats, paths=[str(root)], include_sys_path=False, settings=settings
    )[source]
    if out["integrity"] != artifacts.load(name).integrity:
        raise SystemExit(f"{name} was not built from the contracts of this tree: run make setup")
    return dict(out["layout"])


def slots(layout: dict[str, Any], inside: str = "") -> Iterator[tuple[str, str]]:
    """Variables in order of their places: name, and place, size and type in words."""
    found = []
    for name, entry in layout.items():
        if "type" not in entry:
            found += list(slots(entry, f"{inside}{name}."))
            continue
        at, size = (
            (entry["slot"], f"{entry['n_slots']} slots")
            if "slot" in entry
            else (entry["offset"], f"{entry['length']} bytes")
        )
        found.append((f"{inside}{name}", f"{at}: {size}, {entry['type']}"))
    yield from sorted(found, key=lambda each: int(each[1].partition(":")[0]))


def compare(record: Path, now: Facts) -> Iterator[str]:
    """A plain sentence for each thing that is not as announced."""
    if not record.exists():
        yield f"nothing was announced for this version: there is no releases/{record.name}"
        return
    told = json.loads(record.read_text("utf-8"))
    for part in (each for each in dict.fromkeys([*told, *now]) if each != "announced"):
        yield from _differences(part, told.get(part, {}), now.get(part, {}))


def _differences(part: str, told: Facts, now: Facts) -> Iterator[str]:
    for name in dict.fromkeys([*told, *now]):
        old, new = told.get(name), now.get(name)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _differences(f"{part}, {name}", old, new)
        elif old is None:
            yield f"{part}: {name} is new: {new}"
        elif new is None:
            yield f"{part}: {name} is gone, which was {old}"
        else:
            yield f"{part}: {name} was announced as {old}, and is {new}"


def announce(record: Path, now: Facts, why: str) -> int:
    """Write what is there now, and why, behind what was announced before."""
    if not why.strip():
        print("say why it changed", file=sys.stderr)
        return 1
    told = json.loads(record.read_text("utf-8")) if record.exists() else {"announced": []}
    changed = list(compare(record, now))
    if not changed:
        print(f"releases/{record.name} says so already")
        return 0
    record.parent.mkdir(exist_ok=True)
    announced = [*told["announced"], " ".join(why.split())]
    text = json.dumps({"announced": announced, **now}, indent=2, ensure_ascii=True)
    record.write_text(text + "\n", "utf-8")
    print(f"releases/{record.name} written; changed: {len(changed)}")
    return 0


def hashed(code: bytes) -> str:
    """keccak256, 0x-hex."""
    return "0x" + keccak(code).hex()


if __name__ == "__main__":
    sys.exit(main())
