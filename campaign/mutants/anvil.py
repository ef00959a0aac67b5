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
    """Gives tests/contracts the mutant's code with the others'."""

    def __init__(self, name: str, code: bytes) -> None:
        self._name, self._code = name, code

    @pytest.hookimpl
    def pytest_collection_finish(self, session: Any) -> None:
        from tests.contracts import conftest

        whole: Callable[[Path], dict[str, Any]] = conftest.compiled

        def compiled(cache: Path) -> dict[str, Any]:
            made = whole(cache)
            return {**made, self._name: (made[self._name][0], "0x" + self._code.hex())}

        conftest.compiled = compiled  # type: ignore[assignment]


def killed_by(mutant: Mutant, name: str) -> str:
    """The first test that fails; empty where none does. For a process of its own."""
    with patch.object(contracts, "LEVEL", contracts.level(OPTIMIZE)):
        text = mutant.put_in(Path(mutant.path).read_text("utf-8"))
        code = contracts.compiled(name, {mutant.path: text}, room=False)
    return killers.failing("tests/contracts", plugin=Swapped(name, code))
