"""The compiled contracts of this tree: fresh, and the same each time, wherever it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import hatch_build

IN_TREE = hatch_build.ROOT / "src" / hatch_build.IN_PACKAGE


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the contracts in another folder."""
    root = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(hatch_build.ROOT / "contracts", root / "contracts")
    return root


def test_what_is_installed_was_compiled_from_these_contracts(elsewhere: Path) -> None:
    built = hatch_build.write(elsewhere / "built", root=elsewhere)

    assert [path.stem for path in built] == list(hatch_build.CONTRACTS)
    for path in built:
        message = f"{path.name} is not that of contracts/: run make setup"
        assert path.read_bytes() == (IN_TREE / path.name).read_bytes(), message


def test_a_contract_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"Registry\.vy: build from the repository or"):
        hatch_build.compile_contracts(tmp_path)


def test_another_compiler_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vyper.__version__", "0.4.2")
    with pytest.raises(RuntimeError, match=r"vyper 0\.4\.3, and this is vyper 0\.4\.2"):
        hatch_build.compile_contracts()
