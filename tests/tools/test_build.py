"""The compiled contracts of this tree: fresh, and the same each time, wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

import hatch_build
from campaign.evms import builds


def test_what_is_installed_is_what_any_build_of_these_contracts_makes(tmp_path: Path) -> None:
    """Rule: bit-identical, in another folder and where Python hashes otherwise."""
    built = builds.build(tmp_path, hash_seed=1)
    installed = builds.artifacts()

    assert list(built) == [f"{name}.json" for name in hatch_build.CONTRACTS]
    assert list(installed) == list(built)
    for name, content in built.items():
        assert content == installed[name], f"{name} is not that of contracts/: run make setup"


def test_a_contract_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"Noticeboard\.vy: build from the repository or"):
        hatch_build.compile_contracts(tmp_path)


def test_another_compiler_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vyper.__version__", "0.4.2")
    with pytest.raises(RuntimeError, match=r"vyper 0\.4\.3, and this is vyper 0\.4\.2"):
        hatch_build.compile_contracts()
