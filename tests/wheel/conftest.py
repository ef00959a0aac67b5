"""A chain for tests that run against any installed seechain, in the tree or far from it."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from web3 import HTTPProvider, Web3


@pytest.fixture(scope="session")
def w3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web3]:
    """An anvil of its own, on a free port."""
    anvil = shutil.which("anvil")
    assert anvil, "anvil was not found on the PATH: run the tests by make test"
    log = tmp_path_factory.mktemp("anvil") / "log"  # a file: a pipe that nobody reads fills up
    command = [anvil, "--port", "0", "--hardfork", "prague"]
    with log.open("w") as output, subprocess.Popen(command, stdout=output) as process:
        try:
            yield Web3(HTTPProvider(f"http://{listening_address(log)}"))
        finally:
            process.terminate()


def listening_address(log: Path, seconds: float = 20) -> str:
    """Wait until the log names the address that anvil listens on, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := re.search(r"^Listening on (\S+)$", log.read_text(), re.MULTILINE):
            return found[1]
        time.sleep(0.02)
    raise TimeoutError(f"anvil did not start within {seconds} s; it wrote: {log.read_text()!r}")
