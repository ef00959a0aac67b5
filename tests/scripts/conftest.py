"""A node that outlives a command, and a copy of the example."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from web3 import Web3

from tests.direct import connected
from tests.scripts.running import ROOT
from tools.anvil import running


@pytest.fixture(autouse=True)
def journals(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where commands note what they send: nowhere of the user's own."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder / "seechain"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copy(ROOT / "examples" / "night-market.yaml", tmp_path))


@pytest.fixture(scope="module")
def w3() -> Iterator[Web3]:
    """A running node, which outlives a command."""
    with running() as url:
        yield connected(url)


@pytest.fixture
def network(w3: Web3) -> str:
    """That node as Ape's network."""
    return f"ethereum:local:{w3.provider.endpoint_uri}"  # type: ignore[attr-defined]
