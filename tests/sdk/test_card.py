"""The card runs as it is written."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from web3 import Web3

from tests.sdk.card import CARD
from tests.sdk.chain import key

EXAMPLE = Path(__file__).parents[2] / "examples" / "night-market.yaml"


def test_the_card_runs_as_it_is_written(
    w3: Web3, usdc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(EXAMPLE, tmp_path / "night-market.yaml")
    monkeypatch.chdir(tmp_path)
    ada = key(1)
    names: dict[str, Any] = {
        "w3": w3,
        "deployer": key(0),
        "voices": [ada, key(2), key(3)],
        "facilitator": key(0),
        "client": key(3),
        "ada": ada,
        "anyone": key(7),
        "usdc": usdc,
    }
    before = w3.eth.get_balance(ada.address)

    exec(CARD, names)

    see = names["see"]
    assert see.state == "ended"
    assert w3.eth.get_balance(ada.address) - before == 6 * 10**17
    assert see.due() == {"native": 0}
    recovered = names["SEE"](w3, see.address)
    assert {(line.shares, line.voices) for line in recovered.members} == {
        (40, 1),
        (35, 1),
        (0, 1),
        (20, 0),
        (5, 0),
    }
    assert w3.eth.get_balance(see.address) == 0
