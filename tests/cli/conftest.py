"""An anvil that stays up between commands, and people who type with keystores of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from eth_account import Account
from web3 import Web3

from seechain import SEE, Agreement, Registry
from seechain.cli import connecting
from tests.cli import bad_kit
from tests.cli.typing import NAMES, PASSWORD, Person, Typed
from tests.direct import Lines, connected
from tests.sdk.chain import key
from tools.anvil import running

EXAMPLE = Path(__file__).parents[2] / "examples" / "night-market.yaml"


@pytest.fixture(autouse=True)
def journals(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where commands note what they send: nowhere of the user's own."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    for name in ("SEECHAIN_RPC", "SEECHAIN_KEYSTORE", "SEECHAIN_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    return folder / "seechain"


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The thousands of commands that are typed wrongly ask their node over a plain connection."""
    if "kit" in request.fixturenames:
        monkeypatch.setattr(connecting, "_session", lambda url: Lines())


@pytest.fixture(scope="session")
def keystores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Keystore files by name, of the accounts that examples/night-market.yaml names."""
    folder = tmp_path_factory.mktemp("keys")
    found = {}
    for number, name in enumerate(NAMES):
        stored = Account.encrypt(key(number).key, PASSWORD, kdf="pbkdf2", iterations=10)
        found[name] = folder / f"{name}.json"
        found[name].write_text(json.dumps(stored))
    (folder / "password").write_text(PASSWORD + "\n")
    return found


@pytest.fixture(scope="module")
def w3() -> Iterator[Web3]:
    """The node."""
    with running() as url:
        yield connected(url)


@pytest.fixture
def rpc(w3: Web3) -> str:
    """Its URL."""
    return str(w3.provider.endpoint_uri)  # type: ignore[attr-defined]


@pytest.fixture
def run() -> Typed:
    """Types a command without a chain: run("check", path)."""
    return Typed(CliRunner(mix_stderr=False))


@pytest.fixture
def at(rpc: str, run: Typed) -> Typed:
    """Types a command that looks at the chain: at("show", address)."""
    return Typed(run.runner, "--rpc", rpc)


@pytest.fixture
def people(keystores: dict[str, Path], rpc: str, run: Typed) -> dict[str, Person]:
    """Who types with a key: people["ada"]("pay", ...); .address, .keystore."""
    return {
        name: Person(
            run.runner,
            *("--rpc", rpc, "--keystore", path),
            *("--password-file", path.with_name("password")),
            keystore=path,
            address=key(number).address,
        )
        for number, (name, path) in enumerate(keystores.items())
    }


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example, in the folder in which all is typed."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "night-market.yaml"
    path.write_bytes(EXAMPLE.read_bytes())
    return path


@pytest.fixture(scope="module")
def registry(w3: Web3) -> Registry:
    """The Registry."""
    return Registry.deploy(w3, sender=key(0))


@pytest.fixture(scope="module")
def see(registry: Registry) -> SEE:
    """The example, registered; made once for a module."""
    agreement = Agreement.load(EXAMPLE)
    consents = [registry.sign(agreement, key(number)) for number in (1, 2, 3)]
    return registry.register(agreement, consents, sender=key(0))


@pytest.fixture(scope="module")
def kit(
    w3: Web3, see: SEE, keystores: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> bad_kit.Kit:
    """A file of each kind that commands read."""
    return bad_kit.made(w3, see, keystores, tmp_path_factory.mktemp("kit"))
