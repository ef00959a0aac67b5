"""Our contracts compiled from sources with a fault put in, and the SDK with one.

What was compiled is kept under .campaign/, by the hash of its sources.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType

from tests.incidents.incident import Seed

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".campaign" / "incidents"
NAMES = ("Splitter", "Registry", "SEE")
IMPORT = re.compile(r"^from (contracts(?:\.modules)?) import (\w+)", re.M)


class SeedLost(AssertionError):
    """The text that a seed changes is not there, or more than once: the seed must follow it."""


def sources() -> dict[str, str]:
    """Path to text of all contracts."""
    found = sorted((ROOT / "contracts").rglob("*.vy"))
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in found}


def put_in(seed: Seed, text: str) -> str:
    for old, new in seed.changes:
        times = text.count(old)
        if times != 1:
            raise SeedLost(
                f"{seed.path} has changed: the text that this seed replaces stands there {times}"
                f" times, not once. Let the seed follow the source:\n{old}"
            )
        text = text.replace(old, new)
    return text


def changed(seed: Seed) -> dict[str, str]:
    """All contracts, one of them or two with the fault."""
    texts = sources() if seed.beside is None else changed(seed.beside)
    if seed.path not in texts:
        raise SeedLost(f"{seed.path} is gone: let the seed follow the source")
    return {**texts, seed.path: put_in(seed, texts[seed.path])}


def parts(path: str, texts: dict[str, str]) -> set[str]:
    """A source and all that it imports."""
    found, wanted = set(), [path]
    while wanted:
        if (each := wanted.pop()) in found:
            continue
        found.add(each)
        for package, name in IMPORT.findall(texts[each]):
            wanted.append(f"{package.replace('.', '/')}/{name}.vy")
    return found


def affected(seed: Seed) -> list[str]:
    """The contracts that must be compiled anew."""
    if seed.only:
        return list(seed.only)
    texts = sources()
    return [name for name in NAMES if seed.path in parts(f"contracts/{name}.vy", texts)]


def codes(seed: Seed) -> dict[str, bytes]:
    """Name to deployable code of what the fault changes."""
    texts = changed(seed)
    return {name: _compiled(name, texts) for name in affected(seed)}


def _compiled(name: str, texts: dict[str, str]) -> bytes:
    used = sorted(parts(f"contracts/{name}.vy", texts))
    # Unoptimised a SEE would not fit; the others compile twice as fast.
    level = "codesize" if name == "SEE" else "none"
    parcel = "\0".join([name, level, *(f"{path}\0{texts[path]}" for path in used)])
    kept = KEPT / f"{name}-{hashlib.sha256(parcel.encode()).hexdigest()[:32]}.hex"
    if kept.exists():
        return bytes.fromhex(kept.read_text("ascii"))
    code = _compile(name, {path: texts[path] for path in used}, level)
    KEPT.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkstemp(dir=KEPT)[1])  # never half a file under the last name
    half.write_text(code.hex(), "ascii")
    half.replace(kept)
    return code


def _compile(name: str, texts: dict[str, str], level: str) -> bytes:
    from vyper.compiler import compile_from_file_input
    from vyper.compiler.input_bundle import FilesystemInputBundle
    from vyper.compiler.settings import OptimizationLevel, Settings

    settings = Settings(optimize=OptimizationLevel.from_string(level), evm_version="prague")
    with tempfile.TemporaryDirectory() as folder:
        for path, text in texts.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        bundle = FilesystemInputBundle([Path(folder)])
        output = compile_from_file_input(
            bundle.load_file(f"contracts/{name}.vy"),
            input_bundle=bundle,
            settings=settings,
            output_formats=["bytecode"],
        )
    return bytes.fromhex(output["bytecode"].removeprefix("0x"))


# ---------------------------------------------------------------- the SDK


@contextmanager
def sdk(seed: Seed | None) -> Iterator[ModuleType]:
    """The package seechain, with a fault or as it is."""
    import seechain

    if seed is None:
        yield seechain
        return
    ours = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_ours(name)}
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder, "seechain")
        shutil.copytree(ROOT / "src" / "seechain", package)
        target = Path(folder, seed.path.removeprefix("src/"))
        target.write_text(put_in(seed, target.read_text("utf-8")), "utf-8")
        sys.path.insert(0, folder)
        try:
            yield __import__("seechain")
        finally:
            sys.path.remove(folder)
            for name in [name for name in sys.modules if _is_ours(name)]:
                del sys.modules[name]
            sys.modules.update(ours)


def _is_ours(name: str) -> bool:
    return name == "seechain" or name.startswith("seechain.")


@cache
def hostile(name: str) -> bytes:
    """Deployable code of a contract of these tests."""
    import vyper

    path = Path(__file__).parent / "hostile" / f"{name}.vy"
    output = vyper.compile_code(path.read_text("utf-8"), output_formats=["bytecode"])
    return bytes.fromhex(output["bytecode"].removeprefix("0x"))
