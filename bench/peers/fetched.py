"""The peers' code, fetched by npm from the lock and compiled here; none of it is committed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_hash.auto import keccak

from bench.chain import ROOT, BenchError

HOME = Path(__file__).parent
FOLDER = ROOT / ".build" / "peers"
MODULES = FOLDER / "node_modules"
ASKED = ("package.json", "package-lock.json", ".npmrc")


@dataclass(frozen=True, slots=True)
class Code:
    """What is deployed: init code, function selectors, and the libraries it is linked with."""

    init_code: str  # hex without 0x; the addresses of libraries are still to be put in
    selectors: dict[str, str]  # signature to selector, of functions
    links: dict[str, tuple[int, ...]]  # library to the byte offsets of its address
    files: dict[str, str]  # library to the source that holds it

    def linked(self, libraries: Mapping[str, str]) -> bytes:
        """The init code with the libraries' addresses in their places."""
        code = self.init_code
        for library, places in self.links.items():
            address = libraries[library][2:].lower()
            for place in places:
                code = code[: 2 * place] + address + code[2 * place + 40 :]
        return bytes.fromhex(code)


def install() -> None:
    """Fetch the peers by npm, unless what the lock asks for is here already.

    Raises:
        BenchError: npm is not there, or fails.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    done = FOLDER / ".made"
    wanted = "".join((HOME / name).read_text("utf-8") for name in ASKED)
    if done.exists() and done.read_text("utf-8") == wanted:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise BenchError("npm was not found: install Node 20 or newer, with npm")
    for name in ASKED:
        shutil.copyfile(HOME / name, FOLDER / name)
    ran = subprocess.run([npm, "ci", "--silent"], cwd=FOLDER, capture_output=True, text=True)
    if ran.returncode:
        said = (ran.stderr or ran.stdout).strip().splitlines()[-1:] or ["it does not say why"]
        raise BenchError(f"npm could not fetch the peers: {said[0]}")
    done.write_text(wanted, "utf-8")


def compiled(compiler: str, file: str, contract: str, settings: dict[str, Any]) -> Code:
    """A contract of an installed package, compiled by a compiler of its release; kept after.

    Raises:
        BenchError: it does not compile.
    """
    asked = json.dumps(settings, sort_keys=True)
    name = keccak(f"{compiler} {file} {contract} {asked}".encode()).hex()[:16]
    kept = FOLDER / "compiled" / f"{name}.json"
    if not kept.exists():
        script = str(HOME / "compile.cjs")
        command = ["node", script, str(FOLDER), compiler, file, asked]
        ran = subprocess.run(command, capture_output=True, text=True)
        if ran.returncode:
            raise BenchError(f"{compiler} does not compile {file}: {ran.stderr.strip()[:400]}")
        kept.parent.mkdir(exist_ok=True)
        made = json.loads(ran.stdout)["contracts"][contract]
        one = {"abi": made["abi"], "bytecode": made["evm"]["bytecode"]["object"]}
        kept.write_text(json.dumps(one), "utf-8")
    return _code(json.loads(kept.read_text("utf-8")))


def artifact(path: str) -> Code:
    """A contract as its package carries it, built."""
    return _code(json.loads((MODULES / path).read_text("utf-8")))


def in_text(path: str, name: str) -> bytes:
    """Code that a source of a package holds as hex, after its name."""
    found = re.search(name + r"""[^;]*?["'](?:0x)?([0-9a-f]{200,})""", _text(path))
    if found is None:
        raise BenchError(f"{path} holds no {name}")
    return bytes.fromhex(found[1])


def versions() -> dict[str, str]:
    """What was fetched: package to version."""
    asked = json.loads((HOME / "package.json").read_text("utf-8"))["dependencies"]
    return {name: version.rpartition("@")[2] for name, version in asked.items()}


def licences() -> dict[str, str]:
    """What was fetched: package to licence."""
    packages = json.loads((HOME / "package-lock.json").read_text("utf-8"))["packages"]
    return {name: packages[f"node_modules/{name}"]["license"] for name in versions()}


def _code(found: dict[str, Any]) -> Code:
    links = {
        library: tuple(place["start"] for place in places)
        for file in found.get("linkReferences", {}).values()
        for library, places in file.items()
    }
    files = {
        library: file
        for file, libraries in found.get("linkReferences", {}).items()
        for library in libraries
    }
    return Code(found["bytecode"].removeprefix("0x"), _selectors(found["abi"]), links, files)


def _selectors(abi: list[dict[str, Any]]) -> dict[str, str]:
    signatures = [
        f"{each['name']}({','.join(map(_type, each['inputs']))})"
        for each in abi
        if each["type"] == "function"
    ]
    return {each: "0x" + keccak(each.encode())[:4].hex() for each in signatures}


def _type(value: dict[str, Any]) -> str:
    if not value["type"].startswith("tuple"):
        return str(value["type"])
    inner = ",".join(map(_type, value["components"]))
    return f"({inner}){value['type'].removeprefix('tuple')}"


def _text(path: str) -> str:
    return (MODULES / path).read_text("utf-8")
