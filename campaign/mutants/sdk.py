"""Mutants of the SDK's money paths: a module with the fault is what the SDK's own tests import."""

from __future__ import annotations

import importlib.abc
import importlib.util
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from campaign.mutants import killers
from campaign.mutants.operators import Mutant

# The tests that should notice, the likeliest first.
NOTICED_BY = {
    "amounts": ("unit/test_amounts.py", "sdk/test_see.py"),
    "share_table": (
        "unit/test_share_table.py",
        "unit/test_constants.py",
        "unit/test_agreement_rules.py",
    ),
    "agreement.roll": ("unit/test_roll.py", "unit/test_constants.py", "unit/test_agreement.py"),
    "splitter.claims": (
        "sdk/test_claims.py",
        "sdk/test_splitter.py",
        "sdk/test_see.py",
        "sdk/test_versions.py",
    ),
    "see.arrears": (
        "unit/test_arrears.py",
        "sdk/test_claims.py",
        "sdk/test_versions.py",
        "sdk/test_late.py",
        "sdk/test_leave.py",
    ),
    "splitter.payments": (
        "sdk/test_splitter.py",
        "sdk/test_journal.py",
        "sdk/test_see.py",
        "sdk/test_late.py",
    ),
    "see.holdings": ("unit/test_holdings.py", "sdk/test_cascade.py", "sdk/test_cascade_past.py"),
    "see.flow": ("sdk/test_cascade.py", "sdk/test_cascade_past.py"),
    "see.cascade": ("sdk/test_cascade.py", "sdk/test_cascade_past.py"),
    "splitter.dues": (
        "unit/test_dues.py",
        "sdk/test_splitter.py",
        "sdk/test_see.py",
        "sdk/test_versions.py",
    ),
    "consent.signatures": (
        "unit/test_packing.py",
        "sdk/test_registry.py",
        "sdk/test_amend.py",
        "sdk/test_endorse.py",
    ),
    "consent": (
        "unit/test_consent.py",
        "unit/test_consent_fields.py",
        "unit/test_subjects.py",
        "unit/test_signature_edges.py",
    ),
}


def _source(module: str) -> str:
    path = Path("src/seechain", *module.split("."))
    return f"{path / '__init__' if path.is_dir() else path}.py"


MODULE_OF = {_source(name): name for name in NOTICED_BY}
MODULES = tuple(MODULE_OF)
SLOW = tuple(_source(f"see.{name}") for name in ("holdings", "flow", "cascade"))  # a minute each
ANEW = ("seechain.", "tests.sdk.", "tests.unit.")
KEPT = "tests.sdk.chain"  # it has compiled the tokens


class Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._text, self.path, "exec", dont_inherit=True)


class Finder(importlib.abc.MetaPathFinder):
    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def find_spec(
        self, name: str, path: Any = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self._loader.name:
            return None
        return importlib.util.spec_from_file_location(name, self._loader.path, loader=self._loader)


def is_valid(mutant: Mutant) -> bool:
    try:
        compile(_text(mutant), mutant.path, "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def killed_by(mutant: Mutant, thorough: bool = False) -> str:
    """The test that notices; empty where none does. For a process of its own."""
    module = MODULE_OF[mutant.path]
    for name in list(sys.modules):
        if name != KEPT and (name == "seechain" or name.startswith(ANEW)):
            del sys.modules[name]
    loader = Loader(f"seechain.{module}", str(Path(mutant.path).resolve()), _text(mutant))
    sys.meta_path.insert(0, Finder(loader))
    first = [f"tests/{each}" for each in NOTICED_BY[module]]
    if thorough:
        others = [*Path("tests/sdk").glob("test_*.py"), *Path("tests/unit").glob("test_*.py")]
        first += sorted({str(each) for each in others} - set(first))
    return killers.failing(*first)


def _text(mutant: Mutant) -> str:
    return mutant.put_in(Path(mutant.path).read_text("utf-8"))
