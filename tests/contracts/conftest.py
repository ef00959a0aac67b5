"""One anvil for the session; what a test does to it is undone after the test."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.contracts.evm import Chain, Contract, Kernel, compiled, wait_for_anvil


@pytest.fixture(scope="session")
def chain(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Chain]:
    assert request.config.cache is not None
    contracts = compiled(request.config.cache.mkdir("contracts"))
    anvil = shutil.which("anvil")
    assert anvil, "anvil was not found on the PATH: run the tests by make test"
    log = tmp_path_factory.mktemp("anvil") / "log"  # a file: a pipe that nobody reads fills up
    command = [anvil, "--port", "0", "--hardfork", "prague", "--base-fee", "0"]
    command += ["--gas-price", "0", "--gas-limit", "40000000"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield Chain(wait_for_anvil(process, log), contracts)
    finally:
        process.terminate()
        process.wait()


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
