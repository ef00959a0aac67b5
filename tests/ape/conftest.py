"""Tests for both local chains: `ape test tests/ape --network ethereum:local:…`.

All run on anvil. `make test` runs those that are marked `both_chains` on Ape's own chain too, where
py-evm may say otherwise what went wrong, or what time it is; `make ape-test-all` all others. The
demo, whose whole life runs on that chain, is a test of its own.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from web3 import Web3

from seechain import SEE, Agreement, Registry
from tests.ape.running import EXAMPLE, Refused, Run


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_chains: runs on Ape's own chain too")


@pytest.fixture(autouse=True)
def journals(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where commands note what they send: nowhere of the user's own."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder / "seechain"


@pytest.fixture
def w3(chain: Any) -> Web3:
    return chain.provider.web3


@pytest.fixture
def agreement() -> Agreement:
    return Agreement.load(EXAMPLE)


@pytest.fixture
def members(agreement: Agreement, accounts: Any) -> dict[str, Any]:
    """Ape's test accounts by the names that the example gives them."""
    by_address = {account.address: account for account in accounts}
    return {member.name: by_address[member.account] for member in agreement.members}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command of scripts/ as `ape run` does, on the chain of this test.

    Ape would start a chain of its own for each command, so it is told to stay where it is.
    """
    monkeypatch.setattr("ape.cli.commands.parse_network", lambda ctx: None)

    def run(name: str, *arguments: object, account: str = "TEST::0") -> Result:
        command = import_module(f"scripts.{name}").cli
        options = [*map(str, arguments), "--account", account]
        return CliRunner(mix_stderr=False).invoke(command, options)

    return run


@pytest.fixture
def refused(run: Run, w3: Web3, tmp_path: Path) -> Refused:
    """The one sentence of a command that fails, and changes neither the chain nor a file."""

    def refused(*arguments: object, account: str = "TEST::0") -> str:
        before = _state(w3), _files(tmp_path)

        result = run(*arguments, account=account)

        assert isinstance(result.exception, SystemExit), result
        assert result.exit_code != 0
        assert (_state(w3), _files(tmp_path)) == before
        (sentence,) = result.stderr.splitlines()
        assert sentence.startswith("Error: ")
        assert "Traceback" not in result.stdout + result.stderr
        assert not re.search("[0-9a-fA-F]{64}", sentence), "revert data"
        return sentence

    return refused


def _state(w3: Web3) -> tuple[int, bytes]:
    head = w3.eth.get_block("latest")
    return head["number"], bytes(head["hash"])


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / EXAMPLE.name
    path.write_text(EXAMPLE.read_text())
    return path


@pytest.fixture
def registry(w3: Web3, members: dict[str, Any]) -> Registry:
    return Registry.deploy(w3, sender=members["Desk"])


@pytest.fixture
def see(run: Run, registry: Registry, agreement: Agreement) -> SEE:
    result = run("register", EXAMPLE)
    assert result.exit_code == 0, result.stdout + result.stderr
    return SEE(registry.w3, registry.address_of(agreement))
