"""Compiles the contracts into the package.

The wheel carries one JSON file for each contract under ``seechain/_artifacts``. They are made
here, from ``contracts/``, each time that the package is built, and are never committed. An
editable install gets the same files inside the source tree, where git ignores them.

``make setup`` installs anew whenever a contract has changed. Run by itself
(``python hatch_build.py``) it only writes the files into the source tree.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CONTRACTS = ("Noticeboard", "Payer", "Registry", "SEE", "Splitter")
VYPER = "0.4.3"
OPTIMIZE = "gas"
EVM_VERSION = "prague"
FORMATS = ["abi", "bytecode", "bytecode_runtime", "integrity", "layout", "method_identifiers"]

ROOT = Path(__file__).resolve().parent
IN_PACKAGE = Path("seechain", "_artifacts")


class ArtifactsHook(BuildHookInterface[Any]):
    """hatchling's hook: compile, then hand the files to the builder."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile for a wheel; the sdist carries the contracts' sources instead."""
        if self.target_name != "wheel":
            return
        if version == "editable":
            write(Path(self.root, "src") / IN_PACKAGE, root=Path(self.root))
            return
        self._made = Path(tempfile.mkdtemp(prefix="seechain-artifacts-"))
        for path in write(self._made, root=Path(self.root)):
            build_data["force_include"][str(path)] = (IN_PACKAGE / path.name).as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was compiled: the wheel has it now."""
        if hasattr(self, "_made"):
            shutil.rmtree(self._made, ignore_errors=True)


def write(folder: Path, *, root: Path = ROOT) -> list[Path]:
    """Compile every contract of ``root`` into ``folder`` and return the files, in order of name."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, artifact in compile_contracts(root).items():
        path = folder / f"{name}.json"
        # One text for one set of sources, on any machine: sorted, no spaces, LF.
        text = json.dumps(artifact, sort_keys=True, separators=(",", ":")) + "\n"
        # Replaced at once, so that whoever imports the package meanwhile finds the old one.
        made = folder / f"{name}.new"
        made.write_text(text, encoding="utf-8", newline="\n")
        made.replace(path)
        paths.append(path)
    for stale in set(folder.glob("*.json")) - set(paths):
        stale.unlink()
    return paths


def compile_contracts(root: Path = ROOT, optimize: str = OPTIMIZE) -> dict[str, dict[str, Any]]:
    """Compile every contract of ``root`` with the PyPI package of Vyper, in this process.

    Only ``root`` and Vyper's own interfaces can be imported from: a contract that reaches into
    another package, which may be of another licence, does not build.
    """
    import vyper
    from vyper.cli.vyper_compile import compile_files
    from vyper.compiler.settings import OptimizationLevel, Settings

    if vyper.__version__ != VYPER:
        raise RuntimeError(
            f"the contracts are built with vyper {VYPER}, and this is vyper {vyper.__version__}: "
            f"install vyper=={VYPER}"
        )
    made = {}
    for name in CONTRACTS:
        source = root / "contracts" / f"{name}.vy"
        if not source.is_file():
            raise FileNotFoundError(f"no {source}: build from the repository or from the sdist")
        settings = Settings(
            optimize=OptimizationLevel.from_string(optimize), evm_version=EVM_VERSION
        )
        out = compile_files(
            [str(source)], FORMATS, paths=[str(root)], include_sys_path=False, settings=settings
        )[source]
        made[name] = {
            "name": name,
            "abi": out["abi"],
            "bytecode": out["bytecode"],
            "runtime": out["bytecode_runtime"],
            "compiler": VYPER,
            "optimize": optimize,
            "evm_version": EVM_VERSION,
            "integrity": out["integrity"],
            "selectors": out["method_identifiers"],
            "storage_layout": out["layout"].get("storage_layout", {}),
            "code_layout": out["layout"].get("code_layout", {}),
        }
    return made


if __name__ == "__main__":
    for made in write(ROOT / "src" / IN_PACKAGE):
        print(made.relative_to(ROOT))
