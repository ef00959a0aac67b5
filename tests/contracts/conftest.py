"""One anvil for the session; what a test does to it is undone after the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contracts.evm import Chain, Contract, Kernel, compiled
from tools.anvil import running


@pytest.fixture(scope="session")
def chain(request: pytest.FixtureRequest) -> Iterator[Chain]:
    assert request.config.cache is not None
    contracts = compiled(request.config.cache.mkdir("contracts"))
    options = "--hardfork prague --base-fee 0 --gas-price 0 --gas-limit 40000000"
    with running(*options.split()) as url:
        yield Chain(url, contracts)


@pytest.fixture(scope="session")
def _deployed(chain: Chain) -> Kernel:
    splitter = chain.deterministic("Splitter")
    see_code = bytes.fromhex(chain.contracts["SEE"][1][2:])
    registry = chain.deterministic("Registry", see_code, splitter.address)
    return Kernel(chain, splitter, registry)


@pytest.fixture
def kernel(chain: Chain, _deployed: Kernel) -> Iterator[Kernel]:
    """The contracts, on a chain that forgets the test."""
    with chain.undone():
        yield _deployed


@pytest.fixture
def token(kernel: Kernel) -> Contract:
    """A token that does as it is told, and as much as the tests want of it."""
    return kernel.chain.deploy("Token")
