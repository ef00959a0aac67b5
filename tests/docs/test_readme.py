"""The README is short, and what it shows runs as it is written."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web3 import Web3

from demo.chain import funded_account
from seechain import Agreement, Registry
from tests.direct import connected
from tools.anvil import running

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "night-market.yaml"


def block(language: str, holds: str) -> str:
    """The README's one block of this language that holds the text."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", README, re.S | re.M)
    (found,) = (each for each in blocks if holds in each)
    return str(found)


@pytest.fixture
def w3() -> Iterator[Web3]:
    with running() as url:
        yield connected(url)


def test_it_is_short_and_its_first_commands_stand_alone() -> None:
    assert len(README.splitlines()) < 160
    assert block("sh", "make demo") == "make demo\n"
    assert block("sh", "make test") == "make test\n"


def test_the_card_runs_as_written(
    w3: Web3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    monkeypatch.chdir(tmp_path)
    desk, ada, ben, port, _, anyone = map(funded_account, range(6))
    names: dict[str, Any] = {
        "w3": w3,
        "deployer": desk,
        "facilitator": desk,
        "voices": [ada, ben, port],
        "client": port,
        "ada": ada,
        "anyone": anyone,
    }
    before = w3.eth.get_balance(ada.address)
    answers = run(block("python", "registry.register("), names)

    assert answers["see.due(ada.address)"] == {"native": 600000000000000000}
    assert w3.eth.get_balance(ada.address) == before + 600000000000000000
    assert answers["see.payout(sender=anyone)"].gas_used > 21_000
    members = answers["SEE(w3, see.address).members"]
    shares = {each.account: (each.shares, each.voices) for each in members}
    assert shares == {
        each.account: (each.shares, each.voices) for each in Agreement.load(EXAMPLE).members
    }


def test_the_second_card_runs_as_written(
    w3: Web3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for example in EXAMPLE.parent.glob("night-market*.yaml"):
        shutil.copy(example, tmp_path)
    monkeypatch.chdir(tmp_path)
    desk, ada, ben, port, cleo, dana, anyone, wallet = map(funded_account, range(8))
    agreement = Agreement.load("night-market.yaml")
    registry = Registry.deploy(w3, sender=desk)
    voices = [ada, ben, port]
    consents = [registry.sign(agreement, account) for account in voices]
    see = registry.register(agreement, consents, sender=desk)
    see.pay("1 ether", sender=port)
    names: dict[str, Any] = {
        "Agreement": Agreement,
        "see": see,
        "voices": voices,
        "client": port,
        "ada": ada,
        "ben": ben,
        "cleo": cleo,
        "dana": dana,
        "anyone": anyone,
        "wallet": wallet,
    }
    before = {each: w3.eth.get_balance(each.address) for each in (ben, cleo, wallet)}
    run(block("python", "see.changes("), names)

    # 2 ether by the old table; nothing was paid to the new one.
    gained = {each: w3.eth.get_balance(each.address) - held for each, held in before.items()}
    assert gained == {ben: 7 * 10**17, cleo: 4 * 10**17, wallet: 8 * 10**17}
    assert see.due() == {"native": 0}


def run(source: str, names: dict[str, Any]) -> dict[str, Any]:
    """Runs line by line, and returns the value of each line that is an expression."""
    answers = {}
    for line in source.splitlines():
        code = line.partition("  #")[0].strip()
        try:
            answers[code] = eval(code, names)
        except SyntaxError:
            exec(code, names)
    return answers


def test_the_agreement_is_the_example_with_fewer_words() -> None:
    shown, example = Agreement.parse(block("yaml", "Night Market")), Agreement.load(EXAMPLE)

    assert shown.members == example.members
    assert (shown.name, shown.quorum, shown.expires) == (
        example.name,
        example.quorum,
        example.expires,
    )


def test_every_command_is_one() -> None:
    for name in re.findall(r"^ape run (\w+)", README, re.M):
        assert (ROOT / "scripts" / f"{name}.py").exists(), name
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in re.findall(r"\bmake (\w[\w-]*)`?", "\n".join(re.findall(r"`make [\w-]+`", README))):
        assert f"\n{name}:" in targets, name
