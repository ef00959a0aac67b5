"""Mutants of the contracts, compiled in this process.

Nothing is optimised, which is quickest; what is too large for a chain then is let through by the
EVM of the tests, and by a Registry whose constructor takes as much.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from vyper.compiler import compile_from_file_input
from vyper.compiler.input_bundle import FileInput, FilesystemInputBundle
from vyper.compiler.settings import OptimizationLevel, Settings

from campaign.mutants.operators import Mutant
from hatch_build import EVM_VERSION, ROOT

NAMES = ("SEE", "Registry", "Splitter")
# Of each source the contracts that can show a fault of it, the likeliest first.
CONSENT = ("Registry",)
SHOWN_BY = {
    "SEE": ("SEE",),
    "Splitter": ("SEE", "Splitter"),
    "Registry": CONSENT,
    **dict.fromkeys(
        ("announced", "clone", "endorsing", "kinds", "published", "publishing"), CONSENT
    ),
    **dict.fromkeys(("quorum", "records", "terms"), CONSENT),
    "consent": ("Registry", "SEE"),
}
MONEY = ("SEE", "Splitter", "Registry")
ROOM = ("see_init_code: Bytes[24576]", "see_init_code: Bytes[49152]")


class Sources(FilesystemInputBundle):  # type: ignore[misc]
    """The sources, one of them changed."""

    def __init__(self, changed: dict[str, str]) -> None:
        super().__init__([ROOT])
        self._changed = {(ROOT / path).resolve(): text for path, text in changed.items()}

    def _load_from_path(self, resolved_path: Path, original_path: Path) -> Any:
        loaded = super()._load_from_path(resolved_path, original_path)
        text = self._changed.get(Path(resolved_path).resolve())
        if text is None:
            return loaded
        parts = {"path": loaded.path, "resolved_path": loaded.resolved_path}
        return FileInput(source_id=loaded.source_id, contents=text, **parts)


def level(name: str) -> OptimizationLevel:
    return OptimizationLevel.from_string(name)


LEVEL = level("none")


def compiled(name: str, changed: dict[str, str] | None = None, room: bool = True) -> bytes:
    """Deployable code. Raises what the compiler raises."""
    path = f"contracts/{name}.vy"
    changed = dict(changed or {})
    if name == "Registry" and room:
        text = changed.get(path) or (ROOT / path).read_text("utf-8")
        changed[path] = text.replace(*ROOM)
    sources = Sources(changed)
    settings = Settings(optimize=LEVEL, evm_version=EVM_VERSION)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = compile_from_file_input(
            sources.load_file(ROOT / path),
            input_bundle=sources,
            settings=settings,
            output_formats=["bytecode"],
            no_bytecode_metadata=True,  # a hash of the sources, which any mutant changes
        )
    return bytes.fromhex(made["bytecode"][2:])


@cache
def original(name: str) -> bytes:
    return compiled(name)


def codes(mutant: Mutant) -> Iterator[dict[str, bytes]]:
    """By and by the contracts that show the mutant, with their code; none if it is not valid.

    The likeliest alone comes first: most mutants need no more.
    """
    text = mutant.put_in((ROOT / mutant.path).read_text("utf-8"))
    found: dict[str, bytes] = {}
    names = SHOWN_BY.get(Path(mutant.path).stem, MONEY)
    for name in names:
        try:
            code = compiled(name, {mutant.path: text})
        except Exception:  # of any kind: the compiler raises many, and asserts too
            return
        if code != original(name):
            found = {**found, name: code}
            if len(found) == 1:
                yield found
    if len(found) > 1:
        yield found
