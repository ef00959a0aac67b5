"""A chain for tests that run against any installed seechain, in the tree or far from it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest
from web3 import HTTPProvider, Web3


@pytest.fixture(scope="session")
def w3() -> Iterator[Web3]:
    """An anvil of its own, on a free port."""
    anvil = shutil.which("anvil")
    assert anvil, "anvil was not found on the PATH: run the tests by make test"
    command = [anvil, "--port", "0", "--hardfork", "prague"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            listening = next(line for line in process.stdout if line.startswith("Listening on "))
            yield Web3(HTTPProvider(f"http://{listening.split()[-1]}"))
        finally:
            process.terminate()
