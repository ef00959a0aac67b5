"""The tests of the contracts that run on anvil, with a mutant in the place of a contract."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from campaign.mutants import contracts, killers
from campaign.mutants.operators import Mutant
from hatch_build import OPTIMIZE


class Swapped:
    """Gives tests/contracts the mutant's codes with the others'."""

    def __init__(self, codes: dict[str, bytes]) -> None:
        self._codes = codes

    @pytest.hookimpl
    def pytest_collection_finish(self, session: Any) -> None:
        from tests.contracts import conftest

        whole: Callable[[Path], dict[str, Any]] = conftest.compiled

        def compiled(cache: Path) -> dict[str, Any]:
            made = whole(cache)
            swapped = {name: (made[name][0], "0x" + hex_) for name, hex_ in hexes.items()}
            return {**made, **swapped}

        hexes = {name: code.hex() for name, code in self._codes.items()}
        conftest.compiled = compiled  # type: ignore[assignment]


def killed_by(mutant: Mutant, names: list[str]) -> str:
    """The first test that fails; empty where none does. For a process of its own."""
    text = mutant.put_in(Path(mutant.path).read_text("utf-8"))
    with patch.object(contracts, "LEVEL", contracts.level(OPTIMIZE)):
        codes = {name: contracts.compiled(name, {mutant.path: text}, room=False) for name in names}
    return killers.failing("tests/contracts", plugin=Swapped(codes))
