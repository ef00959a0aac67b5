"""A chain for tests that run against any installed seechain, in the tree or far from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from web3 import HTTPProvider, Web3

from tools.anvil import running


@pytest.fixture(scope="session")
def w3() -> Iterator[Web3]:
    """An anvil of its own, on a free port."""
    with running("--hardfork", "prague") as url:
        yield Web3(HTTPProvider(url))
